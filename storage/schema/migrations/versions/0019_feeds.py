"""Feeds that are polled: the feeds, what they brought, and what the desk is told of them."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant, Json, Key

revision = "0019"
down_revision = "0018"
SAFE_BESIDE_OLDER = True


def upgrade() -> None:
    """Add the tables; no feed is polled yet."""
    _make_feeds()
    op.create_table(
        "feed_item",
        sa.Column("feed_id", Key, nullable=False),
        sa.Column("key", sa.String(50), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("article_id", Key),
        sa.Column("print", sa.String(40), server_default="", nullable=False),
        sa.Column("url_key", sa.String(40), server_default="", nullable=False),
        sa.Column("dated_at", Instant()),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.Column("missing_since", Instant()),
        sa.Column("payload", Json),
        sa.PrimaryKeyConstraint("feed_id", "key", name="pk_feed_item"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], "fk_feed_item_feed_id_feed", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], "fk_feed_item_article_id_article", ondelete="SET NULL"),
    )
    op.create_index("ix_feed_item_article_id", "feed_item", ["article_id"])
    op.create_index("ix_feed_item_feed_id_seen_at", "feed_item", ["feed_id", "seen_at"])
    op.create_table(
        "feed_notice",
        sa.Column("id", Key, nullable=False),
        sa.Column("feed_id", Key, nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("article_id", Key),
        sa.Column("detail", Json, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("told_at", Instant()),
        sa.Column("answered_at", Instant()),
        sa.Column("answered_by", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_feed_notice"),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], "fk_feed_notice_feed_id_feed", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], "fk_feed_notice_article_id_article", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_feed_notice_feed_id", "feed_notice", ["feed_id"])
    op.create_index("ix_feed_notice_article_id", "feed_notice", ["article_id"])
    untold = sa.text("told_at IS NULL")
    op.create_index("ix_feed_notice_untold", "feed_notice", ["id"], sqlite_where=untold, postgresql_where=untold)


def _make_feeds() -> None:
    op.create_table(
        "feed",
        sa.Column("id", Key, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("mode", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.String(200), server_default="", nullable=False),
        sa.Column("source", sa.String(200), server_default="", nullable=False),
        sa.Column("language", sa.String(8), server_default="", nullable=False),
        sa.Column("every", sa.Integer(), server_default="0", nullable=False),
        sa.Column("topics", Json, nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.Column("added_by", sa.BigInteger()),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("next_at", Instant(), nullable=False),
        sa.Column("lease_holder", sa.String(40)),
        sa.Column("lease_until", Instant()),
        sa.Column("polled_at", Instant()),
        sa.Column("succeeded_at", Instant()),
        sa.Column("etag", sa.Text(), server_default="", nullable=False),
        sa.Column("modified", sa.Text(), server_default="", nullable=False),
        sa.Column("print", sa.String(40), server_default="", nullable=False),
        sa.Column("filled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("fresh_for", sa.Integer(), server_default="0", nullable=False),
        sa.Column("skips", Json, nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.String(20), server_default="", nullable=False),
        sa.Column("detail", sa.String(200), server_default="", nullable=False),
        sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("address", name="uq_feed_address"),
    )
    op.create_index("ix_feed_host", "feed", ["host"])
    active = sa.text("state = 1")
    op.create_index("ix_feed_next_at", "feed", ["next_at"], sqlite_where=active, postgresql_where=active)


def downgrade() -> None:
    """Forget the feeds; what they brought stays."""
    for name in ("feed_notice", "feed_item", "feed"):
        op.drop_table(name)
