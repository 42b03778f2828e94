"""Items of feeds that wait, held or gathered, have an index: they are looked for every two seconds."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
SAFE_BESIDE_OLDER = True  # which goes on reading them all


def upgrade() -> None:
    """Index the few that wait."""
    only = sa.text("state IN (1, 5)")
    op.create_index("ix_feed_item_waiting", "feed_item", ["state", "feed_id"], sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """Leave them among the others."""
    op.drop_index("ix_feed_item_waiting", "feed_item")
