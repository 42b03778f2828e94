"""Readers may choose pushes of titles only."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
SAFE_BESIDE_OLDER = True


def upgrade() -> None:
    """Add the column; everybody begins with the whole push."""
    op.add_column("reader", sa.Column("titles_only", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Forget who chose it."""
    op.drop_column("reader", "titles_only")
