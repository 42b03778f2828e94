"""A time that is over, as an editor types it: "26.06.2023 07:35", "вчора о 18", "2 години тому", "Monday 9:00".

It is what `bot/timing/typed.py` reads, looked at from further back: the latest time before now that it can mean.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import regex

from bot.errors import BadMoment, BadTime, FutureTime, NoSuchDate, PastTime
from bot.text.languages import words_for
from bot.timing.typed import parse_when

# A clock shows a time once a day, a week has each weekday once, a year each date.
_FROM = (timedelta(days=1), timedelta(days=7), timedelta(days=366))
_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
_LATER = {"tomorrow", "after_tomorrow"}
_WORD = regex.compile(r"\p{L}[\p{L}'’ʼ]*")


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word, _ in words_for(name))


_AGO, _IN = _words("ago"), next(word for word, _ in words_for("in"))
_DAYS = {word: n for n, name in enumerate(("today", "yesterday", "before_yesterday")) for word in _words(name)}
_NOT_YET = frozenset(word for name in _LATER for word in _words(name))


def parse_past(text: str, now: datetime, zone_name: str) -> datetime:
    """Return the instant a text means, on a clock in that zone: the latest one that is not after `now`.

    Raises:
        BadMoment: not understood.
        NoSuchDate: a day that no calendar has.
        FutureTime: understood, but yet to come.

    """
    quoted = text.strip()[:40]
    words = [word.casefold() for word in _WORD.findall(text)]
    if not _NOT_YET.isdisjoint(words):
        raise FutureTime(text=quoted)
    try:
        if not _AGO.isdisjoint(words):
            return now - (parse_when(f"{_IN} {_without_ago(text)}", now, zone_name) - now)
        found = _latest(_dated(text, now, zone_name), now, zone_name)
    except NoSuchDate:
        raise
    except (BadTime, PastTime, OverflowError):
        raise BadMoment(text=quoted) from None
    if found is None:
        raise FutureTime(text=quoted)
    return found


def _without_ago(text: str) -> str:
    return str(_WORD.sub(lambda word: "" if word[0].casefold() in _AGO else word[0], text))


def _dated(text: str, now: datetime, zone_name: str) -> str:
    """Return the text with the date in place of a word for a day that is over, or for today."""
    today = now.astimezone(ZoneInfo(zone_name)).date()

    def date_of(word: "regex.Match[str]") -> str:
        days = _DAYS.get(word[0].casefold())
        return word[0] if days is None else (today - timedelta(days=days)).isoformat()

    return str(_WORD.sub(date_of, text))


def _latest(text: str, now: datetime, zone_name: str) -> datetime | None:
    """Return the latest instant the text can mean that is not after now; None when it is yet to come."""
    for start in (*(now - back for back in _FROM), _BEGINNING):
        try:
            found = parse_when(text, start, zone_name)
        except PastTime:
            continue  # it is before that start
        if found <= now:
            return found
    return None
