"""The zone behind a stored name, also where this machine does not know it: one reader's must not stop all others'."""

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@lru_cache(maxsize=1024)
def stored_zone(name: str) -> ZoneInfo:
    """Return the zone of a name; UTC for one that this machine does not know, as another one may have done."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
