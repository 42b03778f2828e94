"""Full texts: whether the pages of a feed's items are read, and why one could not be."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
SAFE_BESIDE_OLDER = True


def upgrade() -> None:
    """Add both columns; no feed's pages are read yet."""
    op.add_column("feed", sa.Column("full_text", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("feed", sa.Column("page_trouble", sa.String(20), nullable=False, server_default=""))


def downgrade() -> None:
    """Forget both; what pages have brought stays."""
    op.drop_column("feed", "page_trouble")
    op.drop_column("feed", "full_text")
