"""How long something is certainly this process's, seen by itself: what it cannot keep, it must not act upon."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.timing.clock import Clock


@dataclass(frozen=True, slots=True)
class Lease:
    """Until when something is certainly ours, by both hands of a clock.

    Seconds stand still while a machine sleeps, or is held; its clock may be set. So it is over when either says so: to
    give something up too early does no harm.
    """

    until: float
    until_wall: datetime

    @classmethod
    def of(cls, clock: Clock, span: timedelta) -> "Lease":
        """Return a lease from now on; to be called before it is asked for, since asking takes time."""
        return cls(clock.monotonic() + span.total_seconds(), clock.wall() + span)

    def over(self, clock: Clock) -> bool:
        """Tell whether somebody else may have taken it since."""
        return clock.monotonic() >= self.until or clock.wall() >= self.until_wall
