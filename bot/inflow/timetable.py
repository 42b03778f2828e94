"""When a feed is asked again: as it brings something, never more often than it wishes, later while it fails."""

from datetime import datetime, timedelta
from random import Random

from bot.model.feeds import AUTOMATIC, Skips

LEASE = timedelta(seconds=150)  # of a feed that is asked: longer than fetching and parsing may take together
SOONEST, LATEST = 300.0, 7200.0  # seconds between two polls, where nobody has chosen
AT_FIRST = 900.0
_DAY = 86_400.0
_OFTEN = 4  # polls for each item that a feed brings
_LONGEST_BACK_OFF = 21_600.0
_MOST_DOUBLINGS = 8
_SPREAD, _BACK_OFF_SPREAD = 0.1, 0.3  # of a wait, by chance: who began together is spread out
_MOST_APART, _LATE = 3600.0, timedelta(seconds=60)
_HOURS_LOOKED = 24 * 8


def interval(every: int, a_day: float | None) -> float:
    """Return how many seconds pass between two polls: `every`, or by how many items come in a day, None if unknown."""
    if every != AUTOMATIC:
        return float(every)
    if a_day is None:
        return AT_FIRST
    return min(LATEST, max(SOONEST, _DAY / (_OFTEN * a_day))) if a_day > 0 else LATEST


def after_success(
    now: datetime, seconds: float, fresh_for: float, skips: Skips, chance: Random, *, late: bool = False
) -> datetime:
    """Return when a feed that answered is asked again; `fresh_for` seconds it wants to be left alone, a day at most.

    One that was asked `late` waits up to twice as long, once: with it others were, and all would come together again
    for hours.
    """
    wait = max(seconds, min(_DAY, fresh_for))
    more = min(wait, _MOST_APART) if late else _SPREAD * wait
    return outside(now + timedelta(seconds=wait + more * chance.random()), skips)


def is_late(due: datetime, asked: datetime | None) -> bool:
    """Tell whether a feed had to wait for its turn, as after a stop of the bot, when all do."""
    return asked is not None and asked - due > _LATE


def after_failure(
    now: datetime, seconds: float, failures: int, retry_after: float, skips: Skips, chance: Random
) -> datetime:
    """Return when a feed that has failed so many times is asked again: twice as late each time, some hours at most."""
    wait = min(_LONGEST_BACK_OFF, max(SOONEST, seconds) * 2 ** min(failures - 1, _MOST_DOUBLINGS))
    wait = max(wait, seconds, min(_DAY, retry_after))
    return outside(now + timedelta(seconds=wait * (1 + _BACK_OFF_SPREAD * chance.random())), skips)


def outside(at: datetime, skips: Skips) -> datetime:
    """Return the first moment from then on that is in none of the hours and days a feed wants not to be asked in.

    One that never wants to be asked is asked all the same: nobody means that.
    """
    moved = at
    for _ in range(_HOURS_LOOKED):
        if moved.hour not in skips.hours and moved.weekday() not in skips.days:
            return moved
        moved = moved.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1, seconds=at.second)
    return at
