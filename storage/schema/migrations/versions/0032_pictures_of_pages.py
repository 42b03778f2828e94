"""Pictures from the pages of a feed's items, where their text is not wanted."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
SAFE_BESIDE_OLDER = True  # which take none


def upgrade() -> None:
    """Add the setting; off, as it was."""
    op.add_column("feed", sa.Column("page_pictures", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Forget the setting."""
    op.drop_column("feed", "page_pictures")
