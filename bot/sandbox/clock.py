"""The sandbox's clock: runs as fast as one wants, so that a digest at 19:00 need not be waited for."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """A clock that starts at the real time and runs `speed` times as fast; `monotonic` stays real."""

    def __init__(self, speed: float = 1.0) -> None:
        self._at = datetime.now(UTC)  # noqa: TID251  the sandbox's own time begins here
        self._since = time.monotonic()
        self._speed = 1.0
        self.run_at(speed)

    @property
    def speed(self) -> float:
        """How many seconds pass in one."""
        return self._speed

    def now(self) -> datetime:
        """Return the sandbox's instant, aware, in UTC."""
        return self._at + timedelta(seconds=(time.monotonic() - self._since) * self._speed)

    def monotonic(self) -> float:
        """Return real seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait that long by this clock."""
        await asyncio.sleep(seconds / self._speed)

    def run_at(self, speed: float) -> None:
        """Run that many times as fast from now on; a tenth to 3600 times."""
        self._at, self._since, self._speed = self.now(), time.monotonic(), max(0.1, min(speed, 3600.0))

    def skip(self, seconds: float) -> None:
        """Jump forward."""
        self._at += timedelta(seconds=max(0.0, seconds))
