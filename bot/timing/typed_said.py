"""What was said of a day and a time of day, and which instant that is."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.timing import time_words as words_of
from bot.timing.schedules import instant_of

WEEK = 7
_HOURS_SAID = 12  # of the clock that halves and quarters are told by
_MORNING = time(9)  # of a day that is named without a time
_UNTIL_NOON = 7  # hours before this one, told by a clock of twelve, are rather those of the afternoon
_NEAR = timedelta(days=60)  # what is written as a time with a dot may as well be a day that is so near
_DOUBTFUL = 2  # "next Monday", said so many days before a Monday, may be that one or the one after


@dataclass(frozen=True, slots=True)
class When:
    """An instant that was typed. `missing` is the time of day that was meant, when the clock jumps over it that day.

    `later` is what may as well be meant: the same hour of the afternoon, where "half past five" told no part of the
    day, or the day that "3.12" is.
    """

    at: datetime
    missing: time | None = None
    later: datetime | None = None

    @classmethod
    def on(cls, day: date, clock: time, zone: ZoneInfo) -> "When":
        """Return the time of a day, on a clock in that zone."""
        at = instant_of(day, clock, zone)
        return cls(at, clock if at.astimezone(zone).time() != clock else None)


@dataclass(slots=True)
class Said:
    """What was said; each thing once. Days and weeks are told from the day on which it is said."""

    day: date | None = None
    of_month: int = 0  # a day of a month that is not named
    weekday: int | None = None
    this_week: bool = False
    following: bool = False  # "next" Monday
    next_week: bool = False
    clock: time | None = None
    part: words_of.Hour | None = None
    part_said: bool = False
    midnight: bool = False
    spoken: bool = False  # by a clock of twelve hours: "half past five"
    dotted: date | None = None  # the day that the time of day would be: "3.12"

    @property
    def is_dated(self) -> bool:
        """Whether a day is said, or a week."""
        return self.day is not None or self.weekday is not None or bool(self.of_month) or self.next_week

    def meant(self, now: datetime, zone: ZoneInfo) -> When | None:
        """Return the instant that is meant, on a clock in that zone; None where it may be one or another."""
        found = self._at(now, zone)
        early = self.spoken and not self.part_said and self.clock is not None and 0 < self.clock.hour < _UNTIL_NOON
        if found is None or self.clock is None:
            return found
        if self.dotted is not None and not self.is_dated and not self.part_said:
            day = When.on(self.dotted, _MORNING, zone)
            near = timedelta(0) < day.at - found.at and day.at - now <= _NEAR
            return replace(found, later=day.at) if near else found
        if not early:
            return found
        later = replace(self, clock=self.clock.replace(hour=self.clock.hour + _HOURS_SAID)).meant(now, zone)
        return found if later is None else replace(found, later=later.at)

    def _at(self, now: datetime, zone: ZoneInfo) -> When | None:
        today, clock = now.astimezone(zone).date(), self._clock()
        if clock is None or (self.clock is None and self.part is None and self.day == today and not self.midnight):
            return None
        if self.midnight:
            return self._at_midnight(today, zone)
        if not self.is_dated:
            found = When.on(today, clock, zone) if self.clock else None
            if found is not None and found.at <= now:
                found = When.on(today + timedelta(days=1), clock, zone)
            return found
        return self._on_day_of_month(clock, now, zone) if self.of_month else self._on_day(clock, now, zone)

    def _clock(self) -> time | None:
        """Return the time of day; None when only a part of the day is said, any hour of which may be meant."""
        if self.part is None:
            return self.clock or _MORNING
        hour = self.part(self.clock.hour) if self.clock else None
        return self.clock.replace(hour=hour) if self.clock and hour is not None else None

    def _at_midnight(self, today: date, zone: ZoneInfo) -> When | None:
        """Return the midnight that is next; that of another day may be the one before it or behind it."""
        if self.weekday is not None or self.of_month or self.next_week or self.day not in {None, today}:
            return None
        return When.on(today + timedelta(days=1), time(0), zone)

    def _on_day_of_month(self, clock: time, now: datetime, zone: ZoneInfo) -> When | None:
        """Return the day of that number that comes next; with a weekday, or a day that is named, it has to be that."""
        if self.day is not None:
            return self._on_day(clock, now, zone) if self.day.day == self.of_month else None
        today = now.astimezone(zone).date()
        for n in range(today.month - 1, today.month + 11):
            try:
                day = date(today.year + n // 12, n % 12 + 1, self.of_month)
            except ValueError:
                continue  # a short month
            found = When.on(day, clock, zone)
            if found.at > now and (day != today or self.clock is not None):
                return found if self.weekday in {None, day.weekday()} and not self.next_week else None
        return None

    def _on_day(self, clock: time, now: datetime, zone: ZoneInfo) -> When | None:
        if self.weekday is None:
            return None if self.next_week or self.day is None else When.on(self.day, clock, zone)
        if self.day is not None:
            agrees = self.day.weekday() == self.weekday and not self.next_week
            return When.on(self.day, clock, zone) if agrees else None
        today = now.astimezone(zone).date()
        begun = today - timedelta(days=today.weekday())
        if self.next_week:
            return When.on(begun + timedelta(days=WEEK + self.weekday), clock, zone)
        day = today + timedelta(days=(self.weekday - today.weekday()) % WEEK)
        if not self.this_week and (When.on(day, clock, zone).at <= now or (self.following and day == today)):
            day += timedelta(days=WEEK)
        near = day < begun + timedelta(days=WEEK) or (day - today).days <= _DOUBTFUL
        return None if self.following and near else When.on(day, clock, zone)
