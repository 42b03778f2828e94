"""Patience: waits that have no end of their own, and end when the process does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Patience:
    """Bounds waits. They may take as long as they like until somebody says how long there still is."""

    _waits: set[asyncio.Timeout] = field(default_factory=set)
    _end: float | None = None  # by the running loop's clock

    @property
    def over(self) -> bool:
        """Whether nobody may wait any more."""
        return self._end is not None and asyncio.get_running_loop().time() >= self._end

    @asynccontextmanager
    async def bounded(self) -> AsyncIterator[None]:
        """Let the block wait; raises TimeoutError when `end_in` says that it has waited for long enough."""
        wait = asyncio.timeout_at(self._end)
        self._waits.add(wait)
        try:
            async with wait:
                yield
        finally:
            self._waits.discard(wait)

    def end_in(self, seconds: float) -> None:
        """End every wait that is under way, or begins from now on, so many seconds from now. May be repeated."""
        self._end = asyncio.get_running_loop().time() + seconds
        for wait in self._waits:
            wait.reschedule(self._end)
