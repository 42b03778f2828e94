"""Systems elsewhere that are told what becomes public, and what they have not been told yet."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant, Key

revision = "0021"
down_revision = "0020"
SAFE_BESIDE_OLDER = True


def upgrade() -> None:
    """Add the tables; nobody listens yet."""
    op.create_table(
        "listener",
        sa.Column("id", Key, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(100), nullable=False),
        sa.Column("events", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("lease_holder", sa.String(40)),
        sa.Column("lease_until", Instant()),
        sa.Column("asked_at", Instant()),
        sa.Column("next_at", Instant()),
        sa.Column("succeeded_at", Instant()),
        sa.Column("failing_since", Instant()),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reason", sa.String(20), nullable=False, server_default=""),
        sa.Column("detail", sa.String(200), nullable=False, server_default=""),
        sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("news", sa.SmallInteger()),
        sa.Column("news_at", Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_listener"),
        sa.UniqueConstraint("address", name="uq_listener_address"),
    )
    op.create_table(
        "event",
        sa.Column("id", Key, nullable=False),
        sa.Column("listener_id", Key, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("article_id", Key, nullable=False),
        sa.Column("publication_id", Key),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_at", Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_listener_id_attempts_id", "event", ["listener_id", "attempts", "id"])


def downgrade() -> None:
    """Forget who listens, and what was still to be told."""
    for name in ("event", "listener"):
        op.drop_table(name)
