"""Hours of the day as people type them: "8, 13 і 19:30", "22:30–7:15", "з 23 до 7", "9 pm to 7 am".

The words are those of every language, whoever types (`bot/text/languages`).
"""

from datetime import time

import regex

from bot.errors import BadHours, BadQuiet, BadTime
from bot.model.readers import Quiet
from bot.timing import time_words as words_of

_TOKEN = regex.compile(r"[0-9]{1,2}[:.][0-9]{2}(?![0-9])|[0-9]+|\p{L}[\p{L}'.]*|[-–—−]|[,;&+/]")
_CLOCK = regex.compile(r"([0-9]{1,2})(?:[:.]?([0-9]{2}))?")
_DASHES, _SIGNS = frozenset("-–—−"), frozenset(",;&+/")
_BEFORE = words_of.AT | words_of.ON
_BEHIND = words_of.CLOCK_WORD | frozenset(word for word, minutes in words_of.MINUTES.items() if minutes == 60)
_BETWEEN = _DASHES | words_of.UNTIL | words_of.AND
_DASHED = regex.compile(r"(?<![0-9:.])([01]?[0-9]|2[0-3])[-–](00|15|30|45)(?![0-9:.])")
_DASHED_TIME = regex.compile(r"(?<![0-9:.])([01]?[0-9]|2[0-3])[-–](00|30|45)(?![0-9:.])")  # 9-15 are two hours
_TWENTY_SOME = regex.compile(rf"\b(?:{'|'.join(sorted(words_of.TWENTY))})(?:\s+|-)(\p{{L}}[\p{{L}}']*)")
_CLOCKS = ("start", "end")
_MOST = 24  # hours of a schedule


def parse_clock_times(text: str) -> tuple[time, ...]:
    """Return the times of day in a text, earliest first: "8:00 та 19.30", "8 19", "8 am and 7 pm".

    Raises:
        BadHours: there is something else in it, no time at all, or more than a day has hours.

    """
    words = _tokens(_DASHED_TIME.sub(r"\1:\2", text)) or []
    if words and words[0] in words_of.DAILY:
        words = words[1:]
    found = {at for at, _ in _read(words, text, BadHours, _SIGNS | words_of.AND)}
    if not 0 < len(found) <= _MOST:
        raise _refused(text, BadHours)
    return tuple(sorted(found))


def parse_quiet(text: str) -> Quiet | None:
    """Return the quiet hours a text means, from one time to another; None when it asks for none.

    Raises:
        BadQuiet: there is something else in it, or not just two times.

    """
    dashed = len(_DASHED.findall(text)) == len(_CLOCKS)  # "22-00" alone is from ten to midnight
    words = _tokens(_DASHED.sub(r"\1:\2", text) if dashed else text) or []
    if len(words) == 1 and words[0] in words_of.OFF:
        return None
    if words and words[0] in words_of.FROM:
        words = words[1:]
    found = _read(words, text, BadQuiet, _BETWEEN)
    if len(found) != 2 or sum(between for _, between in found) > 1:
        raise _refused(text, BadQuiet)
    return Quiet(found[0][0], found[1][0])


def _refused(text: str, error: type[BadTime]) -> BadTime:
    return error(text=text.strip()[:40])


def _tokens(text: str) -> list[str] | None:
    """Return the times, words and signs of a text, small; None when there is anything else in it."""
    words = regex.sub("[’ʼ`]", "'", text.casefold()).strip().rstrip(".!?")
    words = _TWENTY_SOME.sub(_added_to_twenty, words)
    rest = _TOKEN.sub("", words)
    tokens = [token.rstrip(".") for token in _TOKEN.findall(words)]
    return None if rest.strip() else [words_of.COUNTED.get(token, token) for token in tokens]


def _added_to_twenty(found: "regex.Match[str]") -> str:
    rest = int(words_of.COUNTED.get(found[1], 0))
    return str(20 + rest) if 0 < rest < 10 else found[0]


def _read(tokens: list[str], text: str, error: type[BadTime], between: frozenset[str]) -> list[tuple[time, bool]]:
    """Return the times of a text in its order, and whether a word or sign of `between` stands before each."""
    place = 0
    found: list[tuple[time, bool]] = []
    while place < len(tokens):
        apart = bool(found) and tokens[place] in between
        place += apart
        while place < len(tokens) and tokens[place] in _BEFORE:
            place += 1
        at, place = _time_at(tokens, place)
        if at is None:
            raise _refused(text, error)
        found.append((at, apart))
    return found


def _time_at(tokens: list[str], place: int) -> tuple[time | None, int]:
    """Return the time of day that begins at a place, None when none does, and the place behind it."""
    word = tokens[place] if place < len(tokens) else ""
    if word in words_of.NOON | words_of.MIDNIGHT:
        return time(12 if word in words_of.NOON else 0), place + 1
    clock = _CLOCK.fullmatch(word)
    if clock is None:
        return None, place
    hour, minute, place = int(clock[1]), int(clock[2] or 0), place + 1
    if place < len(tokens) and (part := words_of.PARTS.get(tokens[place])) is not None:
        return _of(part(hour), minute), place + 1
    if place < len(tokens) and tokens[place] in _BEHIND:
        place += 1
    return _of(hour, minute), place


def _of(hour: int | None, minute: int) -> time | None:
    """Return the time of day; 24:00 is the midnight that ends one. None for none."""
    if hour is None or minute > 59 or hour > 24 or (hour == 24 and minute):
        return None
    return time(hour % 24, minute)
