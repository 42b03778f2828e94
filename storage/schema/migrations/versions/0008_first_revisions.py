"""Imported articles have a first revision as all others do: their text before it was first corrected."""

from alembic import op

revision = "0008"
down_revision = "0007"
SAFE_BESIDE_OLDER = False  # It would import and correct without keeping the first text.

# A retraction changes no text, so what nothing but a retraction followed still has its first one. Of what was corrected
# before this, nobody knows it any more.
_KEEP = """
INSERT INTO revision (article_id, number, kind, title, lead, body, note, "by", at)
SELECT id, 1, 0, title, lead, body, '', NULL, created_at FROM article
WHERE state IN (2, 3)
  AND NOT EXISTS (SELECT 1 FROM revision WHERE revision.article_id = article.id AND revision.kind <> 3)
"""


def upgrade() -> None:
    """Keep the first text of what was imported and never corrected."""
    op.execute(_KEEP)


def downgrade() -> None:
    """Leave them: an older program reads them as it reads the others, and a text that is dropped is gone."""
