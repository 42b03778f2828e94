"""A time as it may have been meant to be typed: without slips of the pen, by another keyboard, without other words."""

from collections.abc import Iterator
from datetime import datetime

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.text.keyboards import other_keyboards
from bot.timing import time_words as words_of
from bot.timing.typed_tokens import Tokens, taken_apart
from bot.timing.zones import tells_another_clock

_LEFT_OUT = 2  # words before and behind a time
_TYPO_FROM, _SHORTENED = 4, 3  # letters
_OTHER_SIGNS = regex.compile(r"[^\p{L}\p{M}0-9\s:.,/+@'’ʼ`-]+")
_DASHED = regex.compile(r"(?<![0-9.:/-])([0-9]{1,2})\s*[–—−-]\s*([0-9]{1,2})(?![0-9.:/-])")
_WORD = regex.compile(r"\p{L}[\p{L}']*")
_LONG_WORDS = sorted(word for word in words_of.KNOWN if len(word) >= _TYPO_FROM)
_NEVER = tuple(f" {phrase} " for phrase in sorted(words_of.NEVER))
_DAYS = (words_of.WEEKDAYS, words_of.MONTHS, words_of.DAYS)


def tries(text: str, now: datetime, zone_name: str) -> Iterator[Tokens]:
    """Yield what a text may have been meant to be, the least changed first; nothing where a word denies it.

    These are its words as they are, without slips, as another keyboard gives them, and without others around them.
    """
    tokens = taken_apart(_OTHER_SIGNS.sub(" ", _DASHED.sub(r"\1-\2", text)))
    if not tokens:
        return
    plain = [without_slip(token) for token in tokens]
    keyed = (taken for typed in other_keyboards(text) if (taken := taken_apart(typed)))
    for found in (tokens, plain, *keyed):
        if _is_denied(found):
            return
        yield found
    if bare := _without_others(plain, now, zone_name):
        yield bare


def _is_denied(tokens: Tokens) -> bool:
    said = f" {' '.join(tokens)} "
    glued = any(token not in words_of.KNOWN and _rest_of_never(token) in words_of.VOCABULARY for token in tokens)
    span = not words_of.FROM.isdisjoint(tokens) and not words_of.UNTIL.isdisjoint(tokens)  # from 9 to 10
    return span or glued or any(phrase in said for phrase in _NEVER)


def _rest_of_never(token: str) -> str:
    """Return what stands behind a "not" that is written together with it: "незавтра"."""
    return next((token[len(word) :] for word in words_of.NEVER if token.startswith(word)), "")


def without_slip(token: str) -> str:
    """Return the word that a misspelt one must be; the same one where it may be several that mean different things."""
    near = _near(token)
    closest = [word for word, distance in near if distance == near[0][1]]
    closest = [word for word in closest if word not in words_of.NEVER] or closest
    if not closest:
        return token
    shared = frozenset.intersection(*(words_of.senses(word) for word in closest))
    return closest[0] if len(closest) == 1 or shared else token


def _near(token: str) -> list[tuple[str, int]]:
    """Return the known words an unknown one may be a slip of, the nearest first, with their distances."""
    if not _WORD.fullmatch(token) or len(token) < _TYPO_FROM or token in words_of.KNOWN:
        return []
    most = 1 + (len(token) >= 2 * _TYPO_FROM)
    found = process.extract(token, _LONG_WORDS, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(str(word), int(distance)) for word, distance, _ in found]


def _without_others(tokens: Tokens, now: datetime, zone_name: str) -> Tokens:
    """Return the words without what is said before and behind a time; [] where that may belong to the time."""
    known = [token[0].isdigit() or token in words_of.VOCABULARY or token in words_of.NOW for token in tokens]
    if not any(known):
        return []
    first, last = known.index(True), len(known) - known[::-1].index(True)
    left_out = [*tokens[:first], *tokens[last:]]
    while last > first and tokens[last - 1] in words_of.IN | words_of.AT | words_of.ON:
        last -= 1  # "9:00 за Києвом"
    if len(left_out) > _LEFT_OUT or any(_may_be_time(token) for token in left_out):
        return []
    elsewhere = any(tells_another_clock(said, zone_name, now) for said in (tokens[:first], tokens[last:]))
    return [] if elsewhere else tokens[first:last]


def _may_be_time(token: str) -> bool:
    """Tell whether a word that is not understood may be one of a time all the same: misspelt, or shortened."""
    if token in words_of.KNOWN or len(token) < _SHORTENED:
        return False
    begun = any(word.startswith(token) for words in _DAYS for word in words)
    longer = len(token) == _SHORTENED and any(token.startswith(day) for day in words_of.WEEKDAYS)  # срд, птн
    return begun or longer or bool(_near(token))
