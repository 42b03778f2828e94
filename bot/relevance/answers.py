"""Answers to what is related to an article: what they rest on, how certain each item is, and how much is remembered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.model.news import Candidate, Subject
from bot.relevance.common_ground import Rare
from bot.relevance.ranking import Found, one_of_each
from bot.relevance.semantic import Reranked

Ranked = tuple[float, Candidate]


@dataclass(frozen=True, slots=True)
class State:
    """What an answer rests on: it holds as long as none of this has changed.

    `read` is what the optional model has read, see `SemanticIndex.state`.
    """

    changes: int
    pinned: tuple[int, ...]
    banned: tuple[int, ...]
    read: int

    @classmethod
    def of(cls, subject: Subject, read: int) -> "State":
        """Return the state an article was read in."""
        return cls(subject.changes, subject.pinned, subject.banned, read)


@dataclass(frozen=True, slots=True)
class Sure:
    """The scores from which something is shown without being asked for: each way of finding has its own scale."""

    words: float = 0.0
    meaning: float = 0.0


@dataclass(frozen=True, slots=True)
class Scored:
    """How close articles are by words, 1 for the same ones, without weak ones; and what the matter is recognised by."""

    scores: Mapping[int, float] = field(default_factory=dict)
    rare: Rare = ()


@dataclass(frozen=True, slots=True)
class Meant:
    """What is related by meaning, before time counts, in the state in which it was asked."""

    state: State
    found: Reranked | None = None
    rare: Rare = ()
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What is related to an article, the closest first: all of it, or enough for `most` that are shown.

    It holds as long as what it rests on has not changed. `certain` is how sure it is of each that it is related, and
    `sure_from` from where on it is shown unasked, which is nothing of `unlike`; in another language than the article's
    it is less by `less_across`.
    """

    state: State
    ranked: Sequence[Ranked]
    most: int | None
    certain: Mapping[int, float]
    sure_from: float
    unlike: frozenset[int] = frozenset()
    language: str = ""
    less_across: float = 0.0

    def reaches(self, most: int) -> bool:
        """Tell whether it is enough for `most`."""
        return self.most is None or self.most >= most

    def found(self, score: float, item: Candidate) -> Found:
        """Return something found, with how certain it is."""
        return Found(item.id, round(score, 4), self.is_sure(item), round(self.certain.get(item.id, 1.0), 4))

    def is_sure(self, item: Candidate) -> bool:
        """Tell whether something found is shown without being asked for: what an editor pinned is, from 0 all is."""
        if not self.sure_from or item.id in self.state.pinned:
            return True
        least = self.sure_from - (self.less_across if item.language != self.language else 0.0)
        return self.certain.get(item.id, 0.0) >= least and item.id not in self.unlike


def first_of(ranked: list[Ranked], subject: Subject, different: int) -> tuple[list[Ranked], int | None]:
    """Return as much of a list as has so many different ones, and how many that are, None for all of them."""
    kept = one_of_each(ranked, subject)
    if len(kept) <= different:
        return ranked, None
    return ranked[: ranked.index(kept[different - 1]) + 1], different
