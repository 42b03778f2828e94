"""A clock that begins at a known instant, runs on, and can be moved."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class TestClock:
    """Shows its own time, which passes `speed` times as fast as real time. `monotonic` is real: it only paces."""

    __test__ = False

    def __init__(self, at: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC), speed: float = 1.0) -> None:
        self._began = datetime.now(UTC)
        self._speed = speed
        self._ahead = at - self._began

    def _passed(self) -> datetime:
        return self._began + (datetime.now(UTC) - self._began) * self._speed

    def now(self) -> datetime:
        return self._passed() + self._ahead

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def advance(self, **span: float) -> None:
        """Move on by a timedelta's arguments."""
        self._ahead += timedelta(**span)

    def set(self, at: datetime) -> None:
        """Move to an instant."""
        self._ahead = at - self._passed()
