"""Indexes for what was looked for among all there is: sends that ended lately, updates set aside, old lists."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0034"
SAFE_BESIDE_OLDER = True  # which goes on reading all of them

_INDEXES = (
    ("ix_publication_finished_at", "publication", "finished_at", "finished_at IS NOT NULL"),
    ("ix_inbox_aside", "inbox", "received_at", "state = 3"),
)
_ONE, _BOTH = "ix_shown_article_id_updated_at", ("article_id", "updated_at")


def upgrade() -> None:
    """Index the few of each; and what messages show by both of what is asked of it, in the place of one index each."""
    # These first, and the old ones before the new one: a stretch of a correction reads what messages show, and writes
    # of its send behind that.
    for column in _BOTH:
        op.drop_index(f"ix_shown_{column}", "shown")
    op.create_index(_ONE, "shown", list(_BOTH))
    for name, table, column, condition in _INDEXES:
        only = sa.text(condition)
        op.create_index(name, table, [column], sqlite_where=only, postgresql_where=only)


def downgrade() -> None:
    """Leave them among the others."""
    for name, table, _, _ in _INDEXES:
        op.drop_index(name, table)
    for column in _BOTH:
        op.create_index(f"ix_shown_{column}", "shown", [column])
    op.drop_index(_ONE, "shown")
