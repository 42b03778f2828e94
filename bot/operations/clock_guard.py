"""Guarding against clocks that jump: what was due stays due, what lives is not taken for lost, and people hear of it.

Rows carry instants. When the clock is set back, what was due a moment ago would wait for hours, without a word; when it
is set forward, the leases of processes that are alive look over.
"""

import asyncio
import platform
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.delivery.batch_size import BatchSizer
from bot.model.trouble import Happening, Matter
from bot.operations.restart_guard import HEARTBEAT
from bot.operations.troubles import Troubles
from bot.ports import FactStore, MomentStore, VitalStore
from bot.timing.clock import Clock
from bot.timing.jumps import LEAST, Jump, JumpWatch

APART_SECONDS = 5.0  # a third of the shortest lease
RENEWED_SECONDS = 30.0  # by then whoever is alive has renewed its leases by the clock as it is now
RESTLESS_SECONDS = 600.0  # of a clock that has jumped all that time nobody knows when it will be right

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class ClockGuard:
    """Notices jumps of the machine's clock; `look_again` has everybody look at what is due."""

    watch: JumpWatch
    moments: MomentStore
    facts: FactStore
    vitals: VitalStore
    troubles: Troubles
    clock: Clock
    look_again: Callable[[], None]
    _unmended: Jump | None = None
    _ahead: tuple[Jump, float, datetime] | None = None  # lately; when, by seconds, and where the last one led
    _ordered_since: datetime | None = None  # of a jump back from there: what was planned for before keeps its moment
    _unordered: bool = False  # whether orders are to be brought forward: once, for they keep their seconds
    _restless_since: float | None = None  # of jumps without a rest between them, by the monotonic clock
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)  # all loops look after a jump, and one is to mend it

    async def start(self) -> None:
        """Begin; what the rows say of times to come tells whether the clock was set back while nobody ran."""
        self.watch.look()
        beat = await self.facts.get(HEARTBEAT)
        now = self.clock.now()
        if beat is not None and datetime.fromisoformat(beat) - now >= LEAST:
            log.warning("the clock of this machine was set back", last=beat, now=str(now))
            self._note(Jump(datetime.fromisoformat(beat), now))
            await self._mend()

    async def look(self) -> None:
        """Deal with a jump, if there was one since the last look; every second. Raises what the database raises."""
        jump = self.watch.look()
        if self.steady:
            self._ahead = self._restless_since = None
        if jump is not None:
            log.warning("the clock of this machine jumped", instead=str(jump.instead), now=str(jump.now))
            self._note(jump)
            self.look_again()
        async with self._looking:
            await self._mend()

    @property
    def steady(self) -> bool:
        """Whether leases can be believed: others that are alive had time to renew theirs since the last jump seen."""
        return self.watch.steady(RENEWED_SECONDS)

    async def settled(self) -> bool:
        """Look, and tell whether moments can be gone by: the clock is steady, or has not been for many minutes.

        Two programs that set a clock against each other may do so for ever: then it is gone by as it is.
        """
        await self.look()
        return self.steady or self._is_restless()

    def premature(self, moment: datetime) -> bool:
        """Tell whether a moment has come by a jump alone that somebody may be setting right: call `look` before.

        What is ordered since is for a moment behind the jump, and is what somebody wants now.
        """
        if self._ahead is None or self._is_restless():
            return False
        jump, at, reached = self._ahead
        return jump.instead + timedelta(seconds=self.clock.monotonic() - at) < moment <= reached

    async def compare(self) -> None:
        """Have the owners told when this clock is not the database's, where other processes go by theirs."""
        ahead = await self.vitals.ahead(self.clock.wall)
        if ahead is None or abs(ahead) < APART_SECONDS:
            return
        log.warning("this machine's clock is not the database's", ahead=round(ahead, 1))
        self.troubles.note(Happening(matter=Matter.APART, number=round(ahead), reason=platform.node() or "—"))

    def _is_restless(self) -> bool:
        since = self._restless_since
        return since is not None and self.clock.monotonic() - since >= RESTLESS_SECONDS

    def _note(self, jump: Jump) -> None:
        if self._restless_since is None:
            self._restless_since = self.clock.monotonic()
        self._unmended, self._unordered = jump, True
        self._ordered_since = self._ahead[0].now if jump.back and self._ahead is not None else None
        first, at = self._ahead[:2] if self._ahead is not None else (jump, self.clock.monotonic())
        self._ahead = None if jump.back else (first, at, jump.now)
        self.troubles.note(Happening(matter=Matter.CLOCK, since=jump.instead, until=jump.now))

    async def _mend(self) -> None:
        jump = self._unmended
        if jump is None:
            return
        if jump.back:
            if self._unordered:
                await self.moments.bring_orders_forward(jump.now, jump.instead, self._ordered_since)
                self._unordered = False
            await self._through(lambda place, most: self.moments.bring_forward(place, jump.now, jump.instead, most))
            await self._through(lambda place, most: self.moments.plan_digests(place, jump.now, most))
        self._unmended = None
        self.look_again()

    async def _through(self, stretch: Callable[[int, int], Awaitable[int | None]]) -> None:
        """Go through rows in stretches, each from the place where the one before ended, with so many rows at most."""
        sizes, place = BatchSizer.of_rows(self.clock), 0
        while (reached := await sizes.step(partial(stretch, place))) is not None:
            place = reached
