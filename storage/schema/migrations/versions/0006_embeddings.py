"""Embeddings of articles, for the optional model."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Key

revision = "0006"
down_revision = "0005"
SAFE_BESIDE_OLDER = True


def upgrade() -> None:
    """Add the table; it stays empty until the model is turned on."""
    op.create_table(
        "embedding",
        sa.Column("id", Key, nullable=False),
        sa.Column("article_id", Key, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("signs", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_embedding_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_embedding"),
        sa.UniqueConstraint("article_id", name="uq_embedding_article_id"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take it away again; embeddings can be made anew."""
    op.drop_table("embedding")
