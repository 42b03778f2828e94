"""Telegram channels as sources: posts become articles by the rules of feeds, and an edited post is a changed item.

Nobody polls a channel: Telegram brings its posts where the bot is an administrator. That a post was deleted it tells
nobody.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.errors import Empty, NotFound
from bot.feeds.intake import album_of
from bot.inflow.arrivals import own
from bot.inflow.inflow import FLOOD, Inflow
from bot.inflow.revisions import Revisions
from bot.model.feeds import (
    Feed,
    FeedItem,
    FeedMode,
    FeedSettings,
    FeedState,
    ItemState,
    NoticeKind,
    channel_address,
    post_identity,
)
from bot.model.news import Incoming, Photo
from bot.ports import FeedItemStore, FeedNoticeStore, FeedStore
from bot.text.document import document_text
from bot.text.entities import Entity, parse_message
from bot.text.intake import read_post
from bot.text.language import detect_language
from bot.text.markup import to_html
from bot.text.urls import url_key
from bot.timing.clock import Clock

QUIET = timedelta(seconds=3)
"""An album is whole when nothing more of it has come for so long."""
_MOST_PICTURES = 10  # what an album holds; Bot API, sendMediaGroup
_FLOOD_WITHIN = timedelta(minutes=10)
_STILL_NEWS = timedelta(days=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of a channel: `group` is the album it belongs to, `credit` whom it was forwarded from, "" for nobody."""

    chat_id: int
    message_id: int
    at: datetime
    name: str
    text: str
    entities: tuple[Entity, ...] = ()
    media: tuple[Photo, ...] = ()
    group: str = ""
    credit: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """What its item is known by: an album is one."""
        return f"album:{self.group}"[:50] if self.group else f"post:{self.message_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInflow:
    """Takes in what channels post. `flush` is to be called again and again: it takes in albums that are whole."""

    feeds: FeedStore
    items: FeedItemStore
    notices: FeedNoticeStore
    inflow: Inflow
    revisions: Revisions
    clock: Clock

    async def take(self, post: Post) -> None:
        """Take in a new post of a channel that is followed; others are nobody's. May be repeated."""
        feed = await self._followed(post)
        if feed is None:
            return
        known = (await self.items.known(feed.id, {post.key})).get(post.key)
        if post.group:
            await self._gather(feed, post, known)
        elif known is None:
            await self._take(feed, post)

    async def change(self, post: Post) -> None:
        """Follow an edited post. May be repeated: what is the same changes nothing."""
        feed = await self._followed(post)
        known = (await self.items.known(feed.id, {post.key})).get(post.key) if feed is not None else None
        incoming = _incoming(post)
        if feed is None or known is None or incoming is None:
            return
        new = own(incoming, feed)
        if known.state is ItemState.GATHERED:
            before = await self.items.gathered(feed.id, post.key)
            if before is None or not before.title or before.url == post.url:
                await self._gather(feed, post, known)
        elif known.state is ItemState.DROPPED and not known.print:  # it had no words until now
            if self.clock.now() - post.at <= _STILL_NEWS:
                await self._take(feed, post)
        elif not post.group or not known.url_key or known.url_key == url_key(post.url):
            # What is written under another picture of an album is not what the article says.
            if known.state is ItemState.HELD:
                held = (await self.items.held(feed.id)).get(post.key)
                new = replace(new, photo=held.photo if held is not None else new.photo)
            await self.revisions.follow(feed, {post.key: new}, {post.key: known})

    async def flush(self) -> None:
        """Take in the albums of which nothing more comes. May be repeated, also by several processes."""
        now = self.clock.now()
        for feed_id, key, gathered in await self.items.take_gathered(now - QUIET, now):
            try:
                feed = await self.feeds.get(feed_id)
            except NotFound:
                continue
            if gathered.title:
                await self._store(feed, key, gathered)
            else:
                await self.items.put(feed_id, [_wordless(key, now)])

    async def left(self, chat_id: int) -> None:
        """Note that the bot is no administrator of a channel any more: owners hear that its news has ended."""
        feed = await self.feeds.at(channel_address(chat_id))
        if feed is not None and feed.state is FeedState.ACTIVE:
            await self._turn(feed, FeedState.ENDED, NoticeKind.ENDED)

    async def came_back(self, chat_id: int) -> None:
        """Note that the bot is an administrator of a channel, again or for the first time."""
        feed = await self.feeds.at(channel_address(chat_id))
        if feed is not None and feed.state is FeedState.ENDED:
            await self._turn(feed, FeedState.ACTIVE, NoticeKind.RECOVERED)

    async def _turn(self, feed: Feed, state: FeedState, tell: NoticeKind) -> None:
        # The notice first: what has ended and nobody is told of would stay so.
        now = self.clock.now()
        await self.notices.add(feed.id, tell, {}, now)
        await self.feeds.change(feed.id, FeedSettings(state=state), None, now)

    async def _followed(self, post: Post) -> Feed | None:
        feed = await self.feeds.at(channel_address(post.chat_id))
        return feed if feed is not None and feed.state is FeedState.ACTIVE else None

    async def _take(self, feed: Feed, post: Post) -> None:
        incoming = _incoming(post)
        if incoming is None:
            await self.items.put(feed.id, [_wordless(post.key, self.clock.now())])
        else:
            await self._store(feed, post.key, own(incoming, feed))

    async def _store(self, feed: Feed, key: str, incoming: Incoming) -> None:
        """Let a post become what the desk has chosen for its channel; more than FLOOD in ten minutes are held."""
        # Nothing was there before it was followed: Telegram brings new posts only.
        feed, new, now = replace(feed, filled=True), {key: incoming}, self.clock.now()
        if feed.mode is FeedMode.ARCHIVE or now - (incoming.published_at or now) > _STILL_NEWS:
            await self.inflow.archive(feed, new)
        elif await self.feeds.brought(feed.id, now - _FLOOD_WITHIN) >= FLOOD:
            held = await self.items.held(feed.id)
            await self.inflow.hold(feed, new, tell=not held)
        elif feed.mode is FeedMode.PUBLISH:
            await self.inflow.publish(feed, new)
        else:
            await self.inflow.draft(feed, new)

    async def _gather(self, feed: Feed, post: Post, known: FeedItem | None) -> None:
        """Add a message to the album it belongs to; the words may stand under any of its pictures, and under several.

        Whose words they are tells its address.
        """
        now, before, words = self.clock.now(), None, _incoming(post)
        if known is not None and known.state is ItemState.GATHERED:
            before = await self.items.gathered(feed.id, post.key)
        elif known is not None and not (known.state is ItemState.DROPPED and not known.print):
            log.info("a picture came after its album was taken in", feed=feed.id)
            return
        there = before.photo.all if before is not None and before.photo is not None else ()
        media = tuple(dict.fromkeys((*there, *post.media)))[:_MOST_PICTURES]
        if words is not None and before is not None and before.title and before.url != post.url:
            more = to_html(parse_message(post.text, post.entities))
            words = replace(before, body=before.body.removesuffix(more) + more)  # it may be brought again
        whole = words or before or _unsaid(post)
        row = FeedItem(key=post.key, state=ItemState.GATHERED, dated_at=post.at, seen_at=now)
        kept = replace(own(whole, feed), photo=album_of(media))
        await self.items.put(feed.id, [row], {post.key: kept})


def _incoming(post: Post) -> Incoming | None:
    """Return the article that a post is, None for one without words."""
    try:
        said = read_post(post.text, post.entities)
    except Empty:
        return None
    language = detect_language(f"{said.title} {said.lead} {document_text(said.body)}")
    return replace(
        _unsaid(post),
        title=said.title,
        lead=said.lead,
        body=to_html(said.body),
        language=language,
        photo=album_of(post.media),
    )


def _unsaid(post: Post) -> Incoming:
    """Return what is known of a post without its words."""
    return Incoming(
        title="",
        source=post.credit or post.name,
        url=post.url,
        published_at=post.at,
        external_id=f"{post.chat_id}:{post.key}",
        identity=post_identity(post.chat_id, post.key),
    )


def _wordless(key: str, now: datetime) -> FeedItem:
    return FeedItem(key=key, state=ItemState.DROPPED, seen_at=now)
