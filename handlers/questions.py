"""The question that may be open with somebody, and what closes it.

One closes when it is answered, and by any command, another button, a forward, what cannot be an answer, and a quarter
of an hour (`handlers/question_bounds.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import StateType
from aiogram.types import Message

from bot.model.readers import ChatKind
from bot.screens.card import Button, Card, Keyboard, Row, as_keyboard
from bot.screens.questions import NOTHING, asked, question_card, rows_once_closed
from bot.telegram.questions import OPEN_FOR, QuestionStorage
from bot.telegram.reply import Reply
from bot.text.styled import Styled
from handlers.actor import Actor
from handlers.question_kinds import Question, kind_of

_ANSWER = "answer"  # the number of the message that has answered the question before
_BESIDE = 3000  # units of a text that stands in the same message as the question for a new one


@dataclass(slots=True, kw_only=True)
class Questions:
    """The question that is open with whoever acts; without `state` nobody can be asked, as in a channel.

    `was_open` says whether this very event has closed one. `meanwhile` is what is open besides an edited answer: it
    stays so, unless that asks something. `message` is the number of what was said, None for a tap.
    """

    state: FSMContext | None
    actor: Actor
    reply: Reply
    was_open: bool = field(default=False)
    meanwhile: "Questions | None" = field(default=None)
    message: int | None = field(default=None)
    _answered: bool = field(default=False)
    _asked_stays: bool = field(default=False)
    _pressed: Mapping[str, Any] | None = field(default=None)

    async def ask(self, question: State, now: Styled = NOTHING, *, more: tuple[Button, ...] = (), **about: Any) -> None:
        """Ask something, in a new message that has a way out. `about` is what the answer's handler finds again.

        `now` is what the answer takes the place of; it comes first, by itself, when there is no room for both. `more`
        are buttons for other answers.
        """
        kind = kind_of(question.state, about)
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
        answer = {}
        if self._answered:
            await self._strip_answered()
            answer = {_ANSWER: self.message}
        await self._instead()
        if self.state is not None:  # a channel's posts come from nobody who could be asked
            if await self.state.get_state() is not None and (before := await self.about()).get("asked") != asked:
                await self._close_on(before)  # its answer has led to this
            now = self.actor.now
            await _put(self.state, question, {**about, **answer, "asked": asked, "since": now.isoformat()})

    async def _instead(self) -> None:
        """Have this take the place of what is open besides: the next answer is to what was asked last."""
        if self.state is not None and self.meanwhile is not None and self.meanwhile.state is not None:
            beside, about = self.state, await self.state.get_data()
            await self.meanwhile.close()
            self.state, self.meanwhile = self.meanwhile.state, None
            await _put(self.state, await beside.get_state(), about)
            await _put(beside, None, {})

    def _card(self, text: str, now: Styled = NOTHING) -> Card:
        actor = self.actor
        return question_card(asked(text, actor.reader), actor.reader.language, now)

    async def reopen(self, name: str, about: Mapping[str, Any]) -> None:
        """Open a question again for an answer that was edited; nothing is asked."""
        if self.state is not None:
            now = self.actor.now
            await _put(self.state, name, {**about, "asked": None, "since": now.isoformat()})

    async def is_open(self, question: State) -> bool:
        """Tell whether it is this question that is open."""
        return self.state is not None and await self.state.get_state() == question.state

    async def current(self) -> Question | None:
        """Return what is asked; None when no question is open, or none any more."""
        name = await self.state.get_state() if self.state is not None and not self._answered else None
        if name is None:
            return None
        about = await self.about()
        since = about.get("since")
        if since is not None and abs(self.actor.now - datetime.fromisoformat(since)) > OPEN_FOR:
            return None
        return kind_of(name, about)

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

    async def answered(self, *, keep_asked: bool = False) -> None:
        """Have the question closed by `settle`: its buttons go, the card's as well, as a newer one follows.

        With `keep_asked` the message that asked shows something else by now.
        """
        self._answered, self._asked_stays = self.state is not None, keep_asked

    async def settle(self) -> None:
        """Close what was answered, the last thing that is done for it.

        A process that is killed before finds the question open when it handles the answer again; one that is killed
        behind it finds which message has answered.
        """
        if not self._answered or self.state is None:
            return
        await self._strip_answered()
        await _put(self.state, None, {_ANSWER: self.message} if self.message is not None else {})

    async def _strip_answered(self) -> None:
        assert self.state is not None
        about = await self.about()
        was_open = self._pressed is not None or await self.state.get_state() is not None
        asked, card = about.get("asked"), about.get("card")
        for message in dict.fromkeys((card,) if self._asked_stays else (asked, card)) if was_open else ():
            await self.strip(message)
        self._answered, self._pressed = False, None  # nothing is left to tidy

    async def is_over(self) -> bool:
        """Tell whether this very message has been answered to its end, and is handled once more after a kill."""
        about = await self.about() if self.message is not None else {}
        return about.get(_ANSWER) is not None and about[_ANSWER] == self.message

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
        await self.settle()
        if self._pressed is not None and not self.reply.drawn:
            await self._close_on(self._pressed)

    async def _close_on(self, about: Mapping[str, Any]) -> None:
        await self.strip(about.get("asked"), about.get("left", ()))

    async def strip(self, message: object, left: Keyboard = ()) -> None:
        """Take the buttons of a message away, if there is one, all but the rows that are `left`."""
        if isinstance(message, int):
            await self.reply.without_buttons(message, left)


async def _put(state: FSMContext, question: StateType, about: Mapping[str, Any]) -> None:
    """Open a question with what belongs to it, or close it, in one commit: a kill cuts none of it off."""
    assert isinstance(state.storage, QuestionStorage)
    await state.storage.put(state.key, question, about)
