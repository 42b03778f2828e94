"""Pacing for several processes: one limiter for the whole bot, in the database they share.

A process that has something to send takes a few slots at a time, as many as it has waiting but not more than a tenth
of a second's worth: a reply that comes later waits for those at most. The slots of all processes follow each other
evenly.
"""

import asyncio
import heapq
from collections import deque

import structlog

from bot.delivery.pacing import PROBE_SECONDS
from bot.model.ledger import Priority
from bot.ports import PaceStore
from bot.timing.clock import Clock

_AHEAD = 0.1  # seconds' worth of slots that are taken at a time
# Slots are this much longer than the rate says: a process may be late for one by as long as its commit took.
_MARGIN = 1.015
_AGAIN_SECONDS = 1.0
_LATE = 0.05  # seconds after which a slot that could not be granted is given up

log = structlog.get_logger(__name__)


class SharedPacer:
    """Grants slots like `Pacer`, out of what all processes share. `run` has to run meanwhile."""

    def __init__(self, rate: float, clock: Clock, slots: PaceStore, *, name: str = "bot") -> None:
        self._name = name
        self._clock = clock
        self._slots = slots
        self._slot = _MARGIN / rate
        self._batch = max(1, int(rate * _AHEAD))
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._sequence = 0
        self._begins: deque[float] = deque()  # of the slots that are taken and not granted yet
        self._ahead = self._batch * self._slot
        self._timer: object = None
        self._wake = asyncio.Event()
        self._pause = 0.0
        self._probing = False  # since a pause nothing is known to have got through
        self._probed_at: float | None = None

    async def slot(self, lane: Priority) -> bool:
        """Wait for the turn to send one message; it is none to pay for."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sequence += 1
        heapq.heappush(self._waiting, (lane, self._sequence, turn))
        self._wake.set()
        await turn
        return False

    def pause(self, seconds: float) -> None:
        """Grant nothing for that long, in any process: Telegram asked the whole bot to wait.

        Then this process has one turn at a time, until `go_on`.
        """
        self._pause = max(self._pause, seconds)
        self._probing, self._probed_at = True, None
        self._begins.clear()
        self._wake.set()

    def go_on(self) -> None:
        """End the caution after a pause; what got through before a turn was granted after it says nothing."""
        if self._probed_at is not None:
            self._probing, self._probed_at = False, None
            self._wake.set()

    def unused(self) -> None:
        """Let another one try after a pause: nobody would hear how a turn went in which nothing was sent."""
        if self._probed_at is not None:
            self._probed_at = None
            self._wake.set()

    async def run(self) -> None:
        """Grant slots until cancelled. While the database is away nothing is granted."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._grant_all()
            except Exception:
                log.exception("no slots: the database could not be reached")
                await self._clock.sleep(_AGAIN_SECONDS)
                self._wake.set()

    async def _grant_all(self) -> None:
        while self._waiting or self._pause:
            if self._pause:
                await self._tell(self._pause)
            if (patience := self._patience()) > 0:
                await self._woken(patience)
                continue
            await self._take()
            # The next ones are taken before these are over: a commit takes as long as several slots.
            ahead = self._begins[-1] - self._clock.monotonic() - self._ahead / 2 if self._begins else 0.0
            if ahead > 0 or self._probing or len(self._begins) >= len(self._waiting):
                await self._woken(max(ahead, self._slot))

    async def _tell(self, seconds: float) -> None:
        """Have all processes pause; what they could not be told is told again."""
        self._pause = 0.0
        try:
            await self._slots.pause(self._name, seconds)
        except BaseException:
            self._pause = max(self._pause, seconds)
            raise

    def _patience(self) -> float:
        """Return the seconds that remain to hear how the first message after a pause went."""
        return 0.0 if self._probed_at is None else self._probed_at + PROBE_SECONDS - self._clock.monotonic()

    async def _take(self) -> None:
        # After a pause a single one, and no other is taken before it is over.
        most = int(not self._begins) if self._probing else self._batch
        number = min(len(self._waiting) - len(self._begins), most)
        if number > 0:
            begin = await self._slots.take(self._name, number, round(self._slot * 1e6)) + self._clock.monotonic()
            if not self._pause:  # since then: they lie before its end
                self._begins.extend(begin + n * self._slot for n in range(number))
            self._arm()

    async def _woken(self, seconds: float) -> None:
        """Wait that long, or until there is somebody new or a pause."""
        await self._clock.wait(self._wake, seconds)
        self._wake.clear()

    def _arm(self) -> None:
        if self._timer is None and self._begins:
            self._timer = self._clock.call_later(max(0.0, self._begins[0] - self._clock.monotonic()), self._turn)

    def _turn(self) -> None:
        self._timer = None
        now = self._clock.monotonic()
        while self._begins and self._begins[0] <= now:
            if self._begins.popleft() >= now - _LATE:  # a slot that is long over would crowd the next second
                self._grant_one()
        self._arm()

    def _grant_one(self) -> None:
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():  # a waiter may have been cancelled
                turn.set_result(None)
                if self._probing:
                    self._probed_at = self._clock.monotonic()
                return
