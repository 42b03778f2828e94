"""A distance from now as it is typed: "через пів години", "in 2 weeks at 9", "за місяць", "15m"."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta

import regex

from bot.timing import time_words as words_of

_AMOUNT = regex.compile(r"[0-9]{1,4}(?:[.,]5)?")
_HOUR, _MOST_BARE = 60, 5  # so many hours may be said without "in"
_MOST_YEARS = 99  # more is the number of one


@dataclass(slots=True)
class Cursor:
    """A place in tokens that are read one after the other."""

    tokens: list[str]
    place: int = 0

    def peek(self, ahead: int = 0) -> str:
        """Return a token, "" where there is none."""
        place = self.place + ahead
        return self.tokens[place] if 0 <= place < len(self.tokens) else ""

    def skip(self, words: frozenset[str]) -> bool:
        """Pass over the next token if it is one of the words."""
        skips = self.peek() in words
        self.place += skips
        return skips


@dataclass(slots=True)
class Distance:
    """How far off something is. Days and months are those of a calendar, at the same hour."""

    minutes: float = 0.0
    days: int = 0
    months: int = 0

    def day_from(self, today: date) -> date:
        """Return the day that is so far from one; a month that is too short for its day ends it earlier."""
        year, month = divmod(today.year * 12 + today.month - 1 + self.months, 12)
        day = min(today.day, monthrange(year, month + 1)[1])
        return date(year, month + 1, day) + timedelta(days=self.days)

    def back(self) -> "Distance":
        """Return the same distance the other way: how long ago something was."""
        return Distance(-self.minutes, -self.days, -self.months)


@dataclass(slots=True)
class _Amounts:
    cursor: Cursor
    said: bool  # "in" stands before them
    found: Distance = field(default_factory=Distance)
    number: int = 0

    def read(self) -> None:
        while self._add():
            self.number += 1
            if not self.said:
                break
            self.cursor.skip(words_of.AND)

    def _add(self) -> bool:
        """Read one amount; without "in" only one that has a number."""
        cursor = self.cursor
        if self.said and cursor.skip(words_of.HALF_HOURS):
            self.found.minutes += 30
            return True
        if self.said and cursor.skip(words_of.HALF_YEARS):
            self.found.months += 6
            return True
        begin, number = cursor.place, self._figure()
        unit = cursor.peek()
        cursor.place += 1
        if number and unit in words_of.MINUTES and (self.said or not _may_be_clock(number, unit)):
            self.found.minutes += number * words_of.MINUTES[unit]
            return True
        alone = not self.said and unit in words_of.PARTS  # "3 дня" is three in the afternoon
        # "через днів 5" is in five days, not tomorrow at five
        several = self.said and cursor.place - begin == 1 and unit not in words_of.SINGULAR and cursor.peek().isdigit()
        if self.said and unit in words_of.YEARS_LONG and number <= _MOST_YEARS and not several:
            self.found.months += int(number * 12)
            return True
        if number and number == int(number) and not alone and not several:
            if unit in words_of.DAYS_LONG:
                self.found.days += int(number) * words_of.DAYS_LONG[unit]
                return True
            if unit in words_of.MONTHS_LONG:
                self.found.months += int(number)
                return True
        cursor.place = begin
        return False

    def _figure(self) -> float:
        cursor = self.cursor
        if cursor.skip(words_of.HALF):
            cursor.skip(words_of.ARTICLE)
            return 0.5
        if cursor.skip(words_of.ONE_AND_A_HALF):
            return 1.5
        if self.said and cursor.skip(words_of.QUARTER):
            cursor.skip(words_of.OF)
            cursor.skip(words_of.ARTICLE)
            return 0.25
        if self.said:
            cursor.skip(words_of.ARTICLE)
        if _AMOUNT.fullmatch(cursor.peek()):
            number = float(cursor.peek().replace(",", "."))
            cursor.place += 1
            cursor.skip(words_of.OF)  # a couple of hours
            return number
        return 1.0 if self.said else 0.0


def read_distance(cursor: Cursor) -> Distance | None:
    """Return how far off what is said is, the cursor behind it; None, nothing read, when no distance is said."""
    amounts = _Amounts(cursor, cursor.skip(words_of.IN))
    amounts.read()
    if amounts.number:
        return amounts.found
    cursor.place = 0
    return None


def _may_be_clock(number: float, unit: str) -> bool:
    """Tell whether "21 год" by itself may as well be a time of day."""
    return words_of.MINUTES[unit] == _HOUR and _MOST_BARE < number < 24 and number == int(number)
