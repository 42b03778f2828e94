"""Where two texts that read alike differ, and whether it makes another piece of news of them.

The words of both are laid side by side; what only one of them has is looked at sentence by sentence. Another name,
number, day, place or direction, a negation, or the same names in other roles make other news. What may be a matter of
style leaves a doubt, and in doubt nothing is called a copy.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import LCSseq

from bot.relevance.alignment import Alignment, Sentence, aligned
from bot.relevance.contrasts import Pole, contrasts_of, opposed, poles, undone
from bot.relevance.denials import denied, denies, means_the_same
from bot.relevance.kinds import date_words, light, negates, stresses, surely_name
from bot.relevance.lemmas import known_word, lemma_of
from bot.relevance.order import straightened
from bot.relevance.sameness import Sameness, sameness
from bot.relevance.weights import stem
from bot.relevance.word import Word

_CORRECTED = 3  # slips that one text corrects in the other: then it has been gone over, and is no other news
_LEAST_NAME = 4  # letters of one that no dictionary has
_LEAST_WEIGHT = 3  # letters of a word that says what a thing is like, where words have no endings: "red"
_CASES = 3  # things that differ from one case to the next, where all else is the same
_PHRASE = 3  # words that name one thing; more of them say something in another way
_REPUT, _ANEW = 2, 6  # words in which both put something in another way, and a whole sentence anew
_ONE = "#1"
_CENTURIES = ("#18", "#19", "#20")  # of years that are told by their last two figures
_ROLES = frozenset({Sameness.SUBJECT, Sameness.OBJECT})
_UNSURE = frozenset({Sameness.TENSE, Sameness.KIN})


class Difference(IntEnum):
    """What the difference between two texts comes to."""

    NONE = 0
    DOUBT = 1
    ANOTHER = 2  # in doubt, and if it is other news, the next case of the same kind
    OTHER = 3


@dataclass(frozen=True, slots=True)
class _Texts:
    """What there is in either text as a whole: the stems of words, and in both, of what surely are names."""

    ours: set[str]
    theirs: set[str]
    names: set[str]


def difference(a: Sequence[Word], b: Sequence[Word], *, strict: bool) -> Difference:
    """Compare two texts by their words. If `strict`, every word counts: a headline has none too many."""
    if [word.key for word in a] == [word.key for word in b]:
        return Difference.NONE
    straight = straightened(b, a)
    if [word.key for word in a] == [word.key for word in straight]:
        return Difference.NONE
    if strict:  # of a longer one that has been gone over, another order is a sign of it
        b = straight
    if _reordered(a, b):
        return Difference.OTHER
    found = aligned(a, b, strict=strict)
    return Difference.DOUBT if found is None else _weighed(a, b, found, strict=strict)


def _weighed(a: Sequence[Word], b: Sequence[Word], found: Alignment, *, strict: bool) -> Difference:
    forgiven = 0 if strict or found.corrected < _CORRECTED else found.corrected // 2
    unforgiven = 0 if found.corrected >= 2 * _CORRECTED else 1  # the last sentence that counts: there stands the news
    both = _Texts(_stems(a), _stems(b), _stems(word for word in (*a, *b) if word.capital and not word.opens))
    worst = Difference.DOUBT if _two_sources(found.sources, strict=strict) else Difference.NONE
    mine, yours = _by_sentence(a), _by_sentence(b)
    for number, one in found.sentences.items():
        ours, theirs = mine[number], [word for place in sorted(one.places) for word in yours[place]]
        if one.moved and not (one.ours or one.theirs) and _dated_elsewhere(ours, theirs):
            one.moved = []
        if one.moved and _swapped(_order(ours, both.names), _order(theirs, both.names)):
            return Difference.OTHER
        one.denies = denies(ours) and denies(theirs)
        one.denied = denied(ours, theirs) or denied(theirs, ours)
        judged = _judged(one, both, strict=strict)
        if judged is not Difference.NONE and forgiven and number > unforgiven and not _contradicts(one):
            forgiven -= 1
            continue
        worst = max(worst, judged)
    if (
        worst is Difference.NONE
        and not strict
        and not found.corrected
        and _reported_anew(found.sentences.values(), _before_colon(a) | _before_colon(b))
    ):
        return Difference.ANOTHER
    return worst


def _before_colon(words: Sequence[Word]) -> set[str]:
    """Return the words of a title before a colon, who tells it."""
    title = [word for word in words if word.sentence == 0]
    end = next((n for n, word in enumerate(title) if ":" in word.before), 0)
    return {word.key for word in title[:end]}


def _reported_anew(sentences: Iterable[Sentence], tellers: set[str]) -> bool:
    """Tell whether two texts are the same but for a few things that have other words in their places, no synonyms.

    Whoever goes over a text changes more of it, or mends slips; the next case, told by the same pattern, has less.
    """
    changed = [one for one in sentences if one.ours or one.theirs or one.forms or one.moved]
    said = {tuple(frozenset(word.key for word in own) for own in (one.ours, one.theirs)) for one in changed}
    return 0 < len(said) <= _CASES and all(_is_another(one, tellers) for one in changed)


def _is_another(one: Sentence, tellers: set[str]) -> bool:
    """Tell whether a sentence has one thing for another, and nothing else is changed in it."""
    ours, theirs = ([word for word in own if _weighs(word)] for own in (one.ours, one.theirs))
    if one.forms or one.moved or max(len(ours), len(theirs)) > _PHRASE:
        return False
    if {word.key for word in (*ours, *theirs)} <= tellers:
        return False
    own = [word for word in ours if not any(means_the_same(word, other) for other in theirs)]
    return bool(own) and not all(any(means_the_same(word, other) for other in ours) for word in theirs)


def _weighs(word: Word) -> bool:
    least = _LEAST_NAME if contrasts_of(word.code).endings - {""} else _LEAST_WEIGHT
    return len(word.key) >= least and word.key[0].isalpha() and not light(word)


def _two_sources(sources: tuple[list[Word], list[Word]], *, strict: bool) -> bool:
    """Tell whether each text has another one who tells the news; further down in a long one many are named."""
    ours, theirs = ([word for word in own if strict or word.sentence <= 1] for own in sources)
    one = any(sameness(word, other) is not Sameness.OTHER for word in ours for other in theirs)
    return bool(ours and theirs) and not one


def _reordered(a: Iterable[Word], b: Iterable[Word]) -> bool:
    """Tell whether two titles say the same words in an order that no single word's move explains.

    In a language without cases the order says who did it to whom: "Dog bites man".
    """
    ours, theirs = ([word for word in own if word.sentence == 0 and not light(word)] for own in (a, b))
    keys = [word.key for word in ours], [word.key for word in theirs]
    if sorted(keys[0]) != sorted(keys[1]) or any(contrasts_of(word.code).endings - {""} for word in ours):
        return False
    return LCSseq.distance(*keys) > 1


def _by_sentence(words: Iterable[Word]) -> dict[int, list[Word]]:
    found: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        found[word.sentence].append(word)
    return found


def _order(words: Iterable[Word], names: set[str]) -> list[str]:
    """Return the names and numbers among some words in their order, each once.

    What begins a sentence is one, too, where it is a name elsewhere. Where one place is named, it may stand anywhere.
    """
    said = list(words)
    told = [n for n, word in enumerate(said) if word.number or surely_name(word) or _named_elsewhere(word, names)]
    places = [n for n in told if n and not said[n].number and said[n - 1].key in contrasts_of(said[n].code).places]
    return list(dict.fromkeys(stem(said[n].key) for n in told if places != [n]))


def _named_elsewhere(word: Word, names: set[str]) -> bool:
    return word.capital and stem(word.key) in names


def _swapped(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Tell whether two names, or two numbers, stand in the other order."""
    common = set(ours) & set(theirs)
    return [one for one in ours if one in common] != [one for one in theirs if one in common]


def _dated_elsewhere(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Tell whether two sentences say the same words in the same order, but for the date, which is the same one."""
    dates, rest = zip(*(_without_date(own) for own in (ours, theirs)), strict=True)
    return bool(dates[0]) and dates[0] == dates[1] and rest[0] == rest[1]


def _without_date(words: Sequence[Word]) -> tuple[list[str], list[str]]:
    """Return the words that date a sentence, and the others that say something."""
    date, rest = list[str](), list[str]()
    for n, word in enumerate(words):
        counts = word.number and n + 1 < len(words) and words[n + 1].key in date_words()
        own = date if counts or word.key in date_words() else rest
        if own is date or not light(word):
            own.append(word.key)
    return date, rest


def _judged(one: Sentence, both: _Texts, *, strict: bool) -> Difference:
    ours, theirs = one.ours, one.theirs
    if _denies_alone(one, strict=strict):
        return Difference.OTHER
    if one.turned or opposed(_poles(ours), _poles(theirs)) or {how for _, how in one.moved} >= _ROLES:
        return Difference.OTHER
    if _undo(ours, theirs):
        return Difference.OTHER
    if all(any(map(_says_which, own)) for own in (ours, theirs)):
        return Difference.OTHER
    numbers = _numbers(ours, theirs), _numbers(theirs, ours)
    names = _names(ours, both, strict=strict), _names(theirs, both, strict=strict)
    if all(numbers) or all(names):
        return Difference.OTHER
    roles = {how for word, how in one.forms if strict or surely_name(word)}
    if roles >= _ROLES or any(not word.spelt or strict for some in numbers for word in some):
        return Difference.DOUBT
    if strict:
        said = [*_untold(ours, theirs, both.theirs), *_untold(theirs, ours, both.ours)]
        said += [word for word, _ in one.moved if not light(word)]
        # A name in another case, with nothing beside it that asks for one: done by it, and no more to it.
        cases = _ROLES if any(map(light, (*ours, *theirs))) else _ROLES | {Sameness.FORM}
        forms = {how for word, how in one.forms if how in _UNSURE or (how in cases and surely_name(word))}
        return Difference.DOUBT if said or forms or one.relinked else Difference.NONE
    unseen = not _reworded(ours, theirs) and (_unseen(names[0], both.theirs) or _unseen(names[1], both.ours))
    tense = any(how is Sameness.TENSE and word.sentence == 0 for word, how in one.forms)
    kin = any(how is Sameness.KIN and surely_name(word) for word, how in one.forms)  # Олександр, Олександра
    told = [word for word in (*ours, *theirs) if not light(word)]
    lesser = bool(told) and all(map(_lesser, told))
    return Difference.DOUBT if unseen or tense or kin or lesser else Difference.NONE


def _undo(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Tell whether a word of one side undoes one of the other: "окупували", "деокупували"."""
    sides = [[(word.key, word.code) for word in own] for own in (ours, theirs)]
    return any(undone(mine, (key for key, _ in yours)) for mine, yours in (sides, sides[::-1]))


def _says_which(word: Word) -> bool:
    """Tell whether a word says which minister or head is meant, and not what they do or are like.

    Where a language has cases, it stands in another than the first.
    """
    if not word.post or light(word):
        return False
    own, lemma = contrasts_of(word.code), lemma_of(word.key, word.code)
    return not (own.infinitive and lemma.endswith(own.infinitive)) and not (own.endings - {""} and lemma == word.key)


def _lesser(word: Word) -> bool:
    """Tell whether a word makes another person of a minister or mayor, where the news stands: "former", "deputy"."""
    return word.sentence <= 1 and word.key in contrasts_of(word.code).lesser


def _contradicts(one: Sentence) -> bool:
    """Tell whether there are other numbers in it, opposites, or a "not": no correction makes such."""
    numbers = _numbers(one.ours, one.theirs) and _numbers(one.theirs, one.ours)
    return bool(numbers) or opposed(_poles(one.ours), _poles(one.theirs)) or _denies_alone(one, strict=False)


def _denies_alone(one: Sentence, *, strict: bool) -> bool:
    """Tell whether one text denies, and the other does not, what they do not put in words of their own anyway."""
    sides = (one.ours, one.theirs)
    denied = [sum(negates(word) and not (one.denies and stresses(word)) for word in own) for own in sides]
    return denied[0] != denied[1] and (strict or one.denied or not _reworded(*sides))


def _untold(own: Iterable[Word], other: Sequence[Word], stems: set[str]) -> list[Word]:
    """Return the words of one side that count, but for those that only stand once more than in the other text."""
    repeated = stems if all(map(light, other)) else set()
    return [word for word in own if not light(word) and (word.number or stem(word.key) not in repeated)]


def _unseen(names: Iterable[Word], stems: set[str]) -> bool:
    return any(stem(word.key) not in stems for word in names if surely_name(word))


def _reworded(ours: Sequence[Word], theirs: Sequence[Word]) -> bool:
    """Tell whether both say it in words of their own, beyond where the news stands: there a "not" may come or go."""
    said = [[word for word in own if not light(word) and not negates(word)] for own in (ours, theirs)]
    if not all(said):
        return False
    sentence, changed = said[0][0].sentence, len(said[0]) + len(said[1])
    return (sentence > 1 and changed > _REPUT) or (sentence == 1 and changed >= _ANEW)


def _poles(words: Iterable[Word]) -> list[tuple[Pole, ...]]:
    return [found for word in words if (found := poles(word.key, word.code))]


def _numbers(ours: Iterable[Word], theirs: Sequence[Word]) -> list[Word]:
    """Return the numbers that only one side has; the years 62 and 1962 are one, and "one" may be no number."""
    others = {word.key for word in theirs if word.number}
    mine = [word for word in ours if word.number and not (word.spelt and word.key == _ONE and not others)]
    return [word for word in mine if word.key not in others and not any(_one_year(word, other) for other in theirs)]


def _one_year(word: Word, other: Word) -> bool:
    short, full = sorted((word, other), key=lambda one: len(one.key))
    return short.year and full.key.startswith(_CENTURIES) and len(full.key) == 5 and full.key[-2:] == short.key[1:]


def _names(words: Iterable[Word], both: _Texts, *, strict: bool) -> list[Word]:
    return [word for word in words if surely_name(word) or _perhaps_name(word, both, strict=strict)]


def _perhaps_name(word: Word, both: _Texts, *, strict: bool) -> bool:
    """Tell whether a word that would have its capital anyway is a name that no dictionary has."""
    if not word.capital or len(word.key) < _LEAST_NAME or light(word) or known_word(word.key, word.code):
        return False
    return strict or word.sentence <= 1 or stem(word.key) in both.names


def _stems(words: Iterable[Word]) -> set[str]:
    return {stem(word.key) for word in words}
