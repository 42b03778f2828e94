"""Searching the archive: any word form, all words first, then beginnings of words, then some of the words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.errors import BadQuery
from bot.model.news import Headline, Lemma
from bot.ports import ArticleStore, WordIndex, WordStore
from bot.relevance.lemmas import known_word, lemma_of, looked_alike, tokens
from bot.relevance.query import Query, asked_lemmas, beginning, has_phrase, parse_query
from bot.relevance.ranking import affordable, wanted_stems, worths
from bot.relevance.weights import rarity
from bot.text.keyboards import other_keyboards
from bot.text.language import detect_language
from bot.text.urls import url_key
from bot.timing.clock import Clock

MOST_FOUND = 200
_NEWEST = 2000  # matches looked at; one common word has tens of thousands
_COMMON = 5000  # articles; the matches of a word that more have are in order of time
_PHRASES = 300  # articles whose text is read for an exact phrase
_VOCABULARY = 40_000
_VOCABULARY_SECONDS = 600.0
_CLOSE = 8  # words that an unknown one is compared with
_ADDRESS = regex.compile(r"(?P<scheme>https?://)?(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?:[:/?]\S*)?", regex.IGNORECASE)
_FEW = 3  # results or fewer, and an unknown word among the asked ones, make a misspelling likely


@dataclass(frozen=True, slots=True)
class Search:
    """What was found. `suggestion` is the query as it was perhaps meant, or ""."""

    ids: list[int]
    suggestion: str = ""


@dataclass(slots=True)
class _Vocabulary:
    """The words of the index that a misspelt one may stand for, read now and then."""

    read_at: float = float("-inf")
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Searcher:
    """Search over the word index."""

    words: WordStore
    articles: ArticleStore
    clock: Clock
    _vocabulary: _Vocabulary = field(default_factory=_Vocabulary)

    async def search(self, text: str, *, newest: bool = False) -> Search:
        """Return the numbers of up to MOST_FOUND published articles, the closest matches first.

        With `newest` those that match at all come newest first.

        Raises:
            BadQuery: there is nothing in the text to search for.

        """
        if there := await self._at_address(text.strip()):
            return Search(there)
        query = parse_query(text)
        if not query:
            raise BadQuery
        if not query.words:
            return Search(await self._narrowed(query, None))
        async with self.words.reading() as index:
            query, known = await _known(index, query)
            found = await _cascade(index, query, known, newest=newest)
        if query.filtered:
            found = await self._narrowed(query, await self._with_phrases(query, found))
        unknown = [word for word in query.words if word not in known]
        suggestion = await self._suggest(query, unknown) if unknown and len(found) <= _FEW else ""
        if not found and not suggestion:
            suggestion = await self._as_keyed(text)
        return Search(await self._one_of_each(found[:MOST_FOUND]), suggestion)

    async def _at_address(self, text: str) -> list[int]:
        """Return the articles of the address that a text is, with its "https://" or without; none for no address."""
        found = _ADDRESS.fullmatch(text)
        if found is None:
            return []
        return await self.articles.at_address(url_key(text if found["scheme"] else f"https://{text}"))

    async def _as_keyed(self, text: str) -> str:
        """Return a text of which nothing is known as another keyboard gives it, where the news have all its words."""
        for keyed in other_keyboards(text):
            query = parse_query(keyed)
            async with self.words.reading() as index:
                _, known = await _known(index, query)
            if query.words and len(known) == len(query.words):
                return " ".join(keyed.split())
        return ""

    async def lately(self, text: str, since: datetime) -> list[Headline]:
        """Return the articles since an instant that following these words would have brought, the newest first.

        An article has a keyword when it has all of its lemmas: sending asks that of the same words. Of very common
        words the newest 2000 articles are looked at.
        """
        async with self.words.reading() as index:
            found = await index.matching([[word] for word in asked_lemmas(text)], _NEWEST)
        allowed = set(await self.articles.narrowed(found, "", "", since, _NEWEST))
        headlines = await self.articles.headlines([number for number in found if number in allowed])
        return [headline for headline in headlines if headline.same_as is None]

    async def _one_of_each(self, found: Sequence[int]) -> list[int]:
        """Leave out what another source copies of an article that stands further up."""
        async with self.words.reading() as index:
            first = await index.copied(found)
        return list({first.get(number, number): number for number in reversed(found)}.values())[::-1]

    async def _with_phrases(self, query: Query, found: list[int]) -> list[int]:
        if not query.phrases:
            return found
        texts = await self.articles.texts(list(found[:_PHRASES]))
        return [
            number
            for number in found[:_PHRASES]
            if all(any(has_phrase(phrase, part) for part in texts.get(number, ())) for phrase in query.phrases)
        ]

    async def _narrowed(self, query: Query, found: Sequence[int] | None) -> list[int]:
        after = datetime.combine(query.after, time(), UTC) if query.after else None
        kept = await self.articles.narrowed(found, query.topic, query.source, after, MOST_FOUND)
        if found is None:
            return kept
        allowed = set(kept)
        return [number for number in found if number in allowed]

    async def having(self, phrases: Iterable[str]) -> set[int]:
        """Return the newest articles that have all the lemmas of one of these keywords; 2000 of each at most."""
        found: set[int] = set()
        async with self.words.reading() as index:
            for phrase in phrases:
                found |= set(await index.matching([[lemma] for lemma in phrase.split()], _NEWEST))
        return found

    async def _as_said(self, lemma: str, typed: str) -> str:
        """Return a lemma as people say it: itself if a dictionary has it, else its form in the news, "" for none.

        What no dictionary has is often cut or mended in a way that nobody writes.
        """
        if _is_word(lemma):
            return lemma
        async with self.words.reading() as index:
            newest = await index.matching([[lemma]], 1)
        parts = (part for texts in (await self.articles.texts(newest)).values() for part in texts)
        words = {word for part in parts for word in tokens(part)}
        forms = [word for word in words if lemma_of(word, detect_language(word)) == lemma]
        return min(sorted(forms), key=lambda form: OSA.distance(form, typed), default="")

    async def _suggest(self, query: Query, unknown: Sequence[str]) -> str:
        """Return the query with its unknown words put as they were perhaps meant; "" when nothing comes close."""
        now = self.clock.monotonic()
        if now - self._vocabulary.read_at > _VOCABULARY_SECONDS:
            self._vocabulary.texts = await self.words.vocabulary(_VOCABULARY)
            self._vocabulary.read_at = now
        meant = {}
        for word in unknown:
            if len(word) < 4 or word.isdigit():
                continue
            cutoff = 1 if len(word) < 7 else 2
            close = process.extract(
                word, self._vocabulary.texts, scorer=OSA.distance, score_cutoff=cutoff, processor=None, limit=_CLOSE
            )
            # Of those that are equally close a word of the dictionary, and of these the one that more articles have.
            for lemma, _, _ in sorted(close, key=lambda found: (found[1], not _is_word(found[0]))):
                if said := await self._as_said(lemma, word):
                    meant[word] = said
                    break
        if not meant:
            return ""
        return " ".join(meant.get(word, typed) for word, typed in zip(query.words, query.typed, strict=True))


def _is_word(lemma: str) -> bool:
    return known_word(lemma, detect_language(lemma))


async def _known(index: WordIndex, query: Query) -> tuple[Query, dict[str, Lemma]]:
    """Return which words of a query the index has; one that it has only in Cyrillic letters that look alike is that."""
    looks = {word: look for word in query.words if (look := looked_alike(word))}
    known = {lemma.text: lemma for lemma in await index.known([*query.words, *looks.values()])}
    meant = [looks[word] if word not in known and looks.get(word) in known else word for word in query.words]
    return replace(query, words=tuple(meant)), {word: known[word] for word in meant if word in known}


async def _cascade(index: WordIndex, query: Query, known: Mapping[str, Lemma], *, newest: bool) -> list[int]:
    by_time = newest or not known or min(lemma.articles for lemma in known.values()) > _COMMON
    most = MOST_FOUND if by_time and not query.filtered else _NEWEST
    every = await index.matching([[word] for word in query.words], most, without=query.without)
    wider: list[int] = []
    if len(every) < MOST_FOUND:
        groups = [[word, *beginning(word)] for word in query.words]
        there = set(every)
        wider = [n for n in await index.matching(groups, most, without=query.without) if n not in there]
    if every or wider or len(query.words) == 1:
        found = [*every, *wider]
        scores = await _scores(index, known, found) if found and not by_time else {}
        return sorted(found, reverse=True) if newest else [*_ordered(every, scores), *_ordered(wider, scores)]
    return await _some(index, query, {} if by_time else await _scores(index, known))


async def _scores(index: WordIndex, known: Mapping[str, Lemma], among: Sequence[int] | None = None) -> dict[int, int]:
    """Return how well hot articles match, or those `among` some.

    Words that are so common that time alone orders them do not count.
    """
    total = await index.size()
    terms = {lemma: rarity(total, lemma.articles) for lemma in known.values() if lemma.articles <= _COMMON}
    kin = await index.kin(wanted_stems(terms))
    worth = worths(terms, kin, total)
    read, late = affordable(worth, [*terms, *kin], total)
    return dict(await index.sharing(read, _NEWEST, late, among))


async def _some(index: WordIndex, query: Query, scores: Mapping[int, int]) -> list[int]:
    """Return articles that have some of the words: those that have more and rarer ones first."""
    tokens = [token for word in query.words for token in (word, *beginning(word))]
    candidates = await index.matching([tokens], _NEWEST, without=query.without)
    if not scores:
        return candidates
    if not query.without:  # with it, only the index knows which articles lack those words
        candidates = list(dict.fromkeys([*scores, *candidates]))
    return _ordered(candidates, scores)


def _ordered(found: Sequence[int], scores: Mapping[int, int]) -> list[int]:
    return sorted(found, key=lambda number: (-scores.get(number, 0), -number))
