"""How much a word says about an article, in whole numbers: both engines add up the same and order the same.

A match is worth the word's *impact* in the article that has it, times the *rarity* of the word. The impact is BM25's
saturated, length-normalised frequency, worked out when the article is indexed, so that a query only adds and
multiplies. docs/RELEVANCE.md tells where the constants come from.
"""

import math
from collections.abc import Mapping

from bot.model.news import Terms

STEM = 5  # letters: shorter beginnings mix up words, longer ones part the forms of one
HOT = 50_000  # articles; related items are looked for among so many of the newest, the archive stands behind them
_TITLE, _LEAD = 3, 2  # how often a word counts that stands there; once in the body
_MOST = 30
_SCALE = 1000
_SATURATION, _PER_WORD, _LONGEST = 0.9, 0.09, 100


def weights(terms: Terms) -> dict[str, int]:
    """Return how often each lemma stands in an article, the title and the lead counted more."""
    counted = dict(terms.body)
    for part, times in ((terms.lead, _LEAD), (terms.title, _TITLE)):
        for word, n in part.items():
            counted[word] = counted.get(word, 0) + times * n
    return {word: min(_MOST, n) for word, n in counted.items()}


def weight(title: int, lead: int, body: int) -> int:
    """Return how often a lemma stands in an article, as `weights` counts."""
    return min(_MOST, _TITLE * title + _LEAD * lead + body)


def impacts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return what a match with each lemma of an article is worth, 0 to 1000, from its weights."""
    length = sum(counts.values())
    by_weight = {n: impact(n, length) for n in set(counts.values())}
    return {word: by_weight[n] for word, n in counts.items()}


def impact(n: int, length: int) -> int:
    """Return what a match with a lemma is worth, from its weight and the sum of its article's weights."""
    return round(_SCALE * n / (n + _SATURATION + _PER_WORD * min(_LONGEST, length)))


def rarity(total: int, articles: int) -> int:
    """Return how much a lemma says: 100 times the logarithm of how rare it is, at least 1."""
    return max(1, round(100 * math.log((total + 1) / (articles + 0.5))) + 1)


def stem(word: str) -> str:
    """Return the beginning that most forms of a word share, and most words made from it."""
    return word[:STEM]
