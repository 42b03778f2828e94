"""How much two articles have in common by what few others say: a name, a place, a matter.

Two headlines may lie near each other by their kind alone: an attack here and an attack there, what one minister said
and what another did. What parts them is whether they share words that are rare, and one such word may be chance.
"""

import math
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from bot.model.news import Lemma
from bot.relevance.ranking import wanted_stems
from bot.relevance.weights import stem

Rare = Sequence[tuple[float, frozenset[int]]]
"""What an article says, the rarest first: how rare it is, 0 to 1, and the lemmas of one beginning that say it."""

_WORDS = 2  # the rarest that both have
_FEW = 100  # articles; with fewer nobody knows yet which words are common
_RECENT = 0.7  # what the same hour is worth beside the same words


def rare_words(terms: Iterable[Lemma], kin: Iterable[Lemma], total: int) -> Rare:
    """Return what an article of so many is recognised by: its terms, numbers aside, with what begins like them."""
    said = [term for term in terms if not term.text.isdigit()]
    families: dict[str, list[Lemma]] = {wanted: [] for wanted in wanted_stems(said)}
    for lemma in kin:
        families.setdefault(stem(lemma.text), []).append(lemma)
    alike = {stem(term.text): [*families.get(stem(term.text), ()), term] for term in said}
    total = max(total, _FEW)
    most = math.log(total + 1)
    found = []
    for family in alike.values():
        articles = {lemma.id: lemma.articles for lemma in family}
        rareness = math.log((total + 1) / (min(total, sum(articles.values())) + 0.5)) / most
        found.append((max(0.0, rareness), frozenset(articles)))
    return sorted(found, key=lambda one: (-one[0], sorted(one[1])))


def common_ground(rare: Rare, heading: AbstractSet[int]) -> float:
    """Return how rare the two rarest things are that an article shares with a title and a lead: 0, nothing, to 1."""
    shared = 0.0
    left = _WORDS
    for rareness, lemmas in rare:
        if left and not lemmas.isdisjoint(heading):
            shared += rareness
            left -= 1
    return shared / _WORDS


def certainty(score: float, shared: float, recent: float) -> float:
    """Return how sure it is, 0 to 1, that what shares words is about the same: by words alone.

    `score` is that of the words before time counts, `shared` the common ground, `recent` how near it is in time.
    """
    return (score + shared + _RECENT * recent) / (2 + _RECENT)
