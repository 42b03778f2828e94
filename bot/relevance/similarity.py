"""Two texts side by side: whether they are one thing twice, and if not, whether they tell of the same event.

Both answers need nothing but the two texts and the hours between them: no database and no word frequencies, so that
the desk, an import and a script get the same answer everywhere. docs/RELEVANCE.md gives the figures behind each
constant.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.relevance.differences import Difference, difference
from bot.relevance.fingerprints import TOP, Fingerprint, damped, fingerprint, norm
from bot.relevance.full_names import named_alike
from bot.relevance.kinds import light, surely_name
from bot.relevance.sameness import written_alike
from bot.relevance.weights import stem
from bot.relevance.word import Word
from bot.relevance.wording import worded

DUPLICATE_HOURS = 48  # what looks the same later is the next bulletin of a series
STORY_HOURS = 72  # a story may run for weeks, but from one article to the next it pauses no longer
_BULLETIN_HOURS = 6  # so few words say the same thing of the next alert: whoever retells does so within hours
_SHORT = 40  # words; so little text is a headline or a bulletin, where one word makes another piece of news
_LONGEST = 6000  # words of a text that can be told in other words: of longer ones not every word is laid beside another
_LEAST_WORDS = 4
_CLOSE = 0.7  # of a headline's words: closer ones may be one piece of news put in two ways
_STUB = 12  # words; less of a longer text is a phrase that both have, not a cut copy
THRESHOLD = 0.42  # where the cross-validated F1 is flat at its best
_DRIFT = 0.35  # what each day beyond the first takes from the logit


class Likeness(IntEnum):
    """How much one text is the other."""

    OTHER = 0
    RESEMBLES = 1
    COPY = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison says. `score` is the probability of the same story, 0 to 1; a duplicate has 1.

    `resembles` is set where one may be a copy of the other, and may be other news; `retells` where it surely tells the
    same in other words: see `_retold`.
    """

    duplicate: bool
    same_story: bool
    score: float
    resembles: bool = False
    retells: bool = False


@dataclass(frozen=True, slots=True)
class _Weight:
    """A feature of the logistic regression: its mean and spread in the pairs it was fitted to, and its weight."""

    mean: float
    spread: float
    weight: float


_INTERCEPT = -0.491
_MODEL = {
    "words": _Weight(0.428, 0.226, 0.287),
    "title_least": _Weight(0.427, 0.288, 0.504),
    "title_most": _Weight(0.605, 0.293, 0.375),
    "numbers": _Weight(0.367, 0.300, 0.262),
    "names": _Weight(0.409, 0.291, 0.455),
    "top": _Weight(0.587, 0.270, 0.286),
}
# The same, fitted again with the cosine of the embeddings.
_INTERCEPT_ALIKE = -0.569
_MODEL_ALIKE = {
    "words": _Weight(0.428, 0.226, 0.200),
    "title_least": _Weight(0.427, 0.288, 0.423),
    "title_most": _Weight(0.605, 0.293, 0.308),
    "numbers": _Weight(0.367, 0.300, 0.211),
    "names": _Weight(0.409, 0.291, 0.408),
    "top": _Weight(0.587, 0.270, 0.176),
    "alike": _Weight(0.624, 0.203, 0.654),
}


def compare_texts(a: Mapping[str, str], b: Mapping[str, str], hours: float = 0, alike: float | None = None) -> Verdict:
    """Compare two articles given as `title` and `text`; `alike` is the cosine of their embeddings, if known."""
    return compare(fingerprint(a["title"], a["text"]), fingerprint(b["title"], b["text"]), hours, alike)


def compare(a: Fingerprint, b: Fingerprint, hours: float = 0, alike: float | None = None) -> Verdict:
    """Compare two articles that appeared `hours` apart."""
    found = likeness(a, b, hours)
    if found is Likeness.COPY:
        return Verdict(duplicate=True, same_story=True, score=1.0)
    score = story_score(a, b, hours, alike)
    like, same_story = found is Likeness.RESEMBLES, score >= THRESHOLD
    retold = like and same_story and _retold(a, b, hours)
    return Verdict(duplicate=False, same_story=same_story, score=score, resembles=like, retells=retold)


def _retold(a: Fingerprint, b: Fingerprint, hours: float) -> bool:
    """Tell whether two that resemble each other, and are of one story, are one piece of news in two wordings.

    Headlines and bulletins never are: there one word makes other news, and most that resemble are other news.
    What is left was laid side by side word by word, and no other name, number, day, direction or "not" came up; between
    the titles alone none may either, and numbers and names of a title and a first sentence stand in the other text.
    """
    shorter, longer = sorted((a.length, b.length))
    if hours > DUPLICATE_HOURS or shorter < _SHORT or longer > _LONGEST or not (a.has_text and b.has_text):
        return False
    one, other = _worded(a, b)
    if difference(one, other, strict=False) is Difference.ANOTHER:
        return False
    if not (_told(one, other) and _told(other, one)):
        return False
    titles = (fingerprint(text.parts[0], "") for text in (a, b))
    return difference(*_worded(*titles), strict=True) is not Difference.OTHER


def _told(words: Sequence[Word], others: Sequence[Word]) -> bool:
    """Tell whether numbers and names of a title and the first sentence, where the news stands, are in the other."""
    there = {word.key if word.number else stem(word.key) for word in others}
    said = (word for word in words if word.sentence <= 1 and (word.number or surely_name(word)))
    return all((word.key if word.number else stem(word.key)) in there for word in said)


def is_bulletin(a: Fingerprint, b: Fingerprint) -> bool:
    """Tell whether one of two texts is so short that every word counts."""
    return min(a.length, b.length) < _SHORT


def differing(a: Fingerprint, b: Fingerprint) -> Difference:
    """Return what the difference between two texts comes to, word by word."""
    return difference(*_worded(a, b), strict=is_bulletin(a, b))


def is_duplicate(a: Fingerprint, b: Fingerprint, hours: float = 0) -> bool:
    """Tell whether two texts are one article: copied, cut, or lightly edited. See `likeness`."""
    return likeness(a, b, hours) is Likeness.COPY


def likeness(a: Fingerprint, b: Fingerprint, hours: float = 0) -> Likeness:
    """Tell whether one text is a copy of the other, may be one, or is other news.

    Two pieces of news are never taken for one: however alike they read, another name, number, day, direction or a "not"
    makes them two. What leaves a doubt resembles, and is no copy.
    """
    shorter, longer = sorted((a.length, b.length))
    if shorter < _LEAST_WORDS or (shorter < _STUB and shorter < longer / 2):
        return Likeness.OTHER
    strict = is_bulletin(a, b)
    if not (_overlapping(a, b) if strict else reads_alike(a, b)):
        return Likeness.OTHER
    found = differing(a, b)
    if found is Difference.OTHER or not (hours <= DUPLICATE_HOURS or _same_dated(a, b)):
        return Likeness.OTHER
    if found is Difference.NONE:
        return Likeness.RESEMBLES if strict and hours > _BULLETIN_HOURS else Likeness.COPY
    close = reads_alike(a, b) or (strict and _closeness(a, b) >= _CLOSE)
    return Likeness.RESEMBLES if close else Likeness.OTHER


def _worded(a: Fingerprint, b: Fingerprint) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """Return the words of both, in the order that gives the same answer whichever comes first."""
    first, second = sorted((a, b), key=lambda one: (one.length, one.parts))
    return named_alike(worded(*first.parts, first.language), worded(*second.parts, second.language))


def _overlapping(a: Fingerprint, b: Fingerprint) -> bool:
    """Tell whether two short texts are worth comparing word by word: they share half of the words, however written."""
    shared = len(a.words.keys() & b.words.keys())
    if 2 * shared >= min(len(a.words), len(b.words)) or a.triples & b.triples:
        return True
    one, other = ({written_alike(word) for word in words if not light(word)} for words in _worded(a, b))
    return shared > 0 and 2 * len(one & other) >= min(len(one), len(other))


def reads_alike(a: Fingerprint, b: Fingerprint) -> bool:
    """Tell whether two texts have so much of their wording in common that one may be a copy of the other, or a part."""
    shared = len(a.triples & b.triples) / min(len(a.triples), len(b.triples))
    if shared < 0.35:
        return False
    close = _closeness(a, b)
    # A cut copy has all of its triples in the whole one; a footer that a channel puts under everything has many.
    return close >= 0.8 or (shared >= 0.7 and close >= 0.72) or (shared >= 0.85 and close >= 0.5)


def _same_dated(a: Fingerprint, b: Fingerprint) -> bool:
    """Tell whether a text that comes again after days says it is of the same day: it is long and its numbers agree."""
    return min(a.length, b.length) >= _SHORT and a.numbers == b.numbers and a.dates == b.dates


def story_score(a: Fingerprint, b: Fingerprint, hours: float = 0, alike: float | None = None) -> float:
    """Return how likely two articles tell of the same event, 0 to 1; `alike` is the cosine of their embeddings."""
    intercept, model = (_INTERCEPT, _MODEL) if alike is None else (_INTERCEPT_ALIKE, _MODEL_ALIKE)
    values = features(a, b) if alike is None else {**features(a, b), "alike": alike}
    logit = intercept
    for name, value in values.items():
        one = model[name]
        logit += one.weight * (value - one.mean) / one.spread
    logit -= _DRIFT * max(0.0, hours - 24) / 24
    return round(1 / (1 + math.exp(min(50.0, -logit))), 4)


def features(a: Fingerprint, b: Fingerprint) -> dict[str, float]:
    """Return what the same-story decision is made from; each is 0 for nothing in common and about 1 for everything."""
    covered = sorted((_covered(a.title, b.words), _covered(b.title, a.words)))
    return {
        "words": _closeness(a, b),
        "title_least": covered[0],
        "title_most": covered[1],
        "numbers": _overlap(a.numbers, b.numbers),
        "names": _overlap(set(a.names), set(b.names)),
        "top": (_top_in(a, b) + _top_in(b, a)) / 2,
    }


def cosine(a: Mapping[str, int], b: Mapping[str, int]) -> float:
    """Return the cosine of two bags of words, counts damped by their logarithm."""
    return _shared(a, b) / (norm(a) * norm(b) + 1e-9)


def _closeness(a: Fingerprint, b: Fingerprint) -> float:
    """Return the cosine of two texts."""
    return _shared(a.words, b.words) / (a.norm * b.norm + 1e-9)


def _shared(a: Mapping[str, int], b: Mapping[str, int]) -> float:
    return sum(damped(n) * damped(b[word]) for word, n in a.items() if word in b)


def _covered(title: frozenset[str], words: Mapping[str, int]) -> float:
    return sum(word in words for word in title) / len(title) if title else 0.0


def _overlap(a: frozenset[str] | set[str], b: frozenset[str] | set[str]) -> float:
    return len(a & b) / (1 + min(len(a), len(b)))


def _top_in(a: Fingerprint, b: Fingerprint) -> float:
    return sum(word in b.words for word in a.top) / TOP
