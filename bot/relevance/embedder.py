"""Having articles read by the optional model: each once, newest first, in a process of its own; then their stories."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

import structlog

from bot.model.relevance import Stored, ToEmbed
from bot.ports import EmbeddingStore, LeaseStore, StoryStore
from bot.relevance.embeddings import ModelFailed
from bot.relevance.fingerprints import fingerprint
from bot.relevance.joining import joins_by_meaning
from bot.relevance.semantic import SemanticIndex
from bot.relevance.similarity import STORY_HOURS
from bot.text.beside import beside
from bot.timing.clock import Clock

log = structlog.get_logger(__name__)

LEASE = "semantic"
_LEASE_SECONDS = 120
_BATCH = 8  # articles: about a second of work, then they are stored
_NEWEST = 300  # articles looked through for unread ones every few seconds
_STRETCH = 5000  # of the archive, looked through at a time when nothing new is there
_TOP = 2**62
_REST_SECONDS = 5.0
_FIRST_WAIT, _LONGEST_WAIT = 5.0, 600.0
_AGAIN_SECONDS = 3600.0  # the archive is looked through anew: an old article may have been corrected
_COMPARED = 12
_FELLOWS = 12  # articles of a story that a new one is held against
_TRIES = 3  # of looking for an article's story, while the database comes and goes
_WORTH_A_WORD = 200  # articles; a newsroom that had fewer did not wait for them


class Embedder(Protocol):
    """The model, wherever it runs: texts to vectors, as bot/relevance/embeddings.py keeps them."""

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        """Return a vector for each text; raises ModelFailed."""

    async def close(self) -> None:
        """Let it go; the next `embed` starts it again. May be repeated."""


@dataclass(slots=True, kw_only=True)
class EmbeddingWorker:
    """The reading. Any number of processes may have one: what is unread is read by one of them.

    `on_filled` is called once in a newsroom's life with each model: with how many articles have been read, when all
    have.
    """

    store: EmbeddingStore
    stories: StoryStore
    meaning: SemanticIndex
    embedder: Embedder
    leases: LeaseStore
    clock: Clock
    on_filled: Callable[[int], None] = lambda _: None
    _below: int = _TOP
    _through_at: float | None = None  # when the archive was looked through to its end
    _mine: bool = False
    _unthreaded: dict[int, int] = field(default_factory=dict)  # read, their stories not looked at yet: tries left
    _alone: int = 0  # so many more texts are read one by one, since the model failed
    _suspect: ToEmbed | None = None  # the model failed at this one alone
    _aside: dict[ToEmbed, float] = field(default_factory=dict)  # it failed at these and read others: since when

    async def run(self) -> None:
        """Read whatever is unread, until cancelled. A model that fails is started again, later and later.

        While the database is away nothing is read; the bot goes on.
        """
        wait = _FIRST_WAIT
        try:
            while True:
                try:
                    read = await self._turn()
                except ModelFailed as failure:
                    log.warning("the model does not answer; trying again", reason=str(failure), seconds=wait)
                    await self.embedder.close()
                    await self.clock.sleep(wait)
                    wait = min(_LONGEST_WAIT, 2 * wait)
                except Exception:
                    log.exception("what the model reads could not be read or kept; trying again")
                    await self.clock.rest(_REST_SECONDS)
                else:
                    if read:
                        wait = _FIRST_WAIT
                    else:
                        await self.clock.rest(_REST_SECONDS)
        finally:
            await asyncio.shield(self._end())

    async def _turn(self) -> int | None:
        if await self.store.is_on():
            return await self.step()
        await self.finish()
        return None

    async def _end(self) -> None:
        try:
            await self.finish()
        except Exception:
            log.exception("the turn to read could not be given back; it lapses by itself")

    async def finish(self) -> None:
        """Let the model go, and others have their turn. May be repeated."""
        await self.embedder.close()
        if self._mine:
            self._mine = False
            await self.leases.give_back(LEASE)

    async def step(self) -> int | None:
        """Read a few articles; returns how many, 0 when nothing is unread, None when another process is at it.

        Raises:
            ModelFailed: the model does not run or does not answer.

        """
        await self._thread_all()  # of the last turn, if the database went away in its midst
        looked_through = self._through_at
        unread = await self._next()
        now = self.clock.now()
        if not unread:
            if self._through_at != looked_through:
                await self._filled()
            return 0
        self._mine = await self.leases.take(LEASE, now, now + timedelta(seconds=_LEASE_SECONDS))
        if not self._mine:
            return None
        unread = self._carefully(unread)
        vectors = await self._embedded(unread)
        kept = await self.store.put(list(zip(unread, vectors, strict=True)))
        self._unthreaded |= dict.fromkeys(kept, _TRIES)
        self.meaning.look_again()
        await self._thread_all()
        return len(unread)

    def _carefully(self, unread: list[ToEmbed]) -> list[ToEmbed]:
        """Return what is read in one go: after a failure one text, first those that nothing is known against."""
        return sorted(unread, key=lambda one: one == self._suspect)[:1] if self._alone else unread

    async def _embedded(self, texts: Sequence[ToEmbed]) -> list[bytes]:
        """Have texts read. A text that ends the model each time must not keep all others from being read."""
        try:
            vectors = await self.embedder.embed([one.text for one in texts])
        except ModelFailed:
            if len(texts) == 1 and texts[0] != self._suspect:
                self._suspect = texts[0] if self._suspect is None else None  # after two in a row it is the model
            self._alone = _BATCH
            raise
        if self._suspect is not None and self._suspect not in texts:
            log.warning("the model fails at an article, which is left out for an hour", article_id=self._suspect.id)
            self._aside[self._suspect] = self.clock.monotonic()
        self._suspect = None
        self._alone = max(0, self._alone - 1)
        return vectors

    async def _unread(self, below: int, span: int) -> tuple[list[ToEmbed], int]:
        now = self.clock.monotonic()
        self._aside = {one: since for one, since in self._aside.items() if now - since < _AGAIN_SECONDS}
        found, lowest = await self.store.unread(below, span, _BATCH + len(self._aside))
        return [one for one in found if one not in self._aside][:_BATCH], lowest

    async def _filled(self) -> None:
        """Tell, the first time, that there is nothing left to read."""
        _, read = await self.store.counts()
        if read >= _WORTH_A_WORD and await self.store.filled(self.clock.now()):
            self.on_filled(read)

    async def _next(self) -> list[ToEmbed]:
        """Return unread articles: new ones first, then those of the archive, stretch by stretch."""
        newest, lowest = await self._unread(_TOP, _NEWEST)
        if newest:
            if newest[-1].id == lowest:  # more came at once than are looked through here
                self._through_at, self._below = None, _TOP
            return newest
        now = self.clock.monotonic()
        if self._through_at is not None and now - self._through_at < _AGAIN_SECONDS:
            return []
        found: list[ToEmbed] = []
        self._below = min(self._below, lowest)
        while self._below and not found:
            found, lowest = await self._unread(self._below, _STRETCH)
            if not found:
                self._below = lowest
        if not found:
            self._through_at, self._below = now, _TOP
        return found

    async def _thread_all(self) -> None:
        for number, tries in list(self._unthreaded.items()):
            self._unthreaded[number] = tries - 1
            if tries:  # what always fails must not keep the rest from being read
                await self._thread(number)
            del self._unthreaded[number]

    async def _thread(self, article_id: int) -> None:
        """Make the story of an article one with the story that it is nearest to."""
        own = (await self.stories.stored([article_id])).get(article_id)
        if own is None or own.same_as is not None or own.at is None:
            return
        alike = await self.meaning.near(article_id)
        there = await self.stories.stored(alike)
        recent = [n for n in alike if n in there and _hours(own, there[n]) <= STORY_HOURS]
        mine = await beside(len(own.text), fingerprint, own.title, own.text)
        joined = []
        for n in sorted(recent, key=lambda n: (-alike[n], -n))[:_COMPARED]:
            other = await beside(len(there[n].text), fingerprint, there[n].title, there[n].text)
            if joins_by_meaning(mine, other, _hours(own, there[n]), alike[n]):
                joined.append(n)
        fellows = await self.stories.fellows([article_id, *joined], _FELLOWS) if joined else {}
        for n in joined:
            if n in fellows[article_id].articles:
                return  # nothing outside of its own story is nearer
            if await self.meaning.belongs(fellows[article_id], fellows[n]):
                await self.stories.unite(article_id, n, self.clock.now())
                return


def _hours(a: Stored, b: Stored) -> float:
    """Return the hours between two articles; too many when the time of one is not known."""
    if a.at is None or b.at is None:
        return STORY_HOURS + 1
    return abs((a.at - b.at).total_seconds()) / 3600
