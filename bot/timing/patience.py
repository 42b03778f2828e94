"""Patience: waits that have no end of their own, and end when the process does."""

import asyncio
from dataclasses import dataclass, field
from types import TracebackType


@dataclass(slots=True)
class Patience:
    """Bounds waits. They may take as long as they like until somebody says how long there still is."""

    _waits: set[asyncio.Timeout] = field(default_factory=set)
    _end: float | None = None  # by the running loop's clock

    @property
    def over(self) -> bool:
        """Whether nobody may wait any more."""
        return self._end is not None and asyncio.get_running_loop().time() >= self._end

    def bounded(self) -> "_Wait":
        """Let the block wait; raises TimeoutError when `end_in` says that it has waited for long enough."""
        return _Wait(self._waits, self._end)

    def end_in(self, seconds: float) -> None:
        """End every wait that is under way, or begins from now on, so many seconds from now. May be repeated."""
        self._end = asyncio.get_running_loop().time() + seconds
        for wait in self._waits:
            wait.reschedule(self._end)


class _Wait:
    """A wait that can be told its end; a thousand of them begin in a second, and few ever are."""

    __slots__ = ("_waits", "_within")

    def __init__(self, waits: "set[asyncio.Timeout]", end: float | None) -> None:
        self._waits = waits
        self._within = asyncio.timeout_at(end)

    async def __aenter__(self) -> None:
        self._waits.add(self._within)
        await self._within.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._waits.discard(self._within)
        await self._within.__aexit__(kind, error, trace)
