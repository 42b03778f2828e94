"""Addresses that are polled, what they brought, and what the desk is asked about it."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false

from bot.model.feeds import FeedMode, FeedState, ItemState, NoticeKind
from bot.model.limits import SOURCE_MOST
from storage.engine.columns import Instant, Json, Key, Number
from storage.schema.tables.base import metadata, only

feed = Table(
    "feed",
    metadata,
    # An address that is polled. Who polls it holds it until `lease_until`.
    Column("id", Key, primary_key=True),
    Column("address", Text, nullable=False, unique=True),
    Column("host", String(255), nullable=False, index=True),  # of the address: a server is asked for one at a time
    Column("state", Number(FeedState), nullable=False),
    Column("mode", Number(FeedMode), nullable=False),
    Column("name", String(SOURCE_MOST), nullable=False, server_default=""),
    Column("source", String(SOURCE_MOST), nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column("every", Integer, nullable=False, server_default="0"),  # seconds; 0: as often as it brings something
    Column("topics", Json, nullable=False),  # {"суспільство": "society", "реклама": ""}
    Column("categories", Json, nullable=False),  # {"Суспільство": 12}: what it files its items under
    Column("added_by", BigInteger),
    Column("added_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("lease_holder", String(40)),
    Column("lease_until", Instant),
    Column("polled_at", Instant),
    Column("succeeded_at", Instant),
    Column("etag", Text, nullable=False, server_default=""),
    Column("modified", Text, nullable=False, server_default=""),
    Column("print", String(40), nullable=False, server_default=""),
    Column("filled", Boolean, nullable=False, server_default=false()),
    Column("fresh_for", Integer, nullable=False, server_default="0"),
    Column("skips", Json, nullable=False),  # {"hours": [0, 1], "days": [5, 6]}
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("reason", String(20), nullable=False, server_default=""),
    Column("detail", String(200), nullable=False, server_default=""),
    Column("told", Boolean, nullable=False, server_default=false()),
    Column("full_text", Boolean, nullable=False, server_default=false()),  # of its items' pages
    Column("page_pictures", Boolean, nullable=False, server_default=false()),
    Column("page_trouble", String(20), nullable=False, server_default=""),
    sqlite_autoincrement=True,  # buttons, and a poll under way, name a feed: its number never comes again
)
Index("ix_feed_next_at", feed.c.next_at, **only("state = 1"))

feed_item = Table(
    "feed_item",
    metadata,
    Column("feed_id", Key, ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(50), primary_key=True),
    Column("state", Number(ItemState), nullable=False),
    Column("article_id", Key, ForeignKey("article.id", ondelete="SET NULL"), index=True),
    Column("print", String(40), nullable=False, server_default=""),
    Column("url_key", String(40), nullable=False, server_default=""),
    Column("dated_at", Instant),
    Column("seen_at", Instant, nullable=False),
    Column("missing_since", Instant),
    Column("payload", Json),  # of what is held: the article on its way in
    Index("ix_feed_item_feed_id_seen_at", "feed_id", "seen_at"),
)
Index("ix_feed_item_waiting", feed_item.c.state, feed_item.c.feed_id, **only("state IN (1, 5)"))

feed_notice = Table(
    "feed_notice",
    metadata,
    # What the desk is to be told of feeds; a question waits here for its answer.
    Column("id", Key, primary_key=True),
    Column("feed_id", Key, ForeignKey("feed.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", Number(NoticeKind), nullable=False),
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), index=True),
    Column("detail", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("told_at", Instant),
    Column("answered_at", Instant),
    Column("answered_by", BigInteger),
    sqlite_autoincrement=True,  # buttons name a question
)
Index("ix_feed_notice_untold", feed_notice.c.id, **only("told_at IS NULL"))
