"""The sandbox's clock: runs as fast as one wants, so that a digest at 19:00 need not be waited for."""

from datetime import UTC, datetime, timedelta

from bot.timing.clock import SystemClock

_YEAR = 366 * 86_400.0


class SandboxClock(SystemClock):
    """A clock whose instants start at the real time and run `speed` times as fast; its seconds are the machine's."""

    def __init__(self, speed: float = 1.0) -> None:
        self._at = datetime.now(UTC)  # noqa: TID251  the sandbox's own time begins here
        self._since = self.monotonic()
        self._speed = 1.0
        self.run_at(speed)

    @property
    def speed(self) -> float:
        """How many seconds pass in one."""
        return self._speed

    def now(self) -> datetime:
        """Return the sandbox's instant, aware, in UTC."""
        return self._at + timedelta(seconds=(self.monotonic() - self._since) * self._speed)

    def run_at(self, speed: float) -> None:
        """Run that many times as fast from now on; a tenth to 3600 times."""
        self._at, self._since, self._speed = self.now(), self.monotonic(), max(0.1, min(speed, 3600.0))

    def skip(self, seconds: float) -> None:
        """Jump forward, a year at most."""
        self._at += timedelta(seconds=max(0.0, min(seconds, _YEAR)))
