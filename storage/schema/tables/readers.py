"""Who reads, and what they asked for."""

from dataclasses import fields

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, SmallInteger, String, Table, Text, false, true

from bot.model.limits import PHRASE_MOST
from bot.model.readers import ChatKind, Reader, ReaderState
from storage.engine.columns import Instant, Key, MatchKeyText, Number
from storage.schema.tables.base import metadata, only

NOBODY = -1
"""The chat of readers who are erased, and of updates that were theirs. Telegram gives no chat this number."""

reader = Table(
    "reader",
    metadata,
    Column("id", Key, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False, server_default="0"),
    Column("kind", Number(ChatKind), nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("language", String(8), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("state", Number(ReaderState), nullable=False, server_default="0"),
    # "now", "hourly", or minutes of the local day: "480,1140" is 08:00 and 19:00.
    Column("schedule", String(160), nullable=False, server_default="now"),
    Column("quiet_from", SmallInteger),  # minutes of the local day; both or neither
    Column("quiet_to", SmallInteger),
    Column("news_language", String(8), nullable=False, server_default=""),
    # What a reader turns on and off: a column for each such field of `Reader`, with its default.
    *(
        Column(one.name, Boolean, nullable=False, server_default=true() if one.default else false())
        for one in fields(Reader)
        if one.type is bool
    ),
    Column("next_digest_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("uq_reader_chat_id_thread_id", "chat_id", "thread_id", unique=True),
)
Index("ix_reader_quiet_zone", reader.c.zone, **only("quiet_from IS NOT NULL"))
Index("ix_reader_digest", reader.c.next_digest_at, **only("next_digest_at IS NOT NULL AND state = 0"))

subscription = Table(
    "subscription",
    metadata,
    # The match key comes first: a fan-out reads the readers of a few keys, in order.
    Column("key", MatchKeyText, primary_key=True),
    Column("reader_id", Key, ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("exclude", Boolean, nullable=False, server_default=false()),
    Column("until", Instant),  # until when nothing comes: "mute for a day", also of what is subscribed to
    Column("words", Text, nullable=False, server_default=""),  # a keyword as this reader typed it
    sqlite_with_rowid=False,
)

keyword = Table(
    "keyword",
    metadata,
    Column("id", Key, primary_key=True),
    Column("phrase", String(PHRASE_MOST), nullable=False, unique=True),  # its lemmas, sorted
    Column("need", SmallInteger, nullable=False),  # how many different lemmas must all be in the article
)

keyword_lemma = Table(
    "keyword_lemma",
    metadata,
    Column("lemma", String(64), primary_key=True),
    Column("keyword_id", Key, ForeignKey("keyword.id", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)

story_seen = Table(
    "story_seen",
    metadata,
    # When a reader last looked at a story: what came later is marked as new.
    Column("reader_id", Key, ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", Key, ForeignKey("story.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
