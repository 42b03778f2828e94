"""What may be meant by a time that was typed in a hurry: "завтра вдень", "tommorow at 9", "pfdnhf 9", "пів на шосту".

Nothing that is guessed counts before somebody has said yes to it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import regex

from bot.errors import BadTime, NoSuchDate, PastTime
from bot.timing import time_words as words_of
from bot.timing.slips import tries
from bot.timing.typed import read_taken, read_when
from bot.timing.typed_said import WEEK, When
from bot.timing.typed_tokens import SPOKEN, Tokens

_OPTIONS = 2
_FIGURES = regex.compile(r"([01]?[0-9]|2[0-3])([0-5][0-9])")
_WITH_SIGN = regex.compile(r"([01]?[0-9]|2[0-3])(?:[,.]([0-5][0-9])|-(0[0-9]))")  # 9-10 is from nine to ten
_YEAR = regex.compile(r"20[0-2][0-9]")  # behind a month, and no time: "30 листопада 2025" is over
_HOUR_ALONE = regex.compile(r"[01]?[0-9]|2[0-3]")
_NUMBER = regex.compile(r"[0-9]{1,2}")
_NUMERIC = regex.compile(r"([0-9]{1,2})([./])([0-9]{1,2})((?:[./][0-9]+)?)")
_OF_24 = regex.compile(r"0[0-9]|[0-9]{1,2}[:.][0-9]{2}")  # an hour that is written so is one of 24
_MORNING = 7  # minutes without a sign stand behind an hour from this one on
_SOON = timedelta(minutes=5)
_TWELVE = 12  # months of a year, hours of a clock
_LATER = 2  # hours, when the usual one is over
_MONDAY = min(word for word, at in words_of.WEEKDAYS.items() if at == 0)
_AFTER_NOON = min(words_of.AFTER_NOON)
_UNITS = words_of.MINUTES.keys() | words_of.DAYS_LONG.keys() | words_of.MONTHS_LONG
_HOUR = 60  # minutes


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text means: one instant when that is `sure`, else at most two that it may be, the likeliest first."""

    whens: tuple[When, ...]
    sure: bool = False


def meaning(text: str, now: datetime, zone_name: str) -> Meaning:
    """Return what a text means or may mean, on a clock in that zone.

    Raises:
        BadTime, NoSuchDate, PastTime: as `bot.timing.typed.read_when`, when nothing is likely either.

    """
    try:
        found = read_when(text, now, zone_name)
    except (BadTime, PastTime):
        if _HOUR_ALONE.fullmatch(text.strip()):  # with nothing beside it: "9 людей" tells no time
            return Meaning((read_when(f"{min(words_of.AT)} {text}", now, zone_name),))
        guesser = _Guesser(now, zone_name)
        for tokens in tries(text, now, zone_name):
            if guesses := guesser.options(tokens):
                return Meaning(guesses)
        raise
    return Meaning(_both(found), sure=found.later is None)


def _both(found: When) -> tuple[When, ...]:
    """Return the afternoon's hour, where "пів на шосту" may be it, and the one of 24."""
    return (found,) if found.later is None else (When(found.later), found)


class _Guesser:
    """Finds what words may mean, each guess a way of its own to say what was left out."""

    def __init__(self, now: datetime, zone_name: str) -> None:
        self._now = now
        self._zone = zone_name

    def options(self, tokens: Tokens) -> tuple[When, ...]:
        """Return what words may mean, by the first way in which they mean something."""
        exact = self._read(tokens)
        if exact is not None:
            return _both(exact)
        if len(tokens) == 1 and tokens[0] in words_of.NOW:
            return (When(self._now + _SOON),)
        for way in _WAYS:
            found = [one for said in way(tokens) if (one := self._read(said)) is not None]
            if found:
                found = [*_both(found[0]), *found[1:]]
                return tuple({one.at: one for one in found}.values())[:_OPTIONS]
        return self._midnights(tokens)

    def _read(self, tokens: Iterable[str]) -> When | None:
        try:
            return read_taken([*tokens], self._now, self._zone, "")
        except (BadTime, NoSuchDate, PastTime):
            return None

    def _midnights(self, tokens: Tokens) -> tuple[When, ...]:
        """Return the midnights behind a day and before it."""
        place = _place(tokens, words_of.MIDNIGHT)
        if place is None:
            return ()
        behind, before = (self._read([*tokens[:place], at, *tokens[place + 1 :]]) for at in ("23:59", "0:00"))
        found = (replace(behind, at=behind.at + timedelta(minutes=1)) if behind else None, before)
        return tuple(one for one in found if one is not None)


# Ways to say the same so that it is understood; each yields what is tried


def _with_usual_hour(tokens: Tokens) -> Iterator[Tokens]:
    """Завтра вдень -> завтра вдень 14."""
    phrases = (" ".join(tokens[n:end]) for n in range(len(tokens)) for end in range(min(n + 3, len(tokens)), n, -1))
    usual = next((words_of.USUAL[phrase] for phrase in phrases if phrase in words_of.USUAL), None)
    if usual is not None and not any(token[0].isdigit() for token in tokens):
        yield [*tokens, str(usual)]


def _with_later_hour(tokens: Tokens) -> Iterator[Tokens]:
    """Сьогодні вдень, said at three -> сьогодні вдень 16."""
    for said in _with_usual_hour(tokens):
        yield [*said[:-1], str(int(said[-1]) + _LATER)]


def _with_colon(tokens: Tokens) -> Iterator[Tokens]:
    """1830 -> 18:30, 18 30 -> 18:30, 17 h 30 -> 17:30, 18 год 30 хв -> 18:30."""
    for n, token in enumerate(tokens):
        if n and tokens[n - 1] in words_of.MONTHS and _YEAR.fullmatch(token):
            continue
        if figures := _FIGURES.fullmatch(token) or _WITH_SIGN.fullmatch(token):
            yield [*tokens[:n], ":".join(filter(None, figures.groups())), *tokens[n + 1 :]]
        hours = tokens[n + 1 : n + 2] and words_of.MINUTES.get(tokens[n + 1], 0) == _HOUR
        minutes = n + 1 + bool(hours)
        if not _NUMBER.fullmatch(token) or minutes >= len(tokens) or not _NUMBER.fullmatch(tokens[minutes]):
            continue
        end = minutes + 1
        end += end < len(tokens) and words_of.MINUTES.get(tokens[end], 0) == 1
        if len(tokens[minutes]) == 2 and int(token) >= _MORNING:
            yield [*tokens[:n], f"{token}:{tokens[minutes]}", *tokens[end:]]


def _half_told(tokens: Tokens) -> Iterator[Tokens]:
    """Пів десятої -> пів на десяту; half nine -> half past nine, or half an hour before nine."""
    for n, token in enumerate(tokens[:-1]):
        if token in words_of.HALF and _number(tokens[n + 1]) is not None:
            past = [min(words_of.PAST)] if token in words_of.HALF_PAST else []
            for between in (*past, min(words_of.TOWARDS)):
                yield [*tokens[: n + 1], between, *tokens[n + 1 :]]


def _minutes_told(tokens: Tokens) -> Iterator[Tokens]:
    """Ten to six -> 5:50, twenty past eight -> 8:20, за п’ять дев’ята -> 8:55."""
    for n, token in enumerate(tokens):
        minutes, before = _number(token), n and tokens[n - 1] in words_of.IN | words_of.WITHOUT
        if minutes is None or not 0 < minutes < 60:
            continue
        at = n + 1 + (words_of.MINUTES.get(_at(tokens, n + 1), 0) == 1)
        said = _at(tokens, at) in words_of.PAST | words_of.BEFORE
        hour = _number(_at(tokens, at + said)) if said or before else None
        if hour is None or not 0 < hour <= 12:
            continue
        past = said and tokens[at] in words_of.PAST
        told = f"{hour}:{minutes:02}" if past else f"{hour - 1 or 12}:{60 - minutes:02}"
        yield [*tokens[: n - (not said)], f"{told}{SPOKEN}", *tokens[at + said + 1 :]]


def _units_first(tokens: Tokens) -> Iterator[Tokens]:
    """За хвилин десять, хвилин за десять -> за десять хвилин."""
    for n in range(len(tokens) - 2):
        pair, end = tokens[n : n + 2], n + 2
        while _number(_at(tokens, end)) is not None:
            end += 1
        units = [word for word in pair if word in _UNITS and word not in words_of.SINGULAR]
        said = [word for word in pair if word in words_of.IN]
        if end > n + 2 and units and said and _at(tokens, end) not in _UNITS:
            yield [*tokens[:n], said[0], *tokens[n + 2 : end], units[0], *tokens[end:]]


def _hours_alone(tokens: Tokens) -> Iterator[Tokens]:
    """8 годин -> in 8 hours, at 8; 10 год -> at 10, in 10 hours."""
    hour, unit = _number(tokens[0]), tokens[-1]
    if len(tokens) == 2 and hour is not None and words_of.MINUTES.get(unit) == _HOUR:
        distance, clock = [min(words_of.IN), *tokens], [min(words_of.AT), tokens[0]]
        by_clock, late = unit in words_of.CLOCK_WORD, hour > _TWELVE
        yield from [clock, distance][: 2 - (by_clock and late)] if by_clock or late else [distance, clock]


def _with_in(tokens: Tokens) -> Iterator[Tokens]:
    """1h30m -> in 1h30m, +30 -> in 30 minutes."""
    said = tokens[0] in words_of.IN
    amount, minute = (tokens if said else ["+", *tokens]), min(w for w, long in words_of.MINUTES.items() if long == 1)
    bare = _number(tokens[-1]) is not None
    units = any(token in words_of.MINUTES for token in tokens)
    if bare and (units or (said and len(tokens) == 2)):
        yield [*amount, minute]
    if units:
        yield amount


def _as_clock(tokens: Tokens) -> Iterator[Tokens]:
    """21 год, в 21 годин -> о 21."""
    for n, token in enumerate(tokens[:-1]):
        if _NUMBER.fullmatch(token) and words_of.MINUTES.get(tokens[n + 1], 0) == _HOUR:
            before = tokens[: n - (n > 0 and tokens[n - 1] in words_of.AT)]
            yield [*before, min(words_of.AT), token, *tokens[n + 2 :]]


def _which_week(tokens: Tokens) -> Iterator[Tokens]:
    """Наступної п’ятниці -> the one of next week, the one that comes next; next week -> its Monday."""
    place = _place(tokens, words_of.NEXT)
    if place is None:
        return
    week = min(word for word, days in words_of.DAYS_LONG.items() if days == WEEK)
    yield [*tokens[: place + 1], week, *tokens[place + 1 :]]
    yield [*tokens[:place], *tokens[place + 1 :]]
    yield [*tokens, _MONDAY]


def _other_order(tokens: Tokens) -> Iterator[Tokens]:
    """12/25 18:00 -> 25/12 18:00."""
    for n, token in enumerate(tokens):
        numeric = _NUMERIC.fullmatch(token)
        if numeric and int(numeric[1]) <= _TWELVE < int(numeric[3]):  # 31.02 is no day in either order
            yield [*tokens[:n], f"{numeric[3]}{numeric[2]}{numeric[1]}{numeric[4]}", *tokens[n + 1 :]]


def _in_the_afternoon(tokens: Tokens) -> Iterator[Tokens]:
    """Сьогодні о 6, said at two -> 18:00."""
    if not any(token in words_of.DAYS for token in tokens) or any(_OF_24.fullmatch(token) for token in tokens):
        return
    yield [*tokens, _AFTER_NOON]
    for n, token in enumerate(tokens):
        hour = _number(token)
        if hour is not None and 0 < hour < 12:
            yield [*tokens[:n], f"{hour + 12}:00", *tokens[n + 1 :]]


_Way = Callable[[Tokens], Iterator[Tokens]]
_WAYS: tuple[_Way, ...] = (
    _with_usual_hour, _with_later_hour, _with_colon, _minutes_told, _half_told, _hours_alone, _as_clock, _units_first,
    _with_in, _which_week, _other_order, _in_the_afternoon,
)  # fmt: skip


def _at(tokens: Tokens, place: int) -> str:
    return tokens[place] if place < len(tokens) else ""


def _number(token: str) -> int | None:
    figure = words_of.COUNTED.get(token, token)
    return int(figure) if _NUMBER.fullmatch(figure) else None


def _place(tokens: Tokens, words: Iterable[str]) -> int | None:
    wanted = frozenset(words)
    return next((n for n, token in enumerate(tokens) if token in wanted), None)
