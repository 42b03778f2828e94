"""A clock that begins at a known instant, runs on, and can be moved."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class TestClock:
    """Shows its own time, which passes as real time does. `monotonic` is real: it only paces."""

    __test__ = False

    def __init__(self, at: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)) -> None:
        self._ahead = at - self._real()

    def _real(self) -> datetime:
        return datetime.now(UTC)

    def now(self) -> datetime:
        return self._real() + self._ahead

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def advance(self, **span: float) -> None:
        """Move on by a timedelta's arguments."""
        self._ahead += timedelta(**span)

    def set(self, at: datetime) -> None:
        """Move to an instant."""
        self._ahead = at - self._real()
