"""Searching the archive: any word form, all words first, then beginnings of words, then some of the words."""

from dataclasses import dataclass

from bot.errors import BadQuery
from bot.ports import WordStore
from bot.related.weighing import rarity
from bot.related.words import lemmas
from bot.text.language import detect_language

MOST_FOUND = 200
_MOST_WORDS = 12
_PREFIX = 5


@dataclass(frozen=True, slots=True)
class Searcher:
    """Search over the word index."""

    words: WordStore

    async def search(self, text: str) -> list[int]:
        """Return the numbers of up to MOST_FOUND articles, the closest matches first, newest first among equals.

        Raises:
            BadQuery: there is nothing in the text to search for.

        """
        asked = query_lemmas(text)
        if not asked:
            raise BadQuery
        exact = await self.words.matching([[lemma] for lemma in asked], MOST_FOUND)
        if len(exact) >= MOST_FOUND:
            return exact
        wider = await self.words.matching([[lemma, *_beginning(lemma)] for lemma in asked], MOST_FOUND)
        found = list(dict.fromkeys([*exact, *wider]))
        if found or len(asked) == 1:
            return found[:MOST_FOUND]
        return await self._some(asked)

    async def _some(self, asked: list[str]) -> list[int]:
        """Return articles that have some of the words: those that have more and rarer ones first."""
        known = await self.words.known(asked)
        total = await self.words.size()
        ids = {lemma.id: rarity(total, lemma.articles) for lemma in known}
        if not ids:
            return []
        candidates = await self.words.matching([[lemma.text for lemma in known]], MOST_FOUND)
        vectors = await self.words.vectors(candidates)
        scores = {article: sum(ids[n] for n in ids if n in vectors.get(article, {})) for article in candidates}
        return sorted(candidates, key=lambda article: (-scores[article], -article))


def query_lemmas(text: str) -> list[str]:
    """Return what is searched for: the lemmas of the words, each once, not more than a dozen."""
    return list(dict.fromkeys(lemmas(text[:400], detect_language(text[:400]))))[:_MOST_WORDS]


def _beginning(lemma: str) -> list[str]:
    return [f"5:{lemma[:_PREFIX]}"] if len(lemma) >= _PREFIX else []

