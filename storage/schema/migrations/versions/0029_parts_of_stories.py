"""Stories that became a part of another stay known: what an old button names is that one, and never a newer one."""

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Key

revision = "0029"
down_revision = "0028"
SAFE_BESIDE_OLDER = True  # an older one deletes what it merges, as it always did


def upgrade() -> None:
    """Add the column; of stories that were merged before nothing is known."""
    op.add_column("story", sa.Column("part_of", Key))
    known = sa.text("part_of IS NOT NULL")
    op.create_index("ix_story_part_of", "story", ["part_of"], sqlite_where=known, postgresql_where=known)


def downgrade() -> None:
    """Forget those stories."""
    op.drop_index("ix_story_part_of", "story")
    op.execute("DELETE FROM story WHERE part_of IS NOT NULL")
    op.drop_column("story", "part_of")
