"""Writing: from what an editor sends to a draft, and every change of a draft."""

from collections.abc import Awaitable, Callable

from aiogram import Router
from aiogram.filters import Command, CommandObject, Filter, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, MessageOriginChannel

from bot.desk.drafts import Drafts, Submission
from bot.model.desk import Editor, Role
from bot.model.news import Article
from bot.ports import PublicationStore
from bot.screens.callbacks import Desk, headline_root
from bot.screens.card import Card
from bot.screens.desk import discard_card, draft_card, draft_topics_card, published_card
from bot.screens.headlines import article_card
from bot.screens.questions import question_card
from bot.telegram.reply import Reply
from bot.text.entities import Entity, entities_of
from bot.text.styled import Styled, units
from handlers.access import Actor, Private, RequireRole
from handlers.desk import UNPUBLISHED, Write, answered, ask_about, asked_about, current
from handlers.taps import DeskTap

_QUESTIONS = {"qt": "title", "ql": "lead", "qb": "body", "qs": "source", "qp": "photo"}
_NOTHING = frozenset({"-", "–", "—"})


class Submitted(Filter):
    """Lets through what an editor sends without a command and what looks like an article.

    That is a forward, a picture with words, or a text of several lines.
    """

    async def __call__(self, message: Message, asker: Actor) -> bool:
        """Look at the message."""
        if asker.editor.role < Role.AUTHOR or (message.text or "").startswith("/"):
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
    router.callback_query.register(view, DeskTap("h", "f", "o", "pf"), author)
    router.callback_query.register(ask, DeskTap(*_QUESTIONS), author)
    router.callback_query.register(choose_topics, DeskTap("tp", "t"), author)
    router.callback_query.register(change_language, DeskTap("lg"), author)
    router.callback_query.register(discard, DeskTap("ds", "dd"), author)
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
    message: Message, command: CommandObject, state: FSMContext, asker: Actor, drafting: Drafts, screen: Reply
) -> None:
    """`/post [text]`: a new article from the text, or a question for it."""
    if command.args:
        await _draft(behind_command(submission_of(message), command.args), asker, drafting, screen)
        return
    await state.set_state(Write.post)
    await screen.show(question_card(asker.say("post-ask"), asker.reader.language))


async def posted(message: Message, state: FSMContext, asker: Actor, drafting: Drafts, screen: Reply) -> None:
    """Make a draft of what was sent."""
    if message.media_group_id and not message.caption:
        return  # the other pictures of an album whose first one has the text
    await _draft(submission_of(message), asker, drafting, screen)
    await state.clear()


async def _draft(submission: Submission, asker: Actor, drafting: Drafts, screen: Reply) -> None:
    article = await drafting.draft(submission, asker.editor)
    await screen.send(draft_card(article, asker.look, asker.editor.role, full=False))


async def view(
    _: CallbackQuery,
    tap: Desk,
    state: FSMContext,
    asker: Actor,
    drafting: Drafts,
    publications: PublicationStore,
    screen: Reply,
) -> None:
    """Show an article of the desk, as a headline or in full."""
    await state.clear()
    article = await drafting.open(tap.article, asker.editor)
    if article.state in UNPUBLISHED:
        await screen.show(draft_card(article, asker.look, asker.editor.role, full=tap.verb == "f"))
    elif tap.verb in {"pf", "f"}:
        await screen.show(article_card(article, asker.look, headline_root(article.id)))
    else:
        sends = await publications.of_article(article.id)
        await screen.show(published_card(article, sends[0] if sends else None, asker.look))


async def ask(_: CallbackQuery, tap: Desk, state: FSMContext, asker: Actor, drafting: Drafts, screen: Reply) -> None:
    """Ask for a part of a draft."""
    article = await current(tap, asker.editor, drafting)
    part = _QUESTIONS[tap.verb]
    await ask_about(article, getattr(Write, part), state, screen)
    await screen.toast()
    await screen.send(question_card(asker.say(f"ask-{part}"), asker.reader.language))


Change = Callable[[Drafts, Article, Submission, Editor], Awaitable[Article]]

_CHANGES: dict[str, Change] = {
    "title": lambda drafting, article, sent, editor: drafting.set_title(article, sent.text, editor),
    "lead": lambda drafting, article, sent, editor: drafting.set_lead(article, sent.text, editor),
    "body": lambda drafting, article, sent, editor: drafting.set_body(article, sent.text, sent.entities, editor),
    "source": lambda drafting, article, sent, editor: drafting.set_source(article, sent.text, editor),
    "photo": lambda drafting, article, sent, editor: drafting.set_photo(article, sent.photo_file, editor),
}


async def change(message: Message, state: FSMContext, asker: Actor, drafting: Drafts, screen: Reply) -> None:
    """Take the answer to a question about a draft; one that does not fit leaves the question open."""
    part = (await state.get_state() or "").rpartition(":")[2]
    sent = submission_of(message)
    if part == "photo" and not sent.photo_file and sent.text.strip() not in _NOTHING:
        await screen.say(asker.say("asked-photo"))
        return
    article = await asked_about(state, asker.editor, drafting)
    article = await _CHANGES[part](drafting, article, sent, asker.editor)
    await answered(state, screen)
    full = part in {"body", "lead", "photo"}
    await screen.send(draft_card(article, asker.look, asker.editor.role, full=full))


async def choose_topics(_: CallbackQuery, tap: Desk, asker: Actor, drafting: Drafts, screen: Reply) -> None:
    """Show the topics of a draft, or file it under one more or less."""
    article = await current(tap, asker.editor, drafting)
    if tap.verb == "t" and tap.value.isdigit():
        article = await drafting.toggle_topic(article, int(tap.value), asker.editor)
    await screen.show(draft_topics_card(article, await drafting.topics.all(), asker.look))


async def change_language(_: CallbackQuery, tap: Desk, asker: Actor, drafting: Drafts, screen: Reply) -> None:
    """Say that a draft is in the other language."""
    article = await current(tap, asker.editor, drafting)
    article = await drafting.set_language(article, "en" if article.language == "uk" else "uk", asker.editor)
    await screen.show(draft_card(article, asker.look, asker.editor.role, full=False))


async def discard(_: CallbackQuery, tap: Desk, asker: Actor, drafting: Drafts, screen: Reply) -> None:
    """Ask, or put a draft away for good."""
    article = await current(tap, asker.editor, drafting)
    if tap.verb == "ds":
        await screen.show(discard_card(article, asker.look))
        return
    await drafting.discard(article, asker.editor)
    await screen.show(Card(Styled(asker.say("discarded"))))
