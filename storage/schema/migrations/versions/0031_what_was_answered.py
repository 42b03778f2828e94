"""What handling an update has sent, for whoever handles it again: it is not said twice."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0031"
down_revision = "0030"
SAFE_BESIDE_OLDER = True  # which says again what it does not know of, as it always did


def upgrade() -> None:
    """Add the column; of what is under way nothing is known."""
    op.add_column("inbox", sa.Column("sent", sa.JSON().with_variant(JSONB(), "postgresql")))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("inbox", "sent")
