"""Which article another looks like that nobody may take for its copy."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Key

revision = "0009"
down_revision = "0008"
SAFE_BESIDE_OLDER = True


def upgrade() -> None:
    """Add the column; nothing that is there has it."""
    op.add_column("article", sa.Column("resembles", Key))


def downgrade() -> None:
    """Forget what looked alike."""
    op.drop_column("article", "resembles")
