"""A time as an editor types it: "завтра о 9", "25 грудня 18:00", "9 ранку", "через пів години", "Monday 9:00".

The words are those of every language, whoever types (`bot/text/languages`).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import regex

from bot.errors import BadTime, NoSuchDate, PastTime
from bot.timing import time_words as words_of
from bot.timing.schedules import instant_of
from bot.timing.typed_tokens import tokens_of

_CLOCK = regex.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_DATE = regex.compile(r"([0-9]{1,2})[./]([0-9]{1,2})(?:[./]([0-9]{4}|[0-9]{2}))?")
_ISO = regex.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_AMOUNT = regex.compile(r"[0-9]{1,4}(?:[.,]5)?")
_HOUR, _MOST_BARE = 60, 5  # so many hours may be said without "in"
_MORNING = time(9)  # of a day that is named without a time


@dataclass(frozen=True, slots=True)
class When:
    """An instant that was typed. `missing` is the time of day that was meant, when the clock jumps over it that day."""

    at: datetime
    missing: time | None = None


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
    quoted = text.strip()[:40]
    tokens = tokens_of(text)
    if tokens is None:
        raise BadTime(text=quoted)
    reading = _Reading(tokens, now, ZoneInfo(zone_name))
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
        self._tokens = tokens
        self._now = now
        self._zone = zone
        self._today = now.astimezone(zone).date()
        self._place = 0
        self._day: date | None = None
        self._weekday: int | None = None
        self._this_week = False
        self._clock: time | None = None
        self._part: words_of.Hour | None = None

    def _peek(self, ahead: int = 0) -> str:
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else ""

    def _skip(self, words: frozenset[str]) -> bool:
        skips = self._peek() in words
        self._place += skips
        return skips

    # From now on

    def relative(self) -> When | None:
        """Return what is said as a distance from now, or None, nothing read, when nothing is."""
        self._place = 0
        said = self._skip(words_of.IN)
        minutes, days, amounts = 0.0, 0, 0
        while (amount := self._amount(said=said)) is not None:
            minutes, days, amounts = minutes + amount[0], days + amount[1], amounts + 1
            if not said:
                break
            self._skip(words_of.AND)
        if not amounts:
            self._place = 0
            return None
        if days and not minutes and self._peek():
            self._day = self._today + timedelta(days=days)
            return self._rest()
        if self._peek():
            return None
        moved = self._now.astimezone(self._zone).replace(tzinfo=None) + timedelta(days=days)
        start = instant_of(moved.date(), moved.time(), self._zone) if days else self._now
        return When(start + timedelta(minutes=minutes))

    def _amount(self, *, said: bool) -> tuple[float, int] | None:
        """Return an amount of minutes or days; without `said` only one that has a number."""
        begin, number = self._place, 1.0 if said else 0.0
        if said and self._skip(words_of.HALF_HOURS):
            return 30.0, 0
        if self._skip(words_of.HALF):
            number = 0.5
            self._skip(words_of.ARTICLE)
        elif self._skip(words_of.ONE_AND_A_HALF):
            number = 1.5
        elif _AMOUNT.fullmatch(self._peek()):
            number = float(self._peek().replace(",", "."))
            self._place += 1
        elif said:
            self._skip(words_of.ARTICLE)
        unit = self._peek()
        self._place += 1
        if number and unit in words_of.MINUTES and (said or not self._may_be_clock(number, unit)):
            return number * words_of.MINUTES[unit], 0
        if number == int(number) and number and unit in words_of.DAYS_LONG:
            return 0.0, int(number) * words_of.DAYS_LONG[unit]
        self._place = begin
        return None

    @staticmethod
    def _may_be_clock(number: float, unit: str) -> bool:
        """Tell whether "21 год" by itself may as well be a time of day."""
        return words_of.MINUTES[unit] == _HOUR and _MOST_BARE < number < 24 and number == int(number)

    # On a day, at a time

    def absolute(self) -> When | None:
        """Return what is said as a day and a time of day; None when it is not understood."""
        if len(self._tokens) == 2 and self._tokens[0] == "t" and self._tokens[1].isdigit():
            self._day, self._clock = self._today + timedelta(days=1), time(int(self._tokens[1]))
            return self._found()
        self._place = 0
        return self._rest()

    def _rest(self) -> When | None:
        while self._peek():
            before = self._place
            if not (self._read_day() or self._read_date() or self._read_part() or self._read_clock()):
                return None
            if self._place == before:
                return None
        return self._found()

    def _read_day(self) -> bool:
        """Read a word that names a day, with what may stand before it."""
        begin = self._place
        self._skip(words_of.ON | words_of.AT)
        this = self._skip(words_of.THIS)
        word = self._peek()
        day = self._day is None and not this and word in words_of.DAYS
        if self._weekday is None and (day or word in words_of.WEEKDAYS):
            self._this_week = this
            self._place += 1
            if word in words_of.DAYS:
                self._day = self._today + timedelta(days=words_of.DAYS[word])
            else:
                self._weekday = words_of.WEEKDAYS[word]
            return True
        self._place = begin
        return False

    def _read_part(self) -> bool:
        """Read a part of the day that stands by itself: "зранку о 9", "tonight at 8"."""
        begin = self._place
        self._skip(words_of.THIS)
        word = self._peek()
        if self._part is not None or word not in words_of.MORNINGS | words_of.EVENINGS:
            self._place = begin
            return False
        self._place += 1
        self._part = words_of.in_the_morning if word in words_of.MORNINGS else words_of.in_the_evening
        if word in words_of.TONIGHT and self._day is None:
            self._day = self._today
        return True

    def _read_date(self) -> bool:
        """Read a date: 25.11, 31/12, 10.12.26, 25 грудня, December 1; raises ValueError for one that is none."""
        begin = self._place
        self._skip(words_of.ON | words_of.AT)
        word, following = self._peek(), self._peek(1)
        if word.isdigit() and following in words_of.OF:
            del self._tokens[self._place + 1]
            following = self._peek(1)
        if self._day is not None:
            self._place = begin
            return False
        if iso := _ISO.fullmatch(word):
            self._place += 1
            self._day = date(int(iso[1]), int(iso[2]), int(iso[3]))
        elif (numeric := _DATE.fullmatch(word)) and self._is_date(numeric):
            self._place += 1
            self._day = self._dated(int(numeric[1]), int(numeric[2]), numeric[3])
        elif word.isdigit() and len(word) <= 2 and following in words_of.MONTHS:
            self._place += 2
            self._day = self._dated(int(word), words_of.MONTHS[following] + 1, self._year())
        elif word in words_of.MONTHS and following.isdigit() and len(following) <= 2:
            self._place += 2
            self._day = self._dated(int(following), words_of.MONTHS[word] + 1, self._year())
        else:
            self._place = begin
            return False
        return True

    def _year(self) -> str | None:
        year = self._peek()
        if not (len(year) == 4 and year.isdigit()):
            return None
        self._place += 1
        self._skip(words_of.YEAR)
        return year

    def _dated(self, day: int, month: int, year: str | None) -> date:
        if year is not None:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        named = date(self._today.year, month, day)
        return named if named >= self._today else date(self._today.year + 1, month, day)

    def _is_date(self, match: "regex.Match[str]") -> bool:
        """Tell 25.11 from 18.30: it is a date when it cannot be a time of day, or when a time stands beside it."""
        if "/" in match[0] or match[3]:
            return True
        if int(match[1]) > 23 or int(match[2]) > 59:
            return True
        if int(match[2]) > 12 and int(match[1]) < 24:
            return False
        others = [token for n, token in enumerate(self._tokens) if n != self._place]
        return any(_CLOCK.fullmatch(other) for other in others) or any(
            other.isdigit() and self._tokens[n - 1] in words_of.AT | words_of.ON
            for n, other in enumerate(self._tokens)
            if n
        )

    def _read_clock(self) -> bool:
        """Read a time of day: 18:30, 9.30 вечора, о 9, 9 pm; a number alone is one only behind a day or "at"."""
        if self._clock is not None:
            return False
        at = self._skip(words_of.AT | words_of.ON)
        word = self._peek()
        if word in words_of.NOON:
            self._place, self._clock = self._place + 1, time(12)
            return True
        exact = _CLOCK.fullmatch(word)
        if exact is None and not (word.isdigit() and len(word) <= 2):
            return False
        hour, minute = (int(exact[1]), int(exact[2])) if exact else (int(word), 0)
        self._place += 1
        # "9 o'clock" is a time; "9 год" may as well be an amount
        clock = self._skip(words_of.CLOCK_WORD) and self._peek(-1) not in words_of.MINUTES
        part = words_of.PARTS.get(self._peek()) if self._part is None else None
        if part is not None:
            self._place += 1
            said = part(hour)
            if said is None:
                return False
            hour = said % 24
        elif exact is None and not (at or self._is_dated or self._part is not None or clock):
            return False
        if hour > 23:
            return False
        self._clock = time(hour, minute)
        return True

    @property
    def _is_dated(self) -> bool:
        return self._day is not None or self._weekday is not None

    def _found(self) -> When | None:
        if (
            self._clock is None
            and self._part is None
            and (self._day == self._today or (self._day is None and self._weekday is None))
        ):
            return None
        clock = self._clock or _MORNING
        if self._part is not None:
            hour = self._part(clock.hour) if self._clock else None
            if hour is None:  # "завтра ввечері" may be any hour of it
                return None
            clock = clock.replace(hour=hour)
        if self._weekday is not None:
            ahead = (self._weekday - self._today.weekday()) % 7
            if self._day is not None:
                if self._day.weekday() != self._weekday:
                    return None
            else:
                day = self._today + timedelta(days=ahead)
                over = not self._this_week and instant_of(day, clock, self._zone) <= self._now
                self._day = day + timedelta(days=7) if over else day
        day = self._day or self._today
        at = instant_of(day, clock, self._zone)
        if self._day is None and at <= self._now:
            at = instant_of(day + timedelta(days=1), clock, self._zone)
        return When(at, clock if at.astimezone(self._zone).time() != clock else None)
