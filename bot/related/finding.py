"""Related items: what else there is on the same matter, the closest first, newer before older among equals."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.ports import ArticleStore, WordStore
from bot.related.meaning import Meaning
from bot.related.querying import beginning
from bot.related.ranking import (
    LEAST,
    Found,
    Vector,
    freshness,
    one_of_each,
    own_score,
    top_terms,
    wanted_stems,
    worths,
)
from bot.related.weighing import HOT

MOST_RELATED = 5
_CANDIDATES = 200
_AT_ONCE = 12  # headlines read at a time; mostly one stretch is enough
_ARCHIVED = 300  # articles looked at when the hot table has too few


@dataclass(frozen=True, slots=True)
class Finder:
    """Finding related items in the word index."""

    words: WordStore
    articles: ArticleStore
    clock: Clock
    meaning: Meaning | None = None

    async def related(
        self, article_id: int, *, language: str = "", limit: int = MOST_RELATED, leave_out: Collection[int] = ()
    ) -> list[Found]:
        """Return up to `limit` published articles on the same matter; none rather than weak ones.

        `leave_out` are articles the reader knows already. Nothing retracted or unpublished is among them, one of
        each recurring series, and one of the copies of an article. What an editor pinned comes first.
        """
        own = (await self.words.vectors([article_id])).get(article_id)
        ties = await self.articles.ties(article_id)
        pinned = [number for number, first in ties.items() if first]
        found = await self._scored(article_id, own) if own else {}
        if self.meaning is not None:
            found = await self.meaning.reranked(article_id, found)
        for number in (article_id, *ties, *leave_out):
            found.pop(number, None)
        about = next(iter(await self.articles.headlines([article_id])), None)
        first = await self.articles.headlines([number for number in pinned if number not in leave_out])
        at = about.published_at if about else None
        appeared = await self.articles.appeared([*found], language)
        scores = {number: found[number] * freshness(at, appeared[number]) for number in appeared}
        ranked = sorted(scores, key=lambda number: (-scores[number], -number))
        kept = one_of_each([(1.0, headline) for headline in first], about)
        for start in range(0, len(ranked), _AT_ONCE):
            if len(kept) >= limit:
                break
            some = await self.articles.headlines(ranked[start : start + _AT_ONCE])
            kept = one_of_each([*kept, *((scores[headline.id], headline) for headline in some)], about)
        return [Found(headline.id, round(score, 4)) for score, headline in kept[:limit]]

    async def _scored(self, article_id: int, own: Vector) -> dict[int, float]:
        """Return how close other articles are, 1 for the same words, without weak ones; time does not count here."""
        total = await self.words.size()
        terms = top_terms(own, await self.words.lemmas(list(own)), total)
        if not terms:
            return {}
        worth = worths(terms, await self.words.kin(wanted_stems(terms)), total)
        itself = max(1, own_score(own, worth))
        scored = dict(await self.words.sharing(worth, _CANDIDATES + 1))
        scored.pop(article_id, None)
        least = LEAST * itself
        strong = {number: score / itself for number, score in scored.items() if score >= least}
        if len(strong) >= MOST_RELATED or total <= HOT:
            return strong
        told = [lemma for lemma in terms if lemma.articles > 1]
        texts = [lemma.text for lemma in sorted(told, key=lambda lemma: (-terms[lemma], lemma.text))]
        for number, vector in (await self._archived(texts)).items():
            score = own_score(vector, worth)
            if score >= least and number != article_id:
                strong[number] = score / itself
        return strong

    async def _archived(self, texts: Sequence[str]) -> dict[int, Vector]:
        """Return the words of older articles that have two of the eight terms that say most."""
        found: set[int] = set()
        for bit in (1, 2, 4):  # two different places differ in one of their bits: every pair is asked for
            halves = [_tokens(texts[:8], bit, wanted) for wanted in (0, bit)]
            if all(halves):
                found.update(await self.words.matching(halves, _ARCHIVED))
        return dict(await self.words.vectors(sorted(found)))


def _tokens(texts: Sequence[str], bit: int, wanted: int) -> list[str]:
    """Return the terms, and what begins like them, whose places have or lack a bit."""
    return [token for place, text in enumerate(texts) if place & bit == wanted for token in (text, *beginning(text))]
