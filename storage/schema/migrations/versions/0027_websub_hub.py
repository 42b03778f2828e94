"""WebSub: in which form a listener is told."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0023"


def upgrade() -> None:
    """Add the column; whoever listens by now is told by webhook."""
    op.add_column("listener", sa.Column("form", sa.SmallInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Forget the hub, which knows nothing of webhooks, and the column."""
    hubs = "SELECT id FROM listener WHERE form = 1"
    op.execute(f"DELETE FROM event WHERE listener_id IN ({hubs})")  # noqa: S608  a constant
    op.execute("DELETE FROM listener WHERE form = 1")
    op.drop_column("listener", "form")
