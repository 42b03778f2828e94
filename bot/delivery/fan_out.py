"""Fan-out: what is due begins, and its deliveries are written, one range of readers after the other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.delivery.batch_size import BatchSizer
from bot.model.desk import Publication
from bot.model.news import RevisionKind
from bot.ports import ArticleStore, CorrectionStore, KeywordStore, PublicationStore, StoryStore
from bot.readers.audience import find_targeting
from bot.relevance.threading import Threader
from bot.relevance.written import new_article, written
from bot.timing.clock import Clock

SHELF_LIFE = timedelta(hours=6)  # after that a headline is no news any more


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOut:
    """Begins publications that are due, and writes the deliveries of those that have begun."""

    articles: ArticleStore
    publications: PublicationStore
    corrections: CorrectionStore
    stories: StoryStore
    keywords: KeywordStore
    clock: Clock
    wake_sender: Callable[[], None]

    async def run_due(self) -> int:
        """Publish what is due and write its deliveries; returns how many publications were begun.

        Called by the ticker, in every replica; each step is one transaction that only one of them gets.
        """
        begun = 0
        for publication in await self.publications.due(self.clock.now()):
            begun += await self._start(publication)
        for publication in await self.publications.fanning():
            if publication.purpose is RevisionKind.FIRST:
                await self._push(publication)
            else:
                await self.spread(publication)
        if begun:
            self.wake_sender()
        return begun

    async def _start(self, publication: Publication) -> bool:
        article = await self.articles.get(publication.article_id)
        words, now = written(article), self.clock.now()
        place = await Threader(self.stories).place(new_article(article, words, now))
        # An editor's own text is never taken for a copy: what it repeats, it goes on with.
        follows = place.follows or place.same_as if article.story_id is None else None
        return await self.publications.start(publication.id, article.version, words.terms, now, follows)

    async def _push(self, publication: Publication) -> None:
        matter = await find_targeting(await self.articles.get(publication.article_id), self.keywords)
        spans, more = BatchSizer(self.clock), True
        while more:
            with spans.next() as span:
                more = await self.publications.fan_out(publication.id, matter, span, self.clock.now(), SHELF_LIFE)
            self.wake_sender()

    async def spread(self, publication: Publication) -> None:
        """Write the deliveries of a correction, as far as they can be written now. May be repeated."""
        spans, more = BatchSizer(self.clock), True
        while more:
            with spans.next() as span:
                more = await self.corrections.spread(publication.id, span, self.clock.now())
            self.wake_sender()
