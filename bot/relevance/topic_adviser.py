"""Topics proposed by meaning: those of the articles that lie nearest, as far as a person or a source has filed them.

Words stay where the model is off, does not answer in time, or knows too few filed articles near by. Where it knows
enough of them and they disagree, nothing is proposed: an editor files sooner than corrects. docs/RELEVANCE.md gives the
figures.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from bot.model.relevance import Embedded
from bot.ports import TopicStore
from bot.relevance.embedder import Embedder
from bot.relevance.embeddings import ModelFailed, embedded_text
from bot.relevance.semantic import SemanticIndex
from bot.relevance.topics import MOST_PROPOSED
from bot.timing.clock import Clock

log = structlog.get_logger(__name__)

NEIGHBOURS = 10
FEWEST = 5  # filed articles near by, with fewer the words decide
SURE = 0.8  # of the neighbours' likeness must agree on a topic
SUPPORTED = 0.3  # of it, for a topic that the words propose as well
_ROUNDING = 1e-9  # four of five equal neighbours are four fifths
_LEAST = 0.2  # cosine; what is farther away says nothing
_PATIENCE = 2.0  # seconds for one text; an editor waits meanwhile
_PAUSE = 60.0  # seconds in which a model that did not answer is not asked again


@dataclass(slots=True, kw_only=True)
class TopicAdviser:
    """What an article is about, by the articles near it."""

    topics: TopicStore
    meaning: SemanticIndex
    embedder: Embedder
    clock: Clock
    _quiet_until: float = field(default=float("-inf"))

    async def advice(self, title: str, text: str, language: str, by_words: Sequence[int]) -> list[int] | None:
        """Return the numbers of up to two topics, the likeliest first, none when in doubt; None when words decide.

        `text` is lead and body without markup, `by_words` the numbers of the topics that the words propose.
        """
        if not await self.meaning.state():
            return None
        vector = await self._vector(embedded_text(title, text))
        if vector is None:
            return None
        near = await self.meaning.nearest(Embedded(vector, language))
        filed = await self.topics.filed([number for number, likeness in near.items() if likeness >= _LEAST])
        nearest = sorted(filed, key=lambda number: (-near[number], -number))[:NEIGHBOURS]
        return agreed([(near[number], filed[number]) for number in nearest], by_words)

    async def _vector(self, text: str) -> bytes | None:
        if self.clock.monotonic() < self._quiet_until:
            return None
        try:
            async with asyncio.timeout(_PATIENCE):
                (vector,) = await self.embedder.embed([text])
        except ModelFailed as failure:
            await self.embedder.close()
            self._give_up(str(failure))
            return None
        except TimeoutError:
            self._give_up("no answer in time")
            return None
        return vector

    def _give_up(self, reason: str) -> None:
        log.info("the model does not answer; topics are proposed by words", reason=reason)
        self._quiet_until = self.clock.monotonic() + _PAUSE


def agreed(neighbours: Sequence[tuple[float, frozenset[int]]], by_words: Sequence[int]) -> list[int] | None:
    """Return the topics that most of the neighbours have, else those of the words that some of them have.

    A neighbour is its likeness and its topics. None when there are too few of them to tell.
    """
    if len(neighbours) < FEWEST:
        return None
    whole = sum(likeness for likeness, _ in neighbours) * (1 - _ROUNDING)
    shares: defaultdict[int, float] = defaultdict(float)
    for likeness, topics in neighbours:
        for topic in topics:
            shares[topic] += likeness / whole
    sure = [topic for topic, share in sorted(shares.items(), key=lambda one: (-one[1], one[0])) if share >= SURE]
    return sure[:MOST_PROPOSED] or [topic for topic in by_words if shares[topic] >= SUPPORTED]
