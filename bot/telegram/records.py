"""Recording the numbers of messages that are no deliveries: whoever asks what is in a chat has to know them.

What a handler sends to the chat it works for is recorded by the transaction that ends the update: until then the update
itself says that a message may be there. What is sent to other chats, or by no handler, is recorded by itself, before it
is begun and when it is known what became of it.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from zlib import crc32

import structlog

from bot.model.asking import ACCOUNT, SentMessages, counter_of
from bot.model.outcomes import Delivered, Outcome, Unknown
from bot.ports import MessageIdStore
from bot.telegram.calls import Call
from bot.timing.clock import Clock
from bot.timing.leases import Lease

_REMEMBERED = 1_000  # supergroups and channels
_LOOK_SECONDS = 0.5

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Handling:
    """One update's handling: the chat it works for, and what it has sent.

    `before` is what an earlier one of the same update has sent, which did not come to its end, and `made` what this one
    has; by request, each as the chat, its mark and the numbers it got, 0 for one that nobody knows. It is certainly
    this process's until its `lease` is over, and somebody else's once it was `taken`: what its handler wanted to send
    then was `refused`, so that its end is not that of the update. It is `over` when its handler has ended.
    """

    chat_id: int
    before: Sequence[Sequence[int]] = ()
    lease: Lease | None = None
    made: list[list[int]] = field(default_factory=list)
    taken: bool = False
    refused: bool = False
    over: bool = False
    _again: list[Sequence[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._again = list(self.before)

    @property
    def sent(self) -> list[tuple[int, int]]:
        """What this handling has sent to the chat it works for, as (chat, number)."""
        return [(chat, number) for chat, _, *numbers in self.made if chat == self.chat_id for number in numbers]

    def summary(self, at: datetime) -> SentMessages | None:
        """Return what was sent, for the update's row; None when nothing was."""
        return SentMessages(at, self.sent, [*self.before, *self.made]) if self.made else None

    def said_before(self, chat_id: int, mark: int) -> Outcome | None:
        """Return what became of a request to a chat when the same was made before, once; None when it was not."""
        for place, (chat, its, first, *more) in enumerate(self._again):
            if (chat, its) == (chat_id, mark):
                del self._again[place]
                return Delivered(first, tuple(more)) if first else Unknown("sent before")
        return None

    def stays(self, chat_id: int, message_id: int) -> bool:
        """Tell whether a message is one that the handler is still to be told of, as if it were new."""
        return any(chat == chat_id and message_id in numbers for chat, _, *numbers in self._again)


handling: ContextVar[Handling | None] = ContextVar("handling", default=None)
"""The handling that runs here; None for whatever runs beside the handlers."""


class Newest:
    """The number of the message of each counter that this process began last, and when it was begun."""

    def __init__(self) -> None:
        self._given: OrderedDict[int, tuple[float, int]] = OrderedDict()

    def note(self, chat_id: int, begun: float, number: int) -> None:
        """Note the number that a message got which was begun at a moment of the monotonic clock."""
        counter = counter_of(chat_id)
        if number and begun >= self._given.get(counter, (begun, 0))[0]:
            self._given[counter] = (begun, number)
            if counter != ACCOUNT:
                self._given.move_to_end(counter)
                if len(self._given) > _REMEMBERED:
                    self._given.pop(next(one for one in self._given if one != ACCOUNT))

    def since(self, moment: float, counter: int) -> int | None:
        """Return the number of a counter's last message, if it was begun at that moment or later."""
        begun, number = self._given.get(counter, (moment - 1, 0))
        return number if begun >= moment else None


def mark_of(method: str, content: bytes) -> int:
    """Return what a request is known by: what says something else is not taken for said, though it is in its place."""
    return crc32(content, crc32(method.encode()))


def said_before(chat_id: int, mark: int) -> Outcome | None:
    """Return what became of a request that was made by an earlier try of what is handled here; None for no such."""
    mine = handling.get()
    return mine.said_before(chat_id, mark) if mine is not None else None


async def still_mine(clock: Clock) -> bool:
    """Tell whether the update that is handled here is still this process's; waits while it cannot know.

    Nobody may answer for an update that another process may be answering by now. What runs beside handlers may go on.
    """
    mine = handling.get()
    if mine is None:
        return True
    while not mine.taken and mine.lease is not None and mine.lease.over(clock):
        await clock.rest(_LOOK_SECONDS)
    mine.refused |= mine.taken
    return not mine.taken


def makes_a_message(call: Call) -> bool:
    """Tell whether a request makes a new message, which gets a number."""
    return call.__api_method__.startswith("send")


@asynccontextmanager
async def recorded(
    ids: MessageIdStore | None, clock: Clock, chat_id: int, mark: int
) -> AsyncIterator[Callable[[Outcome], None]]:
    """Have what is sent inside the block, a request of this mark, recorded; the block says what came of it.

    Raises nothing of its own.
    """
    mine, sent = handling.get(), list[tuple[int, int]]()
    note: Callable[[Outcome], None] = lambda outcome: sent.extend(_numbers(chat_id, outcome))  # noqa: E731
    begun = None if mine is not None and mine.chat_id == chat_id else await _begun(ids, clock, chat_id)
    yield note
    if mine is not None and sent:
        mine.made.append([chat_id, mark, *(number for _, number in sent)])
    if ids is not None and begun is not None:
        try:
            await ids.end(begun, sent, clock.now())
        except Exception:
            log.exception("the number of a message could not be recorded")


async def _begun(ids: MessageIdStore | None, clock: Clock, chat_id: int) -> int | None:
    if ids is None:
        return None
    try:
        return await ids.begin(chat_id, clock.now())
    except Exception:
        # Owners hear of a lost database by such a message. Nothing is asked while there is none.
        log.exception("a message could not be recorded before it is sent")
        return None


def delivered(result: object) -> Delivered:
    """Return what was delivered by the JSON of an answer: a message, or several of an album."""
    first, *more = [_id_of(one) for one in result or [None]] if isinstance(result, list) else [_id_of(result)]
    return Delivered(first, tuple(more))


def _id_of(message: object) -> int:
    number = message.get("message_id") if isinstance(message, dict) else None
    return number if isinstance(number, int) else 0


def ids_of(outcome: Outcome) -> list[int]:
    """Return the ids of what was delivered; none when it was not."""
    return [outcome.message_id, *outcome.more] if isinstance(outcome, Delivered) else []


def _numbers(chat_id: int, outcome: Outcome) -> list[tuple[int, int]]:
    return [(chat_id, 0)] if isinstance(outcome, Unknown) else [(chat_id, number) for number in ids_of(outcome)]
