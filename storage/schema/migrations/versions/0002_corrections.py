"""Corrections, pause and stop, and what several processes share."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant

revision = "0002"
down_revision = "0001"
SAFE_BESIDE_OLDER = False  # It would send what is paused or stopped, and keep to no limit that is shared.


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Add what corrections and pauses need, and the tables that processes share."""
    op.add_column("publication", sa.Column("purpose", sa.SmallInteger(), server_default="0", nullable=False))
    op.create_index("ix_publication_halted", "publication", ["id"], **_only("state IN (2, 6)"))
    op.create_index("ix_delivery_parked", "delivery", ["publication_id"], **_only("state = 10"))
    op.create_index("ix_revision_corrections", "revision", ["at"], **_only("kind > 0"))
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "pace",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("taken_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_pace"),
    )


def downgrade() -> None:
    """Take them away. What was parked waits again; sends that were being stopped are paused."""
    op.execute("UPDATE delivery SET state = 0 WHERE state = 10")
    op.execute("UPDATE publication SET state = 2 WHERE state = 6")
    op.drop_table("pace")
    op.drop_table("lease")
    op.drop_index("ix_revision_corrections", "revision")
    op.drop_index("ix_delivery_parked", "delivery")
    op.drop_index("ix_publication_halted", "publication")
    op.drop_column("publication", "purpose")
