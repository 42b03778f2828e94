"""What may be meant by a time that was typed in a hurry: "завтра вдень", "tommorow at 9", "pfdnhf 9", "1830", "о 3".

Nothing that is guessed counts before somebody has said yes to it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import permutations

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.errors import BadTime, NoSuchDate, PastTime
from bot.text.languages import ALL
from bot.timing import time_words as words_of
from bot.timing.typed import read_when
from bot.timing.typed_said import WEEK, When
from bot.timing.typed_tokens import Tokens, taken_apart

_MOST = 2  # options; words at the ends that are left out
_TYPO_FROM = 4  # letters
_FIGURES = regex.compile(r"([01]?[0-9]|2[0-3])([0-5][0-9])")
_WITH_COMMA = regex.compile(r"([01]?[0-9]|2[0-3])[,.-]([0-5][0-9])")
_OTHER_SIGNS = regex.compile(r"[^\p{L}\p{M}0-9\s:.,/+@'’ʼ`-]+")
_NUMBER = regex.compile(r"[0-9]{1,2}")
_CLOCK = regex.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?")
_NUMERIC = regex.compile(r"([0-9]{1,2})([./])([0-9]{1,2})((?:[./][0-9]+)?)")
# An hour that is written so is one of 24.
_OF_24 = regex.compile(r"(?<![0-9])(?:0[0-9]|[0-9]{1,2}[:.-][0-9]{2})(?![0-9])|\bt[0-9]")
_UNTIL_NOON = 7  # hours before this one are rather those of the afternoon
_DAY_LONG, _SOON = timedelta(days=1), timedelta(minutes=5)
_MONTHS = 12
_LATER = 2  # hours, when the usual one is over
_MONDAY = min(word for word, at in words_of.WEEKDAYS.items() if at == 0)
_AFTER_NOON = min(words_of.AFTER_NOON)


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
        guesser = _Guesser(now, zone_name)
        for tokens in _tries(text):
            if guesses := guesser.options(tokens):
                return Meaning(guesses)
        raise
    later = _other_half(found, text, now)
    return Meaning((found,), sure=True) if later is None else Meaning((later, found))


def _other_half(found: When, text: str, now: datetime) -> When | None:
    """Return the afternoon's hour, where "о 3" may be it as well as the night's; None where it is plain."""
    return None if _OF_24.search(text.casefold()) else _afternoon(found, text, now)


def _afternoon(found: When, text: str, now: datetime) -> When | None:
    if found.clock is None or not 0 < found.clock.hour < _UNTIL_NOON:
        return None
    later = found.at + timedelta(hours=12)
    return When(later - _DAY_LONG if later - _DAY_LONG > now and not _names_day(text) else later)


def _names_day(text: str) -> bool:
    tokens = taken_apart(text) or []
    words = (words_of.DAYS, words_of.WEEKDAYS, words_of.MONTHS, words_of.DAYS_LONG, words_of.MONTHS_LONG)
    named = any(token in names for token in tokens for names in words)
    return named or sum(token[0].isdigit() for token in tokens) > 1


# What is tried, the least changed first


def _tries(text: str) -> Iterator[Tokens]:
    """Yield the words of a text as they are, without slips, as another keyboard gives them, without others around."""
    tokens = taken_apart(_OTHER_SIGNS.sub(" ", text))
    if tokens:
        plain = [_without_slip(token) for token in tokens]
        yield from (tokens, plain)
        yield from (taken for typed in _other_keyboards(text) if (taken := taken_apart(typed)))
        yield from (bare for bare in [_without_others(plain)] if bare)


def _other_keyboards(text: str) -> Iterator[str]:
    """Yield a text as the same keys of another language's keyboard give it: "pfdnhf" is "завтра"."""
    boards = [language.keyboard for language in ALL if language.keyboard]
    typed = text.casefold()
    for here, there in permutations(boards, 2):
        keys = dict(zip(here, there, strict=False))
        letters = [sign for sign in typed if sign.isalpha()]
        if letters and all(sign in keys for sign in letters):
            yield "".join(keys.get(sign, sign) for sign in typed)


def _without_slip(token: str) -> str:
    if not token.isalpha() or len(token) < _TYPO_FROM or token in words_of.VOCABULARY | words_of.IN_PHRASES:
        return token
    near = process.extract(
        token, _LONG_WORDS, scorer=OSA.distance, score_cutoff=1 + (len(token) >= 2 * _TYPO_FROM), limit=2
    )
    alone = near and (len(near) == 1 or near[0][1] < near[1][1])
    return str(near[0][0]) if alone else token


_LONG_WORDS = sorted(word for word in words_of.VOCABULARY | words_of.IN_PHRASES if len(word) >= _TYPO_FROM)


def _without_others(tokens: Tokens) -> Tokens:
    """Return the words without what is said before and behind a time; [] where too much of it is something else."""
    known = [token[0].isdigit() or token in words_of.VOCABULARY or token in words_of.NOW for token in tokens]
    if not any(known):
        return []
    first, last = known.index(True), len(known) - known[::-1].index(True)
    left_out = first + len(tokens) - last
    while last > first and tokens[last - 1] in words_of.IN | words_of.AT | words_of.ON:
        last -= 1  # "9:00 за Києвом"
    return tokens[first:last] if left_out <= _MOST else []


class _Guesser:
    """Finds what words may mean, each guess a way of its own to say what was left out."""

    def __init__(self, now: datetime, zone_name: str) -> None:
        self._now = now
        self._zone = zone_name

    def options(self, tokens: Tokens) -> tuple[When, ...]:
        """Return what words may mean, by the first way in which they mean something."""
        exact = self._read(tokens)
        if exact is not None:
            text = " ".join(tokens)
            return tuple(one for one in (_other_half(exact, text, self._now), exact) if one is not None)
        if len(tokens) == 1 and tokens[0] in words_of.NOW:
            return (When(self._now + _SOON),)
        for way in _WAYS:
            found = [one for said in way(tokens) if (one := self._read(said)) is not None]
            if found and way in _SPOKEN and (later := _afternoon(found[0], " ".join(tokens), self._now)):
                found = [later, found[0]]
            if found:
                return tuple({one.at: one for one in found}.values())[:_MOST]
        return self._midnights(tokens)

    def _read(self, tokens: Iterable[str]) -> When | None:
        try:
            return read_when(" ".join(tokens), self._now, self._zone)
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
        if figures := _FIGURES.fullmatch(token) or _WITH_COMMA.fullmatch(token):
            yield [*tokens[:n], f"{figures[1]}:{figures[2]}", *tokens[n + 1 :]]
        hours = tokens[n + 1 : n + 2] and words_of.MINUTES.get(tokens[n + 1], 0) == 60
        minutes = n + 1 + bool(hours)
        if not _NUMBER.fullmatch(token) or minutes >= len(tokens) or not _NUMBER.fullmatch(tokens[minutes]):
            continue
        end = minutes + 1
        end += end < len(tokens) and words_of.MINUTES.get(tokens[end], 0) == 1
        if len(tokens[minutes]) == 2 and int(token) >= _UNTIL_NOON:
            yield [*tokens[:n], f"{token}:{tokens[minutes]}", *tokens[end:]]


def _half_told(tokens: Tokens) -> Iterator[Tokens]:
    """Пів десятої -> пів на десяту."""
    for n, token in enumerate(tokens[:-1]):
        if token in words_of.HALF and _number(tokens[n + 1]) is not None:
            for between in (min(words_of.PAST), min(words_of.TOWARDS)):
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
        yield [*tokens[: n - (not said)], told, *tokens[at + said + 1 :]]


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
    """21 год -> о 21."""
    for n, token in enumerate(tokens[:-1]):
        if _NUMBER.fullmatch(token) and words_of.MINUTES.get(tokens[n + 1], 0) == 60:
            yield [*tokens[:n], min(words_of.AT), token, *tokens[n + 2 :]]


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
        if numeric and int(numeric[1]) <= _MONTHS < int(numeric[3]):  # 31.02 is no day in either order
            yield [*tokens[:n], f"{numeric[3]}{numeric[2]}{numeric[1]}{numeric[4]}", *tokens[n + 1 :]]


def _in_the_afternoon(tokens: Tokens) -> Iterator[Tokens]:
    """Сьогодні о 6, said at two -> 18:00."""
    if not any(token in words_of.DAYS for token in tokens) or _OF_24.search(" ".join(tokens)):
        return
    yield [*tokens, _AFTER_NOON]
    for n, token in enumerate(tokens):
        clock = _CLOCK.fullmatch(words_of.COUNTED.get(token, token))
        if clock is not None and 0 < int(clock[1]) < 12:
            yield [*tokens[:n], f"{int(clock[1]) + 12}:{clock[2] or '00'}", *tokens[n + 1 :]]


_Way = Callable[[Tokens], Iterator[Tokens]]
_WAYS: tuple[_Way, ...] = (
    _with_usual_hour, _with_later_hour, _with_colon, _minutes_told, _half_told, _as_clock, _with_in, _which_week,
    _other_order, _in_the_afternoon,
)  # fmt: skip

_SPOKEN: tuple[_Way, ...] = (_minutes_told, _half_told)  # by a clock of twelve hours


def _at(tokens: Tokens, place: int) -> str:
    return tokens[place] if place < len(tokens) else ""


def _number(token: str) -> int | None:
    figure = words_of.COUNTED.get(token, token)
    return int(figure) if _NUMBER.fullmatch(figure) else None


def _place(tokens: Tokens, words: Iterable[str]) -> int | None:
    wanted = frozenset(words)
    return next((n for n, token in enumerate(tokens) if token in wanted), None)
