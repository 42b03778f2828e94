"""Followed words as they were typed: their reader knows them by no other name."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
SAFE_BESIDE_OLDER = False  # It would forget how words were typed whenever it writes rules.


def upgrade() -> None:
    """Add the column; how words were typed before is not known, and they show as they are looked for."""
    op.add_column("subscription", sa.Column("words", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Forget how they were typed."""
    op.drop_column("subscription", "words")
