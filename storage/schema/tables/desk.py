"""Who edits, and what was done."""

from sqlalchemy import BigInteger, Column, String, Table, Text

from bot.model.desk import Role
from storage.engine.columns import Instant, Json, Key, Number
from storage.schema.tables.base import metadata

editor = Table(
    "editor",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", Number(Role), nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("added_by", BigInteger),
    Column("added_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    # Appended in the same transaction as the act, never changed.
    Column("id", Key, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger),
    Column("act", String(40), nullable=False),
    Column("article_id", Key, index=True),
    Column("detail", Json, nullable=False),
)
