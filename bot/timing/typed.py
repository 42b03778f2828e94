"""A time as an editor types it: "18:30", "завтра 9:00", "25.11 08:00", "через 2 години", "in 45 minutes"."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import regex

from bot.errors import BadTime, PastTime
from bot.text.languages import words_for
from bot.timing.schedules import instant_of

_MINUTES = {"minutes": 1, "hours": 60, "days": 1440}
_UNITS = {"m": 1, "h": 60, "d": 1440} | {word: n for unit, n in _MINUTES.items() for word, _ in words_for(unit)}
_DAYS = {word: n for n, day in enumerate(("today", "tomorrow", "after_tomorrow")) for word, _ in words_for(day)}
_IN = tuple(word for word, _ in words_for("in"))
_AT = frozenset({"", *(word for word, _ in words_for("at"))})
_RELATIVE = regex.compile(r"^(?:\L<before>|\+)?\s*(\d{1,4})?\s*(\p{L}+)\.?$", before=list(_IN))
_BETWEEN = regex.compile(r"[\s,;]+|\b\L<and>\b", **{"and": [word for word, _ in words_for("and")]})
_CLOCK = regex.compile(r"(?<!\d)([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)(?!\.\d)")
_DATE = regex.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?(?!\d)")
_ISO = regex.compile(r"(\d{4})-(\d{2})-(\d{2})")


def parse_when(text: str, now: datetime, zone_name: str) -> datetime:
    """Return the instant a text means, on a clock in that zone.

    A time alone is the next time the clock shows it. `15m`, `1h` count from now; `t8` is tomorrow at 08:00.

    Raises:
        BadTime: not understood.
        PastTime: understood, but over.

    """
    words = text.strip().casefold()
    zone = ZoneInfo(zone_name)
    if regex.fullmatch(r"t\d{1,2}", words):
        moment = _at(words[1:] + ":00", now.astimezone(zone).date() + timedelta(days=1), now, zone)
    else:
        moment = _relative(words, now) or _absolute(words, now, zone)
    if moment is None:
        raise BadTime(text=text.strip()[:40])
    if moment <= now:
        raise PastTime(text=text.strip()[:40])
    return moment


def _relative(words: str, now: datetime) -> datetime | None:
    match = _RELATIVE.match(words)
    if match is None or match[2] not in _UNITS:
        return None
    if match[1] is None and not words.startswith(_IN):
        return None
    return now + timedelta(minutes=int(match[1] or 1) * _UNITS[match[2]])


def _absolute(words: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    today = now.astimezone(zone).date()
    day, rest = _day(words, today)
    return _at(rest, day, now, zone)


def _at(rest: str, day: date | None, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the instant of a time of day, on that day or, without one, the next time the clock shows it."""
    today = now.astimezone(zone).date()
    clock = _CLOCK.search(rest)
    if clock is None:
        return None
    left = (rest[: clock.start()] + rest[clock.end() :]).strip(" ,")
    if left not in _AT:
        return None
    at = time(int(clock[1]), int(clock[2]))
    moment = instant_of(day or today, at, zone)
    if day is None and moment <= now:
        moment = instant_of(today + timedelta(days=1), at, zone)
    return moment


def _day(words: str, today: date) -> tuple[date | None, str]:
    """Return the day that is named, if one is, and the rest of the words."""
    first, _, rest = words.partition(" ")
    if first in _DAYS:
        return today + timedelta(days=_DAYS[first]), rest
    iso = _ISO.search(words)
    found = iso or next((m for m in _DATE.finditer(words) if _is_date(m, words)), None)
    if found is None:
        return None, words
    rest = words[: found.start()] + " " + words[found.end() :]
    try:
        if iso:
            return date(int(found[1]), int(found[2]), int(found[3])), rest.replace("t", " ")
        year = int(found[3]) if found[3] else today.year
        day = date(year, int(found[2]), int(found[1]))
        if not found[3] and day < today:
            day = day.replace(year=year + 1)
    except ValueError:
        return None, ""
    return day, rest


def _is_date(match: "regex.Match[str]", words: str) -> bool:
    """Tell 25.11 from 18.30: it is a date when it cannot be a time of day, or when a time stands beside it."""
    if match[3] or int(match[1]) > 23 or int(match[2]) > 12:
        return int(match[2]) <= 12
    return bool(_CLOCK.search(words[: match.start()] + " " + words[match.end() :]))


def parse_clock_times(text: str) -> tuple[time, ...]:
    """Return the times of day in a text, earliest first: "8:00 та 19.30", "8 19".

    Raises:
        BadTime: there is something else in it, or no time at all.

    """
    words = [word for word in _BETWEEN.split(text.casefold()) if word]
    times = set()
    for word in words:
        clock = _CLOCK.fullmatch(word) or regex.fullmatch(r"([01]?\d|2[0-3])()", word)
        if clock is None:
            raise BadTime(text=text.strip()[:40])
        times.add(time(int(clock[1]), int(clock[2] or 0)))
    if not times or len(times) > 24:
        raise BadTime(text=text.strip()[:40])
    return tuple(sorted(times))
