"""What chats show and ask at the moment: opened screens, searches, questions that wait for an answer."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from storage.engine.columns import Instant, Json, Key
from storage.schema.tables.base import metadata

shown = Table(
    "shown",
    metadata,
    # What a message shows now, when that is not what it was sent as: an opened article, a page of a list. An article's
    # corrections are to find it, a list is forgotten in time.
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Key),
    Column("screen", String(64), nullable=False),  # "" of what is kept for its tail only
    Column("tail", Json, nullable=False),  # further messages of a long plain text, to take away when it is folded
    Column("updated_at", Instant, nullable=False),
)
Index("ix_shown_article_id_updated_at", shown.c.article_id, shown.c.updated_at)

opened = Table(
    "opened",
    metadata,
    # The articles last opened in a chat, a few of each: what somebody has just read is not offered as related.
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Key, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)

query = Table(
    "query",
    metadata,
    # The words somebody searched for: they do not fit into a button.
    Column("id", Key, primary_key=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

dialog = Table(
    "dialog",
    metadata,
    # Which question is open with whom: the only state between two taps.
    Column("key", String(120), primary_key=True),
    Column("state", String(80)),
    Column("data", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
