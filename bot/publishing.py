"""Publishing: who will get an article, when it goes out, and writing what is owed to each reader."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.audience import Matter
from bot.clock import Clock
from bot.correcting import Correcting, article_terms
from bot.errors import NotReady
from bot.feeds.items import url_key
from bot.model.desk import Audience, Editor, Order, Publication
from bot.model.ledger import Lane, Policy
from bot.model.news import Article, Headline, RevisionKind
from bot.ports import ArticleStore, AudienceStore, PublicationStore, StoryStore
from bot.readership import Readership
from bot.related.placing import Arrival, Place, Placing
from bot.spans import Spans
from bot.text.document import document_text
from bot.text.markup import parse_html

SHELF_LIFE = timedelta(hours=6)  # after that a headline is no news any more


UNDO = timedelta(seconds=30)  # how long urgent news for many waits, so that it can be taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """The way of an article from the desk to the ledger. Urgent news for more than `hold_above` readers waits UNDO."""

    articles: ArticleStore
    publications: PublicationStore
    audiences: AudienceStore
    readership: Readership
    correcting: Correcting
    stories: StoryStore
    clock: Clock
    rate: float
    hold_above: int
    wake_sender: Callable[[], None]

    async def audience(self, article: Article, *, urgent: bool) -> Audience:
        """Return how many readers would get the article now."""
        matter = await self.readership.matter(article)
        matter = Matter(matter.keys, matter.language, urgent)
        return await self.audiences.count(matter, self.clock.now())

    def seconds_for(self, audience: Audience) -> float:
        """Return about how long it takes to send to the readers who get it at once."""
        return audience.now / self.rate

    async def alike(self, article: Article) -> Headline | None:
        """Return the published article of the last days that this one repeats, or None."""
        place = await self._place(article)
        found = await self.articles.headlines([place.same_as]) if place.same_as is not None else []
        return found[0] if found else None

    async def _place(self, article: Article) -> Place:
        text = f"{article.lead}\n{document_text(parse_html(article.body))}".strip()
        arrival = Arrival(article.title, text, article_terms(article), self.clock.now(), url_key(article.url))
        return (await Placing(self.stories).places([arrival]))[0]

    async def order(
        self,
        article: Article,
        editor: Editor,
        *,
        urgent: bool = False,
        at: datetime | None = None,
        policy: Policy = Policy.HOLD,
    ) -> int:
        """Order the article to go out at an instant, or now; returns the publication's number.

        Raises:
            NotReady: it has no title.
            Stale: it has changed, or somebody has ordered it already.

        """
        if not article.title:
            raise NotReady(what="field-title")
        now = self.clock.now()
        lane = Lane.URGENT if urgent else Lane.INSTANT
        if urgent and at is None and (await self.audience(article, urgent=True)).now > self.hold_above:
            at = now + UNDO
        return await self.publications.order(
            Order(article.id, article.version, at or now, editor.user_id, lane, policy), now
        )

    async def undo(self, publication: Publication, editor: Editor) -> None:
        """Take a send back before it begins; raises Stale when it has begun."""
        await self.publications.cancel(publication.article_id, editor.user_id, self.clock.now())
        await self.publications.reported([publication.id])

    async def cancel(self, article_id: int, editor: Editor) -> None:
        """Take a scheduled article back to the drafts; raises Stale when it has gone out."""
        await self.publications.cancel(article_id, editor.user_id, self.clock.now())

    async def run_due(self) -> int:
        """Publish what is due and write what it owes; returns how many publications were begun.

        Called by the ticker, in every replica; each step is one transaction that only one of them gets.
        """
        begun = 0
        for publication in await self.publications.due(self.clock.now()):
            begun += await self._start(publication)
        for publication in await self.publications.fanning():
            if publication.purpose is RevisionKind.FIRST:
                await self._fan_out(publication)
            else:
                await self.correcting.spread(publication)
        if begun:
            self.wake_sender()
        return begun

    async def _start(self, publication: Publication) -> bool:
        article = await self.articles.get(publication.article_id)
        place = await self._place(article)
        # An editor's own text is never taken for a copy: what it repeats, it goes on with.
        follows = place.follows or place.same_as if article.story_id is None else None
        return await self.publications.start(
            publication.id, article.version, article_terms(article), self.clock.now(), follows
        )

    async def _fan_out(self, publication: Publication) -> None:
        matter = await self.readership.matter(await self.articles.get(publication.article_id))
        more = True
        spans = Spans(self.clock.monotonic)
        while more:
            with spans.next() as span:
                more = await self.publications.fan_out(publication.id, matter, span, self.clock.now(), SHELF_LIFE)
            self.wake_sender()
