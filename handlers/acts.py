"""One act, several messages: what an editor has just sent, so that the rest of it is not taken for something else.

A paste over one message's length arrives as several within a second or two. The first is answered at once; each that
follows is added to what the first became, and the answer is drawn anew. So a crash between two of them loses nothing.
"""

from bisect import bisect
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from aiogram.filters import Filter
from aiogram.fsm.context import FSMContext
from aiogram.types import Message

from bot.model.desk import Role
from bot.text.entities import Entity, entities_of
from bot.text.pasted import Part, may_go_on
from handlers.actor import Actor
from handlers.commands import Typed

TOGETHER = timedelta(seconds=2)


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
        """Tell whether a message is the rest of it: of one album, or soon behind it by Telegram's own clock.

        A message that is in it already is handled once more: its first one began it, each other goes on with it.
        """
        if message.message_id in self.numbers:
            return message.message_id not in self.messages[:1]
        if self.group and message.media_group_id == self.group:
            return True
        soon = timedelta() <= message.date - self.at <= TOGETHER
        return soon and bool(message.text) and message.forward_origin is None and may_go_on(self.parts[-1])

    def with_part(self, message: Message) -> "Act":
        """Return it with one message more; as it is with one that it has."""
        if message.message_id in self.numbers:
            return self
        pictures = (*self.pictures, message.message_id) if shows_something(message) else self.pictures
        if not (message.text or message.caption):
            return replace(self, at=message.date, pictures=pictures)
        parts, messages = (*self.parts, part_of(message)), (*self.messages, message.message_id)
        return replace(self, parts=parts, messages=messages, at=message.date, pictures=pictures)

    def with_edited(self, message: Message) -> "Act":
        """Return it with one of its messages as that is now; a picture that got words has a part from now on."""
        number, part = message.message_id, part_of(message)
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

    async def begin(self, act: Act) -> None:
        """Remember an act that may go on; one that cannot takes the place of an earlier one as well."""
        goes_on = act.group or may_go_on(act.parts[-1])
        await self._state.set_data({**asdict(act), "at": act.at.isoformat()} if goes_on else {})

    async def keep(self, act: Act) -> None:
        """Remember an act with what was added to it."""
        await self._state.set_data({**asdict(act), "at": act.at.isoformat()})

    async def last(self) -> Act | None:
        """Return the last act, or None."""
        data = await self._state.get_data()
        return _act_of(data) if data else None

    async def forget(self) -> None:
        """Forget the last act."""
        await self._state.set_data({})


def _act_of(data: Mapping[str, Any]) -> Act:
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


class Continues(Filter):
    """Lets the rest of what an editor has just sent through, by what it became; the handler finds it all as `act`."""

    def __init__(self, *what: str) -> None:
        self._what = what

    async def __call__(
        self,
        message: Message,
        actor: Actor,
        state: FSMContext,
        raw_state: str | None = None,
        command: Typed | None = None,
    ) -> bool | dict[str, Any]:
        """Look at what came before; what answers a question is no rest of anything."""
        if actor.editor.role < Role.AUTHOR or command is not None or raw_state is not None:
            return False
        act = await Acts(state).last()
        if act is None or act.what not in self._what or not act.goes_on_with(message):
            return False
        return {"act": act.with_part(message)}
