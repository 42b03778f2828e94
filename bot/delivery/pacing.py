"""Pacing: never more messages than Telegram allows, and people before broadcasts.

Ready-made limiters let up to twice the rate through in a second after a rest. This one spaces what it grants evenly
and also holds a hard window over what it granted, so that no second, wherever it begins, has more than the rate.
"""

import asyncio
import heapq
from collections import OrderedDict, deque
from typing import Protocol

from bot.model.ledger import Priority
from bot.model.readers import ChatKind
from bot.timing.clock import Clock

# The server counts arrivals, not departures: this much longer than a second is the window, so that a request that is
# late and its successors that are not still fall into two different seconds.
_WINDOW = 1.015
# How far behind the even spacing a stalled process may catch up.
_CATCH_UP = 0.05
PROBE_SECONDS = 3.0  # how long after a pause the first message may take, before the next one is tried


class Slots(Protocol):
    """Turns to send: of one process (`Pacer`), or of all that share a database (`SharedPacer`)."""

    async def slot(self, lane: Priority) -> bool:
        """Wait for the turn to send one message; returns whether it may be a paid one."""
        ...

    def pause(self, seconds: float) -> None:
        """Grant nothing for that long, then one turn, and the others when it is known how that one went."""

    def go_on(self) -> None:
        """Note that a message got through: after a pause everybody goes on."""

    def unused(self) -> None:
        """Note that nothing was sent in a turn: after a pause the next one in line may try."""


class Pacer:
    """Grants `rate` slots a second to whoever waits, the most urgent lane first, in order of arrival within a lane.

    Call it from one event loop.
    """

    def __init__(self, rate: float, clock: Clock) -> None:
        self._clock = clock
        self._most = max(1, int(rate))
        self._span = max(_WINDOW, self._most / rate * _WINDOW)
        self._spacing = self._span / self._most
        self._granted: deque[float] = deque(maxlen=self._most)
        self._next = 0.0
        self._paused_until = 0.0
        self._probing = False  # since a pause nothing is known to have got through
        self._probed = False
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._sequence = 0
        self._timer: object = None

    async def slot(self, lane: Priority) -> bool:
        """Wait for the turn to send one message; it is none to pay for."""
        now = self._clock.monotonic()
        if not self._waiting and self._free_at() <= now:
            self._grant(now)
            return False
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sequence += 1
        heapq.heappush(self._waiting, (lane, self._sequence, turn))
        self._arm(now)
        await turn
        return False

    def pause(self, seconds: float) -> None:
        """Grant nothing for that long: Telegram asked the whole bot to wait. Then one turn at a time, until `go_on`."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)
        self._probing, self._probed = True, False

    def go_on(self) -> None:
        """End the caution after a pause; what got through before a turn was granted after it says nothing."""
        if self._probed:
            self._probing = self._probed = False
            self._paused_until = 0.0
            self._turn()

    def unused(self) -> None:
        """Let another one try after a pause: nobody would hear how a turn went in which nothing was sent."""
        if self._probed:
            self._probed, self._paused_until = False, 0.0
            self._turn()

    def _free_at(self) -> float:
        oldest = self._granted[0] + self._span if len(self._granted) == self._most else 0.0
        return max(self._next, oldest, self._paused_until)

    def _grant(self, now: float) -> None:
        self._granted.append(now)
        self._next = max(self._next, now - _CATCH_UP) + self._spacing
        if self._probing:
            self._probed = True
            self._paused_until = now + PROBE_SECONDS

    def _arm(self, now: float) -> None:
        if self._timer is None and self._waiting:
            self._timer = self._clock.call_later(max(0.0, self._free_at() - now), self._turn)

    def _turn(self) -> None:
        self._timer = None
        now = self._clock.monotonic()
        while self._waiting and self._free_at() <= now:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():  # a waiter may have been cancelled
                self._grant(now)
                turn.set_result(None)
        self._arm(now)


_PRIVATE_SECONDS = 1.0  # Bot FAQ: not more than one message a second in one chat
_GROUP_SECONDS = 3.0  # Bot FAQ: not more than twenty a minute in one group
_REMEMBERED = 100_000


class ChatPacer:
    """When each chat may be written to again. Remembers the chats written to last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next: OrderedDict[int, float] = OrderedDict()
        self._refused: OrderedDict[int, float] = OrderedDict()
        self.private_seconds = _PRIVATE_SECONDS
        self.group_seconds = _GROUP_SECONDS

    def wait(self, chat_id: int) -> float:
        """Return the seconds until the chat may be written to; 0 for now."""
        return max(0.0, self._next.get(chat_id, 0.0) - self._clock.monotonic(), self.refusal(chat_id))

    def refusal(self, chat_id: int) -> float:
        """Return for how many seconds Telegram still wants nothing to be written to the chat; 0 for none."""
        return max(0.0, self._refused.get(chat_id, 0.0) - self._clock.monotonic())

    def wrote(self, chat_id: int, kind: ChatKind) -> None:
        """Note that a message goes to the chat now."""
        self._until(self._next, chat_id, self.private_seconds if kind is ChatKind.PRIVATE else self.group_seconds)

    def refuse(self, chat_id: int, seconds: float) -> None:
        """Write nothing to the chat for that long, no reply either: Telegram asked for it."""
        self._until(self._refused, chat_id, seconds)

    def _until(self, times: OrderedDict[int, float], chat_id: int, seconds: float) -> None:
        times[chat_id] = max(times.get(chat_id, 0.0), self._clock.monotonic() + seconds)
        times.move_to_end(chat_id)
        while len(times) > _REMEMBERED:
            times.popitem(last=False)
