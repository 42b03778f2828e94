"""No rows that are claimed and not yet about to be sent: one commit says both."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
SAFE_BESIDE_OLDER = False  # It would claim without saying that it is about to send.


def _index(open_states: str, leased: str) -> None:
    """Make the two indexes anew for other states."""
    for name, columns, condition in (
        ("ix_delivery_open", ["reader_id", "lane", "id"], open_states),
        ("ix_delivery_leased", ["lease_until"], leased),
    ):
        only = sa.text(condition)
        op.drop_index(name, "delivery")
        op.create_index(name, "delivery", columns, sqlite_where=only, postgresql_where=only)


def upgrade() -> None:
    """Put back what was claimed: nothing was written of it."""
    op.execute("UPDATE delivery SET state = 0, owner = NULL, lease_until = NULL WHERE state = 1")
    _index("state IN (0, 2)", "state = 2")


def downgrade() -> None:
    """Make room for claimed rows; there are none."""
    _index("state IN (0, 1, 2)", "state IN (1, 2)")
