"""Tags of articles: what their sources file them under beside topics."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Json

revision = "0013"
down_revision = "0012"
SAFE_BESIDE_OLDER = True


def upgrade() -> None:
    """Add the column; which tags were left out before is not known, and what is there has none."""
    op.add_column("article", sa.Column("tags", Json))


def downgrade() -> None:
    """Forget the tags."""
    op.drop_column("article", "tags")
