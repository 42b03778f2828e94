"""Dates as feeds and files write them: in any usual order, with names of months and zones, in several languages."""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from html import unescape
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import regex
from babel import Locale

from bot.text.cleaning import clean_line
from bot.text.languages import ALL
from bot.timing.schedules import instant_of

_LATEST = 4_102_444_800  # 2100: a number beyond it counts smaller parts than seconds, or nothing
_OLDEST = 1800  # the year; before it there is no news, but programs' beginnings of time
_LONGEST = 500  # characters of a date; what is longer is a text
_STAMP = regex.compile(r"/Date\((-?\d{1,17})(?:[+-]\d{4})?\)/")
"""A moment as Microsoft's JSON has it, in milliseconds; the zone behind it changes nothing."""
_ORDINAL = regex.compile(r"([0-9]{4})-?([0-3][0-9]{2})")
_WEEK = regex.compile(r"[0-9]{4}-W[0-9]{2}-[1-7]")
_COLON = regex.compile(r"(?<=[0-9]{4}):(?=[0-9]{1,2}:[0-9]{2})")  # as logs write: 23/Nov/2026:10:00:00
_HOUR_ONLY = regex.compile(
    r"(?<![0-9:.])T?([0-9]{1,2})\s*(?:год\p{L}*\.?(?:\s*([0-9]{1,2})\s*хв\p{L}*\.?)?|(?=[+-][0-9]{2}|Z))"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_ONLY = time(12)

_NUMBER = regex.compile(r"-?[0-9]{9,17}(?:[.,][0-9]+)?")
_ISO = regex.compile(r"(?<![0-9])([0-9]{4})([-./])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
_COMPACT = regex.compile(
    r"(?<![0-9])((?:18|19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?:T?([0-9]{2})([0-9]{2})([0-9]{2})?)?(?![0-9])",
    regex.IGNORECASE,
)
_NUMERIC = regex.compile(r"(?<![0-9:])([0-9]{1,2})([-./])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9:])")
_DAY_FIRST = regex.compile(
    r"(?<![0-9])(?<!(?:GMT|UTC)[+-])([0-9]{1,2})(?:-?(?:st|nd|rd|th|го|е|й|ого))?[\s\-/,.]*(?:of\s+)?(\p{L}{3,})\.?[\s\-/,.]*([0-9]{4}|[0-9]{2})(?![0-9:])",
    regex.IGNORECASE,
)
_MONTH_FIRST = regex.compile(
    r"(?<!\p{L})(\p{L}{3,})\.?[\s\-/]*([0-9]{1,2})(?:st|nd|rd|th)?(?![0-9]),?\s*"
    r"(?P<time>(?:[0-9]{1,2}:[0-9]{2}\S*)?(?:\s+(?![0-9])\S+)?\s*)([0-9]{4})(?![0-9:])",
    regex.IGNORECASE,
)
_TIME = regex.compile(
    r"(?<![0-9+\-])([0-9]{1,2})(?:[:.]([0-9]{2})(?:[:.]([0-9]{2})(?:[.,][0-9]+)?)?\s*(?P<half>[ap]\.?\s?m\b\.?)?"
    r"|\s*(?P<full>[ap]\.?\s?m\b\.?))(?![0-9])",
    regex.IGNORECASE,
)
_OFFSET = regex.compile(r"([+\-−])([0-9]{1,2})(?:[:.]?([0-9]{2}))?(?:[:.]?[0-9]{2})?(?![0-9])")
_HALF = regex.compile(r"[0-9]\s*[ap]\.?\s?m\b", regex.IGNORECASE)
"""A clock of twelve hours; where it stands beside slashes, the month stands before the day."""
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’_/+-]*")
_NAMED = {
    "utc": 0, "gmt": 0, "ut": 0, "z": 0, "zulu": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120,
    "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "мск": 180, "msd": 240, "trt": 180,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480, "awst": 480, "aest": 600,
    "aedt": 660, "acst": 570, "acdt": 630, "nzst": 720, "nzdt": 780, "sast": 120, "pkt": 300,
}  # fmt: skip
"""Minutes east of Greenwich. What means different clocks in different countries (IST) is not here."""
_PLACES = (
    (
        regex.compile(r"\b(?:за\s+)?(?:київськ\w+|києвом|kyiv|kiev)(?:\s+(?:час\w*|time))?", regex.IGNORECASE),
        "Europe/Kyiv",
    ),
    (regex.compile(r"\bET\b"), "America/New_York"),
    (regex.compile(r"\bCT\b"), "America/Chicago"),
    (regex.compile(r"\bMT\b"), "America/Denver"),
    (regex.compile(r"\bPT\b"), "America/Los_Angeles"),
    (regex.compile(r"\b(?:по\s+киеву|киевск\w+\s+врем\w+)", regex.IGNORECASE), "Europe/Kyiv"),
)
_FILLERS = frozenset(
    {"о", "об", "в", "у", "на", "року", "р", "рік", "года", "год", "г", "час", "at", "on", "of", "the", "t", "і", "та"}
)


class BadDate(Exception):
    """The text is no date."""


class Moment(NamedTuple):
    """An instant, None for none; `unknown_zone` is the name of a zone that nobody knows, whose clock counts as UTC."""

    at: datetime | None
    unknown_zone: str = ""


def moment_in(value: object, zone: ZoneInfo) -> Moment:
    """Return the moment a date means: a number since 1970, or words; without a zone of its own on a clock in `zone`.

    A day without a time is taken at noon. The beginnings of time of programs (the year 1, 1970) are no date.

    Raises:
        BadDate: it cannot be read as one.

    """
    if value is None:
        return Moment(None)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not _COMPACT.fullmatch(str(value)):
        return Moment(_real(_since_epoch(float(value))))
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise BadDate
    if len(said := str(value)) > _LONGEST:
        raise BadDate
    text = clean_line(unescape(said))
    try:
        found = _written(text, zone) if text.strip("0") else Moment(None)
    except (ValueError, OverflowError) as error:
        if text.startswith(("0000-", "0001-")):
            return Moment(None)
        raise BadDate from error
    return Moment(_real(found.at), found.unknown_zone)


def _real(at: datetime | None) -> datetime | None:
    if at is None or at.year < _OLDEST or abs(at - _EPOCH) <= timedelta(days=1):
        return None
    return at


def _since_epoch(number: float) -> datetime:
    for _ in range(3):
        if abs(number) > 10**11:
            number /= 1000
    if not 0 <= number < _LATEST:
        if number <= -2_000_000_000:
            return datetime.min.replace(tzinfo=UTC)
        raise BadDate
    return datetime.fromtimestamp(number, UTC)


def _written(text: str, zone: ZoneInfo) -> Moment:
    if _NUMBER.fullmatch(text) and not (_COMPACT.fullmatch(text) and len(text) in {12, 14}):
        return Moment(_since_epoch(float(text.replace(",", "."))))
    if found := _STAMP.fullmatch(text):
        return Moment(_since_epoch(int(found[1]) / 1000))
    text = _COLON.sub(" ", text)
    day, rest = _day(regex.sub(r"\[[^\]]*\]", " ", text))
    if day.year < _OLDEST:
        return Moment(None)
    at, rest, later = _clock(rest)
    own, unknown = _zone(rest)
    if at is None:
        return Moment(instant_of(day, _DAY_ONLY, zone))
    day += later
    if own is None and unknown:
        return Moment(datetime.combine(day, at, UTC), unknown)
    if own is None or isinstance(own, ZoneInfo):
        return Moment(instant_of(day, at, own or zone))
    return Moment(datetime.combine(day, at, own).astimezone(UTC))


def _day(text: str) -> tuple[date, str]:
    """Return the day, and the text around it."""
    if found := _ISO.search(text):
        rest = f"{text[: found.start()]} {text[found.end() :].removeprefix('T')}"  # but for the T of a zone: CET
        return date(int(found[1]), int(found[3]), int(found[4])), rest
    if found := _ORDINAL.fullmatch(text):
        return date(int(found[1]), 1, 1) + timedelta(days=_day_of_year(int(found[2]))), ""
    if _WEEK.fullmatch(text):
        return date.fromisoformat(text), ""
    for found in _DAY_FIRST.finditer(text, overlapped=True):
        if month := month_called(found[2]):
            return date(_year(found[3]), month, int(found[1])), _without(text, found)
    for found in _MONTH_FIRST.finditer(text):
        if month := month_called(found[1]):
            rest = f"{text[: found.start()]} {found['time']} {text[found.end() :]}"
            return date(int(found[4]), month, int(found[2])), rest
    if found := _NUMERIC.search(text):
        first, second = int(found[1]), int(found[3])
        american = found[2] == "/" and first <= 12 and _HALF.search(text) is not None
        day, month = (second, first) if (second > 12 >= first or american) else (first, second)
        return date(_year(found[4]), month, day), _without(text, found)
    if found := _COMPACT.search(text):
        clock = ":".join(part for part in found.groups()[3:] if part)
        return date(
            int(found[1]), int(found[2]), int(found[3])
        ), f"{text[: found.start()]} {clock} {text[found.end() :]}"
    raise BadDate


def _day_of_year(number: int) -> int:
    if not 1 <= number <= 366:
        raise BadDate
    return number - 1


def _without(text: str, found: "regex.Match[str]") -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits) if int(digits) < 70 else 1900 + int(digits)


def _clock(text: str) -> tuple[time | None, str, timedelta]:
    """Return the time of day, the text behind it, and the days it adds: 24:00 is the next day's beginning."""
    if found := _HOUR_ONLY.search(text):
        return time(int(found[1]), int(found[2] or 0)), f"{text[: found.start()]} {text[found.end() :]}", timedelta()
    found = _TIME.search(text)
    if found is None:
        if regex.search(r"[0-9]", _OFFSET.sub("", text)):
            raise BadDate
        return None, text, timedelta()
    hour, minute, second = int(found[1]), int(found[2] or 0), min(int(found[3] or 0), 59)
    half = (found["half"] or found["full"] or "").lower()
    if half and not 1 <= hour <= 12:
        raise BadDate
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    if (hour, minute, second) == (24, 0, 0):
        return time(), rest, timedelta(days=1)
    return time(hour, minute, second), rest, timedelta()


def _zone(text: str) -> tuple[tzinfo | None, str]:
    """Return the zone that stands beside a time of day, or the name of one that nobody knows."""
    if found := _OFFSET.search(text):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        if minutes > 15 * 60:
            raise BadDate
        return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes)), ""
    for pattern, place in _PLACES:
        if pattern.search(text):
            return ZoneInfo(place), ""
    if regex.search(r"[0-9]", text):
        raise BadDate
    unknown = ""
    for word in _WORD.findall(text):
        plain = word.strip("-+'’").casefold()
        if plain in _NAMED:
            return timezone(timedelta(minutes=_NAMED[plain])), ""
        if "/" in word and (own := _iana(word)) is not None:
            return own, ""
        if plain not in _FILLERS and plain not in _weekdays() and (word.isupper() or "/" in word):
            unknown = word
    return None, unknown


def _iana(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def month_called(name: str) -> int:
    """Return the month of that name, short or long, in any language that is read; 0 for none."""
    word = name.casefold().rstrip(".")
    if word in _months():
        return _months()[word]
    # A shortened one: three letters or more, which only one month of one language begins with.
    found = {number for full, number in _months().items() if len(word) >= 3 and full.startswith(word)}
    return found.pop() if len(found) == 1 else 0


@cache
def _months() -> dict[str, int]:
    names: dict[str, int] = {"sept": 9}
    for language in reversed(ALL):  # what the first says, holds
        tables = Locale.parse(language.locale).months
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                names.update({name.casefold().rstrip("."): n for n, name in tables[use][width].items()})
    return names


@cache
def _weekdays() -> frozenset[str]:
    tables = [Locale.parse(language.locale).days for language in ALL]
    return frozenset(
        name.casefold().rstrip(".")
        for days in tables
        for use in ("format", "stand-alone")
        for width in ("wide", "abbreviated", "short")
        for name in days[use].get(width, {}).values()
    )
