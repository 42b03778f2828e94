"""On PostgreSQL what a batch brings goes into the archive's index at once, and lemmas are counted where they stand.

The index gathers the tokens of a transaction, which has them sorted in before it ends (storage/index/writing.py). A row
of a lemma is written anew with each batch that has it: with room on its page no index has to be told.
"""

from alembic import op

revision = "0033"
down_revision = "0032"
SAFE_BESIDE_OLDER = True  # whose tokens wait to be sorted in, and are found meanwhile


def upgrade() -> None:
    """Let the index gather, and leave room on new pages of lemmas."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_archive_tokens SET (fastupdate = on)")
        op.execute("ALTER TABLE lemma SET (fillfactor = 70)")


def downgrade() -> None:
    """Have each token put in its place by itself again."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE lemma RESET (fillfactor)")
        op.execute("ALTER INDEX ix_archive_tokens SET (fastupdate = off)")
        op.execute("SELECT gin_clean_pending_list('ix_archive_tokens')")
