"""Related items: what else there is on the same matter, newest first within relevance."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bot.clock import Clock
from bot.ports import ArticleStore, WordStore
from bot.related.searching import rarity

MOST_RELATED = 5
_TERMS = 12  # more terms find no better candidates, fewer find worse ones
_CANDIDATES = 100
_HALF_LIFE_DAYS = 14.0
_FLOOR = 0.5  # what age can take from a score at most
_LEAST = 0.18  # of the score an article has with itself: weaker ties are not shown

Vector = Mapping[int, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Finder:
    """Finding related items in the word index."""

    words: WordStore
    articles: ArticleStore
    clock: Clock

    async def related(self, article_id: int, *, language: str = "", limit: int = MOST_RELATED) -> list[int]:
        """Return up to `limit` published articles on the same matter; none rather than weak ones."""
        own = (await self.words.vectors([article_id])).get(article_id)
        if not own:
            return []
        total = await self.words.size()
        rarities = {n: rarity(total, articles) for n, articles in (await self.words.counts(list(own))).items()}
        terms = top_terms(own, rarities)
        scored = await self.words.sharing(terms, _CANDIDATES + 1)
        itself = next((score for number, score in scored if number == article_id), 0)
        others = [(number, score) for number, score in scored if number != article_id]
        headlines = {h.id: h for h in await self.articles.headlines([number for number, _ in others])}
        base = await self.articles.headlines([article_id])
        at = base[0].published_at if base else None
        ranked = []
        for number, score in others:
            other = headlines.get(number)
            if other is None or (language and other.language != language) or score < _LEAST * itself:
                continue
            days = abs((at - other.published_at).total_seconds()) / 86400 if at and other.published_at else None
            ranked.append((score * _freshness(days), number))
        return [number for _, number in sorted(ranked, reverse=True)[:limit]]


def top_terms(vector: Vector, rarities: Mapping[int, int], most: int = _TERMS) -> dict[int, int]:
    """Return the terms of an article that say most, with their weights: those of the title and the lead, by rarity."""
    scores = {
        number: round((1 + math.log(2 * title + lead)) * rarities.get(number, 0))
        for number, (title, lead, _) in vector.items()
        if title + lead
    }
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:most]
    return {number: score for number, score in best if score > 0}


def _freshness(days: float | None) -> float:
    if days is None:
        return _FLOOR
    return float(_FLOOR + (1 - _FLOOR) * 2 ** (-days / _HALF_LIFE_DAYS))
