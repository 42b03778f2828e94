"""Ranking by meaning: what the optional model adds to the words, as long as it is on and has read the articles.

The model never runs here. What it made of each article is read from the database; the *signs* of the newest are kept
in memory, where a comparison is one operation on a whole number, and only what looks close is compared exactly.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest

from bot.model.relevance import Embedded, Fellows, SignBits
from bot.ports import EmbeddingStore
from bot.relevance.embeddings import cosine_to, signs_of
from bot.relevance.joining import ACROSS, LESS_ACROSS, belongs
from bot.timing.clock import Clock

REMEMBERED = 20_000  # articles of a language, the newest: looking through their signs takes two to four milliseconds
NEAR = 0.40  # cosine from which an article is related without sharing a word
NEAR_ACROSS = 0.35  # the same for another language, whatever they share
_UNLIKE = 0.25  # with less, what shares words is about something else
_LIKE = 0.38  # with less, it is not shown before it is asked for, however close its words
# What rare words in common and the same hour are worth beside a cosine of 1.
_COMMON, _RECENT = 0.4, 0.3
_MOST = 1 + _COMMON + _RECENT
_COMMON_ACROSS = 0.5  # of what another language may share, words tell nothing: the middle stands in
SCORE_LESS_ACROSS = LESS_ACROSS / _MOST  # what the score of the same lacks in another language
AGE_TAKES = _RECENT / _MOST  # of a score, at most
CANDIDATES = 200  # the closest by words, whose meaning is compared
_DIFFERING = 160  # of 384 signs; vectors with a cosine of 0.35 differ in 141, give or take 9
_CLOSE, _CLOSE_ACROSS = 60, 30  # compared exactly of each language: those that differ in the fewest signs
_FRESH_SECONDS = 5.0
_AT_ONCE = 4000


@dataclass(frozen=True, slots=True)
class Reranked:
    """How like in meaning articles are, by the cosine.

    Which are in another language than what was asked of; and which are less alike than what is shown unasked.
    """

    likeness: Mapping[int, float]
    across: frozenset[int] = frozenset()
    unlike: frozenset[int] = frozenset()

    def scores(self, common: Mapping[int, float]) -> dict[int, float]:
        """Return the scores before time counts, 1 for the same words and meaning, from the words that are shared."""
        shared = {**dict.fromkeys(self.likeness, 0.0), **common, **dict.fromkeys(self.across, _COMMON_ACROSS)}
        return {n: (alike + _COMMON * shared[n] + _RECENT) / _MOST for n, alike in self.likeness.items()}


@dataclass(slots=True)
class SemanticIndex:
    """Re-ranking by meaning, and looking for articles of a meaning. Off, it changes nothing and costs nothing."""

    store: EmbeddingStore
    clock: Clock
    _signs: dict[str, dict[int, int]] = field(default_factory=dict)  # by language, then by article
    _last: int | None = None  # None until the signs are read
    _on: bool = False
    _looked_at: float | None = None

    async def reranked(self, article_id: int, found: Mapping[int, float]) -> Reranked | None:
        """Return the likeness of what was found by words, and of what lies near without sharing any.

        Where the model has not read an article its likeness in words stands in. None when it is off, or has not read
        this one.
        """
        own = await self._own(article_id)
        if own is None:
            return None
        best = sorted(found, key=lambda number: (-found[number], -number))[:CANDIDATES]
        near = self._close(article_id, own)
        vectors = await self.store.vectors({*best, *near})
        cosine = cosine_to(own.vector)
        alike = {number: cosine(other.vector) for number, other in vectors.items()}
        likeness = {n: found[n] for n in best if n not in alike}
        likeness |= {n: alike[n] for n in alike if alike[n] >= _least(own, vectors[n], shares_words=n in found)}
        across = frozenset(n for n in vectors if not _one_language(own, vectors[n]))
        unlike = (n for n, value in alike.items() if value < _LIKE and n not in across)
        return Reranked(likeness, across & likeness.keys(), frozenset(unlike))

    async def state(self) -> int:
        """Return a number that is another one once the model has read something new; 0 when it is off."""
        await self._refresh()
        return (self._last or 0) + 1 if self._on else 0

    async def near(self, article_id: int) -> dict[int, float]:
        """Return the remembered articles that lie near enough to be of one story, with their cosines."""
        own = await self._own(article_id)
        if own is None:
            return {}
        cosine = cosine_to(own.vector)
        others = await self.store.vectors(self._close(article_id, own))
        alike = {n: cosine(other.vector) for n, other in others.items()}
        return {n: value for n, value in alike.items() if value >= (NEAR if _one_language(own, others[n]) else ACROSS)}

    async def nearest(self, own: Embedded) -> dict[int, float]:
        """Return the remembered articles that lie near a meaning which none of them need have, with their cosines."""
        await self._refresh()
        cosine = cosine_to(own.vector)
        others = await self.store.vectors(self._close(0, own))
        return {n: cosine(other.vector) for n, other in others.items()}

    async def belongs(self, ours: Fellows, theirs: Fellows) -> bool:
        """Tell whether two stories are one: all of the one is near to all of the other, not its last article alone."""
        vectors = await self.store.vectors([*ours.articles, *theirs.articles])
        same: list[float] = []
        across: list[float] = []
        for one in (vectors[n] for n in ours.articles if n in vectors):
            cosine = cosine_to(one.vector)
            for other in (vectors[n] for n in theirs.articles if n in vectors):
                (same if _one_language(one, other) else across).append(cosine(other.vector))
        return belongs(same, across, ours.size + theirs.size - 1, min(ours.size, theirs.size))

    async def _own(self, article_id: int) -> Embedded | None:
        await self._refresh()
        return (await self.store.vectors([article_id])).get(article_id) if self._on else None

    def look_again(self) -> None:
        """Take notice of the switch and of what was read at the next question, not after a few seconds."""
        self._looked_at = None

    def _close(self, article_id: int, own: Embedded) -> list[int]:
        mine = signs_of(own.vector)
        close: list[int] = []
        for language, remembered in self._signs.items():
            apart = [
                (differing, -number)
                for number, bits in remembered.items()
                if (differing := (bits ^ mine).bit_count()) <= _DIFFERING
            ]
            most = _CLOSE if language == own.language else _CLOSE_ACROSS
            close += [-number for _, number in nsmallest(most + 1, apart)]
        return [number for number in close if number != article_id]

    async def _refresh(self) -> None:
        """Take notice, every few seconds, of the switch and of what was read since."""
        now = self.clock.monotonic()
        if self._looked_at is not None and now - self._looked_at < _FRESH_SECONDS:
            return
        self._looked_at = now
        self._on = await self.store.is_on()
        if not self._on:
            self._signs, self._last = {}, None
            return
        if self._last is None:
            found, self._last = await self.store.newest_signs(REMEMBERED)
            self._remember(found)
        more = True
        while more:
            found, last = await self.store.signs_after(self._last, _AT_ONCE)
            self._remember(found)
            more, self._last = last != self._last, last

    def _remember(self, found: Iterable[SignBits]) -> None:
        for signs in found:
            self._signs.setdefault(signs.language, {})[signs.article_id] = signs.bits
        for language, remembered in self._signs.items():
            if len(remembered) > REMEMBERED * 1.1:
                newest = sorted(remembered, reverse=True)[:REMEMBERED]
                self._signs[language] = {number: remembered[number] for number in newest}


def _one_language(one: Embedded, other: Embedded) -> bool:
    return one.language == other.language


def _least(one: Embedded, other: Embedded, *, shares_words: bool) -> float:
    """Return the cosine from which two articles are related."""
    if not _one_language(one, other):
        return NEAR_ACROSS  # what they share are numbers, and names in Latin letters
    return _UNLIKE if shares_words else NEAR
