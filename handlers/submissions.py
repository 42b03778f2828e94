"""What an editor sends to make an article of: a text, a picture with words, a forward; also in several messages."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aiogram.filters import Filter
from aiogram.fsm.context import FSMContext
from aiogram.types import Message

from bot.desk.drafts import Drafts, Submission
from bot.errors import Empty, NoPicture
from bot.model.desk import Role
from bot.model.news import MediaKind, Photo
from bot.screens.desk import draft_card
from bot.screens.draft_parts import page_note
from bot.telegram.reply import Reply
from bot.text.cleaning import clean_line
from bot.text.ellipsis import cut
from bot.text.entities import entities_of
from bot.text.pasted import Part
from bot.text.phrasebook import Phrasebook
from bot.text.styled import units
from handlers.actor import Actor
from handlers.acts import Act, Acts
from handlers.commands import Typed
from handlers.credits import origin_of
from handlers.made import Made, MadeOf
from handlers.question_kinds import Write
from handlers.questions import Questions

MEDIA_MOST = 10  # what an album holds; Bot API, sendMediaGroup
_CAPTION_MOST = 300  # characters that stand under one picture
_POST = re.compile(r"/post(?:@\w+)?(?:\s+|$)", re.IGNORECASE)


class Submitted(Filter):
    """Lets through what an editor sends without a command and what looks like an article.

    That is a forward, a picture or a film, or a text of several lines.
    """

    async def __call__(self, message: Message, actor: Actor, command: Typed | None = None) -> bool:
        """Look at the message."""
        if actor.editor.role < Role.AUTHOR or command is not None:
            return False
        text = message.text or message.caption or ""
        forwarded = message.forward_origin is not None
        return bool(media_of(message)) or (bool(text) and (forwarded or bool(message.caption) or "\n" in text.strip()))


def media_of(message: Message) -> tuple[Photo, ...]:
    """Return what a message shows that can be sent on by its file id; nothing for what cannot."""
    if message.photo:
        return (Photo(file_id=message.photo[-1].file_id),)
    for kind in (MediaKind.ANIMATION, MediaKind.VIDEO, MediaKind.DOCUMENT):  # an animation comes as a document as well
        file = getattr(message, kind)
        if file is not None:
            return (Photo(file_id=file.file_id, kind=kind),)
    return ()


def pictures_of(message: Message) -> tuple[Photo, ...]:
    """Return what a message shows as pictures of an article, with what is written under it; raises NoPicture for files.

    A picture that was sent as a file cannot be sent on as a picture.
    """
    shown, caption = media_of(message), cut(clean_line(message.caption or ""), _CAPTION_MOST)
    if any(one.kind is MediaKind.DOCUMENT for one in shown):
        raise NoPicture
    return tuple(replace(one, caption=caption) for one in shown)


def submission_of(message: Message, before: tuple[Photo, ...] = (), credited: tuple[str, str] = ("", "")) -> Submission:
    """Return what an editor's message says; `before` are pictures sent ahead of it, `credited` where those are from.

    A forwarded `/post` is no command, and its word no part of what is said either.
    """
    text = message.text if message.text is not None else (message.caption or "")
    raw = [e.model_dump(exclude_none=True) for e in (message.entities or message.caption_entities or ())]
    origin, url = origin_of(message) if message.forward_origin is not None else credited
    sent = Submission(
        key=f"{message.chat.id}:{message.message_id}",
        text=text,
        entities=entities_of(raw),
        media=(*before, *media_of(message)),
        origin=origin,
        origin_url=url,
    )
    word = _POST.match(text) if message.forward_origin is not None else None
    return behind_command(sent, text[word.end() :]) if word else sent


def left_out_note(message: Message, submission: Submission, drafts: Drafts, say: Phrasebook) -> str:
    """Return what of a submission is no part of its draft: the rest of a page, a kind of file; "" for nothing."""
    page = drafts.page_in(submission)
    told = page_note(say, page.beyond, page.left_out, timed=page.timed, early=page.is_early) if page else ""
    file = say("desk-left-out") if message.caption and not media_of(message) else ""
    return "\n".join(part for part in (told, file) if part)


def behind_command(whole: Submission, text: str) -> Submission:
    """Return a submission without the command in front of its text."""
    skipped = units(whole.text[: len(whole.text) - len(text)])
    moved = tuple(replace(e, offset=e.offset - skipped) for e in whole.entities if e.offset >= skipped)
    return replace(whole, text=text, entities=moved)


def behind_its_command(message: Message, command: Typed | None) -> Submission:
    """Return what a message says, without the command it may begin with."""
    sent = submission_of(message)
    return behind_command(sent, command.args) if command is not None else sent


async def post(
    message: Message,
    command: Typed,
    state: FSMContext,
    questions: Questions,
    actor: Actor,
    drafts: Drafts,
    reply: Reply,
) -> None:
    """`/post [text]`: a new article from the text, or a question for it."""
    sent = submission_of(message)
    if command.args:
        parted = questions.was_open and bool((await questions.about()).get("media"))  # pictures that waited for words
        about = {"parted": parted}
        await _draft(message, behind_command(sent, command.args), about, state, actor, drafts, reply)
    elif sent.media:
        await _ask_for_words(message, sent, {}, questions)
    else:
        await questions.ask(Write.post)


async def posted(
    message: Message,
    state: FSMContext,
    questions: Questions,
    actor: Actor,
    drafts: Drafts,
    reply: Reply,
    raw_state: str | None = None,
) -> None:
    """Make a draft of what was sent; pictures without words wait for them, and an album for the rest of it."""
    about = await questions.about() if raw_state == Write.words.state else {}
    one_album = bool(message.media_group_id) and about.get("group") == message.media_group_id
    sent = submission_of(message, _waiting(about, message), tuple(about.get("origin", ("", ""))))
    if len(sent.media) > MEDIA_MOST and (question := await questions.current()) is not None:
        await questions.again(actor.say("words-too-many", most=MEDIA_MOST), question)
        return
    if not sent.text.strip():
        if not media_of(message):
            raise Empty
        if one_album or message.message_id in about.get("messages", ()):  # or another picture in its place, by an edit
            await questions.note(**_waits(message, sent, about))
            return
        await _ask_for_words(message, sent, about, questions)
        return
    await _draft(message, sent, about, state, actor, drafts, reply)
    await questions.answered(keep_asked=one_album)


async def _ask_for_words(message: Message, sent: Submission, about: Mapping[str, Any], questions: Questions) -> None:
    """Ask for the words of a picture, and of those that have waited for theirs before it: they go together."""
    await questions.ask(Write.words, **_waits(message, sent, about), group=message.media_group_id)


def _waits(message: Message, sent: Submission, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of pictures until their words come; the first that was forwarded says where they are from."""
    number = message.message_id
    own = [{"file_id": one.file_id, "kind": one.kind.value, "message": number} for one in media_of(message)]
    before, waiting = list(about.get("media", ())), {one.file_id for one in _waiting(about, message)}
    place = next((n for n, one in enumerate(before) if one.get("message") == number), len(before))
    return {
        "media": [
            *(one for one in before[:place] if one["file_id"] in waiting),
            *own,
            *(one for one in before[place:] if one["file_id"] in waiting),
        ],
        "messages": sorted({*about.get("messages", ()), number}),
        "origin": about["origin"] if any(about.get("origin", ())) else (sent.origin, sent.origin_url),
    }


def _waiting(about: Mapping[str, Any], message: Message) -> tuple[Photo, ...]:
    """Return the pictures that were sent ahead, without those that this message has itself, or had before its edit."""
    own = {one.file_id for one in media_of(message)}
    return tuple(
        Photo(file_id=one["file_id"], kind=MediaKind(one["kind"]))
        for one in about.get("media", ())
        if one["file_id"] not in own and one.get("message") != message.message_id
    )


async def _draft(
    message: Message,
    submission: Submission,
    about: Mapping[str, Any],
    state: FSMContext,
    actor: Actor,
    drafts: Drafts,
    reply: Reply,
) -> None:
    """Make a draft, and show it.

    `about` is what belongs to the question that asked for the words of a picture: if that is of the same album, the act
    has been answered already, by the message that asked.
    """
    one_album = bool(message.media_group_id) and about.get("group") == message.media_group_id
    shown, ahead = about.get("asked") if one_album else None, tuple(about.get("messages", ()))
    article = await drafts.draft(submission, actor.editor)
    parted = [actor.say("desk-parted")] if about.get("parted") else []
    note = "\n".join(filter(None, [left_out_note(message, submission, drafts, actor.say), *parted]))
    card = draft_card(article, actor.look, actor.editor.role, full=False, note=note)
    number = await reply.redraw(shown, card)
    part = Part(submission.text, submission.entities)
    group = message.media_group_id or ""
    act = Act(
        what="draft",
        article=article.id,
        card=number,
        parts=(part,),
        at=message.date,
        group=group,
        messages=(message.message_id,),
        pictures=tuple(sorted({*ahead, message.message_id})) if media_of(message) else ahead,
        version=article.version,
    )
    await Acts(state).keep(act)
    await MadeOf(state).note(Made(article=article.id, version=article.version, messages=act.numbers, card=number))
