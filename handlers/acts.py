"""One act, several messages: what an editor has just sent, so that the rest of it is not taken for something else.

A paste over one message's length arrives as several within a second or two. The first is answered at once; each that
follows is added to what the first became, and the answer is drawn anew. So a crash between two of them loses nothing,
and what is handled again after one is in it once.
"""

from bisect import bisect
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from aiogram.filters import Filter
from aiogram.fsm.context import FSMContext
from aiogram.types import Message

from bot.desk.drafts import UNPUBLISHED, Drafts
from bot.model.desk import Role
from bot.model.limits import TEXT_MOST
from bot.text.entities import Entity, entities_of
from bot.text.pasted import Part, may_go_on
from handlers.actor import Actor
from handlers.commands import Typed

TOGETHER = timedelta(seconds=2)
ANSWERED = "answered"
"""What an act became of which the question needed no more than its first message."""
_UNTIL_OUT = frozenset({"draft", "body", "photo"})  # what changes an article only before it is out


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What was sent so far: what it became (`what`), of which article, in which message it is shown, when it ended.

    `group` is the album it belongs to, `messages` are the numbers of the messages that `parts` came in, `pictures` of
    those with a picture, in their order; `version` is the article's once the last of them was added.
    """

    what: str
    article: int
    card: int | None
    parts: tuple[Part, ...]
    at: datetime
    group: str = ""
    messages: tuple[int, ...] = ()
    pictures: tuple[int, ...] = ()
    version: int = 0

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of all messages it came in, in their order."""
        return tuple(sorted({*self.messages, *self.pictures}))

    def goes_on_with(self, message: Message) -> bool:
        """Tell whether a message is another part of it: of one album, or sent together with it by Telegram's own clock.

        Messages may arrive in any order: where one belongs, its number says. One that is handled again is a part still.
        """
        number = message.message_id
        if number in self.numbers:
            return len(self.numbers) > 1
        if self.group and message.media_group_id == self.group:
            return True
        if not message.text or message.forward_origin is not None or abs(message.date - self.at) > TOGETHER:
            return False
        place = bisect(self.messages, number)
        return may_go_on(self.parts[place - 1] if place else part_of(message))

    def with_part(self, message: Message) -> "Act":
        """Return it with one message more; of what is too long for any article already, no more is kept."""
        number = message.message_id
        more = shows_something(message) and number not in self.pictures
        pictures = (*self.pictures, number) if more else self.pictures
        act = replace(self, at=max(self.at, message.date), pictures=pictures)
        return act if self.is_full and number not in self.messages else act.with_edited(message)

    @property
    def is_full(self) -> bool:
        """Whether it is too long for an article."""
        return sum(len(part.text) for part in self.parts) > TEXT_MOST

    def with_edited(self, message: Message, part: Part | None = None) -> "Act":
        """Return it with one of its messages as that is now; a picture that got words has a part from now on.

        `part` is what it says, where that is not all of its text.
        """
        number, part = message.message_id, part if part is not None else part_of(message)
        if number in self.messages:
            place = self.messages.index(number)
            return replace(self, parts=(*self.parts[:place], part, *self.parts[place + 1 :]))
        if not part.text:
            return self
        place = bisect(self.messages, number)
        messages = (*self.messages[:place], number, *self.messages[place:])
        return replace(self, parts=(*self.parts[:place], part, *self.parts[place:]), messages=messages)


def shows_something(message: Message) -> bool:
    """Tell whether a message has a picture, a film or a file."""
    return bool(message.photo or message.animation or message.video or message.document)


def part_of(message: Message) -> Part:
    """Return a message as a part of a longer text."""
    raw = [e.model_dump(exclude_none=True) for e in (message.entities or message.caption_entities or ())]
    return Part(message.text or message.caption or "", entities_of(raw))


class Acts:
    """The last act of whoever writes, kept beside the open question, and as long."""

    def __init__(self, state: FSMContext) -> None:
        self._state = FSMContext(storage=state.storage, key=replace(state.key, destiny="act"))

    async def keep(self, act: Act) -> None:
        """Remember an act, or what was added to it, in the place of an earlier one."""
        await self._state.set_data(as_data(act))

    async def last(self) -> Act | None:
        """Return the last act, or None."""
        data = await self._state.get_data()
        return act_of(data) if data else None

    async def forget(self) -> None:
        """Forget the last act."""
        await self._state.set_data({})


def as_data(act: Act) -> dict[str, Any]:
    """Return an act as JSON has it."""
    return {**asdict(act), "at": act.at.isoformat()}


def act_of(data: Mapping[str, Any]) -> Act:
    """Return the act that JSON has."""
    parts = tuple(Part(one["text"], tuple(Entity(**entity) for entity in one["entities"])) for one in data["parts"])
    return Act(
        what=data["what"],
        article=data["article"],
        card=data["card"],
        parts=parts,
        at=datetime.fromisoformat(data["at"]),
        group=data.get("group", ""),
        messages=tuple(data.get("messages", ())),
        pictures=tuple(data.get("pictures", ())),
        version=data.get("version", 0),
    )


async def keep_album(message: Message, state: FSMContext | None) -> None:
    """Remember the album of a message that has answered a question: its other pictures are no answers of their own."""
    if message.media_group_id and state is not None:
        number = message.message_id
        act = Act(what=ANSWERED, article=0, card=None, parts=(Part(""),), at=message.date, messages=(number,))
        await Acts(state).keep(replace(act, group=message.media_group_id))


async def is_first_refused(message: Message, state: FSMContext) -> bool:
    """Tell whether a message that cannot be taken is no further one of an album of which that was said; note that."""
    album = FSMContext(storage=state.storage, key=replace(state.key, destiny="album"))
    number, group, before = message.message_id, message.media_group_id, await album.get_data()
    if not group or before.get("group") != group:
        await album.set_data({"group": group, "message": number} if group else {})
        return True
    return bool(before.get("message") == number)  # it may be handled again


class Continues(Filter):
    """Lets the rest of what an editor has just sent through, by what it became; the handler finds it all as `act`."""

    def __init__(self, *what: str) -> None:
        self._what = what

    async def __call__(
        self,
        message: Message,
        actor: Actor,
        state: FSMContext,
        drafts: Drafts,
        raw_state: str | None = None,
        command: Typed | None = None,
    ) -> bool | dict[str, Any]:
        """Look at what came before; what answers a question is no rest of anything, nor is what comes too late."""
        if actor.editor.role < Role.AUTHOR or command is not None or raw_state is not None:
            return False
        act = await Acts(state).last()
        if act is None or act.what not in self._what or not act.goes_on_with(message):
            return False
        if act.what in _UNTIL_OUT:
            article = await drafts.found(act.article, actor.editor)
            if article is None or article.state not in UNPUBLISHED:
                return False
        return {"act": act.with_part(message)}
