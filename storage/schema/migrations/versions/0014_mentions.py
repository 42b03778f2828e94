"""What another source tells of the same may stand under the message that told it first."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Json, Key

revision = "0014"
down_revision = "0013"
SAFE_BESIDE_OLDER = False  # It knows neither mentions nor their state, and would take them for pushes.

_INDEXES = {
    "ix_delivery_mentions": (["first_article", "reader_id"], "first_article IS NOT NULL"),
    "ix_delivery_told_with": (["told_with"], "told_with IS NOT NULL"),
}


def upgrade() -> None:
    """Add the columns; everybody begins with a push of each, and what is there tells nothing again."""
    op.add_column("reader", sa.Column("fold_sources", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("article", sa.Column("retells", Json))
    op.add_column("publication", sa.Column("told", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("delivery", sa.Column("first_article", Key))
    op.add_column("delivery", sa.Column("told_with", Key))
    for name, (columns, condition) in _INDEXES.items():
        only = sa.text(condition)
        op.create_index(name, "delivery", columns, sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """Make pushes of mentions that wait; those that were made count as not sent: nothing else knows of them."""
    waiting = "kind = 1, state = CASE WHEN state = 2 THEN 0 ELSE state END, target_message = NULL, lease_until = NULL"
    op.execute(f"UPDATE delivery SET {waiting} WHERE kind = 0 AND state IN (0, 2, 10)")  # noqa: S608  constants
    op.execute(
        "UPDATE delivery SET kind = 1, state = CASE WHEN state = 11 THEN 9 ELSE state END, target_message = NULL,"
        " message_id = NULL WHERE kind = 0"
    )
    op.execute("UPDATE publication SET dropped = dropped + told WHERE told > 0")
    for name in _INDEXES:
        op.drop_index(name, "delivery")
    for table, column in (
        ("delivery", "told_with"),
        ("delivery", "first_article"),
        ("publication", "told"),
        ("article", "retells"),
        ("reader", "fold_sources"),
    ):
        op.drop_column(table, column)
