"""Dates without a year, as agencies' pages have them: "25 листопада, 14:20", "November 25", "вчора, 18:05"."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import regex

from bot.errors import BadInput, FutureTime
from bot.feeds.dates import BadDate, Moment, moment_in, month_called
from bot.text.languages import words_for
from bot.timing.typed_past import parse_past

_SIGNS = regex.compile(r"\s*[,|·•–—]\s*")
_LONGEST = 80  # characters of a date
_DAY_AND_MONTH = regex.compile(r"(?<![0-9.:])[0-9]{1,2}\.(?:0[1-9]|1[0-2])(?![0-9])")  # 2.5 is a number
_WORD = regex.compile(r"\p{L}{3,}")
_CLOCK = regex.compile(
    r"[0-9]:[0-9]{2}|[0-9]\s?[ap]\.?m\b|\b[0-9]{1,2}\.[0-9]{2}(?!\.?[0-9])(?=.*\p{L})", regex.IGNORECASE
)
_NOON = "12:00"  # of a day without a time, as of one with a year
_SOON = timedelta(days=1)  # a page's clock may go ahead: a time of today is yet to come, and not of a year ago
_LONG_AGO = timedelta(days=300)
_AHEAD = regex.compile(rf"\b(?:{'|'.join(regex.escape(word) for word, _ in words_for('in'))})\b", regex.IGNORECASE)


def names_a_day(value: object) -> bool:
    """Tell whether a date says which day of which month: "yesterday" in a file is that of who wrote it."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return False
    words = _WORD.findall(value)
    return bool(_DAY_AND_MONTH.search(value)) or (any(map(str.isdigit, value)) and any(map(month_called, words)))


def nearest_in(value: object, zone: ZoneInfo, now: datetime) -> Moment:
    """Return the moment a date means, as `moment_in`; without a year, the nearest one that is over or of this day.

    Raises:
        BadDate: it cannot be read as one.
        FutureTime: it says of itself that it is yet to come: "tomorrow", or "today" and a later time.

    """
    try:
        return moment_in(value, zone)
    except BadDate:
        said = names_a_day(value) or regex.search(r"\p{L}", str(value))
        if not isinstance(value, str) or not said or len(value) > _LONGEST or _AHEAD.search(value):
            raise
    plain = _SIGNS.sub(", ", value.strip())
    if _CLOCK.search(plain):
        return Moment(_nearest(plain, zone, now))
    try:
        noon = _nearest(f"{plain} {_NOON}", zone, now, of_this_day=True)
    except BadDate:  # "2 hours ago" has no noon
        noon = _nearest(plain, zone, now)
    return Moment(min(noon, now))


def _nearest(written: str, zone: ZoneInfo, now: datetime, *, of_this_day: bool = False) -> datetime:
    try:
        found = _past(written, zone, now)
    except FutureTime:
        if of_this_day:
            return _past(written, zone, now + _SOON)
        raise
    return max(found, _past(written, zone, now + _SOON)) if now - found > _LONG_AGO else found


def _past(written: str, zone: ZoneInfo, now: datetime) -> datetime:
    try:
        return parse_past(written, now, zone.key)
    except FutureTime:
        raise
    except BadInput as error:
        raise BadDate from error
