"""Other programs: those that post articles, and those that are told of them."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    false,
)

from bot.model.limits import SOURCE_MOST
from bot.model.listeners import ListenerForm, ListenerNews, ListenerState
from storage.engine.columns import Instant, Key, Number
from storage.schema.tables.base import metadata

api_token = Table(
    "api_token",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("source", String(SOURCE_MOST), nullable=False),
    Column("scope", SmallInteger, nullable=False),  # bot/model/tokens.py
    Column("secret", String(64), nullable=False, unique=True),  # its SHA-256: the secret itself is kept nowhere
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

api_article = Table(
    "api_article",
    metadata,
    # Which token brought an article: no other may change it.
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("token_id", Key, ForeignKey("api_token.id"), nullable=False),
)

picture = Table(
    "picture",
    metadata,
    # What systems upload, by a name that nobody can guess; what is in no article is forgotten after three days.
    Column("id", String(32), primary_key=True),
    Column("token_id", Key, ForeignKey("api_token.id"), nullable=False),
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), index=True),
    Column("kind", String(20), nullable=False),  # bot/model/pictures.py
    Column("content", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

api_answer = Table(
    "api_answer",
    metadata,
    # What was answered to a request that had a key: the same request is answered the same, and done once.
    Column("token_id", Key, ForeignKey("api_token.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("print", String(64), nullable=False),  # of what was asked
    Column("status", SmallInteger, nullable=False),  # 0 while it is worked on
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

listener = Table(
    "listener",
    metadata,
    # An address that is told what becomes public. Who tells it something holds it until `lease_until`.
    Column("id", Key, primary_key=True),
    Column("address", Text, nullable=False, unique=True),
    Column("secret", String(100), nullable=False),  # itself, not its fingerprint: it signs
    Column("form", Number(ListenerForm), nullable=False, server_default="0"),
    Column("events", SmallInteger, nullable=False),  # bot/model/listeners.py
    Column("state", Number(ListenerState), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("lease_holder", String(40)),
    Column("lease_until", Instant),
    Column("asked_at", Instant),
    Column("next_at", Instant),  # after a failure: not before
    Column("succeeded_at", Instant),
    Column("failing_since", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("reason", String(20), nullable=False, server_default=""),
    Column("detail", String(200), nullable=False, server_default=""),
    Column("told", Boolean, nullable=False, server_default=false()),
    Column("news", Number(ListenerNews)),
    Column("news_at", Instant),  # until owners have been told
    sqlite_autoincrement=True,  # what is under way to a listener that is removed is not another one's
)

event = Table(
    "event",
    metadata,
    # What a listener has not been told yet. It names its rows without references: telling holds up no publishing.
    Column("id", Key, primary_key=True),
    Column("listener_id", Key, nullable=False),
    Column("key", String(40), nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("article_id", Key, nullable=False),
    Column("publication_id", Key),
    Column("revision", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Instant),  # after a failure: not before
    Index("ix_event_listener_id_attempts_id", "listener_id", "attempts", "id"),
    sqlite_autoincrement=True,
)
