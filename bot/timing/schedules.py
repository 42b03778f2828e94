"""When things are due: wall-clock rules to instants. The ticker that asks what is due is in `bot/app.py`.

A rule is kept as local times and an IANA zone. Each local day has exactly one occurrence of "09:00": where the clock
jumps over it, the first instant after the jump; where the clock shows it twice, the first time. Only
quiet hours end each time that the clock shows their end: what came in between must not wait for the next day.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.model.readers import AtHours, Hourly, Instantly, Quiet, Reader, Schedule
from bot.timing.stored_zones import stored_zone

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_YEAR = 366  # days


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when the clock of the zone shows `at` on `day`, by the rule at the top of this page."""
    naive = datetime.combine(day, at)
    before = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if before.astimezone(zone).replace(tzinfo=None) == naive:
        return before
    # The clock jumped over it. Read with fold=1, a time in the gap is taken by the offset after the jump, which is
    # an instant before the jump; with fold=0, one after it. The jump itself lies between the two.
    low, high = naive.replace(tzinfo=zone, fold=1).astimezone(UTC), before
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == high.astimezone(zone).utcoffset():
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


def next_gap(times: Iterable[time], zone_name: str, after: datetime) -> tuple[time, datetime] | None:
    """Return the first of these times that the clock will jump over, and the instant it happens at instead.

    Looked for from the day of `after` on for a year; None when no clock of the zone does that.
    """
    zone = stored_zone(zone_name)
    asked = sorted(times)
    first = after.astimezone(zone).date()
    for day in (first + _DAY * n for n in range(_YEAR)):
        begin, end = (datetime.combine(day + _DAY * n, time(), zone).utcoffset() for n in (0, 1))
        if begin is None or end is None or end <= begin:
            continue
        for at in asked:
            instant = instant_of(day, at, zone)
            if instant > after and instant.astimezone(zone).time() != at:
                return at, instant
    return None


def next_time(times: tuple[time, ...], zone_name: str, after: datetime) -> datetime:
    """Return the first instant later than `after` at which the zone's clock shows one of the times."""
    zone = stored_zone(zone_name)
    first_day = after.astimezone(zone).date() - _DAY
    return min(
        instant
        for day in (first_day + _DAY * n for n in range(4))
        for at in times
        if (instant := instant_of(day, at, zone)) > after
    )


def _next_end(quiet: Quiet, zone_name: str, after: datetime) -> datetime:
    """Return the first instant later than `after` at which quiet hours end, also where the clock shows it again."""
    first = next_time((quiet.end,), zone_name, after)
    zone = stored_zone(zone_name)
    again = datetime.combine(after.astimezone(zone).date(), quiet.end, zone).replace(fold=1)
    second = again.astimezone(UTC)
    shown = second.astimezone(zone).replace(tzinfo=None) == again.replace(tzinfo=None)
    return min(first, second) if shown and second > after else first


def next_full_hour(zone_name: str, after: datetime) -> datetime:
    """Return the first instant later than `after` at which the zone's clock shows a full hour."""
    zone = stored_zone(zone_name)
    local = after.astimezone(zone)
    step = _HOUR - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    candidate = after + step
    # A zone may change its offset by half an hour on the way.
    off = candidate.astimezone(zone)
    return candidate if off.minute == 0 else candidate + _HOUR - timedelta(minutes=off.minute)


@lru_cache(maxsize=4096)  # of a hundred thousand readers most chose the same
def next_digest(schedule: Schedule, quiet: Quiet | None, zone_name: str, after: datetime) -> datetime | None:
    """Return when what is held back goes out next, later than `after`; None when nothing can be held back.

    Computed from the previous due time, not from now, so that a late run does not shift the next one. A digest that
    would fall into quiet hours waits for their end.
    """
    match schedule:
        case Instantly():
            return _next_end(quiet, zone_name, after) if quiet else None
        case Hourly():
            due = next_full_hour(zone_name, after)
        case AtHours(times):
            due = next_time(times, zone_name, after)
    if quiet is None or quiet.start == quiet.end:
        return due
    return quiet_end(quiet, zone_name, due) or due


def next_digest_of(reader: Reader, after: datetime) -> datetime | None:
    """Return when the reader's held news goes out next, later than `after`."""
    return next_digest(reader.schedule, reader.quiet, reader.zone, after)


def schedule_text(schedule: Schedule) -> str:
    """Return the schedule as it is stored: "now", "hourly", or the minutes of the day, "480,1140"."""
    match schedule:
        case Instantly():
            return "now"
        case Hourly():
            return "hourly"
        case AtHours(times):
            return ",".join(str(t.hour * 60 + t.minute) for t in sorted(set(times)))


@lru_cache(maxsize=1024)
def parse_schedule(text: str) -> Schedule:
    """Return the schedule of a stored text."""
    if text == "now":
        return Instantly()
    if text == "hourly":
        return Hourly()
    return AtHours(tuple(_minutes(text)))


def _minutes(text: str) -> Iterator[time]:
    for part in sorted(map(int, text.split(","))):
        yield time(part // 60, part % 60)


def local_minute(zone: str, now: datetime) -> int:
    """Return the minute of the day, 0 to 1439, on a clock in that zone."""
    local = now.astimezone(stored_zone(zone))
    return local.hour * 60 + local.minute


def is_quiet(quiet: Quiet | None, zone: str, now: datetime) -> bool:
    """Tell whether the reader's quiet hours are on; the start belongs to them, the end does not.

    The one rule, in whole minutes. `storage/people/audience.py` says the same in SQL, for many readers at once.
    """
    if quiet is None:
        return False
    start, end = (t.hour * 60 + t.minute for t in (quiet.start, quiet.end))
    minute = local_minute(zone, now)
    return (start <= minute < end) if start < end else (minute >= start or minute < end)


def quiet_end(quiet: Quiet | None, zone: str, now: datetime) -> datetime | None:
    """Return when the quiet hours that are on now will end; None when none are on."""
    return _next_end(quiet, zone, now) if quiet is not None and is_quiet(quiet, zone, now) else None
