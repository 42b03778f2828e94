"""Fan-out: what is due begins, and its deliveries are written, one range of readers after the other."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.delivery.batch_size import BatchSizer
from bot.delivery.retellings import told_before
from bot.model.desk import Publication
from bot.model.news import RevisionKind
from bot.ports import ArticleStore, CorrectionStore, KeywordStore, PublicationStore, StoryStore
from bot.readers.audience import find_targeting
from bot.relevance.threading import Threader
from bot.relevance.written import new_article, written_beside
from bot.timing.clock import Clock

_AGAIN_SECONDS = 60.0
log = structlog.get_logger(__name__)

SHELF_LIFE = timedelta(hours=6)  # after that a headline is no news any more


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOut:
    """Begins publications that are due, and writes the deliveries of those that have begun.

    While `held`, none begins and none goes on: see bot/operations/restart_guard.py. None begins whose moment is
    `premature`: see bot/operations/clock_guard.py.
    """

    articles: ArticleStore
    publications: PublicationStore
    corrections: CorrectionStore
    stories: StoryStore
    keywords: KeywordStore
    clock: Clock
    wake_sender: Callable[[], None]
    held: Callable[[], bool]
    premature: Callable[[datetime], bool] = lambda _: False
    _not_before: dict[int, float] = field(default_factory=dict)

    async def run_due(self) -> int:
        """Publish what is due and write its deliveries; returns how many publications were begun.

        Called by the ticker, in every replica; each step is one transaction that only one of them gets.
        """
        begun = 0
        if self.held():
            return begun
        for publication in await self.publications.due(self.clock.now()):
            begun += not self.premature(publication.at) and await self._guarded(publication, self._start)
        for publication in await self.publications.fanning():
            first = publication.purpose is RevisionKind.FIRST
            await self._guarded(publication, self._push if first else self.spread)
        if begun:
            self.wake_sender()
        return begun

    async def _guarded(self, publication: Publication, step: Callable[[Publication], Awaitable[bool | None]]) -> bool:
        """Take a step; one publication that cannot go on holds up no other, and is not tried again every second."""
        now = self.clock.monotonic()
        if now < self._not_before.get(publication.id, now):
            return False
        try:
            done = bool(await step(publication))
        except Exception:
            log.exception("a publication cannot go on; trying again in a minute", publication=publication.id)
            self._not_before[publication.id] = now + _AGAIN_SECONDS
            return False
        self._not_before.pop(publication.id, None)
        return done

    async def _start(self, publication: Publication) -> bool:
        article = await self.articles.get(publication.article_id)
        words, now = await written_beside(article), self.clock.now()
        place = await Threader(self.stories).place(new_article(article, words, article.published_at or now))
        # An editor's own text is never taken for a copy: what it repeats, it goes on with.
        follows = place.follows or place.same_as if article.story_id is None else None
        terms, retells = words.terms, place.retells
        return await self.publications.start(publication.id, article.version, terms, now, follows, retells)

    async def _push(self, publication: Publication) -> None:
        article, now = await self.articles.get(publication.article_id), self.clock.now
        matter = await find_targeting(article, self.keywords)
        told = await told_before(article, matter, self.articles, self.keywords)
        spans, more = BatchSizer.of_rows(self.clock) if told else BatchSizer(self.clock), True
        while more:
            with spans.next() as span:
                more = await self.publications.fan_out(publication.id, matter, span, now(), SHELF_LIFE, told)
            self.wake_sender()

    async def spread(self, publication: Publication) -> None:
        """Write the deliveries of a correction, as far as they can be written now. May be repeated."""
        spans, more = BatchSizer.of_rows(self.clock), True
        while more:
            with spans.next() as span:
                more = await self.corrections.spread(publication.id, span, self.clock.now())
            self.wake_sender()
