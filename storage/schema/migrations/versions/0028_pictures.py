"""Pictures that systems upload."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant, Key

revision = "0028"
down_revision = "0027"
SAFE_BESIDE_OLDER = False  # an older one would keep the picture of an article it retracts


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "picture",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("token_id", Key, sa.ForeignKey("api_token.id"), nullable=False),
        sa.Column("article_id", Key, sa.ForeignKey("article.id", ondelete="CASCADE"), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index("ix_picture_article_id", "picture", ["article_id"])


def downgrade() -> None:
    """Forget the pictures; articles go out without them then."""
    op.drop_table("picture")
