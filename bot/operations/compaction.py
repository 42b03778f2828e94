"""Making old deliveries compact, by and by: how far, how much at once, and never on the word of a clock alone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.model.vitals import COMPACTED
from bot.ports import FactStore, KeptCopyStore, LeaseStore
from bot.timing.clock import Clock

_DAY = timedelta(days=1)
_LEASE = timedelta(minutes=5)
_WANTED = 0.02  # seconds of one transaction: replies wait for it
_FEWEST, _MOST = 20, 2_000  # rows of one
_OFTEN = 25  # transactions, after which the place is written down
_PAUSE = 0.02  # seconds between two: as long as one takes, so that half the time is others'

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Compaction:
    """Makes what is older than `days` compact, one process of several; 0 keeps everything as it is.

    Each look goes one day further than the one before at most, and none where the clock has just jumped: whoever's
    clock is a year ahead has days to notice.
    """

    kept_copies: KeptCopyStore
    facts: FactStore
    leases: LeaseStore
    clock: Clock
    settled: Callable[[], Awaitable[bool]]
    days: int
    size: int = 200

    async def look(self) -> None:
        """Go on where the last look ended. May be repeated, and cut off anywhere."""
        if not self.days or not await self.settled():
            return
        now = self.clock.now()
        if not await self.leases.take(COMPACTED, now, now + _LEASE):
            return
        try:
            await self._go_on(now)
        finally:
            await self.leases.give_back(COMPACTED)

    async def _go_on(self, now: datetime) -> None:
        known: Any = await self.facts.get(COMPACTED) or {}
        before = datetime.fromisoformat(known["until"]) if known else await self.kept_copies.oldest()
        if before is None:
            return
        until = min(now - timedelta(days=self.days), before + _DAY)
        if until <= before:
            return
        place, gone, steps = int(known.get("place", 0)), 0, 0
        while True:
            begun = self.clock.monotonic()
            done = await self.kept_copies.compact(place, until, self.size)
            if done is None:
                break
            took = max(self.clock.monotonic() - begun, 0.001)
            self.size = round(min(_MOST, max(_FEWEST, self.size * min(2.0, _WANTED / took))))
            place, gone, steps = done.place, gone + done.gone, steps + 1
            if steps % _OFTEN == 0:
                await self._note(place, before)
                if not await self.leases.take(COMPACTED, self.clock.now(), self.clock.now() + _LEASE):
                    return  # somebody else goes on
            await self.clock.sleep(_PAUSE)
        await self._note(place, until)
        if gone:
            log.info("deliveries are compact", until=until.isoformat(), rows=gone)

    async def _note(self, place: int, until: datetime) -> None:
        value = {"place": place, "until": until.isoformat()}
        await self.facts.put(COMPACTED, value, self.clock.now())
