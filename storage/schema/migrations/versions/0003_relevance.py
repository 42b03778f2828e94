"""Stems of lemmas, impacts in the hot table, copies of one article, ties and stories that readers have seen."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant, Key

revision = "0003"
down_revision = "0002"
SAFE_BESIDE_OLDER = False  # It would write weights of another scale into the index.

# What the old weights are worth now: bot/relevance/weights.py, over the sum of an article's weights.
_IMPACTS = """
    UPDATE hot SET weight = CAST(1000.0 * hot.weight / (hot.weight + 0.9 + 0.09 * whole.size) AS INTEGER)
    FROM (
        SELECT article_id, CASE WHEN SUM(weight) > 100 THEN 100 ELSE SUM(weight) END AS size
        FROM hot GROUP BY article_id
    ) AS whole
    WHERE whole.article_id = hot.article_id
"""
_WEIGHTS = "UPDATE hot SET weight = CASE WHEN weight > 500 THEN 3 ELSE 1 END"


def upgrade() -> None:
    """Add what is new, and work out what it holds."""
    op.add_column("article", sa.Column("story_fixed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("article", sa.Column("same_as", Key))
    op.add_column("article", sa.Column("url_key", sa.String(length=40), server_default="", nullable=False))
    only = sa.text("same_as IS NOT NULL")
    op.create_index("ix_article_same_as", "article", ["same_as"], sqlite_where=only, postgresql_where=only)
    only = sa.text("url_key <> ''")
    op.create_index("ix_article_url_key", "article", ["url_key"], sqlite_where=only, postgresql_where=only)
    op.add_column("lemma", sa.Column("stem", sa.String(length=8), server_default="", nullable=False))
    op.execute("UPDATE lemma SET stem = substr(text, 1, 5)")
    op.create_index("ix_lemma_stem", "lemma", ["stem"])
    op.execute("INSERT INTO lemma (text, stem, articles) SELECT '', '', COUNT(*) FROM words")
    op.execute(_IMPACTS)
    op.create_table(
        "tie",
        sa.Column("article_id", Key, nullable=False),
        sa.Column("other_id", Key, nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_tie_article_id_article", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["article.id"], name="fk_tie_other_id_article", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "other_id", name="pk_tie"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tie_other_id", "tie", ["other_id"])
    op.create_table(
        "story_seen",
        sa.Column("reader_id", Key, nullable=False),
        sa.Column("story_id", Key, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name="fk_story_seen_reader_id_reader", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_story_seen_story_id_story", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("reader_id", "story_id", name="pk_story_seen"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_seen_story_id", "story_seen", ["story_id"])


def downgrade() -> None:
    """Take it away again; the hot table's weights come back as they are roughly."""
    op.drop_table("story_seen")
    op.drop_table("tie")
    op.execute(_WEIGHTS)
    op.execute("DELETE FROM lemma WHERE text = ''")
    op.drop_index("ix_lemma_stem", "lemma")
    op.drop_column("lemma", "stem")
    for name in ("url_key", "same_as"):
        op.drop_index(f"ix_article_{name}", "article")
        op.drop_column("article", name)
    op.drop_column("article", "story_fixed")
