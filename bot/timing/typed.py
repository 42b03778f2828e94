"""A time as an editor types it: "завтра о 9", "25 грудня 18:00", "9 ранку", "через пів години", "Monday 9:00".

The words are those of every language, whoever types (`bot/text/languages`). What may be meant by a text that is not
understood here, `bot/timing/guesses.py` says.
"""

from calendar import isleap
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import regex

from bot.errors import BadTime, NoSuchDate, PastTime
from bot.timing import time_words as words_of
from bot.timing.schedules import instant_of
from bot.timing.stored_zones import stored_zone
from bot.timing.typed_distance import Cursor, read_distance
from bot.timing.typed_said import WEEK, Said, When
from bot.timing.typed_tokens import MARK, SPOKEN, Tokens, put_together, taken_apart

_CLOCK = regex.compile(rf"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])({SPOKEN}?)")
_DATE = regex.compile(r"([0-9]{1,2})[./]([0-9]{1,2})(?:[./]([0-9]{4}|[0-9]{2}))?")
_ISO = regex.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LEAP_DAY = (2, 29)
_DAY_MARKS = words_of.DAY_OF_MONTH | {MARK}


def parse_when(text: str, now: datetime, zone_name: str) -> datetime:
    """Return the instant a text means, on a clock in that zone; see `read_when`."""
    return read_when(text, now, zone_name).at


def read_when(text: str, now: datetime, zone_name: str) -> When:
    """Return what a text means, on a clock in that zone.

    A time alone is the next time the clock shows it, a day alone its morning; a weekday is the next one of that name. A
    date without a year is the next of its kind. `15m`, `1h` count from now; `t8` is tomorrow at 08:00.

    Raises:
        BadTime: not understood.
        NoSuchDate: a day that no calendar has.
        PastTime: understood, but over.

    """
    taken = taken_apart(text)
    if taken is None:
        raise BadTime(text=text.strip()[:40])
    return read_taken(taken, now, zone_name, text)


def read_taken(taken: Tokens, now: datetime, zone_name: str, text: str) -> When:
    """Return what a text means that is taken apart, as `read_when`."""
    quoted = text.strip()[:40]
    reading = _Reading(put_together(taken), now, stored_zone(zone_name))
    try:
        found = reading.relative() or reading.absolute()
    except (ValueError, OverflowError):  # the calendar has no such day
        raise NoSuchDate(text=quoted) from None
    if found is None:
        raise BadTime(text=quoted)
    if found.at <= now:
        raise PastTime(text=quoted)
    return found


class _Reading:
    """Reads tokens one after the other; each thing that makes up a time may be said once, in any order."""

    def __init__(self, tokens: list[str], now: datetime, zone: ZoneInfo) -> None:
        self._cursor = Cursor(tokens)
        self._now = now
        self._zone = zone
        self._today = now.astimezone(zone).date()
        self._said = Said()

    # From now on

    def relative(self) -> When | None:
        """Return what is said as a distance from now, or None, nothing read, when nothing is."""
        self._cursor.place = 0
        distance = read_distance(self._cursor)
        if distance is None:
            return None
        days = distance.days or distance.months
        if days and not distance.minutes and self._cursor.peek():
            self._said.day = distance.day_from(self._today)
            return self._rest()
        if self._cursor.peek():
            return None
        clock = self._now.astimezone(self._zone).time()
        start = instant_of(distance.day_from(self._today), clock, self._zone) if days else self._now
        return When(start + timedelta(minutes=distance.minutes))

    # On a day, at a time

    def absolute(self) -> When | None:
        """Return what is said as a day and a time of day; None when it is not understood."""
        tokens = self._cursor.tokens
        if len(tokens) == 2 and tokens[0] == "t" and tokens[1].isdigit():
            return When.on(self._today + timedelta(days=1), time(int(tokens[1])), self._zone)
        self._cursor.place = 0
        return self._rest()

    def _rest(self) -> When | None:
        cursor = self._cursor
        while cursor.peek():
            before = cursor.place
            if not (self._read_day() or self._read_date() or self._read_part() or self._read_clock()):
                return None
            if cursor.place == before:
                return None
        return self._said.meant(self._now, self._zone)

    def _read_day(self) -> bool:
        """Read a word that names a day, or the next week, with what may stand before it."""
        cursor, begin = self._cursor, self._cursor.place
        cursor.skip(words_of.ON | words_of.AT)
        this = cursor.skip(words_of.THIS)
        following = not this and cursor.skip(words_of.NEXT)
        word = cursor.peek()
        if following and not self._said.next_week and words_of.DAYS_LONG.get(word) == WEEK:
            cursor.place += 1
            self._said.next_week = True
            return True
        named = self._today + timedelta(days=words_of.DAYS[word]) if word in words_of.DAYS else None
        day = named is not None and self._said.day in {None, named} and not this and not following
        if self._said.weekday is None and (day or word in words_of.WEEKDAYS):
            self._said.this_week, self._said.following = this, following
            cursor.place += 1
            if named is not None:
                self._said.day = named
            else:
                self._said.weekday = words_of.WEEKDAYS[word]
            return True
        cursor.place = begin
        return False

    def _read_part(self) -> bool:
        """Read a part of the day that stands by itself: "зранку о 9", "tonight at 8"."""
        cursor, begin = self._cursor, self._cursor.place
        cursor.skip(words_of.ON | words_of.AT)
        this = cursor.skip(words_of.THIS)
        word = cursor.peek()
        if self._said.part is not None or self._said.part_said or word not in words_of.STANDING:
            cursor.place = begin
            return False
        cursor.place += 1
        self._said.part, self._said.part_said = words_of.STANDING[word], True
        if (this or word in words_of.TONIGHT) and self._said.day is None:
            self._said.day = self._today
        return True

    def _read_date(self) -> bool:
        """Read a date: 25.11, 31/12, 10.12.26, 25 грудня, December 1, 25-го; raises ValueError for one that is none."""
        cursor, begin = self._cursor, self._cursor.place
        cursor.skip(words_of.ON | words_of.AT)
        cursor.skip(words_of.ARTICLE)
        if self._said.day is None and not self._said.of_month and (self._read_numeric() or self._read_named()):
            return True
        cursor.place = begin
        return False

    def _read_numeric(self) -> bool:
        word = self._cursor.peek()
        if iso := _ISO.fullmatch(word):
            self._said.day = date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif (numeric := _DATE.fullmatch(word)) and self._is_date(numeric):
            self._said.day = self._dated(int(numeric[1]), int(numeric[2]), numeric[3])
        else:
            return False
        self._cursor.place += 1
        return True

    def _read_named(self) -> bool:
        cursor, word = self._cursor, self._cursor.peek()
        if word in words_of.MONTHS and _is_short(cursor.peek(1)):
            day, cursor.place = int(cursor.peek(1)), cursor.place + 2
            cursor.skip(_DAY_MARKS)
            self._said.day = self._dated(day, words_of.MONTHS[word] + 1, self._year())
            return True
        if not _is_short(word):
            return False
        cursor.place += 1
        marked = cursor.skip(_DAY_MARKS)
        cursor.skip(_DAY_MARKS)
        cursor.skip(words_of.OF)
        if cursor.peek() in words_of.MONTHS:
            month, cursor.place = words_of.MONTHS[cursor.peek()] + 1, cursor.place + 1
            self._said.day = self._dated(int(word), month, self._year())
            return True
        if marked:
            self._said.of_month = date(2000, 1, int(word)).day
        return marked

    def _year(self) -> str | None:
        year = self._cursor.peek()
        short = _is_short(year) and len(year) == 2 and _CLOCK.fullmatch(self._cursor.peek(1))
        if not (short or (len(year) == 4 and year.isdigit())):
            return None
        self._cursor.place += 1
        self._cursor.skip(words_of.YEAR)
        return year

    def _dated(self, day: int, month: int, year: str | None) -> date:
        if year is not None:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        this_year = self._today.year
        if (month, day) == _LEAP_DAY and not isleap(this_year):
            return date(this_year + 1, month, day)
        named = date(this_year, month, day)
        return named if named >= self._today else date(this_year + 1, month, day)

    def _is_date(self, match: "regex.Match[str]") -> bool:
        """Tell 25.11 from 18.30: it is a date when it cannot be a time of day, or when a time stands beside it."""
        if "/" in match[0] or match[3]:
            return True
        if int(match[1]) > 23 or int(match[2]) > 59:
            return True
        if int(match[2]) > 12 and int(match[1]) < 24:
            return False
        tokens = self._cursor.tokens
        others = [token for n, token in enumerate(tokens) if n != self._cursor.place]
        return any(_CLOCK.fullmatch(other) for other in others) or any(
            other.isdigit() and tokens[n - 1] in words_of.AT | words_of.ON for n, other in enumerate(tokens) if n
        )

    def _dotted(self, clock: str) -> date | None:
        """Return the day that a time of day may be as well: 3.12."""
        numeric = _DATE.fullmatch(clock)
        try:
            return self._dated(int(numeric[1]), int(numeric[2]), None) if numeric and "." in clock else None
        except ValueError:
            return None

    def _read_clock(self) -> bool:
        """Read a time of day: 18:30, 9.30 вечора, о 9, 9 pm; a number alone is one only beside a day or "at"."""
        if self._said.clock is not None or self._said.midnight:
            return False
        cursor = self._cursor
        at = cursor.skip(words_of.AT | words_of.ON)
        word = cursor.peek()
        cursor.place += 1
        if word in words_of.NOON:
            self._said.clock, self._said.part_said = time(12), True
            return True
        if word in words_of.MIDNIGHT:
            self._said.midnight = True
            return True
        exact = _CLOCK.fullmatch(word)
        if exact is None and not _is_short(word):
            return False
        hour, minute = (int(exact[1]), int(exact[2])) if exact else (int(word), 0)
        # "9 o'clock" is a time; "9 год" may as well be an amount
        called = cursor.skip(words_of.CLOCK_WORD)
        clock = called and cursor.peek(-1) not in words_of.MINUTES
        if called and exact is None and _is_short(cursor.peek()) and words_of.MINUTES.get(cursor.peek(1)) == 1:
            minute, cursor.place = int(cursor.peek()), cursor.place + 2  # 14 годині 30 хвилин
        part = words_of.PARTS.get(cursor.peek()) if self._said.part is None else None
        if part is not None:
            cursor.place += 1
            self._said.part_said = True
            said = part(hour)
            if said is None:
                return False
            hour = said % 24
        elif exact is None and not (at or self._is_dated or self._said.part is not None or clock):
            return False
        if hour > 23:
            return False
        # "at 3 o'clock" is an hour of 24, as "at 3" is
        self._said.spoken = bool(exact[3]) if exact else clock and not at
        self._said.dotted = self._dotted(word)
        self._said.clock = time(hour, minute)
        return True

    @property
    def _is_dated(self) -> bool:
        """Whether a day is said, before this place or right behind it."""
        ahead = self._cursor.peek(self._cursor.peek() in words_of.ON)
        return self._said.is_dated or ahead in words_of.DAYS or ahead in words_of.WEEKDAYS


def _is_short(number: str) -> bool:
    return number.isdigit() and len(number) <= 2
