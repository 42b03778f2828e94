"""Drafts: from what an editor sends to a draft, and every change of a draft."""

from collections.abc import Awaitable, Callable

from aiogram import Router
from aiogram.filters import Command, CommandObject, Filter, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, MessageOriginChannel

from bot.desk.drafts import UNPUBLISHED, Drafts, Submission
from bot.desk.sends import SendControl
from bot.model.desk import Editor, Role
from bot.model.news import Article
from bot.screens.callbacks import Desk
from bot.screens.card import Card
from bot.screens.desk import discard_card, draft_card, draft_topics_card, published_card
from bot.screens.headlines import article_card
from bot.screens.questions import question_card
from bot.screens.screen_refs import HeadlineScreen
from bot.screens.topic_pages import page_with
from bot.screens.verbs import DeskVerb
from bot.telegram.reply import Reply
from bot.text.entities import Entity, entities_of
from bot.text.languages import language_after
from bot.text.styled import Styled, units
from handlers.actor import Actor
from handlers.desk import Write, answered, ask_about, asked_about, current
from handlers.filters import Private, RequireRole
from handlers.parsing import number_in
from handlers.taps import DeskTap

_QUESTIONS = {
    DeskVerb.ASK_TITLE: "title",
    DeskVerb.ASK_LEAD: "lead",
    DeskVerb.ASK_BODY: "body",
    DeskVerb.ASK_SOURCE: "source",
    DeskVerb.ASK_PHOTO: "photo",
}
_VIEWS = (DeskVerb.OPEN, DeskVerb.SHOW_HEADLINE, DeskVerb.SHOW_FULL, DeskVerb.SHOW_PUBLISHED_FULL)
_NOTHING = frozenset({"-", "–", "—"})


class Submitted(Filter):
    """Lets through what an editor sends without a command and what looks like an article.

    That is a forward, a picture with words, or a text of several lines.
    """

    async def __call__(self, message: Message, actor: Actor) -> bool:
        """Look at the message."""
        if actor.editor.role < Role.AUTHOR or (message.text or "").startswith("/"):
            return False
        text = message.text or message.caption or ""
        forwarded = message.forward_origin is not None
        return bool(text) and (forwarded or bool(message.photo) or "\n" in text.strip())


def make_router() -> Router:
    """Return the router of drafts."""
    router = Router(name="drafts")
    author = RequireRole(Role.AUTHOR)
    router.message.register(post, Command("post"), Private(), author)
    router.message.register(posted, StateFilter(Write.post), author)
    for state in (Write.title, Write.lead, Write.body, Write.source, Write.photo):
        router.message.register(change, StateFilter(state), author)
    router.message.register(posted, StateFilter(None), Private(), Submitted())
    router.callback_query.register(view, DeskTap(*_VIEWS), author)
    router.callback_query.register(ask, DeskTap(*_QUESTIONS), author)
    router.callback_query.register(choose_topics, DeskTap(DeskVerb.CHOOSE_TOPICS, DeskVerb.TOGGLE_TOPIC), author)
    router.callback_query.register(change_language, DeskTap(DeskVerb.CHANGE_LANGUAGE), author)
    router.callback_query.register(discard, DeskTap(DeskVerb.ASK_TO_DISCARD, DeskVerb.DISCARD), author)
    return router


def submission_of(message: Message) -> Submission:
    """Return what an editor's message says."""
    text = message.text if message.text is not None else (message.caption or "")
    raw = [e.model_dump(exclude_none=True) for e in (message.entities or message.caption_entities or ())]
    origin, url = "", ""
    if isinstance(message.forward_origin, MessageOriginChannel):
        chat = message.forward_origin.chat
        origin = chat.title or ""
        url = f"https://t.me/{chat.username}/{message.forward_origin.message_id}" if chat.username else ""
    return Submission(
        key=f"{message.chat.id}:{message.message_id}",
        text=text,
        entities=entities_of(raw),
        photo_file=message.photo[-1].file_id if message.photo else "",
        origin=origin,
        origin_url=url,
    )


def behind_command(whole: Submission, text: str) -> Submission:
    """Return a submission without the command in front of its text."""
    skipped = units(whole.text[: len(whole.text) - len(text)])
    moved = tuple(
        Entity(e.type, e.offset - skipped, e.length, e.url, e.language) for e in whole.entities if e.offset >= skipped
    )
    return Submission(key=whole.key, text=text, entities=moved, photo_file=whole.photo_file)


async def post(
    message: Message, command: CommandObject, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply
) -> None:
    """`/post [text]`: a new article from the text, or a question for it."""
    if command.args:
        await _draft(behind_command(submission_of(message), command.args), actor, drafts, reply)
        return
    await state.set_state(Write.post)
    await reply.show(question_card(actor.say("post-ask"), actor.reader.language))


async def posted(message: Message, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Make a draft of what was sent."""
    if message.media_group_id and not message.caption:
        return  # the other pictures of an album whose first one has the text
    await _draft(submission_of(message), actor, drafts, reply)
    await state.clear()


async def _draft(submission: Submission, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    article = await drafts.draft(submission, actor.editor)
    await reply.send(draft_card(article, actor.look, actor.editor.role, full=False))


async def view(
    _: CallbackQuery,
    tap: Desk,
    state: FSMContext,
    actor: Actor,
    drafts: Drafts,
    send_control: SendControl,
    reply: Reply,
) -> None:
    """Show an article of the desk, as a headline or in full."""
    await state.clear()
    article = await drafts.open(tap.article, actor.editor)
    if article.state in UNPUBLISHED:
        await reply.show(draft_card(article, actor.look, actor.editor.role, full=tap.verb is DeskVerb.SHOW_FULL))
    elif tap.verb in {DeskVerb.SHOW_FULL, DeskVerb.SHOW_PUBLISHED_FULL}:
        await reply.show(article_card(article, actor.look, HeadlineScreen(article.id)))
    else:
        await reply.show(published_card(article, await send_control.latest_of(article.id), actor.look))


async def ask(_: CallbackQuery, tap: Desk, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Ask for a part of a draft."""
    article = await current(tap, actor.editor, drafts)
    part = _QUESTIONS[tap.verb]
    await ask_about(article, getattr(Write, part), state, reply)
    await reply.toast()
    await reply.send(question_card(actor.say(f"ask-{part}"), actor.reader.language))


Change = Callable[[Drafts, Article, Submission, Editor], Awaitable[Article]]

_CHANGES: dict[str, Change] = {
    "title": lambda drafts, article, sent, editor: drafts.set_title(article, sent.text, editor),
    "lead": lambda drafts, article, sent, editor: drafts.set_lead(article, sent.text, editor),
    "body": lambda drafts, article, sent, editor: drafts.set_body(article, sent.text, sent.entities, editor),
    "source": lambda drafts, article, sent, editor: drafts.set_source(article, sent.text, editor),
    "photo": lambda drafts, article, sent, editor: drafts.set_photo(article, sent.photo_file, editor),
}


async def change(message: Message, state: FSMContext, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Take the answer to a question about a draft; one that does not fit leaves the question open."""
    part = (await state.get_state() or "").rpartition(":")[2]
    sent = submission_of(message)
    if part == "photo" and not sent.photo_file and sent.text.strip() not in _NOTHING:
        await reply.say(actor.say("asked-photo"))
        return
    article = await asked_about(state, actor.editor, drafts)
    article = await _CHANGES[part](drafts, article, sent, actor.editor)
    await answered(state, reply)
    full = part in {"body", "lead", "photo"}
    await reply.send(draft_card(article, actor.look, actor.editor.role, full=full))


async def choose_topics(_: CallbackQuery, tap: Desk, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Show the topics of a draft, or file it under one more or less."""
    article = await current(tap, actor.editor, drafts)
    if tap.verb is DeskVerb.TOGGLE_TOPIC and (topic_id := number_in(tap.value)) is not None:
        article = await drafts.toggle_topic(article, topic_id, actor.editor)
    topics, number = await drafts.all_topics(), number_in(tap.value) or 0
    page = page_with(topics, number) if tap.verb is DeskVerb.TOGGLE_TOPIC else number
    await reply.show(draft_topics_card(article, topics, actor.look, page))


async def change_language(_: CallbackQuery, tap: Desk, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Say that a draft is in the next of the languages."""
    article = await current(tap, actor.editor, drafts)
    article = await drafts.set_language(article, language_after(article.language), actor.editor)
    await reply.show(draft_card(article, actor.look, actor.editor.role, full=False))


async def discard(_: CallbackQuery, tap: Desk, actor: Actor, drafts: Drafts, reply: Reply) -> None:
    """Ask, or put a draft away for good."""
    article = await current(tap, actor.editor, drafts)
    if tap.verb is DeskVerb.ASK_TO_DISCARD:
        await reply.show(discard_card(article, actor.look))
        return
    await drafts.discard(article, actor.editor)
    await reply.show(Card(Styled(actor.say("discarded"))))
