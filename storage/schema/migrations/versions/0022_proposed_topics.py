"""Which topics of articles the program has proposed, and nobody has chosen."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
SAFE_BESIDE_OLDER = True


def upgrade() -> None:
    """Add the mark. Of what is there nobody knows; it counts as chosen."""
    op.add_column("article_topic", sa.Column("proposed", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("article_topic", "proposed")
