"""Tokens of systems that bring articles over HTTP, whose articles are whose, and what was answered to them."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant, Key

revision = "0020"
down_revision = "0019"
SAFE_BESIDE_OLDER = True


def upgrade() -> None:
    """Add the tables; there are no tokens yet."""
    op.create_table(
        "api_token",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("scope", sa.SmallInteger(), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("used_at", Instant()),
        sa.Column("revoked_at", Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("name", name="uq_api_token_name"),
        sa.UniqueConstraint("secret", name="uq_api_token_secret"),
    )
    op.create_table(
        "api_article",
        sa.Column("article_id", Key, nullable=False),
        sa.Column("token_id", Key, nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_api_article"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], "fk_api_article_article_id_article", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], "fk_api_article_token_id_api_token"),
    )
    op.create_table(
        "api_answer",
        sa.Column("token_id", Key, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("print", sa.String(64), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("token_id", "key", name="pk_api_answer"),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], "fk_api_answer_token_id_api_token"),
    )
    op.create_index("ix_api_answer_at", "api_answer", ["at"])


def downgrade() -> None:
    """Forget the tokens; what they brought stays."""
    for name in ("api_answer", "api_article", "api_token"):
        op.drop_table(name)
