"""Two texts of the same words in another order, and whether it says the same."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from bot.relevance.contrasts import contrasts_of
from bot.relevance.kinds import date_words, light, negates
from bot.relevance.lemmas import known_word, lemma_of
from bot.relevance.word import Word

_LONGEST = 4  # words that say where, and stand at the other end of a headline
_FEWEST = 2
_PAIR = 2
_FEW = 3  # words that may change places round a verb


def straightened(words: Sequence[Word], others: Sequence[Word]) -> Sequence[Word]:
    """Return a text with its words in the order of another one, in each sentence where the order says the same.

    A verb has its doers and its objects by their cases, wherever it stands: a language without them has an order that
    says who did it to whom. Where it happened stands first, or last: "У Львові відкрили школу", "Школу відкрили у
    Львові".
    """
    theirs = {_all_keys(own): own for own in _sentences(others)}
    straight: list[Word] = []
    for own in _sentences(words):
        other = theirs.get(_all_keys(own))
        same = other is not None and any(
            _one_moved(one, two) or _place_moved(one, two) or _place_moved(two, one)
            for one, two in [(_unmarked(own), _unmarked(other))]
        )
        straight += [replace(word, sentence=own[0].sentence) for word in other] if other and same else own
    return straight


def _sentences(words: Sequence[Word]) -> list[list[Word]]:
    return [list(own) for _, own in groupby(words, key=lambda word: word.sentence)]


def _all_keys(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(sorted(word.key for word in _unmarked(words)))


def _unmarked(words: Sequence[Word]) -> Sequence[Word]:
    """Return a sentence without what an editor's desk puts at its end."""
    end = len(words)
    while end > 1 and words[end - 1].key in contrasts_of(words[end - 1].code).marks:
        end -= 1
    return words[:end]


def _one_moved(a: Sequence[Word], b: Sequence[Word]) -> bool:
    """Tell whether two stretches of the same words are one but for a verb, or a number and its noun."""
    ours, theirs = ([word.key for word in own] for own in (a, b))
    if ours == theirs:
        return True
    begin = next(n for n, (one, two) in enumerate(zip(ours, theirs, strict=True)) if one != two)
    end = next(n for n, (one, two) in enumerate(zip(reversed(ours), reversed(theirs), strict=True)) if one != two)
    some, others = a[begin : len(a) - end], theirs[begin : len(b) - end]
    turns = [n for n in range(1, len(some)) if [word.key for word in (*some[n:], *some[:n])] == others]
    if not turns or any(map(_bears_on_next, a[max(0, begin - 1) : len(a) - end])):
        return False
    if any(_dates(some[:n]) != _dates(some[n:]) and _whole_date(some) for n in turns):
        return True
    if len(some) == _PAIR and some[0].number != some[1].number:
        return not any(map(_named, some))
    if any(word.number for word in some) or not any(map(_verb, some)):
        return False
    if turns in ([1], [len(some) - 1]) and _verb(some[0] if turns == [1] else some[-1]):
        return True
    # Who does it and to whom: where both may be either, their order tells.
    either = [word for word in some if not _verb(word) and lemma_of(word.key, word.code) == word.key]
    return len(some) <= _FEW and not any(map(light, some)) and sum(not _manner(word) for word in either) <= 1


def _bears_on_next(word: Word) -> bool:
    """Tell whether it matters which word comes after this one: "not", "only", "to"."""
    return negates(word) or any(word.key in side for sides in contrasts_of(word.code).turns for side in sides)


def _dates(words: Sequence[Word]) -> bool:
    return all(word.key in date_words() for word in words)


def _whole_date(words: Sequence[Word]) -> bool:
    """Tell whether these are days and their month, and nothing else: "5 and 6 December", "December 5 and 6"."""
    return all(word.number or light(word) or word.key in date_words() for word in words)


def _verb(word: Word) -> bool:
    own = contrasts_of(word.code)
    if not own.infinitive or _named(word):
        return False
    said = next((word.key[: -len(end)] + own.infinitive[0] for end in own.past if word.key.endswith(end)), word.key)
    return any(
        known_word(form, word.code) and lemma_of(form, word.code).endswith(own.infinitive) for form in (word.key, said)
    )


def _named(word: Word) -> bool:
    return word.capital and not word.opens


def _manner(word: Word) -> bool:
    return word.key.endswith(contrasts_of(word.code).manner)


def _place_moved(a: Sequence[Word], b: Sequence[Word]) -> bool:
    """Tell whether a text begins with the place that the other ends with, and the rest is one."""
    if a[0].key not in contrasts_of(a[0].code).places:
        return False
    ours, theirs = ([word.key for word in own] for own in (a, b))
    return any(
        ours[:n] == theirs[-n:] and not any(one.number for one in a[:n]) and _one_moved(a[n:], b[:-n])
        for n in range(_FEWEST, min(_LONGEST, len(a) - _FEWEST) + 1)
    )
