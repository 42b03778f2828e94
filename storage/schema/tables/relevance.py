"""What search and related items look in, and what editors and readers say about them."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
)

from storage.engine.columns import Key
from storage.schema.tables.base import metadata

lemma = Table(
    "lemma",
    metadata,
    Column("id", Key, primary_key=True),
    Column("text", String(40), nullable=False, unique=True),
    Column("stem", String(8), nullable=False, server_default="", index=True),
    Column("articles", Integer, nullable=False, server_default="0"),  # how many published articles have it
)

words = Table(
    "words",
    metadata,
    # An article's lemmas with their counts, packed (storage/index/reading.py): scoring reads these on both engines.
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)

hot = Table(
    "hot",
    metadata,
    # Which of the newest articles have a lemma: where related items and stories are looked for.
    Column("lemma_id", Key, autoincrement=False, nullable=False),
    Column("article_id", Key, autoincrement=False, nullable=False, index=True),
    Column("weight", SmallInteger, nullable=False),  # the impact, see bot/relevance/weights.py
    # A lemma's stretch is read from the index alone; from the table it would be a page for each article.
    PrimaryKeyConstraint("lemma_id", "article_id", postgresql_include=["weight"]),
    sqlite_with_rowid=False,
)

embedding = Table(
    "embedding",
    metadata,
    # What the optional model makes of an article (bot/relevance/embeddings.py). Written by one process at a time,
    # so that whoever reads what came after a number misses none.
    Column("id", Key, primary_key=True),
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("revision", Integer, nullable=False),  # of the article that was read
    Column("model", String(40), nullable=False),
    Column("vector", LargeBinary, nullable=False),  # 384 signed bytes
    Column("signs", LargeBinary, nullable=False),  # 384 bits: which of them are above zero
    sqlite_autoincrement=True,  # a number that was used never comes again
)

tie = Table(
    "tie",
    metadata,
    # What editors say about two articles: shown as related first, or never.
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("pinned", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

related_use = Table(
    "related_use",
    metadata,
    # How often what is related to an article was shown, and how often something in it was opened from there.
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("shown", Integer, nullable=False),
    Column("opened", Integer, nullable=False),
    sqlite_with_rowid=False,
)
