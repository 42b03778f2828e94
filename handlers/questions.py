"""The question that may be open with somebody: what it is called, what can answer it, and what closes it.

One closes when it is answered, and by any command, another button, a forward, what cannot be an answer, and a quarter
of an hour (`handlers/question_bounds.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from typing import Any

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import Message

from bot.model.readers import ChatKind
from bot.screens.card import Button, Card, Keyboard, Row, as_keyboard
from bot.screens.questions import NOTHING, asked, question_card, rows_once_closed
from bot.telegram.questions import OPEN_FOR
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from handlers.actor import Actor

_BESIDE = 3000  # units of a text that stands in the same message as the question for a new one


class Ask(StatesGroup):
    """Questions to a reader."""

    search = State()
    zone = State()
    words = State()
    quiet = State()
    hours = State()


class Write(StatesGroup):
    """Questions to an editor about a draft, or for one."""

    post = State()
    words = State()  # of a picture that came without any
    title = State()
    lead = State()
    body = State()
    source = State()
    photo = State()
    date = State()
    when = State()


class Correct(StatesGroup):
    """Questions to an editor about a published article."""

    text = State()
    note = State()
    reason = State()


class Arrange(StatesGroup):
    """Questions to an editor about what is related."""

    other = State()


class Name(StatesGroup):
    """Questions to an owner."""

    person = State()
    token = State()


class Follow(StatesGroup):
    """Questions to an editor about feeds."""

    address = State()
    source = State()


class Fits(Enum):
    """What can be an answer to a question."""

    ANYTHING = auto()
    TEXT = auto()
    LINE = auto()
    PARAGRAPH = auto()
    PICTURE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A kind of question: the phrase it is known by, what can be an answer, and whether a forward, or a contact, can.

    `in_channel` is the phrase that stands for it in a channel, where nobody can answer.
    """

    phrase: str
    fits: Fits
    forwards: bool = False
    contacts: bool = False
    in_channel: str = ""


_QUESTIONS: dict[str | None, Question] = {
    Ask.search.state: Question(phrase="search-ask", fits=Fits.LINE, in_channel="search-in-channel"),
    Ask.zone.state: Question(phrase="timezone-text", fits=Fits.LINE),
    Ask.words.state: Question(phrase="rules-ask", fits=Fits.LINE, in_channel="words-in-channel"),
    Ask.quiet.state: Question(phrase="quiet-ask", fits=Fits.LINE),
    Ask.hours.state: Question(phrase="hours-ask", fits=Fits.LINE),
    Write.post.state: Question(phrase="post-ask", fits=Fits.ANYTHING, forwards=True),
    Write.words.state: Question(phrase="words-ask", fits=Fits.ANYTHING, forwards=True),
    Write.title.state: Question(phrase="ask-title", fits=Fits.PARAGRAPH),
    Write.lead.state: Question(phrase="ask-lead", fits=Fits.PARAGRAPH),
    Write.body.state: Question(phrase="ask-body", fits=Fits.TEXT),
    Write.source.state: Question(phrase="ask-source", fits=Fits.PARAGRAPH),
    Write.photo.state: Question(phrase="ask-photo", fits=Fits.PICTURE),
    Write.date.state: Question(phrase="ask-date", fits=Fits.LINE),
    Write.when.state: Question(phrase="when-title", fits=Fits.LINE),
    Correct.note.state: Question(phrase="fix-ask-note", fits=Fits.PARAGRAPH),
    Correct.reason.state: Question(phrase="fix-ask-reason", fits=Fits.PARAGRAPH),
    Arrange.other.state: Question(phrase="tie-ask", fits=Fits.LINE),
    Follow.address.state: Question(phrase="feeds-ask", fits=Fits.LINE, forwards=True),
    Follow.source.state: Question(phrase="feed-ask-source", fits=Fits.LINE),
    Name.person.state: Question(phrase="editors-ask", fits=Fits.LINE, forwards=True, contacts=True),
    Name.token.state: Question(phrase="token-ask-name", fits=Fits.LINE),
}
_WORDS = {"album": "words-ask-album", "document": "words-ask-file"}
_WORDS |= dict.fromkeys(("video", "animation"), "words-ask-video")
_PARTS = {
    "title": Question(phrase="ask-title", fits=Fits.PARAGRAPH),
    "lead": Question(phrase="ask-lead", fits=Fits.PARAGRAPH),
    "body": Question(phrase="ask-body", fits=Fits.TEXT),
}


@dataclass(slots=True, kw_only=True)
class Questions:
    """The question that is open with whoever acts; without `state` nobody can be asked, as in a channel.

    `was_open` says whether this very event has closed one. `meanwhile` is what is open besides an edited answer: it
    stays so, unless that asks something.
    """

    state: FSMContext | None
    actor: Actor
    reply: Reply
    was_open: bool = field(default=False)
    meanwhile: "Questions | None" = field(default=None)
    _pressed: Mapping[str, Any] | None = field(default=None)

    async def ask(self, question: State, now: Styled = NOTHING, *, more: tuple[Button, ...] = (), **about: Any) -> None:
        """Ask something, in a new message that has a way out. `about` is what the answer's handler finds again.

        `now` is what the answer takes the place of; it comes first, by itself, when there is no room for both. `more`
        are buttons for other answers.
        """
        kind = _kind(question.state, about)
        reader = self.actor.reader
        if reader.kind is ChatKind.CHANNEL and kind.in_channel:
            await self._tell_in_channel(self.actor.say(kind.in_channel))
            return
        await self.reply.toast()
        if len(now) > _BESIDE:
            await self.reply.send(Card(now))
            now = NOTHING
        card = self._card(self.actor.say(kind.phrase), now)
        card = replace(card, rows=(more, *card.rows)) if more else card
        await self._open(question, await self.reply.send(card), about)

    async def _tell_in_channel(self, text: str) -> None:
        """Say how a command does what an answer would: to who has tapped alone, not to all the channel's readers."""
        if self.reply.tap_id:
            await self.reply.toast(text, alert=True)
        else:
            await self.reply.say(text)

    async def ask_with(self, card: Card, question: State, **about: Any) -> None:
        """Ask something with a card of its own that names the question and has the way out.

        In a group somebody else may have another screen in that message by the time the question is closed.
        """
        shown = await self.reply.show(card)
        reader = self.actor.reader
        own = shown if reader.kind is ChatKind.PRIVATE else None
        await self._open(question, own, {"card": shown, "left": self._left(card), **about})

    async def ask_anew(self, card: Card, question: State, **about: Any) -> int | None:
        """Ask something with such a card in a new message; returns its id, None when it was refused."""
        shown = await self.reply.send(card)
        await self._open(question, shown, {"left": self._left(card), **about})
        return shown

    def _left(self, card: Card) -> Keyboard:
        """Return what stays under a card when its question is closed without an answer."""
        reader = self.actor.reader
        return as_keyboard(rows_once_closed(card, reader.language))

    async def _open(self, question: State, asked: int | None, about: Mapping[str, Any]) -> None:
        await self._instead()
        if self.state is not None:  # a channel's posts come from nobody who could be asked
            if await self.state.get_state() is not None and (before := await self.about()).get("asked") != asked:
                await self._close_on(before)  # its answer has led to this
            await self.state.set_state(question)
            now = self.actor.now
            await self.state.set_data({**about, "asked": asked, "since": now.isoformat()})

    async def _instead(self) -> None:
        """Have this take the place of what is open besides: the next answer is to what was asked last."""
        if self.state is not None and self.meanwhile is not None and self.meanwhile.state is not None:
            beside, about = self.state, await self.state.get_data()
            await self.meanwhile.close()
            self.state, self.meanwhile = self.meanwhile.state, None
            await self.state.set_state(await beside.get_state())
            await self.state.set_data(about)
            await beside.clear()

    def _card(self, text: str, now: Styled = NOTHING) -> Card:
        actor = self.actor
        return question_card(asked(text, actor.reader), actor.reader.language, now)

    async def reopen(self, name: str, about: Mapping[str, Any]) -> None:
        """Open a question again for an answer that was edited; nothing is asked."""
        if self.state is not None:
            now = self.actor.now
            await self.state.set_state(name)
            await self.state.set_data({**about, "asked": None, "since": now.isoformat()})

    async def is_open(self, question: State) -> bool:
        """Tell whether it is this question that is open."""
        return self.state is not None and await self.state.get_state() == question.state

    async def current(self) -> Question | None:
        """Return what is asked; None when no question is open, or none any more."""
        name = await self.state.get_state() if self.state is not None else None
        if name is None:
            return None
        about = await self.about()
        since = about.get("since")
        if since is not None and abs(self.actor.now - datetime.fromisoformat(since)) > OPEN_FOR:
            return None
        return _kind(name, about)

    async def about(self) -> Mapping[str, Any]:
        """Return what belongs to the question, or did until it was answered."""
        return await self.state.get_data() if self.state is not None else {}

    async def is_replied_to(self, message: Message) -> bool:
        """Tell whether a message is a reply to what asked."""
        answered, about = message.reply_to_message, await self.about()
        return answered is not None and answered.message_id in {about.get("asked"), about.get("card")}

    async def again(self, text: str, question: Question, more: Row = ()) -> None:
        """Say why an answer was none; the question stays open, is named again, and the way out moves to the end.

        `more` are buttons for answers that may have been meant.
        """
        await self._instead()
        assert self.state is not None
        said = f"{text}\n\n{self.actor.say(question.phrase)}"
        card = self._card(said)
        asked = await self.reply.send(replace(card, rows=(more, *card.rows)) if more else card)
        about = await self.about()
        await self._close_on(about)
        now = self.actor.now
        await self.state.update_data(asked=asked, left=(), since=now.isoformat())

    async def note(self, **about: Any) -> None:
        """Change what belongs to the open question."""
        if self.state is not None:
            await self.state.update_data(**about)

    async def answered(self, *, keep_asked: bool = False, **kept: Any) -> None:
        """Close the question: its buttons go, the card's as well, as a newer one follows. Keeps only `kept` of it.

        With `keep_asked` the message that asked shows something else by now.
        """
        if self.state is None:
            return
        about = await self.about()
        was_open = self._pressed is not None or await self.state.get_state() is not None
        await self.state.set_state(None)
        await self.state.set_data(kept)
        asked, card = about.get("asked"), about.get("card")
        for message in dict.fromkeys((card,) if keep_asked else (asked, card)) if was_open else ():
            await self.strip(message)
        self._pressed = None  # nothing is left to tidy

    async def close(self) -> None:
        """Close the question without an answer. What belongs to it stays, for a button that goes on with it."""
        if self.state is None:
            return
        await self.state.set_state(None)
        about = await self.about()
        if self.reply.tapped is not None and about.get("asked") == self.reply.tapped:
            self._pressed = about
        else:
            await self._close_on(about)

    async def tidy(self) -> None:
        """Take the way out of a question off its own message, when a button of it has closed it and drawn nothing."""
        if self._pressed is not None and not self.reply.drawn:
            await self._close_on(self._pressed)

    async def _close_on(self, about: Mapping[str, Any]) -> None:
        await self.strip(about.get("asked"), about.get("left", ()))

    async def strip(self, message: object, left: Keyboard = ()) -> None:
        """Take the buttons of a message away, if there is one, all but the rows that are `left`."""
        if isinstance(message, int):
            await self.reply.without_buttons(message, left)


def _kind(name: str | None, about: Mapping[str, Any]) -> Question:
    if name == Write.words.state:
        kinds = [one["kind"] for one in about.get("media", ())]
        together = bool(about.get("group")) or len(kinds) > 1
        return replace(_QUESTIONS[name], phrase=_WORDS.get("album" if together else kinds[0], "words-ask"))
    if name == Correct.text.state:
        return _PARTS.get(str(about.get("part")), _PARTS["body"])
    return _QUESTIONS[name]
