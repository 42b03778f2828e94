"""Drafts: from what an editor sends to a draft, and every change of a draft."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk.drafts import UNPUBLISHED, Drafts, Submission
from bot.desk.sends import SendControl
from bot.desk.typos import mends
from bot.errors import NoPicture, Stale
from bot.model.desk import Role
from bot.model.news import Article, ArticleState
from bot.screens.callbacks import Desk
from bot.screens.desk import discard_card, draft_topics_card
from bot.screens.links import Links
from bot.screens.parts import as_it_stands
from bot.screens.published import discarded_card, published_full_card
from bot.screens.topic_pages import page_with
from bot.screens.verbs import DeskVerb
from bot.telegram.reply import Reply
from bot.text.languages import language_after
from bot.text.pasted import Part
from handlers.actor import Actor
from handlers.acts import Act, Acts
from handlers.commands import Command
from handlers.desk import as_it_is, as_seen, asked_about, current, send_after, show, told_if_whole
from handlers.filters import Private, RequireRole
from handlers.parsing import number_in
from handlers.question_kinds import Write
from handlers.questions import Questions
from handlers.submissions import Submitted, pictures_of, post, posted, submission_of
from handlers.taps import DeskTap

_QUESTIONS = {
    DeskVerb.ASK_TITLE: Write.title,
    DeskVerb.ASK_LEAD: Write.lead,
    DeskVerb.ASK_BODY: Write.body,
    DeskVerb.ASK_SOURCE: Write.source,
    DeskVerb.ASK_PHOTO: Write.photo,
    DeskVerb.ASK_DATE: Write.date,
}
_VIEWS = (DeskVerb.OPEN, DeskVerb.SHOW_HEADLINE, DeskVerb.SHOW_FULL, DeskVerb.SHOW_PUBLISHED_FULL)
_NOTHING = frozenset({"-", "–", "—"})


def register(router: Router) -> None:
    """Add the routes of drafts."""
    author = RequireRole(Role.AUTHOR)
    router.message.register(post, Command("post"), Private(), author)
    router.message.register(posted, StateFilter(Write.post), author)
    router.message.register(posted, StateFilter(Write.words), author)
    for state in (Write.title, Write.lead, Write.body, Write.source, Write.photo, Write.date):
        router.message.register(change, StateFilter(state), author)
    router.message.register(posted, StateFilter(None), Private(), Submitted())
    router.callback_query.register(view, DeskTap(*_VIEWS), author)
    router.callback_query.register(ask, DeskTap(*_QUESTIONS), author)
    router.callback_query.register(choose_topics, DeskTap(DeskVerb.CHOOSE_TOPICS, DeskVerb.TOGGLE_TOPIC), author)
    router.callback_query.register(change_language, DeskTap(DeskVerb.CHANGE_LANGUAGE), author)
    router.callback_query.register(clear_date, DeskTap(DeskVerb.CLEAR_DATE), author)
    router.callback_query.register(discard, DeskTap(DeskVerb.ASK_TO_DISCARD, DeskVerb.DISCARD), author)


async def view(
    _: CallbackQuery,
    tap: Desk,
    actor: Actor,
    drafts: Drafts,
    send_control: SendControl,
    links: Links,
    reply: Reply,
) -> None:
    """Show an article of the desk, as a headline or in full."""
    article = await drafts.open(tap.article, actor.editor)
    whole = tap.verb in {DeskVerb.SHOW_FULL, DeskVerb.SHOW_PUBLISHED_FULL}
    if whole and article.state not in UNPUBLISHED:
        card = published_full_card(article, actor.look, actor.editor.role, number_in(tap.value) or 0)
    else:
        card = await as_it_is(article, actor, send_control, links, full=whole)
    await show(card, actor, reply)


async def ask(_: CallbackQuery, tap: Desk, questions: Questions, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Ask for a part of a draft; the answer goes to it."""
    article = await current(tap, actor.editor, drafts)
    question = _QUESTIONS[tap.verb]
    part = str(question.state).rpartition(":")[2]
    now, seen = as_it_stands(article, part), as_seen(article, part)
    await questions.ask(question, now, article=article.id, card=reply.tapped, seen=seen)


Change = Callable[[Drafts, Article, Submission, Actor], Awaitable[Article]]

_CHANGES: dict[str, Change] = {
    "title": lambda drafts, article, sent, actor: drafts.set_title(article, sent.text, actor.editor),
    "lead": lambda drafts, article, sent, actor: drafts.set_lead(article, sent.text, actor.editor),
    "body": lambda drafts, article, sent, actor: drafts.set_body(article, sent.text, sent.entities, actor.editor),
    "source": lambda drafts, article, sent, actor: drafts.set_source(article, _with_address(sent), actor.editor),
    "photo": lambda drafts, article, sent, actor: drafts.set_photo(article, sent.media, actor.editor),
    "date": lambda drafts, article, sent, actor: drafts.set_date(article, sent.text, actor.reader.zone, actor.editor),
}


def _with_address(sent: Submission) -> str:
    """Return a text with the address behind its words, where they are a link."""
    return " ".join([sent.text, *(entity.url for entity in sent.entities if entity.url)][:2])


def _sent_as(part: str, message: Message) -> Submission:
    """Return what a message says as a part of a draft; raises NoPicture where there is none in it."""
    sent = submission_of(message)
    if part != "photo":
        return sent
    media = pictures_of(message)
    if not media and sent.text.strip() not in _NOTHING:
        raise NoPicture
    return replace(sent, media=media)


async def change(
    message: Message,
    state: FSMContext,
    questions: Questions,
    actor: Actor,
    drafts: Drafts,
    send_control: SendControl,
    links: Links,
) -> None:
    """Take the answer to a question about a draft; one that does not fit leaves the question open.

    Raises Stale where it would take the place of what somebody else has written since; a mending of that does not.
    """
    part = str(await state.get_state()).rpartition(":")[2]
    sent = _sent_as(part, message)
    asked, unchanged = await asked_about(questions, actor.editor, drafts)
    article = asked
    if unchanged or not drafts.is_so(article, part, sent, actor.reader.zone):  # as it is after a kill behind the change
        if not (unchanged or mends(article, part, sent.text)):
            raise Stale
        article = await _CHANGES[part](drafts, article, sent, actor)
    before = (await questions.about()).get("card")
    await questions.answered()
    full = part in {"body", "lead", "photo"}
    now = await as_it_is(article, actor, send_control, links, full=full)
    now = told_if_whole(now, asked, part, sent.text, actor)
    card = await send_after(now, actor, questions.reply, before)
    if part in {"body", "photo"}:
        act = Act(what=part, article=article.id, card=card, parts=(Part(sent.text, sent.entities),), at=message.date)
        await Acts(state).keep(_begun(act, message, article, pictured=bool(sent.media)))


def _begun(act: Act, message: Message, article: Article, *, pictured: bool) -> Act:
    """Return an act as its first message has begun it: others may follow."""
    numbers, group = (message.message_id,), message.media_group_id or ""
    pictures = numbers if pictured else ()
    return replace(act, group=group, messages=numbers, pictures=pictures, version=article.version)


async def choose_topics(_: CallbackQuery, tap: Desk, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Show the topics of a draft, or file it under one more or less."""
    toggles, sign = tap.verb is DeskVerb.TOGGLE_TOPIC, tap.value[:1]
    number = number_in(tap.value.lstrip("+-")) or 0
    # Who ticks several topics quickly does so on the card of before the first. A button of old says not what it does.
    on = sign == "+" if toggles and sign in {"+", "-"} else None
    if on is None or (article := await drafts.changeable(tap.article, actor.editor)).state is not ArticleState.DRAFT:
        article = await current(tap, actor.editor, drafts)
    if toggles and on is not (number in {topic.id for topic in article.topics}):
        article = await drafts.toggle_topic(article, number, actor.editor)
    topics = await drafts.all_topics()
    page = page_with(topics, number) if toggles else number
    await reply.show(draft_topics_card(article, topics, actor.look, page))


async def change_language(
    _: CallbackQuery,
    tap: Desk,
    actor: Actor,
    drafts: Drafts,
    send_control: SendControl,
    links: Links,
    reply: Reply,
) -> None:
    """Say that a draft is in the next of the languages."""
    article = await current(tap, actor.editor, drafts)
    article = await drafts.set_language(article, language_after(article.language), actor.editor)
    await show(await as_it_is(article, actor, send_control, links), actor, reply)


async def clear_date(
    _: CallbackQuery,
    tap: Desk,
    actor: Actor,
    drafts: Drafts,
    send_control: SendControl,
    links: Links,
    reply: Reply,
) -> None:
    """Take the date that a draft carries as its own away."""
    article = await current(tap, actor.editor, drafts)
    article = await drafts.set_date(article, "-", actor.reader.zone, actor.editor)
    await show(await as_it_is(article, actor, send_control, links), actor, reply)


async def discard(_: CallbackQuery, tap: Desk, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Ask, or put a draft away for good."""
    article = await current(tap, actor.editor, drafts)
    if tap.verb is DeskVerb.ASK_TO_DISCARD:
        await reply.show(discard_card(article, actor.look))
        return
    await drafts.discard(article, actor.editor)
    await show(discarded_card(article, actor.look), actor, reply)
