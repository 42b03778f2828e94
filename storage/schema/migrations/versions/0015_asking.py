"""Asking Telegram what became of uncertain deliveries: which numbers of messages are known."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant, Json, Key

revision = "0015"
down_revision = "0014"
SAFE_BESIDE_OLDER = False  # It notes no numbers of messages, without which Telegram’s answers say nothing.


def upgrade() -> None:
    """Add what asking needs. What is uncertain already is past asking: the messages of its time are not known."""
    op.add_column("delivery", sa.Column("after_message", sa.BigInteger()))
    op.add_column("delivery", sa.Column("asked_at", Instant()))
    for name in ("found", "returned"):
        op.add_column("publication", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "message_ids",
        sa.Column("id", Key, nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("ranges", Json, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message_ids"),
    )
    op.create_index("ix_message_ids_counter_last", "message_ids", ["counter", "last"])
    op.create_table(
        "loose_message",
        sa.Column("id", Key, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_loose_message"),
    )
    op.create_index("ix_loose_message_at", "loose_message", ["at"])
    op.execute("UPDATE delivery SET asked_at = coalesce(finished_at, created_at) WHERE state = 5")
    number = "CAST(delivery.message_id AS TEXT)"
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    pair = f"'[[' || {number} || ',' || {number} || ']]'"
    op.execute(_HIGHEST.format(ranges=pair if is_sqlite else f"CAST({pair} AS JSONB)"))


_HIGHEST = """
    INSERT INTO message_ids (counter, "first", "last", ranges, at)
    SELECT 0, known.message_id, known.message_id, known.ranges, known.created_at FROM (
        SELECT delivery.message_id, delivery.created_at, {ranges} AS ranges
        FROM delivery JOIN reader ON reader.id = delivery.reader_id
        WHERE delivery.state = 3 AND delivery.kind <> 4 AND delivery.message_id > 0 AND reader.chat_id > -1000000000000
        ORDER BY delivery.message_id DESC LIMIT 1
    ) AS known
"""


def downgrade() -> None:
    """Forget what is known of messages."""
    op.drop_table("loose_message")
    op.drop_table("message_ids")
    for name in ("returned", "found"):
        op.drop_column("publication", name)
    op.drop_column("delivery", "asked_at")
    op.drop_column("delivery", "after_message")
