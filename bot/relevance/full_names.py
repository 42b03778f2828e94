"""One form for names of people that two texts write differently: "Шмигаль Денис", "Денис Шмигаль", "Шмигаль"."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise

from bot.relevance.contrasts import contrasts_of
from bot.relevance.kinds import light
from bot.relevance.lemmas import known_word, lemma_of
from bot.relevance.word import Word

_LEAST_NAME = 4  # letters of a name that no dictionary has


def named_alike(a: Sequence[Word], b: Sequence[Word]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Return two texts with first names before surnames, and without those of people who are known without them.

    Where one text tells of two who share the surname, or the texts of one each, both keep their first names.
    """
    one, other = _given_first(a), _given_first(b)
    several = cache(partial(_several, (one, other)))
    return _shortly(one, several), _shortly(other, several)


def _given_first(words: Sequence[Word]) -> tuple[Word, ...]:
    """Put a first name that stands behind its surname before it: "Петренка Олега" is "Олега Петренка"."""
    some = list(words)
    n = 0
    while n + 1 < len(some):
        if _stands_behind(some, n):
            surname, given = some[n : n + 2]
            some[n] = replace(given, before=surname.before, opens=surname.opens)
            some[n + 1] = replace(surname, before="", opens=False)
            n += 1
        n += 1
    return tuple(some)


def _stands_behind(words: Sequence[Word], n: int) -> bool:
    """Tell whether a surname stands here, and its first name behind it; not where either may be either."""
    surname, given = words[n], words[n + 1]
    if not (surname.capital and given.capital) or given.opens or not _together(surname, given):
        return False
    if not _is_given(given) or _is_given(surname) or contrasts_of(surname.code) is not contrasts_of(given.code):
        return False
    if n and _together(words[n - 1], surname) and _is_given(words[n - 1]):
        return False
    after = words[n + 2] if n + 2 < len(words) else None
    return after is None or not (after.capital and _together(given, after))


def _together(one: Word, two: Word) -> bool:
    return one.sentence == two.sentence and not two.before


def _is_given(word: Word) -> bool:
    names = contrasts_of(word.code).given_names
    return word.capital and (word.key in names or lemma_of(word.key, word.code) in names)


def _shortly(words: Sequence[Word], several: Callable[[str, str], bool]) -> tuple[Word, ...]:
    """Leave out first names of those who are known without them, where there are not `several` of the surname."""
    kept: list[Word] = []
    for n, word in enumerate(words):
        after = words[n + 1] if n + 1 < len(words) else None
        if after is not None and _is_known_without(word, after, several):
            continue
        if n and _is_known_without(word, words[n - 1], several):
            continue
        left = words[n - 1] if n and (not kept or kept[-1] is not words[n - 1]) else None
        if left is not None and _together(left, word):
            word = replace(word, before=left.before, opens=left.opens)  # noqa: PLW2901  it stands there now
        kept.append(word)
    return tuple(kept)


def _is_known_without(word: Word, surname: Word, several: Callable[[str, str], bool]) -> bool:
    if not (word.capital and (_together(word, surname) or _together(surname, word))):
        return False
    some = contrasts_of(word.code).full_names.get(word.key[:2], ())
    return any(
        word.key.startswith(lacking) and surname.key.startswith(name) and not several(lacking, name)
        for lacking, name in some
    )


def _several(both: Sequence[Sequence[Word]], lacking: str, name: str) -> bool:
    """Tell whether texts name somebody of that surname with another first name. All of both is gone through."""
    return any(
        two.key.startswith(name) and not one.key.startswith(lacking) and _perhaps_another(one, two)
        for words in both
        for one, two in pairwise(words)
    )


def _perhaps_another(one: Word, surname: Word) -> bool:
    """Tell whether the word before a surname may be the first name of somebody else: no post, "Mr" or "PM"."""
    own = contrasts_of(one.code)
    if not one.capital or not _together(one, surname) or light(one) or one.key in own.posts:
        return False
    return _is_given(one) or (len(one.key) >= _LEAST_NAME and not known_word(one.key, one.code))
