"""A headline of which one phrase stands elsewhere: "У Харкові пролунали вибухи", "Вибухи пролунали у Харкові"."""

from collections import Counter
from collections.abc import Sequence

from bot.relevance.contrasts import contrasts_of
from bot.relevance.kinds import negates
from bot.relevance.wording import Word

_LONGEST = 5  # words of a phrase, its preposition among them
_JOINING = frozenset({"і", "й", "та", "и", "а", "або", "and", "or"})


def phrase_put_back(a: Sequence[Word], b: Sequence[Word]) -> Sequence[Word]:
    """Return the first text with its headline as the second one has it, where only one phrase of it stands elsewhere.

    A preposition says what its phrase is to the rest wherever it stands, as long as no other phrase has the same one:
    "won against X in Y" is not "in X against Y". Where something is denied, the place says what.
    """
    ours, theirs = ([word for word in own if word.sentence == 0] for own in (a, b))
    mine, yours = [_canon(word) for word in ours], [_canon(word) for word in theirs]
    if mine == yours or sorted(mine) != sorted(yours) or any(map(negates, ours)):
        return a
    rest = [word for word in a if word.sentence != 0]
    return (*theirs, *rest) if _moves(ours, mine, yours) else a


def _canon(word: Word) -> str:
    own = contrasts_of(word.code)
    return own.prepositions.get(word.key) or own.alike.get(word.key, word.key)


def _moves(words: Sequence[Word], mine: Sequence[str], yours: Sequence[str]) -> bool:
    used = Counter(mine)
    starts = [n for n, word in enumerate(words) if word.key in contrasts_of(word.code).prepositions]
    for start in (n for n in starts if used[mine[n]] == 1):
        for end in range(start + 2, min(start + _LONGEST, len(words)) + 1):
            phrase, others = [*mine[start:end]], [*mine[:start], *mine[end:]]
            if any(n in starts for n in range(start + 1, end)):
                break  # two phrases
            around = {*mine[max(0, start - 1) : start], *mine[end : end + 1]}
            if around & _JOINING:
                continue
            if any([*others[:to], *phrase, *others[to:]] == yours for to in range(len(others) + 1)):
                return True
    return False
