"""Kept copies: what is left of a delivery that is long over, so that a correction still reaches its message."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Key

revision = "0024"
down_revision = "0023"
SAFE_BESIDE_OLDER = False  # an older one would pass over what is compact when something is corrected

_INSIDE = sa.text("digest_id IS NOT NULL")


def upgrade() -> None:
    """Make the table, empty: nothing is compact yet."""
    op.create_table(
        "kept_copy",
        sa.Column("article_id", Key, autoincrement=False, nullable=False),
        sa.Column("reader_id", Key, autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("digest_id", Key, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "reader_id", name="pk_kept_copy"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_kept_copy_digest", "kept_copy", ["digest_id"], sqlite_where=_INSIDE, postgresql_where=_INSIDE)


def downgrade() -> None:
    """Make deliveries of them again, as far as they are known: a correction has to find them."""
    op.execute(
        "INSERT INTO delivery (reader_id, article_id, digest_id, kind, lane, state, revision, attempts, not_before, "
        "message_id, created_at, finished_at) "
        "SELECT k.reader_id, k.article_id, k.digest_id, CASE WHEN k.digest_id IS NULL THEN 1 ELSE 2 END, "
        "CASE WHEN k.digest_id IS NULL THEN 2 ELSE 3 END, CASE WHEN k.digest_id IS NULL THEN 3 ELSE 8 END, "
        "k.revision, 1, a.created_at, CASE WHEN k.digest_id IS NULL THEN k.message_id END, a.created_at, a.created_at "
        "FROM kept_copy k JOIN article a ON a.id = k.article_id"
    )
    op.execute(
        "INSERT INTO delivery (reader_id, digest_id, kind, lane, state, revision, attempts, not_before, message_id, "
        "created_at, finished_at) "
        "SELECT k.reader_id, k.digest_id, 3, 3, 3, 1, 1, min(a.created_at), max(k.message_id), min(a.created_at), "
        "min(a.created_at) FROM kept_copy k JOIN article a ON a.id = k.article_id WHERE k.digest_id IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.digest_id = k.digest_id AND d.kind = 3) "
        "GROUP BY k.reader_id, k.digest_id"
    )
    op.drop_table("kept_copy")
