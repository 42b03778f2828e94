"""Whether two articles go on with one story: more than one matter, less than one report.

What makes two reports one is in `similarity`; a story takes in what follows from an event, so less is enough, as long
as something stands in both: a name, a number. docs/RELEVANCE.md has the curves that the bounds were read from.
"""

import math
from collections.abc import Sequence

from bot.relevance.fingerprints import Fingerprint
from bot.relevance.similarity import THRESHOLD, story_score

_SCORE = 0.28  # of two texts that share a name or a number
_TITLES = THRESHOLD  # of two of which one has no text: a title alone says little
_ALIKE, _ALIKE_SCORE = 0.60, 0.14  # cosine and score of two texts that say it in different words
_TITLES_ALIKE = 0.55  # cosine of titles that share a name or a number
_TITLES_ALL_ALIKE = 0.65  # ... that share nothing written
ACROSS = 0.50  # cosine of two languages: translations have .38 to .72
_BULLETIN_HOURS = 20  # what differs in its numbers after so long is the next of a series
_BULLETIN = 0.6  # of the words of the shorter title
_STORY = 0.40  # cosine with the articles of a story on average, from which a new one belongs to it
_GROWING = 0.02  # what each doubling beyond four articles adds to that: a long story takes in less easily
_GROWN = 0.03  # what each doubling of the shorter one beyond two adds: two that have each grown are two events rather
LESS_ACROSS = 0.10  # how much less alike the same is in another language
_SMALL, _SHORT = 4, 2


def joins_by_words(a: Fingerprint, b: Fingerprint, hours: float, score: float) -> bool:
    """Tell whether two articles that appeared `hours` apart belong to one story; `score` is that of their words."""
    if a.has_text and b.has_text:
        return score >= THRESHOLD or (score >= _SCORE and _share_something(a, b))
    return score >= _TITLES and _share_something(a, b) and not _bulletins(a, b, hours)


def joins_by_meaning(a: Fingerprint, b: Fingerprint, hours: float, alike: float) -> bool:
    """Tell whether two articles belong to one story; `alike` is the cosine of their embeddings."""
    if a.language != b.language:
        return alike >= ACROSS
    share = _share_something(a, b)
    if a.has_text and b.has_text:
        score = story_score(a, b, hours, alike)
        told = score >= _SCORE or (alike >= _ALIKE and score >= _ALIKE_SCORE)
        return score >= THRESHOLD or (share and told)
    return not _bulletins(a, b, hours) and alike >= (_TITLES_ALIKE if share else _TITLES_ALL_ALIKE)


def belongs(same: Sequence[float], across: Sequence[float], size: int, shorter: int = 1) -> bool:
    """Tell whether an article, or a story, belongs to a story, from the cosines of some of the one and the other.

    Together they have `size` articles, the shorter one `shorter`.

    From article to article a story would drift: each is near the last one, and far from the first. And two stories that
    run side by side would become one by what tells of both.
    """
    alike = [*same, *(value + LESS_ACROSS for value in across)]
    if not alike:
        return False
    grown = _GROWING * math.log2(max(1.0, size / _SMALL)) + _GROWN * math.log2(max(1.0, shorter / _SHORT))
    return sum(alike) / len(alike) >= _STORY + grown


def _share_something(a: Fingerprint, b: Fingerprint) -> bool:
    return bool(a.names.keys() & b.names.keys() or a.numbers & b.numbers)


def _bulletins(a: Fingerprint, b: Fingerprint, hours: float) -> bool:
    """Tell whether two titles are those of a series: a day or more apart, they differ in their numbers."""
    if hours < _BULLETIN_HOURS or a.numbers == b.numbers:
        return False
    one, other = ({word for word in title if not word.isdigit()} for title in (a.title, b.title))
    return len(one & other) >= _BULLETIN * max(1, min(len(one), len(other)))
