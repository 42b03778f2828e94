"""Whose turn it is to tell people something: one process at a time, and what is told is settled only afterwards.

Whoever settles first and tells then loses what it was about to tell when it is killed; whoever tells first may tell
twice. So one process tells at a time, and of several that look the others find it settled.
"""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.ports import LeaseStore
from bot.timing.clock import Clock

_LEASE = timedelta(minutes=3)  # longer than telling one thing to one person takes, however long Telegram wants to wait
_GIVE_BACK_SECONDS = 1.0
_AGAIN_SECONDS = 60.0
_SELDOM_SECONDS = 3600.0

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Turn:
    """The turn to tell what goes by a name; without `leases` nobody else is there. Remembers what reached nobody."""

    name: str
    clock: Clock
    leases: LeaseStore | None = None
    _failed: dict[Hashable, tuple[int, float]] = field(default_factory=dict)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[bool]:
        """Take the turn for a block, if no other process has it; who is killed in it keeps it for minutes."""
        async with self._one:  # two looks of one process have one lease
            mine = await self.goes_on()
            try:
                yield mine
            finally:
                if mine and self.leases is not None:
                    await self._given_back(self.leases)

    async def _given_back(self, leases: LeaseStore) -> None:
        try:
            async with asyncio.timeout(_GIVE_BACK_SECONDS):  # a stop waits for it, also where the database is away
                await leases.give_back(self.name)
        except Exception:
            log.exception("a turn could not be given back; it ends by itself", turn=self.name)

    async def goes_on(self) -> bool:
        """Keep the turn; returns whether it is still this process's. To be called before each person is told."""
        now = self.clock.now()
        return self.leases is None or await self.leases.take(self.name, now, now + _LEASE)

    def is_due(self, what: Hashable) -> bool:
        """Tell whether to try and tell something: what reached nobody rests, longer each time."""
        return self.clock.monotonic() >= self._failed.get(what, (0, 0.0))[1]

    def failed(self, what: Hashable) -> int:
        """Note that something reached nobody; returns how often that was so."""
        times = self._failed.get(what, (0, 0.0))[0] + 1
        rest = min(_SELDOM_SECONDS, _AGAIN_SECONDS * 2 ** min(times - 1, 10))
        self._failed[what] = (times, self.clock.monotonic() + rest)
        return times

    def rests(self, what: Hashable, seconds: float) -> None:
        """Let so many seconds pass before more is told of something."""
        self._failed[what] = (0, self.clock.monotonic() + seconds)

    def settled(self, what: Hashable) -> None:
        """Note that there is nothing to tell of something any more."""
        self._failed.pop(what, None)
