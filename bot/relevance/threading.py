"""Where an article belongs as it comes in: whether it copies one that is there, and whose story it goes on with."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.news import Article
from bot.model.relevance import NewArticle, Placement, Stored
from bot.ports import ThreadingStore
from bot.relevance.fingerprints import Fingerprint, fingerprint
from bot.relevance.lemmas import article_terms
from bot.relevance.similarity import DUPLICATE_HOURS, STORY_HOURS, compare
from bot.relevance.weights import rarity, weights
from bot.text.document import document_text
from bot.text.markup import parse_html
from bot.text.urls import url_key

_RAREST = 8  # lemmas under which articles like a new one are looked for
_NEW = 4  # lemmas no article has yet: under these only the rest of the batch is looked through
_COMMON = 400  # articles; a lemma that more have brings too many
_SHARED = 3  # of them that an article must have to be compared at all
_CANDIDATES = 8  # compared, the ones that share most first
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Threader:
    """Finding the places of articles."""

    store: ThreadingStore

    async def places(self, arrivals: Sequence[NewArticle]) -> list[Placement]:
        """Return the place of each arrival, those before it in the list counted as there."""
        terms = await self._rare(arrivals)
        near = await self._near(arrivals, terms)
        stored = await self.store.stored({number for numbers in near.values() for number in numbers})
        pages = await self.store.by_url({arrival.url_key for arrival in arrivals if arrival.url_key})
        sketches: dict[int, Fingerprint] = {}
        own: dict[int, list[int]] = defaultdict(list)  # which arrivals have a rare lemma
        found: list[Placement] = []
        for n, arrival in enumerate(arrivals):
            candidates = [stored[number] for number in near.get(n, ()) if number in stored]
            candidates += _siblings(n, terms, own, arrivals)
            place = _place(Stored(-1 - n, arrival.title, arrival.text, arrival.at), candidates, sketches)
            if arrival.url_key and (page := pages.setdefault(arrival.url_key, -1 - n)) != -1 - n:
                place = Placement(same_as=page)
            found.append(place)
            for lemma_id in terms[n]:
                own[lemma_id].append(n)
        return found

    async def _near(self, arrivals: Sequence[NewArticle], terms: Sequence[Sequence[int]]) -> dict[int, list[int]]:
        """Return the articles that each arrival is compared with: reading and parsing them is most of the work."""
        asked = {n: list(ids) for n, ids in enumerate(terms) if ids and arrivals[n].at is not None}
        near = await self.store.having(asked, _SHARED, 4 * _CANDIDATES)
        at = await self.store.appeared({number for numbers in near.values() for number in numbers})
        return {
            n: [one for one in numbers if _hours(arrivals[n].at, at.get(one)) <= STORY_HOURS][:_CANDIDATES]
            for n, numbers in near.items()
        }

    async def _rare(self, arrivals: Sequence[NewArticle]) -> list[tuple[int, ...]]:
        """Return the numbers of the lemmas that say most about each arrival; of new lemmas, places in the batch."""
        counted = [weights(arrival.terms) for arrival in arrivals]
        texts = {text for own in counted for text in own}
        known = {lemma.text: lemma for lemma in await self.store.known(sorted(texts))}
        made = {text: -1 - n for n, text in enumerate(sorted(texts - set(known)))}  # new lemmas, shared in the batch
        total = await self.store.size()
        rare = []
        for own in counted:
            there = {word: known[word] for word in own if word in known and known[word].articles <= _COMMON}
            said = {word: _says(own[word], rarity(total, lemma.articles)) for word, lemma in there.items()}
            first = sorted(there, key=lambda word: (-said[word], word))[:_RAREST]
            new = sorted((made[word] for word in own if word in made), reverse=True)[:_NEW]
            rare.append((*(there[word].id for word in first), *new))
        return rare


def arrival_of(article: Article, at: datetime) -> NewArticle:
    """Return an article as it is compared with those that are there, as if it appeared at that instant."""
    text = f"{article.lead}\n{document_text(parse_html(article.body))}".strip()
    return NewArticle(article.title, text, article_terms(article), at, url_key(article.url))


def _place(new: Stored, candidates: Sequence[Stored], sketches: dict[int, Fingerprint]) -> Placement:
    best, follows = 0.0, None
    compared = 0
    for other in candidates:
        hours = _hours(new.at, other.at)
        if hours > STORY_HOURS or compared >= _CANDIDATES:
            continue
        compared += 1
        mine, theirs = (_sketched(one, sketches) for one in (new, other))
        verdict = compare(mine, theirs, hours)
        if verdict.duplicate and hours <= DUPLICATE_HOURS:
            return Placement(same_as=other.same_as or other.id)
        # Titles alone say too little: half of what they join does not belong together.
        if verdict.same_story and verdict.score > best and mine.has_text and theirs.has_text:
            best, follows = verdict.score, other.id
    return Placement(follows=follows)


def _sketched(one: Stored, sketches: dict[int, Fingerprint]) -> Fingerprint:
    """Return the sketch of an article; those of a batch are made once."""
    if one.id not in sketches:
        sketches[one.id] = fingerprint(one.title, one.text)
    return sketches[one.id]


def _siblings(
    n: int, terms: Sequence[Sequence[int]], own: Mapping[int, Sequence[int]], arrivals: Sequence[NewArticle]
) -> list[Stored]:
    """Return the earlier arrivals of the batch that share enough rare lemmas with the n-th, most first."""
    shared: dict[int, int] = defaultdict(int)
    for lemma_id in terms[n]:
        for sibling in own.get(lemma_id, ()):
            shared[sibling] += 1
    close = sorted((m for m, number in shared.items() if number >= _SHARED), key=lambda m: (-shared[m], m))
    return [Stored(-1 - m, arrivals[m].title, arrivals[m].text, arrivals[m].at) for m in close[:_CANDIDATES]]


def _says(times: int, rareness: int) -> int:
    return round((1 + math.log(times)) * rareness)


def _hours(a: datetime | None, b: datetime | None) -> float:
    """Return the hours between two articles; too many when the time of one is not known."""
    if a is None or b is None:
        return STORY_HOURS + 1
    return abs((a - b).total_seconds()) / _HOUR


def story_name(titles: Sequence[str], words: Sequence[frozenset[str]]) -> str:
    """Return the title that has most in common with the others of a story, the shortest of equals; "" for none."""
    if not titles:
        return ""
    counted: dict[str, int] = defaultdict(int)
    for own in words:
        for word in own:
            counted[word] += 1

    def central(n: int) -> tuple[float, int, int]:
        own = words[n]
        shared = sum(counted[word] - 1 for word in own) / (len(own) + 3) if own else 0.0
        return (-round(shared, 6), len(titles[n]), n)

    return titles[min(range(len(titles)), key=central)]
