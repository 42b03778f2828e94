"""A time that is over, as an editor types it: "26.06.2023 07:35", "вчора о 18", "2 години тому", "Monday 9:00".

It is what `bot/timing/typed.py` reads, looked at from further back: the latest time before now that it can mean.
"""

from datetime import UTC, datetime, timedelta

import regex

from bot.errors import BadMoment, BadTime, FutureTime, NoSuchDate, PastTime
from bot.text.languages import words_for
from bot.timing.schedules import instant_of
from bot.timing.stored_zones import stored_zone
from bot.timing.typed import parse_when
from bot.timing.typed_distance import Cursor, read_distance
from bot.timing.typed_tokens import put_together, taken_apart

# A clock shows a time once a day, a week has each weekday once, a year each date.
_FROM = (timedelta(days=1), timedelta(days=7), timedelta(days=366))
_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)
_LATER = {"tomorrow", "after_tomorrow"}
_WORD = regex.compile(r"\p{L}[\p{L}'’ʼ]*")


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word, _ in words_for(name))


_AGO, _IN = _words("ago"), next(word for word, _ in words_for("in"))
_DAYS = {word: n for n, name in enumerate(("today", "yesterday", "before_yesterday")) for word in _words(name)}
# The longest first: "the day before yesterday" ends as another does.
_DAY = regex.compile(rf"\b(?:{'|'.join(sorted(map(regex.escape, _DAYS), key=len, reverse=True))})\b", regex.IGNORECASE)
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
            return _ago(text, now, zone_name)
        found = _latest(_dated(text, now, zone_name), now, zone_name)
    except NoSuchDate:
        raise
    except (BadTime, PastTime, ValueError, OverflowError):
        raise BadMoment(text=quoted) from None
    if found is None:
        raise FutureTime(text=quoted)
    return found


def _ago(text: str, now: datetime, zone_name: str) -> datetime:
    """Return the instant so long ago, or on a day so many days ago at the time that is said behind it."""
    end = next(word for word in _WORD.finditer(text) if word[0].casefold() in _AGO)
    cursor = Cursor(put_together(taken_apart(f"{_IN} {text[: end.start()]}") or []))
    distance, at = read_distance(cursor), text[end.end() :]
    if distance is None or cursor.peek():
        raise BadTime(text=text)
    zone, back = stored_zone(zone_name), distance.back()
    here = now.astimezone(zone)
    day = back.day_from(here.date())
    if not regex.search(r"\w", at):
        start = instant_of(day, here.time(), zone) if back.days or back.months else now
        return start + timedelta(minutes=back.minutes)
    found = None if back.minutes else _latest(f"{day.isoformat()} {at}", now, zone_name)
    if found is None:
        raise BadTime(text=text)  # so many hours ago is a time of day already
    return found


def _dated(text: str, now: datetime, zone_name: str) -> str:
    """Return the text with the date in place of a word for a day that is over, or for today."""
    today = now.astimezone(stored_zone(zone_name)).date()

    def date_of(word: "regex.Match[str]") -> str:
        return (today - timedelta(days=_DAYS[word[0].casefold()])).isoformat()

    return str(_DAY.sub(date_of, text))


def _latest(text: str, now: datetime, zone_name: str) -> datetime | None:
    """Return the latest instant the text can mean that is not after now; None when it is yet to come."""
    not_understood: BadTime | None = None
    for start in (*(now - back for back in _FROM), _BEGINNING):
        try:
            found = parse_when(text, start, zone_name)
        except PastTime:
            continue  # it is before that start
        except BadTime as error:
            # Or a day without a time is that very day: which hour of it, nobody says; or the year from there on has
            # no 29 February.
            not_understood = error
            continue
        if found <= now:
            return found
    if not_understood is not None:
        raise not_understood
    return None
