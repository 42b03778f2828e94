"""Publishing: who will get an article, and when it goes out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import NotReady, Stale
from bot.model.desk import Audience, Editor, Order, PublicationState
from bot.model.ledger import Policy, Priority
from bot.model.news import Article, ArticleState, Headline
from bot.ports import ArticleStore, AudienceStore, KeywordStore, PublicationStore, StoryStore
from bot.readers.audience import find_targeting
from bot.relevance.threading import Threader
from bot.relevance.written import new_article, written_beside
from bot.timing.clock import Clock

UNDO = timedelta(seconds=30)  # how long urgent news for many waits, so that it can be taken back


@dataclass(frozen=True, slots=True)
class Prospect:
    """What an editor has to know before an article goes out: to how many, how fast, and what it repeats, if anything.

    `rate` is in messages a second. `resembles` is what it may repeat, and may not.
    """

    audience: Audience
    rate: float
    repeats: Headline | None
    resembles: Headline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """The way of an article from the desk to the ledger. Urgent news for more than `hold_above` readers waits UNDO.

    `rate` is in messages a second; `wake_fan_out` has what is due begin at once.
    """

    articles: ArticleStore
    publications: PublicationStore
    audiences: AudienceStore
    keywords: KeywordStore
    stories: StoryStore
    clock: Clock
    rate: float
    hold_above: int
    wake_fan_out: Callable[[], None]

    async def prospect(self, article: Article, *, urgent: bool) -> Prospect:
        """Return what an editor has to know before the article goes out."""
        repeats, resembles = await self.alike(article)
        return Prospect(await self.audience(article, urgent=urgent), self.rate, repeats, resembles)

    async def audience(self, article: Article, *, urgent: bool) -> Audience:
        """Return how many readers would get the article now."""
        matter = await find_targeting(article, self.keywords)
        return await self.audiences.count(replace(matter, urgent=urgent), self.clock.now())

    async def alike(self, article: Article) -> tuple[Headline | None, Headline | None]:
        """Return the published article of the last days that this one repeats, and one that it only looks like."""
        words = await written_beside(article)
        arrival = new_article(article, words, article.published_at or self.clock.now())
        place = await Threader(self.stories).place(arrival)
        asked = [number for number in (place.same_as, place.resembles) if number is not None]
        found = {one.id: one for one in await self.articles.headlines(asked)} if asked else {}
        return found.get(place.same_as or 0), found.get(place.resembles or 0)

    async def order(
        self,
        article: Article,
        editor: Editor,
        *,
        urgent: bool = False,
        at: datetime | None = None,
        policy: Policy = Policy.HOLD,
    ) -> int:
        """Order the article to go out at an instant, or now; one that waits is moved. Returns the publication's number.

        Raises:
            NotReady: it has no title.
            Stale: it has changed, or somebody has ordered it already.

        """
        if not article.title:
            raise NotReady(what="field-title")
        now = self.clock.now()
        lane = Priority.URGENT if urgent else Priority.INSTANT
        if urgent and at is None and (await self.audience(article, urgent=True)).now > self.hold_above:
            at = now + UNDO
        order = Order(article.id, article.version, at or now, editor.user_id, lane, policy)
        if article.state is ArticleState.SCHEDULED:
            number = await self.publications.move(order, now)
        else:
            number = await self.publications.order(order, now)
        self.wake_fan_out()
        return number

    async def schedule(self, article: Article, editor: Editor, at: datetime) -> Article:
        """Order the article to go out at an instant; returns it as it is then. Raises as `order`."""
        await self.order(article, editor, at=at)
        return await self.articles.get(article.id)

    async def undo(self, publication_id: int, editor: Editor, until: int | None = None) -> Article:
        """Take a send back that is held, until that second if it is known; returns the draft.

        Raises Stale when it has begun, was taken back, or moved: what waits by now is another plan of the article.
        """
        article = await self.articles.get((await self.publications.get(publication_id)).article_id)
        publication = await self.publications.get(publication_id)  # again: what changes behind it has another version
        held = publication.state is PublicationState.SCHEDULED and publication.lane is Priority.URGENT
        if not held or until not in {None, int(publication.at.timestamp())}:
            raise Stale
        article = await self.cancel(article, editor)
        await self.publications.reported([publication_id])
        return article

    async def cancel(self, article: Article, editor: Editor) -> Article:
        """Take a scheduled article back to the drafts; returns it. Raises Stale when it has gone out, or changed."""
        await self.publications.cancel(article.id, article.version, editor.user_id, self.clock.now())
        return await self.articles.get(article.id)
