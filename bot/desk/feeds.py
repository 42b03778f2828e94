"""What the desk does with feeds: finding and adding them, their settings, and the questions they raise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import NotFound, Stale
from bot.fetch.answers import Failed
from bot.inflow.finder import FeedFinder, FoundFeed
from bot.inflow.inflow import Inflow
from bot.inflow.revisions import Revisions
from bot.model.changes import ArticleChanges
from bot.model.desk import Editor
from bot.model.feeds import (
    Activity,
    Feed,
    FeedItem,
    FeedMode,
    FeedNotice,
    FeedSettings,
    FeedState,
    ItemState,
    NoticeKind,
    channel_address,
)
from bot.model.news import Article, ArticleState, RevisionKind, Topic
from bot.ports import ArticleStore, FeedItemStore, FeedNoticeStore, FeedStore, TopicStore
from bot.relevance.written import work_out
from bot.text.beside import beside
from bot.text.phrasebook import phrases
from bot.timing.clock import Clock

_WEEK = timedelta(days=7)
NOTHING = Activity()


@dataclass(frozen=True, slots=True)
class ChangedText:
    """A question about an article whose source has changed it: as it is here, and as it would be."""

    notice: FeedNotice
    article: Article
    title: str
    lead: str
    body: str

    @property
    def is_taken(self) -> bool:
        """Whether the article has that text already."""
        article = self.article
        return (article.title, article.lead, article.body) == (self.title, self.lead, self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDesk:
    """What editors do with feeds. `wake` has feeds that are due asked at once."""

    feeds: FeedStore
    items: FeedItemStore
    notices: FeedNoticeStore
    articles: ArticleStore
    topics: TopicStore
    finder: FeedFinder
    inflow: Inflow
    revisions: Revisions
    clock: Clock
    wake: Callable[[], None]

    async def find(self, text: str, editor: Editor) -> list[tuple[Feed, FoundFeed]] | Failed:
        """Return the feeds of an address, each offered to be added, or why there is none."""
        found = await self.finder.find(text)
        if isinstance(found, Failed):
            return found
        return [(await self._offered(one, editor), one) for one in found]

    async def look_again(self, feed_id: int) -> tuple[Feed, FoundFeed] | Failed:
        """Return a feed that was offered, with what it holds now, or why it cannot be had. Raises NotFound."""
        feed = await self.feeds.get(feed_id)
        found = await self.finder.find(feed.address)
        return found if isinstance(found, Failed) else (feed, found[0])

    async def offer_channel(self, chat_id: int, name: str, editor: Editor) -> Feed:
        """Return a channel of Telegram's as a feed, offered to be added. May be repeated."""
        address, by, now = channel_address(chat_id), editor.user_id, self.clock.now()
        number = await self.feeds.add(address, name, FeedMode.APPROVE, FeedState.OFFERED, by, now)
        return await self.feeds.get(number)

    async def _offered(self, found: FoundFeed, editor: Editor) -> Feed:
        name, by, now = found.parsed.head.name, editor.user_id, self.clock.now()
        number = await self.feeds.add(found.address, name, FeedMode.APPROVE, FeedState.OFFERED, by, now)
        return await self.feeds.get(number)

    async def add(self, feed_id: int, mode: FeedMode, editor: Editor) -> Feed:
        """Add a feed that was offered; it is asked at once. Raises NotFound. May be repeated."""
        offered = await self.feeds.get(feed_id)
        now = self.clock.now()
        await self.feeds.add(offered.address, offered.name, mode, FeedState.ACTIVE, editor.user_id, now)
        self.wake()
        return await self.feeds.get(feed_id)

    async def listed(self) -> list[tuple[Feed, Activity]]:
        """Return the feeds with how much each brings."""
        activity = await self.feeds.activity(self.clock.now() - _WEEK)
        return [(feed, activity.get(feed.id, NOTHING)) for feed in await self.feeds.all()]

    async def open(self, feed_id: int) -> tuple[Feed, Activity]:
        """Return a feed with how much it brings. Raises NotFound."""
        feed = await self.feeds.get(feed_id)
        activity = await self.feeds.activity(self.clock.now() - _WEEK)
        return feed, activity.get(feed_id, NOTHING)

    async def change(self, feed_id: int, settings: FeedSettings, editor: Editor) -> None:
        """Change settings of a feed. Raises NotFound."""
        await self.feeds.change(feed_id, settings, editor.user_id, self.clock.now())
        self.wake()

    async def map_category(self, feed_id: int, category: str, topic_id: int | None, editor: Editor) -> Feed:
        """File a category of a feed under a topic: 0 under none, None by itself. Raises NotFound."""
        feed = await self.feeds.get(feed_id)
        slugs = {topic.id: topic.slug for topic in await self.topics.all()}
        mapping = {name: slug for name, slug in feed.topics.items() if name != category}
        if topic_id is not None:
            mapping[category] = slugs.get(topic_id, "")
        await self.change(feed_id, FeedSettings(topics=mapping), editor)
        return await self.feeds.get(feed_id)

    async def all_topics(self) -> list[Topic]:
        """Return the newsroom's topics."""
        return await self.topics.all()

    async def remove(self, feed_id: int, editor: Editor) -> None:
        """Forget a feed; what it brought stays. May be repeated."""
        await self.feeds.remove(feed_id, editor.user_id, self.clock.now())

    async def ask_now(self, feed_id: int) -> None:
        """Have a feed asked at once. May be repeated."""
        await self.feeds.ask_soon(feed_id, self.clock.now())
        self.wake()

    async def release(self, feed_id: int, mode: FeedMode | None) -> int:
        """Let what is held of a feed go as the mode says, None drops it; returns how many items that were.

        Raises:
            NotFound: there is no such feed.
            Stale: nothing is held any more.

        """
        feed, held = await self.feeds.get(feed_id), await self.items.held(feed_id)
        if not held:
            raise Stale
        match mode:
            case FeedMode.PUBLISH:
                await self.inflow.publish(feed, held)
            case FeedMode.ARCHIVE:
                await self.inflow.archive(feed, held)
            case FeedMode.APPROVE:
                await self.inflow.draft(feed, held)
            case None:
                await self._drop(feed, held)
        return len(held)

    async def _drop(self, feed: Feed, held: Mapping[str, object]) -> None:
        known = await self.items.of(feed.id)
        rows: Sequence[FeedItem] = [known[key] for key in held if key in known]
        await self.items.put(feed.id, [_dropped(row) for row in rows])

    async def changed(self, notice_id: int) -> ChangedText:
        """Return what a question is about: an article that its source has changed. Raises NotFound."""
        notice = await self.notices.get(notice_id)
        if notice.kind is not NoticeKind.CHANGED or notice.article_id is None:
            raise NotFound
        article = await self.articles.get(notice.article_id)
        title, lead, body = (str(notice.detail.get(part, "")) for part in ("title", "lead", "body"))
        return ChangedText(notice, article, title, lead, body)

    async def follow(self, notice_id: int, kind: RevisionKind, editor: Editor) -> Article:
        """Take over what a source has changed: in a draft, or as a typo or a correction; returns the article as it is.

        The question is answered by the same commit: what is taken over is not lost, nor taken over twice.

        Raises:
            NotFound: there is no such question.
            Stale: somebody has answered it, or the article has changed meanwhile or is no more.

        """
        asked = await self.changed(notice_id)
        if asked.is_taken and _is_answered_by(editor, asked):  # handled again after a kill
            return asked.article
        article = asked.article
        if article.state is ArticleState.PUBLISHED:
            said = phrases(article.language)("source-note") if kind is RevisionKind.CORRECTION else ""
            text = (asked.title, asked.lead, asked.body)
            await self.revisions.correct(article, text, kind, by=editor.user_id, note=said, answers=notice_id)
        else:
            words = await beside(
                len(asked.body), work_out, asked.title, asked.lead, asked.body, article.language, article.tags
            )
            changes = ArticleChanges(title=asked.title, lead=asked.lead, body=asked.body, minutes=words.minutes)
            await self.articles.revise_draft(
                article.id,
                article.version,
                changes,
                editor.user_id,
                self.clock.now(),
                scheduled=True,
                answers=notice_id,
            )
        return await self.articles.get(article.id)

    async def leave(self, notice_id: int, editor: Editor) -> Article:
        """Leave an article as it is; returns it. Raises as `follow`."""
        asked = await self.changed(notice_id)
        if asked.is_taken or not _is_answered_by(editor, asked):
            await self.notices.answer(notice_id, editor.user_id, self.clock.now())
        return asked.article


def _is_answered_by(editor: Editor, asked: ChangedText) -> bool:
    """Tell whether this editor has answered a question already, and is only told so once more."""
    return asked.notice.answered_by == editor.user_id


def _dropped(item: FeedItem) -> FeedItem:
    return FeedItem(
        key=item.key,
        state=ItemState.DROPPED,
        print=item.print,
        url_key=item.url_key,
        dated_at=item.dated_at,
        seen_at=item.seen_at,
    )
