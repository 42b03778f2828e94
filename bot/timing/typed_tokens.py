"""What is typed for a time, taken apart: numbers, times of day, dates and words, each said in one way only."""

from collections.abc import Callable, Iterator
from functools import reduce

import regex

from bot.timing import time_words as words_of

_TOKEN = regex.compile(r"[0-9]+(?:[.:/,-][0-9]+)*|\p{L}[\p{L}'.]*|\+")
_SPACE = regex.compile(r"[\s,;.]*")
_ORDINAL = regex.compile(r"(?<![0-9.:])([0-9]{1,2})-(?:ша|ше|га|тя|та|й|ій|ї|е|я)(?![\p{L}0-9])")
_DATE_ORDINAL = regex.compile(
    rf"(?<![0-9.:])([0-9]{{1,2}})-?(?:{'|'.join(sorted(words_of.DATE_ENDINGS))})(?![\p{{L}}0-9])"
)
_MOST = 14  # tokens


def _unless_range(found: "regex.Match[str]") -> str:
    hour, behind = int(found[1]), int(found[2])
    return found[0] if hour < behind < _HOURS else f"{found[1]}:{found[2]}"


# The same in the ways people write it: 25-12-2026, 2026/12/25, 18-30. What is a date as well, in
# either order, is neither: 10-12, 12-25; nor is what may be from one hour to another: 14-16.
_WRITTEN: tuple[tuple["regex.Pattern[str]", str | Callable[["regex.Match[str]"], str]], ...] = (
    (regex.compile(r"\b([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})\b"), r"\1.\2.\3"),
    (regex.compile(r"\b([0-9]{4})([/.])([0-9]{2})\2([0-9]{2})\b"), r"\1-\3-\4"),
    (regex.compile(r"(?<![0-9.:/-])([01]?[0-9]|2[0-3])-(00|15|30|3[2-9]|[45][0-9])(?![0-9.:/-])"), r"\1:\2"),
    (regex.compile(r"(?<![0-9.:/-])(00?|1[3-9]|2[0-3])-(1[3-9]|2[0-9]|31)(?![0-9.:/-])"), _unless_range),
    (regex.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})t(?=[0-9])"), r"\1 "),
    (regex.compile(r"(?<![0-9:])([0-9]{1,2}:[0-9]{2}):00(?![0-9:])"), r"\1"),
    (regex.compile(r"(?<=\p{L})-(?=\p{L})"), " "),  # forty-five
    (regex.compile(r"(?<=[:.][0-9]{2})([ap])(?![\p{L}0-9.])"), r" \1m"),  # 7:30p
)
_NUMERIC_DATE = regex.compile(r"[0-9]{1,2}[./][0-9]{1,2}[./](?:[0-9]{4}|[0-9]{2})")
_TENS, _QUARTER, _HALF = frozenset({20, 30, 40, 50}), 15, 30
_HOURS, _HOURS_SAID = 24, 12  # of a clock's day; of those that halves and quarters are told by

Tokens = list[str]
MARK = next(iter(sorted(words_of.DAY_OF_MONTH)), "#")
"""What stands behind a day of the month in place of an ending."""
SPOKEN = "~"
"""What stands behind a time of day that is told by a clock of twelve hours: halves, quarters, minutes to an hour."""
_AT = next(iter(sorted(words_of.AT)), "")


def put_together(taken: Tokens) -> Tokens:
    """Return numbers and words as `bot/timing/typed.py` reads them.

    Numbers in words are figures then, halves and quarters are times of day, phrases of several words are one.
    """
    tokens = [words_of.COUNTED.get(word, word) for word in taken]
    in_words = [word in words_of.COUNTED for word in taken]
    tokens = _numbers_joined(tokens, in_words)
    return reduce(lambda so_far, change: change(so_far), _CHANGES, tokens)


def taken_apart(text: str) -> Tokens | None:
    """Return the numbers and words of a text as they are typed, small; None when there is anything else in it."""
    words = regex.sub("[’ʼ`]", "'", text.strip().casefold()).rstrip("!?").replace("@", f" {_AT} ")
    words = _ORDINAL.sub(r"\1", _DATE_ORDINAL.sub(rf"\1 {MARK} ", words))
    for pattern, otherwise in _WRITTEN:
        words = pattern.sub(otherwise, words)
    tokens: Tokens = []
    at = _behind_space(words, 0)
    while at < len(words):
        token = _TOKEN.match(words, at)
        if token is None or len(tokens) >= _MOST:
            return None
        tokens.append(token[0].rstrip("."))
        at = _behind_space(words, token.end())
    return tokens


def _behind_space(words: str, at: int) -> int:
    space = _SPACE.match(words, at)
    return space.end() if space is not None else at


def _numbers_joined(tokens: Tokens, in_words: list[bool]) -> Tokens:
    """Return numbers of two words as one, and an hour with its minutes: "двадцять п’ять", "nine thirty"."""
    joined: Tokens = []
    said: list[bool] = []
    for token, by_word in zip(tokens, in_words, strict=True):
        both = by_word and bool(said) and said[-1]
        if both and int(joined[-1]) in _TENS and 0 < int(token) < 10:
            joined[-1] = str(int(joined[-1]) + int(token))
        else:
            joined.append(token)
            said.append(by_word)
    for n in range(len(joined) - 1, 0, -1):
        if said[n] and said[n - 1] and int(joined[n - 1]) < _HOURS and int(joined[n]) >= 10:
            joined[n - 1 : n + 1] = [f"{joined[n - 1]}:{joined[n]}"]
            said[n - 1 : n + 1] = [False]
    return joined


def _phrases_joined(tokens: Tokens) -> Tokens:
    """Return phrases of several words as one token: "day after tomorrow", "in the morning"."""
    found: Tokens = []
    while tokens:
        size = next((n for n in words_of.PHRASE_LENGTHS if " ".join(tokens[:n]) in words_of.PHRASES), 1)
        found.append(" ".join(tokens[:size]))
        tokens = tokens[size:]
    return found


def _halves_told(tokens: Tokens) -> Tokens:
    """Return halves and quarters of an hour as times of day: "пів на десяту", "quarter to nine"."""
    found = list(tokens)
    for n in reversed(range(len(found) - 2)):
        share = _HALF if found[n] in words_of.HALF else _QUARTER if found[n] in words_of.QUARTER else 0
        told = _told(share, found[n + 1], found[n + 2]) if share else None
        if told is None and found[n] in words_of.IN and found[n + 1] in words_of.QUARTER:
            told = _minutes_before(found[n + 2], _QUARTER)
        if told is not None:
            found[n : n + 3] = [told]
    return found


def _told(share: int, word: str, hour: str) -> str | None:
    if word in words_of.PAST and hour.isdigit() and int(hour) < _HOURS:
        return f"{hour}:{share}{SPOKEN}"
    if word in words_of.TOWARDS:
        return _minutes_before(hour, 60 - share)
    return _minutes_before(hour, share) if word in words_of.BEFORE else None


def _minutes_before(hour: str, minutes: int) -> str | None:
    if not (hour.isdigit() and 1 <= int(hour) <= _HOURS):
        return None
    # On a clock of twelve hours what comes before one begins with twelve.
    begun = _HOURS_SAID if int(hour) == 1 else int(hour) - 1
    return f"{begun}:{60 - minutes}{SPOKEN}"


def _halves_added(tokens: Tokens) -> Tokens:
    """Return "two and a half hours" and "an hour and a half" with their number as a figure."""
    found = list(tokens)
    for n in [n for n, token in enumerate(tokens) if token in words_of.AND_A_HALF and n]:
        number = n - 1 if found[n - 1].isdigit() else n - 2
        unit = found[n - 1] in words_of.MINUTES or found[n - 1] in words_of.DAYS_LONG
        if number == n - 1:
            return [*found[:number], f"{found[number]}.5", *found[n + 1 :]]
        if unit:
            said = found[number] if number >= 0 and found[number].isdigit() else "1"
            counted = number >= 0 and (found[number].isdigit() or found[number] in words_of.ARTICLE)
            return [*found[: number if counted else n - 1], f"{said}.5", found[n - 1], *found[n + 1 :]]
    return found


def _from_now(tokens: Tokens) -> Tokens:
    """Return "2 hours from now" as "in 2 hours"."""
    if len(tokens) > 1 and tokens[-1] in words_of.FROM_NOW:
        return [next(iter(sorted(words_of.IN))), *tokens[:-1]]
    return tokens


def _evenings_first(tokens: Tokens) -> Tokens:
    """Return "8 tonight" as "tonight 8"."""
    if len(tokens) == 2 and tokens[0].isdigit() and tokens[1] in words_of.TONIGHT:
        return tokens[::-1]
    return tokens


def _years_bare(tokens: Tokens) -> Tokens:
    """Return "25.12.2026 року" without the word that its year shows already."""
    return list(_without_year_words(tokens))


def _without_year_words(tokens: Tokens) -> Iterator[str]:
    for n, token in enumerate(tokens):
        if not (n and token in words_of.YEAR and _NUMERIC_DATE.fullmatch(tokens[n - 1])):
            yield token


_CHANGES: tuple[Callable[[Tokens], Tokens], ...] = (
    _phrases_joined, _halves_told, _halves_added, _from_now, _evenings_first, _years_bare,
)  # fmt: skip
