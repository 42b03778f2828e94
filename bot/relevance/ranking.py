"""What a query is worth word by word, and in what order the articles that match it are shown."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.model.news import Candidate, Lemma
from bot.relevance.lemmas import tokens
from bot.relevance.weights import HOT, impact, rarity, stem, weight

Vector = Mapping[int, tuple[int, int, int]]
"""An article's lemmas: number to times in the title, the lead and the body."""

TERMS = 16  # more find no better candidates, fewer find worse ones
HALF_LIFE_DAYS = 14.0
FLOOR = 0.5  # what age leaves of a score at least: an old article on the same matter still is one
LEAST = 0.10  # of the score an article has with itself; weaker ties are not shown
_COMMON = 1500  # articles; a stem in more of them says too little to be worth reading its list
_POSTINGS = 1500  # matches read for one answer; what is left over are common words
_ALWAYS = 3  # of the rarest lemmas are read however common they are
_SHORTEST = 4  # letters; shorter words have no stem beside themselves
_DAY = 86400


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found. `score` is 1 for the article itself, less for what has less in common with it.

    `sure` is what is shown without being asked for: what is certain enough, 0 to 1, where there is a bound.
    """

    id: int
    score: float
    sure: bool = True
    certain: float = 1.0


def top_terms(vector: Vector, lemmas: Iterable[Lemma], total: int, most: int = TERMS) -> dict[Lemma, int]:
    """Return the lemmas of an article that say most, with their worth: those of the title and the lead, by rarity."""
    scores = {}
    for lemma in lemmas:
        title, lead, _ = vector[lemma.id]
        if title + lead:
            scores[lemma] = round((1 + math.log(2 * title + lead)) * rarity(total, lemma.articles))
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0].text))[:most]
    return {lemma: score for lemma, score in best if score > 0}


def wanted_stems(terms: Iterable[Lemma]) -> list[str]:
    """Return the stems under which other forms of the terms, and words made from them, are looked for."""
    return sorted({stem(lemma.text) for lemma in terms if len(lemma.text) >= _SHORTEST})


def worths(terms: Mapping[Lemma, int], kin: Iterable[Lemma], total: int) -> dict[int, int]:
    """Return what a match with each lemma is worth: a term for itself and for its stem, its kin for the stem alone."""
    families: dict[str, list[Lemma]] = {}
    for lemma in kin:
        families.setdefault(stem(lemma.text), []).append(lemma)
    worth: dict[int, int] = {}
    for term, score in sorted(terms.items(), key=lambda item: item[0].id):
        worth[term.id] = worth.get(term.id, 0) + score
        family = families.get(stem(term.text), [term]) if len(term.text) >= _SHORTEST else [term]
        size = min(total, sum(lemma.articles for lemma in family))
        shared = round(score * rarity(total, size) / max(1, rarity(total, term.articles)))
        for lemma in family if size <= _COMMON else [term]:
            worth[lemma.id] = worth.get(lemma.id, 0) + shared
    return worth


def affordable(worth: Mapping[int, int], lemmas: Iterable[Lemma], total: int) -> tuple[dict[int, int], dict[int, int]]:
    """Part the lemmas into those under which articles are looked for and the common ones that are only added.

    An article that shares nothing but common words with another is not related to it, and reading all that have them
    would take most of the time.
    """
    hot = min(1.0, HOT / max(1, total))
    having = sorted(
        {lemma.id: lemma.articles for lemma in lemmas if lemma.id in worth}.items(), key=lambda x: (x[1], x[0])
    )
    read: dict[int, int] = {}
    late: dict[int, int] = {}
    spent = 0.0
    for place, (number, articles) in enumerate(having):
        spent += articles * hot
        (read if place < _ALWAYS or spent <= _POSTINGS else late)[number] = worth[number]
    return read, late


def own_score(vector: Vector, worth: Mapping[int, int]) -> int:
    """Return the score of an article's lemmas under a query, as the index adds it up."""
    length, shared = 0, []
    for number, (title, lead, body) in vector.items():
        n = weight(title, lead, body)
        length += n
        if number in worth:
            shared.append((worth[number], n))
    return sum(one * impact(n, length) for one, n in shared)


def recency(at: datetime | None, other: datetime | None) -> float:
    """Return how near in time two articles are: 1 at once, half after two weeks; 0 when it is not known."""
    if at is None or other is None:
        return 0.0
    return float(2 ** (-abs((at - other).total_seconds()) / _DAY / HALF_LIFE_DAYS))


def freshness(at: datetime | None, other: datetime | None) -> float:
    """Return what the time between two articles leaves of a score: half of it falls to the floor in two weeks."""
    return FLOOR + (1 - FLOOR) * recency(at, other)


@lru_cache(maxsize=4000)  # the same headlines come up in one answer after the other
def skeleton(title: str) -> str:
    """Return what the headlines of a recurring series have in common: the words, a # for each number."""
    return " ".join("#" if token.isdigit() else token for token in tokens(title))


def one_of_each(ranked: Iterable[tuple[float, Candidate]], about: Candidate | None) -> list[tuple[float, Candidate]]:
    """Leave the first of each recurring series and of each group of copies; `about` counts as shown already."""
    series, groups = set(), set()
    if about is not None:
        series.add(skeleton(about.title))
        groups.add(about.same_as or about.id)
    kept = []
    for score, item in ranked:
        line, group = skeleton(item.title), item.same_as or item.id
        if line in series or group in groups:
            continue
        series.add(line)
        groups.add(group)
        kept.append((score, item))
    return kept
