"""Where an article belongs as it comes in: whether it copies one that is there, and whose story it goes on with."""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from bot.model.relevance import BatchPlacement, NewArticle, Placement, Sibling, Stored
from bot.ports import StoryStore
from bot.relevance.fingerprints import Fingerprint, fingerprint
from bot.relevance.joining import joins_by_words
from bot.relevance.kept import Kept
from bot.relevance.one_page import Key, Piece, found_on
from bot.relevance.similarity import DUPLICATE_HOURS, STORY_HOURS, Likeness, compare
from bot.relevance.weights import rarity, weights
from bot.text.beside import LONG, beside

_RAREST = 8  # lemmas under which articles like a new one are looked for
_NEW = 4  # lemmas no article has yet: under these only the rest of the batch is looked through
_COMMON = 400  # articles; a lemma that more have brings too many
_SHARED = 3  # of them that an article must have to be compared at all
_CANDIDATES = 12  # compared, the ones that share most first
_HOUR = 3600
_ON_PAGE = 40  # articles of one address that are compared, the newest
_KEPT_WORDS = 200_000  # of the fingerprints that are kept, some 60 MB: those of the last batches of an import

Term = int | str
"""A lemma by its number, or by itself when no article has it yet."""
Candidates = Sequence[tuple[Key, Stored | NewArticle]]
Sketching = Callable[[Stored | NewArticle], Fingerprint]


@dataclass(frozen=True, slots=True)
class Threader:
    """Finding the places of articles.

    An article is compared with those that came shortly before it, batch after batch: what was worked out of them is
    kept for a while.
    """

    store: StoryStore
    sketches: Kept[tuple[str, str], Fingerprint] = field(default_factory=lambda: Kept(_KEPT_WORDS), repr=False)

    async def place(self, arrival: NewArticle) -> Placement:
        """Return the place of one arrival among what is there."""
        found = (await self.places([arrival]))[0]
        assert not isinstance(found.same_as, Sibling)
        assert not isinstance(found.follows, Sibling)
        assert not isinstance(found.resembles, Sibling)
        retold = tuple(one for one in found.retells if not isinstance(one, Sibling))
        return Placement(found.same_as, found.follows, found.resembles, retold)

    async def places(self, arrivals: Sequence[NewArticle]) -> list[BatchPlacement]:
        """Return the place of each arrival, those before it in the list counted as there."""
        terms = await self._rare(arrivals)
        near = await self._near(arrivals, terms)
        there_before = await self.store.by_url({one.url_key for one in arrivals if one.url_key}, _ON_PAGE)
        compared = {number for numbers in (*near.values(), *there_before.values()) for number in numbers}
        stored = await self.store.stored(compared)
        long_ones = await self._long_ones([*arrivals, *stored.values()])

        def sketched(one: Stored | NewArticle) -> Fingerprint:
            return long_ones.get((one.title, one.text)) or self._sketched(one)

        pages = _Pages(there_before, stored, sketched)
        own: dict[Term, list[int]] = defaultdict(list)  # which arrivals have a rare lemma
        found: list[BatchPlacement] = []
        for n, arrival in enumerate(arrivals):
            there: Candidates = [(number, stored[number]) for number in near.get(n, ()) if number in stored]
            with_it: Candidates = [(Sibling(m), arrivals[m]) for m in _siblings(terms[n], own)]
            place = _place(arrival, [*there, *with_it], sketched, pages.members(arrival.url_key))
            found.append(pages.placed(Sibling(n), arrival, place) if arrival.url_key else place)
            for term in terms[n]:
                own[term].append(n)
        return found

    async def _long_ones(self, texts: Iterable[Stored | NewArticle]) -> dict[tuple[str, str], Fingerprint]:
        """Return the sketches of the long ones of these texts, made beside the event loop if they are not there."""
        made = {}
        for key in {(one.title, one.text) for one in texts if len(one.text) > LONG}:
            kept = self.sketches.known(key)
            sketch = kept if kept is not None else await beside(len(key[1]), fingerprint, *key)
            made[key] = self.sketches.get(key, partial(_itself, sketch), _length)
        return made

    def _sketched(self, one: Stored | NewArticle) -> Fingerprint:
        return self.sketches.get((one.title, one.text), lambda: fingerprint(one.title, one.text), _length)

    async def _near(self, arrivals: Sequence[NewArticle], terms: Sequence[Sequence[Term]]) -> dict[int, list[int]]:
        """Return the articles that each arrival is compared with: reading and parsing them is most of the work."""
        known = [[term for term in own if isinstance(term, int)] for own in terms]
        asked = {n: ids for n, ids in enumerate(known) if ids and arrivals[n].at is not None}
        near = await self.store.having(asked, _SHARED, 4 * _CANDIDATES)
        at = await self.store.appeared({number for numbers in near.values() for number in numbers})
        return {
            n: [one for one in numbers if _hours(arrivals[n].at, at.get(one)) <= STORY_HOURS][:_CANDIDATES]
            for n, numbers in near.items()
        }

    async def _rare(self, arrivals: Sequence[NewArticle]) -> list[tuple[Term, ...]]:
        """Return the lemmas that say most about each arrival."""
        counted = [weights(arrival.terms) for arrival in arrivals]
        texts = {text for own in counted for text in own}
        known = {lemma.text: lemma for lemma in await self.store.known(sorted(texts))}
        total = await self.store.size()
        rare: list[tuple[Term, ...]] = []
        for own in counted:
            there = {word: known[word] for word in own if word in known and known[word].articles <= _COMMON}
            said = {word: _says(own[word], rarity(total, lemma.articles)) for word, lemma in there.items()}
            first = sorted(there, key=lambda word: (-said[word], word))[:_RAREST]
            new = sorted(word for word in own if word not in known)[:_NEW]  # the batch may share them
            rare.append((*(there[word].id for word in first), *new))
        return rare


@dataclass(slots=True)
class _Pages:
    """What stands at the addresses of a batch: what was there, the newest of it, and what comes with it."""

    numbers: Mapping[str, Sequence[int]]
    stored: Mapping[int, Stored]
    sketched: Sketching
    _coming: dict[str, list[tuple[Key, Piece]]] = field(default_factory=lambda: defaultdict(list))

    def members(self, page: str) -> set[Key]:
        """Return the articles of an address, copies too."""
        return {*self.numbers.get(page, ()), *(key for key, _ in self._coming.get(page, ()))}

    def placed(self, key: Key, new: NewArticle, place: BatchPlacement) -> BatchPlacement:
        """Return the place of a new article on its page, which is else `place`; from now on it stands there."""
        page, sketch = new.url_key, self.sketched(new)
        there = [self.stored[number] for number in self.numbers.get(page, ()) if number in self.stored]
        pieces = [Piece(one.id if one.same_as is None else one.same_as, self.sketched(one), one.at) for one in there]
        pieces += [piece for _, piece in self._coming[page]]
        likeness, other = found_on(pieces[-_ON_PAGE:], sketch, new.at)
        if likeness is Likeness.COPY:
            place = BatchPlacement(same_as=other)
        elif likeness is Likeness.RESEMBLES and place.same_as is None:
            place = replace(place, resembles=other)
        first = key if place.same_as is None else place.same_as
        self._coming[page].append((key, Piece(first, sketch, new.at)))
        return place


def _itself(sketch: Fingerprint) -> Fingerprint:
    return sketch


def _length(sketch: Fingerprint) -> int:
    return sketch.length


def _place(
    new: NewArticle, candidates: Candidates, sketched: Sketching, page: Collection[Key] = frozenset()
) -> BatchPlacement:
    """Return the place of a new article among some others; whether it copies one of its own page is told elsewhere."""
    best: float = 0.0
    follows: Key | None = None
    resembles: Key | None = None
    retells: list[Key] = []
    compared = 0
    for key, other in candidates:
        hours = _hours(new.at, other.at)
        if hours > STORY_HOURS or compared >= _CANDIDATES:
            continue
        compared += 1
        mine, theirs = sketched(new), sketched(other)
        verdict = compare(mine, theirs, hours)
        if verdict.duplicate and hours <= DUPLICATE_HOURS and key not in page:
            first = other.same_as if isinstance(other, Stored) else None
            return BatchPlacement(same_as=first or key)
        if verdict.resembles and resembles is None:
            resembles = key
        if verdict.retells:
            retells.append(key)
        if verdict.score > best and joins_by_words(mine, theirs, hours, verdict.score):
            best, follows = verdict.score, key
    return BatchPlacement(follows=follows, resembles=resembles, retells=tuple(retells))


def _siblings(terms: Sequence[Term], own: Mapping[Term, Sequence[int]]) -> list[int]:
    """Return the places of the earlier arrivals of the batch that share enough rare lemmas with these, most first."""
    shared: dict[int, int] = defaultdict(int)
    for term in terms:
        for sibling in own.get(term, ()):
            shared[sibling] += 1
    close = sorted((m for m, number in shared.items() if number >= _SHARED), key=lambda m: (-shared[m], m))
    return close[:_CANDIDATES]


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
