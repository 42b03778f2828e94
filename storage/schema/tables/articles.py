"""What is published: topics, sources, stories, articles and their revisions."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    false,
    true,
)

from bot.model.limits import NAME_MOST, SOURCE_MOST
from bot.model.news import ArticleState, RevisionKind
from storage.engine.columns import Instant, Json, Key, Number
from storage.schema.tables.base import metadata, only

topic = Table(
    "topic",
    metadata,
    Column("id", Key, primary_key=True),
    Column("slug", String(32), nullable=False, unique=True),
    Column("names", Json, nullable=False),  # {"uk": "Економіка", "en": "Economy"}
    Column("emoji", String(16), nullable=False, server_default=""),
    Column("position", Integer, nullable=False, server_default="0"),
)

source = Table(
    "source",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(SOURCE_MOST), nullable=False, unique=True),
    Column("url", Text, nullable=False, server_default=""),
)

story = Table(
    "story",
    metadata,
    Column("id", Key, primary_key=True),
    Column("external_id", String(NAME_MOST), unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("updated_at", Instant, nullable=False),
    Column("part_of", Key),  # the story this has become a part of: then nothing is in it any more
)
Index("ix_story_part_of", story.c.part_of, **only("part_of IS NOT NULL"))

article = Table(
    "article",
    metadata,
    Column("id", Key, primary_key=True),
    Column("state", Number(ArticleState), nullable=False),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False, server_default=""),
    Column("body", Text, nullable=False, server_default=""),  # canonical HTML, see bot/text/markup.py
    Column("language", String(8), nullable=False),
    Column("url", Text, nullable=False, server_default=""),
    Column("source_id", Key, ForeignKey("source.id"), index=True),
    Column("story_id", Key, ForeignKey("story.id"), index=True),
    Column("story_fixed", Boolean, nullable=False, server_default=false()),  # an editor decided: threading stays away
    Column("same_as", Key),  # the article this is another source's copy of
    Column("resembles", Key),  # the article this may be a copy of, and may not
    Column("retells", Json),  # [7, …]: the articles this tells in other words
    Column("photo", Json),
    Column("tags", Json),  # ["вітряк", …]: what its source files it under beside topics
    Column("minutes", SmallInteger, nullable=False, server_default="0"),
    Column("urgent", Boolean, nullable=False, server_default=false()),
    # Undated items are imported ones whose time nobody knows: found by search and as related, not listed as latest.
    Column("dated", Boolean, nullable=False, server_default=true()),
    Column("published_at", Instant),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("corrected_at", Instant),
    Column("correction", Text, nullable=False, server_default=""),
    # What makes an import repeatable, and an editor's message one draft although Telegram may show it twice.
    Column("identity", String(80), unique=True),
    Column("external_id", String(NAME_MOST), index=True),
    Column("url_key", String(40), nullable=False, server_default=""),  # of the canonical address; "" for none
    Column("author_id", BigInteger),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
# The lists of latest news read this from its end; drafts and retracted articles are not in it.
Index("ix_article_latest", article.c.published_at, article.c.id, **only("state = 2 AND dated"))
Index("ix_article_same_as", article.c.same_as, **only("same_as IS NOT NULL"))
Index("ix_article_url_key", article.c.url_key, **only("url_key <> ''"))
Index("ix_article_desk", article.c.state, article.c.updated_at, **only("state IN (0, 1)"))

article_topic = Table(
    "article_topic",
    metadata,
    Column("topic_id", Key, ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True),
    # Repeats article.published_at so that a topic's latest are read in order; NULL until published.
    Column("published_at", Instant),
    Column("proposed", Boolean, nullable=False, server_default=false()),  # by the program: nobody has filed it here
    Index("ix_article_topic_latest", "topic_id", "published_at", "article_id"),
)

revision = Table(
    "revision",
    metadata,
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", Number(RevisionKind), nullable=False),
    Column("title", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("by", BigInteger),
    Column("at", Instant, nullable=False),
)
# What anybody can read under /corrections.
Index("ix_revision_corrections", revision.c.at, **only("kind > 0"))
