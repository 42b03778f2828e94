"""Recording the numbers of messages that are no deliveries: whoever asks what is in a chat has to know them.

What a handler sends to the chat it works for is recorded by the transaction that ends the update: until then the update
itself says that a message may be there. What is sent to other chats, or by no handler, is recorded by itself, before it
is begun and when it is known what became of it.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import structlog

from bot.model.asking import ACCOUNT, counter_of
from bot.model.outcomes import Delivered, Outcome, Unknown
from bot.ports import MessageIdStore
from bot.telegram.calls import Call
from bot.timing.clock import Clock

_REMEMBERED = 1_000  # supergroups and channels

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Handling:
    """One update's handling: the chat it works for, and what it has sent there, as (chat, number); 0 is unknown."""

    chat_id: int
    sent: list[tuple[int, int]] = field(default_factory=list)


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


def makes_a_message(call: Call) -> bool:
    """Tell whether a request makes a new message, which gets a number."""
    return call.__api_method__.startswith("send")


@asynccontextmanager
async def recorded(ids: MessageIdStore | None, clock: Clock, chat_id: int) -> AsyncIterator[Callable[[Outcome], None]]:
    """Have what is sent inside the block recorded; the block says what came of it. Raises nothing of its own."""
    mine, sent = handling.get(), list[tuple[int, int]]()
    note: Callable[[Outcome], None] = lambda outcome: sent.extend(_numbers(chat_id, outcome))  # noqa: E731
    if mine is not None and mine.chat_id == chat_id:
        yield note
        mine.sent.extend(sent)
        return
    begun = await _begun(ids, clock, chat_id)
    yield note
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
