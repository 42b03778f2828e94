"""How often what is related to an article was shown, and how often something in it was opened."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Key

revision = "0018"
down_revision = "0015"
SAFE_BESIDE_OLDER = True


def upgrade() -> None:
    """Add the table, empty: what was opened before was not counted."""
    op.create_table(
        "related_use",
        sa.Column("article_id", Key, autoincrement=False, nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_related_use_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_related_use"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("related_use")
