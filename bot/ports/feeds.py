"""Storage of feeds, what they brought, and what the desk is told of them. See `bot.ports` for how to read this."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.model.feeds import Activity, Feed, FeedItem, FeedMode, FeedNotice, FeedSettings, FeedState, NoticeKind, Polled
from bot.model.news import Headline, Incoming


class FeedStore(Protocol):
    """Feeds; for one process start, their holder. Whoever polls one holds it meanwhile."""

    async def add(
        self, address: str, name: str, mode: FeedMode, state: FeedState, by: int | None, next_at: datetime
    ) -> int:
        """Store a feed that is polled first at `next_at`; returns its number.

        May be repeated: an address that is there already keeps everything it has, but that one that was only offered
        becomes what is asked for.
        """
        ...

    async def all(self) -> list[Feed]:
        """Return the feeds, those that were only offered left out, in the order of their names."""
        ...

    async def get(self, feed_id: int) -> Feed:
        """Return a feed.

        Raises:
            NotFound: there is none of that number.

        """
        ...

    async def at(self, address: str) -> Feed | None:
        """Return the feed of an address; None when there is none."""

    async def brought(self, feed_id: int, since: datetime) -> int:
        """Return how many items a feed has brought since then; what was there at first counts by its own dates."""
        ...

    async def activity(self, since: datetime) -> Mapping[int, Activity]:
        """Return by feed how much it has brought since then, and how many items are held; without those that have none.

        What was there when a feed was added counts by its own dates.
        """
        ...

    async def change(self, feed_id: int, settings: FeedSettings, by: int | None, now: datetime) -> None:
        """Change settings of a feed. One that is made active is polled next. May be repeated.

        Raises:
            NotFound: there is none of that number.

        """

    async def remove(self, feed_id: int, by: int | None, now: datetime) -> None:
        """Forget a feed; what it brought stays. May be repeated."""

    async def ask_soon(self, feed_id: int, now: datetime) -> None:
        """Have a feed polled next, whatever it said last. May be repeated."""

    async def claim(
        self, now: datetime, until: datetime, calm_since: datetime, without: Collection[int] = ()
    ) -> Feed | None:
        """Take the feed that has waited longest of those that are due; returns it, None when there is none.

        It is this process's until then. None of a server that is being asked, or was since `calm_since`, is taken, nor
        one of those it is to be `without`: what this process is still at. Not to be repeated: every call takes another
        one.
        """

    async def renew(self, feed_id: int, until: datetime) -> bool:
        """Hold a claimed feed longer; returns False when it is another process's by now. May be repeated."""
        ...

    async def polled(self, feed_id: int, polled: Polled, now: datetime) -> bool:
        """Store what a poll came to, and give the feed back; returns whether it was still this process's, and polled.

        What owners are to hear of it is stored with it.

        Where another feed has the address it has moved to, it keeps its own. Not to be repeated: the second call
        returns False and changes nothing.
        """
        ...

    async def note_pages(self, feed_id: int, trouble: str) -> None:
        """Note why a page of a feed could not be read the last time, "" for that they could. May be repeated."""

    async def forget_offers(self, before: datetime) -> None:
        """Forget what was offered before then and not added. May be repeated."""


class FeedItemStore(Protocol):
    """What feeds brought: how an item is known again, and what it became."""

    async def of(self, feed_id: int) -> dict[str, FeedItem]:
        """Return all items of a feed by their keys."""
        ...

    async def present(self, feed_id: int) -> dict[str, FeedItem]:
        """Return the items that a feed held when it was read last, and those it should have, by their keys."""
        ...

    async def known(self, feed_id: int, keys: Collection[str]) -> dict[str, FeedItem]:
        """Return the items of these keys, as far as the feed ever held them."""
        ...

    async def missing(self, feed_id: int) -> list[FeedItem]:
        """Return the items that a feed was without once and should not be."""
        ...

    async def articles(self, identities: Collection[str]) -> dict[str, int]:
        """Return the numbers of the articles of these identities, in whatever state; those that are not there, not."""
        ...

    async def put(self, feed_id: int, items: Sequence[FeedItem], held: Mapping[str, Incoming] = ...) -> None:
        """Store items, over what is stored under their keys. May be repeated.

        `held` are by key the articles that those that are held would be; of the others nothing is kept.
        """

    async def rename(self, feed_id: int, names: Mapping[str, str]) -> None:
        """Know items by other keys: `names` has the new ones, which no item has, by the old ones. May be repeated."""

    async def held(self, feed_id: int) -> dict[str, Incoming]:
        """Return what is held of a feed, by key, the oldest first."""
        ...

    async def gathered(self, feed_id: int, key: str) -> Incoming | None:
        """Return what has come of a channel's album so far; None when there is none, or it was taken in."""
        ...

    async def take_gathered(self, before: datetime, now: datetime) -> list[tuple[int, str, Incoming]]:
        """Return the albums of which nothing has come since then, by feed and key; no other process takes them now.

        What is not stored in another state meanwhile is taken again later.
        """
        ...

    async def drafts(self, since: datetime) -> list[tuple[Headline, str]]:
        """Return the drafts that feeds and systems have brought since then, the oldest first, each with its source."""
        ...

    async def forget(self, before: datetime) -> None:
        """Forget the items that their feeds were without before then; their articles stay. May be repeated."""


class FeedNoticeStore(Protocol):
    """What the desk is told of feeds, and the questions that wait for an answer."""

    async def add(
        self,
        feed_id: int,
        kind: NoticeKind,
        detail: Mapping[str, object],
        now: datetime,
        article_id: int | None = None,
    ) -> int:
        """Store a notice to be told; returns its number. Not to be repeated: every call stores another one.

        An older question about the same article, or the same feed's flood, that nobody has answered is closed.
        """
        ...

    async def close(self, feed_id: int, article_id: int, now: datetime) -> None:
        """Close what is asked about an article and nobody has answered: its source took it back. May be repeated."""

    async def untold(self) -> list[FeedNotice]:
        """Return the notices nobody was told of, the oldest first; they wait for `settle`."""
        ...

    async def settle(self, notice_id: int, now: datetime) -> None:
        """Note that the desk was told of a notice. May be repeated."""

    async def get(self, notice_id: int) -> FeedNotice:
        """Return a notice.

        Raises:
            NotFound: there is none of that number.

        """
        ...

    async def forget(self, before: datetime) -> None:
        """Forget what was told or asked before then. May be repeated."""

    async def answer(self, notice_id: int, by: int, now: datetime) -> None:
        """Note that somebody answers a question. Not to be repeated: the second call raises Stale.

        Raises:
            Stale: somebody has answered it, or it is closed.

        """
