"""What a sentence denies, and whether another one tells it."""

from bisect import bisect
from collections.abc import Iterable, Sequence

from bot.relevance.contrasts import synonyms
from bot.relevance.kinds import light, negates, stresses
from bot.relevance.word import Word

_DENIED_MOST = 30  # words that one sentence denies
_ROOT = 4  # letters that two forms of a word, or two words of one root, begin with


def denied(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Tell whether our sentence denies a word that theirs has, in any form, and does not deny.

    Of one that denies very many it is taken to be so: nobody writes such, and each is laid beside all of the other.
    """
    ours_not, theirs_not = _under_not(ours), _under_not(theirs)
    if max(len(ours_not), len(theirs_not)) > _DENIED_MOST:
        return True
    told = _each_once(word for word in theirs if not light(word) and not negates(word))
    return any(
        any(means_the_same(word, other) for other in told)
        for word in ours_not
        if not any(means_the_same(word, other) for other in theirs_not)
    )


def _under_not(words: Sequence[Word]) -> list[Word]:
    """Return what is denied: the word behind a "not", light words aside, or where none is, the one before it."""
    told = [n for n, word in enumerate(words) if not light(word) and not negates(word)]
    nots = [n for n, word in enumerate(words) if negates(word)]
    return _each_once(words[told[min(bisect(told, n), len(told) - 1)]] if told else words[n] for n in nots)


def _each_once(words: Iterable[Word]) -> list[Word]:
    return list({(word.key, word.code): word for word in words}.values())


def denies(words: Iterable[Word]) -> bool:
    """Tell whether a sentence denies anything, and does not only stress that it does."""
    return any(negates(word) and not stresses(word) for word in words)


def means_the_same(word: Word, other: Word) -> bool:
    """Tell whether two words have one root, as far as their beginnings say, or may stand for one another."""
    alike = min(_ROOT, len(word.key), len(other.key))
    return word.key[:alike] == other.key[:alike] or bool(
        synonyms(word.key, word.code) & synonyms(other.key, other.code)
    )
