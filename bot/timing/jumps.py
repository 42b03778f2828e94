"""Jumps of the machine's clock: somebody set it, or it was wrong and set itself right."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.timing.clock import Clock

LEAST = timedelta(minutes=1)  # a clock that is kept right moves by less


@dataclass(frozen=True, slots=True)
class Jump:
    """A jump that was seen: at once the clock showed `now`, where it would have shown `instead`."""

    instead: datetime
    now: datetime

    @property
    def back(self) -> bool:
        """Whether moments come again that had been."""
        return self.now < self.instead

    @property
    def span(self) -> timedelta:
        """How far it jumped, either way."""
        return abs(self.now - self.instead)


@dataclass(slots=True)
class JumpWatch:
    """Compares the hands of a clock with each other, as often as somebody looks."""

    clock: Clock
    _apart: float | None = None  # seconds between the two hands when somebody looked last
    _jumped_at: float = float("-inf")  # by the monotonic clock

    def look(self) -> Jump | None:
        """Return how the clock has jumped since the last look, or None when it has not. Slow drift is no jump."""
        now, seconds = self.clock.wall(), self.clock.monotonic()
        apart = now.timestamp() - seconds
        moved = timedelta(seconds=apart - (apart if self._apart is None else self._apart))
        if abs(moved) < LEAST:
            self._apart = apart
            return None
        self._jumped_at = seconds
        self._apart = apart
        return Jump(now - moved, now)

    def steady(self, seconds: float) -> bool:
        """Tell whether no jump was seen in the last seconds."""
        return self.clock.monotonic() - self._jumped_at >= seconds
