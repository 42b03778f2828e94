"""Two words side by side: one word, one word in another form, or two."""

from enum import IntEnum
from functools import cache, lru_cache

import regex
from rapidfuzz.distance import OSA

from bot.relevance.contrasts import Contrasts, contrasts_of, opposed, poles
from bot.relevance.lemmas import known_word, lemma_of
from bot.relevance.weights import stem
from bot.relevance.word import Word

_REMEMBERED = 20_000
_DOUBLE = regex.compile(r"(\p{L})\1+")
# How one word is respelled, letter by letter and then by pairs of letters: beside another that a dictionary knows, too.
_MILD = (str.maketrans("єэёz", "еееs", "ьъ"), (("our", "or"),))
# ... and where a dictionary knows but one of them, or none: names, put into other letters.
_FULL = (str.maketrans("иїйыyjw", "ііііiiv"), (("kh", "h"), ("ph", "f"), ("х", "г"), ("ью", "у")))
_W = regex.compile(r"^у(?=[аеиіо])")  # Уеллс, Веллс
_U = regex.compile(r"^у(?=[бвгджзклмнпрстфхцчшщ])")  # учений, вчений
_SHORTEST_SLIP, _TWO_SLIPS = 4, 8  # letters of a word in which one or two may be mistaken
_MOST_SLIPS = 2
_COMMON_START, _LEAST_START = 4, 2  # letters that two forms of a name share; all but the last of a short one


class Sameness(IntEnum):
    """What two words are to each other."""

    OTHER = 0
    KIN = 1  # two words that differ as two forms of one do
    FORM = 2  # the same word in another form
    OBJECT = 3  # the same, as the dictionary has it in the first text only: done to whom, no more who does it
    SUBJECT = 4  # the same, as the dictionary has it in the second text only
    TENSE = 5  # the same verb, of the past in one text only
    SAME = 6


def sameness(one: Word, other: Word) -> Sameness:
    """Compare two words; those of different languages only by their letters."""
    if one.key == other.key:
        return Sameness.SAME
    if not (one.key[0].isalpha() and other.key[0].isalpha()):
        return Sameness.OTHER
    code = other.code if one.key.isascii() else one.code  # a name in Latin letters, and in the text's own
    return _compared(one.key, other.key, code, _named(one) or _named(other))


def written_alike(word: Word) -> str:
    """Return what stands for a word and all that are spelled, or said, in its place."""
    said = contrasts_of(word.code).alike.get(word.key, word.key)
    return said if word.number else stem(_skeleton(said, full=False))


def _named(word: Word) -> bool:
    return word.capital and not word.opens


@lru_cache(maxsize=_REMEMBERED)
def _compared(one: str, other: str, code: str, named: bool) -> Sameness:  # noqa: FBT001  cached by place
    own = contrasts_of(code)
    if own.alike.get(one, one) == own.alike.get(other, other):
        lemma = lemma_of(one, code)
        # Short names have no cases: "НБУ" is "Нацбанк" and "Нацбанку", which are not the same.
        cases = one[0] == other[0] and lemma == lemma_of(other, code) and _declined(one, other, code)
        return _form(one, other, lemma, code) if cases else Sameness.SAME
    if one[0] != other[0] and OSA.distance(one, other, score_cutoff=_MOST_SLIPS) > _MOST_SLIPS:
        return Sameness.OTHER  # the quick answer to most pairs
    if _told_of_nobody(one, other, own) or _told_of_nobody(other, one, own):
        return Sameness.SAME
    if _of_a_woman(one, other, own) or _of_a_woman(other, one, own):
        return Sameness.OTHER
    if opposed([poles(one, code)], [poles(other, code)]):
        return Sameness.OTHER
    lemmas = lemma_of(one, code), lemma_of(other, code)
    known = known_word(one, code), known_word(other, code)
    if lemmas[0] == lemmas[1]:
        return _form(one, other, lemmas[0], code)
    mild = _skeleton(one, full=False) == _skeleton(other, full=False)
    if mild or (not all(known) and _skeleton(one, full=True) == _skeleton(other, full=True)):
        return Sameness.SAME
    declined = _declined(one, other, code)
    if all(known):
        return Sameness.KIN if declined else Sameness.OTHER
    if declined:
        return Sameness.FORM
    return Sameness.SAME if _slip(one, other, named=named) else Sameness.OTHER


def _told_of_nobody(one: str, other: str, own: Contrasts) -> bool:
    """Tell whether two words say the same, one of them of nobody: "затримали", "затримано"."""
    return any(
        one.endswith(them) and other.endswith(nobody) and one[: -len(them)] == other[: -len(nobody)]
        for them, nobody in own.impersonal
    )


def _of_a_woman(one: str, other: str, own: Contrasts) -> bool:
    """Tell whether a word is of a woman, and the other, the same without its ending, of a man: "пенсіонерка"."""
    stems = (one[: -len(end)] for end in own.women if one.endswith(end))
    return any(
        len(stem) >= _COMMON_START and other.startswith(stem) and not other[len(stem) :].startswith(own.women_too)
        for stem in stems
    )


def _form(one: str, other: str, lemma: str, code: str) -> Sameness:
    own = contrasts_of(code)
    if own.infinitive and lemma.endswith(own.infinitive):
        return Sameness.TENSE if one.endswith(own.past) != other.endswith(own.past) else Sameness.FORM
    if not own.endings or (one == lemma) == (other == lemma):
        return Sameness.FORM
    return Sameness.OBJECT if one == lemma else Sameness.SUBJECT


def _skeleton(word: str, *, full: bool) -> str:
    for table, pairs in (_MILD, _FULL) if full else (_MILD,):
        word = word.translate(table)
        for said, meant in pairs:
            word = word.replace(said, meant)
    word = _U.sub("в", word)
    if full:
        word = _W.sub("в", word)
    return str(_DOUBLE.sub(r"\1", word))


def _declined(one: str, other: str, code: str) -> bool:
    """Tell whether two words differ as two forms of a name do, respelled perhaps."""
    endings = _endings(code)
    one, other = _skeleton(one, full=True), _skeleton(other, full=True)
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = min(_COMMON_START, max(_LEAST_START, min(len(one), len(other)) - 1))
    return at >= start and one[at:] in endings and other[at:] in endings


@cache
def _endings(code: str) -> frozenset[str]:
    return frozenset(_skeleton(ending, full=True) for ending in contrasts_of(code).endings)


def _slip(one: str, other: str, *, named: bool) -> bool:
    """Tell whether one word is the other, mistyped."""
    shorter = min(len(one), len(other))
    if shorter < _SHORTEST_SLIP or (named and one[0] != other[0]):
        return False
    most = 1 if shorter < _TWO_SLIPS else _MOST_SLIPS
    return OSA.distance(one, other, score_cutoff=most) <= most and not _made_of(one, other)


def _made_of(one: str, other: str) -> bool:
    """Tell whether a word is made of the other's stem: "деокупували" of "окупували", "виселили" of "заселили".

    So is "Williamson" of "Williams": two slips stand by themselves, and not where a word begins or ends.
    """
    long, short = sorted((one, other), key=len, reverse=True)
    if len(long) - len(short) == _MOST_SLIPS:
        return long.endswith(short) or long.startswith(short)
    begun, other_begun = one[:_MOST_SLIPS], other[:_MOST_SLIPS]
    prefixes = all(a != b for a, b in zip(begun, other_begun, strict=True)) and begun != other_begun[::-1]
    return prefixes and one[_MOST_SLIPS:] == other[_MOST_SLIPS:]
