"""What was opened in a chat lately."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant, Key

revision = "0005"
down_revision = "0004"
SAFE_BESIDE_OLDER = True


def upgrade() -> None:
    """Add the table, empty: what was opened before is not known."""
    op.create_table(
        "opened",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", Key, autoincrement=False, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "article_id", name="pk_opened"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_opened_at", "opened", ["at"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("opened")
