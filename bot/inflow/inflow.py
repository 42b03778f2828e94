"""What a feed brought becomes articles, drafts, or a question: by the one intake, each item once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

import structlog

from bot.errors import Refused
from bot.feeds.fields import is_address
from bot.feeds.intake import advised, placed
from bot.feeds.items import without_id
from bot.inflow.arrivals import counted, item_key, own, prepared, renamed, same_there, seen, text_print, told_print
from bot.inflow.pages import PageReader
from bot.inflow.parsed import Parsed
from bot.inflow.revisions import Revisions
from bot.model.feeds import Feed, FeedItem, FeedMode, ItemState, NoticeKind
from bot.model.news import Article, Incoming, Topic
from bot.model.relevance import PreparedArticle
from bot.ports import ArticleStore, FeedItemStore, FeedNoticeStore, ImportStore, TopicStore
from bot.relevance.fingerprints import fingerprint
from bot.relevance.one_page import is_version
from bot.relevance.threading import Threader
from bot.relevance.topic_adviser import TopicAdviser
from bot.relevance.written import plain_text, whole_text
from bot.text.beside import beside
from bot.text.urls import url_key
from bot.timing.clock import Clock

FLOOD = 20
"""More new items at once than this are held, and an editor is asked."""
_BATCH = 100
_OLD = timedelta(days=1)  # what is older is no news any more: it goes to the archive without a push

log = structlog.get_logger(__name__)

Items = Mapping[str, Incoming]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inflow:
    """Takes in what feeds bring. `wake_fan_out` has what goes out begin at once."""

    items: FeedItemStore
    notices: FeedNoticeStore
    articles: ArticleStore
    imports: ImportStore
    topics: TopicStore
    placing: Threader
    revisions: Revisions
    pages: PageReader
    clock: Clock
    wake_fan_out: Callable[[], None]
    adviser: TopicAdviser | None = None

    async def take(self, feed: Feed, found: Parsed) -> dict[str, int]:
        """Take in what a feed holds now; returns how often each of its categories was seen so far.

        May be repeated: what is known by then is passed over.
        """
        known = await self.items.present(feed.id)
        known |= await self.items.known(feed.id, {key for one in found.items if (key := item_key(one)) not in known})
        found_now = [own(one, feed) for one in found.items]
        known = await self._renamed(feed, found_now, known)
        now = await self._keyed(found_now, known)
        now |= await self._told_apart({key: incoming for key, incoming in now.items() if key not in known})
        known = await self._called_as_before(feed, now, known)
        new = {key: incoming for key, incoming in now.items() if key not in known}
        if feed.full_text and feed.filled:
            now = await self._completed(feed, now, known)
            new = {key: now[key] for key in new}
        elif feed.page_pictures and feed.filled:
            new |= await self.pages.complete(feed, {key: one for key, one in new.items() if one.photo is None})
        if new:
            await self._take_new(feed, new)
        await self.revisions.follow(feed, now, known, whole=not found.unread)
        return counted(feed.categories, new.values())

    async def _completed(self, feed: Feed, now: Items, known: Mapping[str, FeedItem]) -> dict[str, Incoming]:
        """Return the items with the texts of their pages: those that are new, and those that have changed.

        One that has changed and whose page cannot be read stays as it is here, where it has its page's text: its feed's
        is not all of it.
        """
        prints = {key: told_print(incoming) for key, incoming in now.items()}
        changed = {key for key in now.keys() & known.keys() if known[key].print != prints[key]}
        wanted = {key: one for key, one in now.items() if key not in known or key in changed}
        read = await self.pages.complete(feed, wanted)
        whole = {key: replace(one, told=prints[key]) for key, one in read.items()}
        unread = {key: known[key] for key in changed - read.keys()}
        short = await self._of_feeds_text(unread.values())
        kept = {key: replace(now[key], told=item.print) for key, item in unread.items() if item.article_id not in short}
        return {**now, **whole, **kept}

    async def _of_feeds_text(self, items: Iterable[FeedItem]) -> set[int | None]:
        """Return the articles of items that have the text of their feed, as it was told last."""
        numbers = {one.article_id: one.print for one in items if one.article_id is not None}
        found: set[int | None] = set()
        left = iter(numbers)
        while some := list(islice(left, _BATCH)):
            articles = (await self.articles.several(some)).items()
            found |= {n for n, one in articles if text_print(one.title, one.lead, one.body) == numbers[n]}
        return found

    async def nothing_new(self, feed: Feed) -> None:
        """Note that a feed holds what it held the last time: what was missing then still is. May be repeated."""
        await self.revisions.tell_missing(feed, await self.items.missing(feed.id))

    async def _renamed(self, feed: Feed, items: Sequence[Incoming], known: dict[str, FeedItem]) -> dict[str, FeedItem]:
        """Know items that the feed calls otherwise by their new names from now on; returns what is known then.

        By the old ones they would be found only while several of them are left.
        """
        anew = {before: key for key, before in renamed({item_key(one): one for one in items}, known).items()}
        return await self._rename(feed, anew, known)

    async def _called_as_before(self, feed: Feed, now: Items, known: dict[str, FeedItem]) -> dict[str, FeedItem]:
        """Know items by the names they came by first where their feed has gone back to those; returns what is known.

        Their articles have these names still. As new ones they would be passed over, and missed under the other names.
        """
        gone = {item.article_id: key for key, item in known.items() if key not in now and item.article_id is not None}
        named = {one.identity: key for key, one in now.items() if key not in known and one.identity}
        if not (gone and named):
            return known
        back = {gone[n]: named[identity] for identity, n in (await self.items.articles(named)).items() if n in gone}
        there = await self.items.known(feed.id, back.values()) if back else {}
        return await self._rename(feed, {was: key for was, key in back.items() if key not in there}, known)

    async def _rename(self, feed: Feed, anew: Mapping[str, str], known: dict[str, FeedItem]) -> dict[str, FeedItem]:
        if not anew:
            return known
        await self.items.rename(feed.id, anew)
        return {anew.get(key, key): replace(item, key=anew.get(key, key)) for key, item in known.items()}

    async def _keyed(self, items: Sequence[Incoming], known: Mapping[str, FeedItem]) -> dict[str, Incoming]:
        """Return the items by what they are known by, each once: the first of several counts."""
        pages: dict[str, dict[str, FeedItem]] = {}
        for key, item in known.items():
            pages.setdefault(item.url_key, {})[key] = item
        result: dict[str, Incoming] = {}
        for incoming in items:
            key, address = item_key(incoming), url_key(incoming.url)
            mine, there = known.get(key), pages.get(address, {}) if address else {}
            if key.startswith("url:") and await self._has_other_news(there, mine, incoming):
                incoming = without_id(incoming, with_address=False)  # noqa: PLW2901  it is known by its title
                key = item_key(incoming)
                mine = known.get(key)
            if mine is None:
                key = same_there(incoming, key, there) or key
            elif await self._another(mine, incoming, address):
                incoming = without_id(incoming)  # noqa: PLW2901  it is known by another name
                key = item_key(incoming)
            result.setdefault(key, incoming)
        return result

    async def _has_other_news(self, there: Mapping[str, FeedItem], mine: FeedItem | None, incoming: Incoming) -> bool:
        """Tell whether at its address, by which an item without an id is known, other news stands as well.

        Several pieces were there, or `mine`, the one that is known by it, is no earlier version of this item.
        """
        shared = len(there) > 1 or any(key.startswith("text:") for key in there)
        if mine is None or mine.print == told_print(incoming):
            return shared and mine is None
        if mine.article_id is None:
            return shared or mine.dated_at != incoming.published_at
        article = await self.articles.get(mine.article_id)
        if article.title == incoming.title:
            return shared and mine.dated_at != incoming.published_at
        return shared or not await beside(len(article.body) + len(incoming.body), _goes_on, article, mine, incoming)

    async def _told_apart(self, new: Items) -> dict[str, Incoming]:
        """Return those of the new items whose ids are another feed's as well, known by their addresses or words.

        Everybody numbers from one, and many feeds are called "News".
        """
        named = {one.identity: key for key, one in new.items() if one.identity and not is_address(one.external_id)}
        there = list((await self.items.articles(named)).items())
        apart: dict[str, Incoming] = {}
        while some := there[:_BATCH]:
            del there[:_BATCH]
            articles = await self.articles.several([number for _, number in some])
            for identity, number in some:
                key, article = named[identity], articles.get(number)
                if article is not None and _is_other(article, new[key]):
                    apart[key] = without_id(new[key])
        return apart

    async def _another(self, mine: FeedItem, incoming: Incoming, address: str) -> bool:
        """Tell whether an id that is known means another article by now: both its address and its title are others."""
        if mine.article_id is None or not address or not mine.url_key or mine.url_key == address:
            return False
        if is_address(incoming.external_id):
            return False
        article = await self.articles.get(mine.article_id)
        return article.title != incoming.title

    async def _take_new(self, feed: Feed, new: Items) -> None:
        if not feed.filled or feed.mode is FeedMode.ARCHIVE:
            await self.archive(feed, new)
            return
        fresh = {key: one for key, one in new.items() if not self._is_old(one)}
        publish = feed.mode is FeedMode.PUBLISH
        if len(fresh if publish else new) > FLOOD:
            await self.hold(feed, new)
        elif publish:
            await self.publish(feed, fresh)
            await self.archive(feed, {key: one for key, one in new.items() if key not in fresh})
        else:
            await self.draft(feed, new)

    def _is_old(self, incoming: Incoming) -> bool:
        return incoming.published_at is not None and self.clock.now() - incoming.published_at > _OLD

    async def hold(self, feed: Feed, items: Items, *, tell: bool = True) -> None:
        """Keep items back and have an editor asked, unless somebody was asked already."""
        now = self.clock.now()
        # The notice first: what is held and nobody is asked about would stay so.
        if tell:
            await self.notices.add(feed.id, NoticeKind.FLOOD, {"n": len(items)}, now)
        rows = [replace(seen(key, one, now), state=ItemState.HELD) for key, one in items.items()]
        await self.items.put(feed.id, rows, items)

    async def publish(self, feed: Feed, items: Items) -> None:
        """Make items public and send them; copies of what is there go to the archive only. May be repeated."""
        await self._add(feed, items, push=True)

    async def archive(self, feed: Feed, items: Items) -> None:
        """Make items public without a push. May be repeated."""
        await self._add(feed, items, push=False)

    async def draft(self, feed: Feed, items: Items) -> None:
        """Make drafts of items. May be repeated: the same item is the same draft."""
        topics, now = await self._topics(), self.clock.now()
        rows = []
        for key, incoming in _oldest_first(items):
            number = await self.articles.draft(await self._prepared(incoming, feed, topics), now)
            rows.append(replace(seen(key, incoming, now), article_id=number))
        await self.items.put(feed.id, rows)

    async def _add(self, feed: Feed, items: Items, *, push: bool) -> None:
        if feed.filled:  # what has no date of its own appeared now; without one it would be in no list of the latest
            now = self.clock.now()
            items = {key: replace(one, published_at=one.published_at or now) for key, one in items.items()}
        topics, left = await self._topics(), iter(_oldest_first(items))
        while some := list(islice(left, _BATCH)):
            batch = [await beside(len(one.body), prepared, one, feed, topics) for _, one in some]
            # What is not sent are archives, thousands at a time: their words do.
            await self._store([await self._advised(one, topics) for one in batch] if push else batch, push=push)
            if push:
                self.wake_fan_out()
            await self._note_articles(feed, some)

    async def _store(self, batch: Sequence[PreparedArticle], *, push: bool) -> None:
        """Store a batch; what the database does not take is looked for by halves, and left out alone."""
        try:
            ready = await placed(await self.imports.unknown(batch), self.placing)
            await self.imports.add(ready, self.clock.now(), push=push)
        except Refused:
            if len(batch) == 1:
                log.warning("the database does not take an item of a feed", title=batch[0].incoming.title[:80])
                return
            half = len(batch) // 2
            await self._store(batch[:half], push=push)
            await self._store(batch[half:], push=push)

    async def _note_articles(self, feed: Feed, some: Sequence[tuple[str, Incoming]]) -> None:
        now = self.clock.now()
        numbers = await self.items.articles({one.identity for _, one in some if one.identity})
        rows = []
        for key, incoming in some:
            number = numbers.get(incoming.identity or "")
            state = ItemState.TAKEN if number is not None else ItemState.DROPPED
            row = replace(seen(key, incoming, now), article_id=number, state=state)
            # What was there at first counts by its own date: that tells how much the feed brings.
            rows.append(row if feed.filled else replace(row, seen_at=_own_date(incoming, now)))
        await self.items.put(feed.id, rows)

    async def _prepared(self, incoming: Incoming, feed: Feed, topics: Mapping[str, Topic]) -> PreparedArticle:
        return await self._advised(await beside(len(incoming.body), prepared, incoming, feed, topics), topics)

    async def _advised(self, one: PreparedArticle, topics: Mapping[str, Topic]) -> PreparedArticle:
        return await advised(one, self.adviser, list(topics.values()))

    async def _topics(self) -> dict[str, Topic]:
        return {topic.slug: topic for topic in await self.topics.all()}


def _is_other(article: Article, incoming: Incoming) -> bool:
    """Tell whether an article of an item's id is another one: both their addresses, as far as known, and titles."""
    same_place = incoming.url and url_key(incoming.url) == url_key(article.url)
    return article.title != incoming.title and not same_place


def _goes_on(article: Article, mine: FeedItem, incoming: Incoming) -> bool:
    """Tell whether an item is a later version of an article at its address, which is known as `mine`."""
    before, after = (fingerprint(one.title, whole_text(one.lead, plain_text(one.body))) for one in (article, incoming))
    return is_version(after, before, incoming.published_at, mine.dated_at)


def _own_date(incoming: Incoming, now: datetime) -> datetime:
    return min(now, incoming.published_at or now - timedelta(days=30))


def _oldest_first(items: Items) -> list[tuple[str, Incoming]]:
    """Return items in the order they appeared in; feeds have the newest first, and undated ones stand as they are."""
    turned = list(items.items())[::-1]
    dated = [one for _, one in turned if one.published_at is not None]
    if len(dated) < len(turned):
        return turned
    return sorted(turned, key=lambda one: one[1].published_at or datetime.min)  # noqa: DTZ901  all have one
