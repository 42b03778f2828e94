"""On PostgreSQL the hot table's key carries the impact, and the archive's tokens leave its pages.

A lemma's stretch of the hot table is read from the index alone; a search visits a page of the archive for hundreds of
matches, no more for each six. Articles that are indexed from now on gain from the second, all after `reindex`.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
SAFE_BESIDE_OLDER = False  # Whoever searches or publishes waits while the key is built.

_KEY = "ALTER TABLE hot DROP CONSTRAINT pk_hot, ADD CONSTRAINT pk_hot PRIMARY KEY (lemma_id, article_id)"


def upgrade() -> None:
    """Build the key anew, and have tokens stored apart; SQLite keeps the whole table in its key as it is."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"{_KEY} INCLUDE (weight)")
        op.execute("ALTER TABLE archive SET (toast_tuple_target = 128)")


def downgrade() -> None:
    """Build the key as it was."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE archive RESET (toast_tuple_target)")
        op.execute(_KEY)
