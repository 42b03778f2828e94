"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.engine.columns import Instant, Json, Key
from storage.schema.full_text import create_archive, drop_archive

revision = "0001"
down_revision = None
SAFE_BESIDE_OLDER = True

_TABLES = (
    "audit", "delivery", "dialog", "digest", "shown", "query", "editor", "inbox", "note", "throttle", "hot", "words",
    "lemma", "keyword_lemma", "keyword", "publication", "revision", "article_topic", "subscription", "reader",
    "article", "story", "source", "topic",
)  # fmt: skip


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:  # noqa: PLR0915  a table after the other
    """Make every table."""
    op.create_table(
        "audit",
        sa.Column("id", Key, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by", sa.BigInteger()),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("article_id", Key),
        sa.Column("detail", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_article_id", "audit", ["article_id"])
    op.create_table(
        "delivery",
        sa.Column("id", Key, nullable=False),
        sa.Column("reader_id", Key, nullable=False),
        sa.Column("article_id", Key),
        sa.Column("publication_id", Key),
        sa.Column("digest_id", Key),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("not_before", Instant(), nullable=False),
        sa.Column("expires_at", Instant()),
        sa.Column("owner", sa.String(length=36)),
        sa.Column("lease_until", Instant()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("target_message", sa.BigInteger()),
        sa.Column("reason", sa.Text()),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant()),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
    )
    op.create_index("ix_delivery_digest", "delivery", ["digest_id"], **_only("digest_id IS NOT NULL"))
    op.create_index("ix_delivery_due", "delivery", ["lane", "id"], **_only("state = 0"))
    op.create_index("ix_delivery_held", "delivery", ["reader_id"], **_only("state = 7"))
    op.create_index("ix_delivery_leased", "delivery", ["lease_until"], **_only("state IN (1, 2)"))
    op.create_index("ix_delivery_open", "delivery", ["reader_id", "lane", "id"], **_only("state IN (0, 1, 2)"))
    op.create_index("ix_delivery_uncertain", "delivery", ["publication_id"], **_only("state = 5"))
    op.create_index("uq_delivery_once", "delivery", ["article_id", "reader_id"], unique=True, **_only("kind <= 2"))
    op.create_table(
        "dialog",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=80)),
        sa.Column("data", Json, nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_dialog"),
    )
    op.create_table(
        "editor",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("added_by", sa.BigInteger()),
        sa.Column("added_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_editor"),
    )
    op.create_table(
        "hot",
        sa.Column("lemma_id", Key, autoincrement=False, nullable=False),
        sa.Column("article_id", Key, autoincrement=False, nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("lemma_id", "article_id", name="pk_hot"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_hot_article_id", "hot", ["article_id"])
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("owner", sa.String(length=36)),
        sa.Column("lease_until", Instant()),
        sa.Column("error", sa.Text()),
        sa.Column("received_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_open", "inbox", ["chat_id", "update_id"], **_only("state IN (0, 1)"))
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_table(
        "keyword",
        sa.Column("id", Key, nullable=False),
        sa.Column("phrase", sa.String(length=120), nullable=False),
        sa.Column("need", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_keyword"),
        sa.UniqueConstraint("phrase", name="uq_keyword_phrase"),
    )
    op.create_table(
        "lemma",
        sa.Column("id", Key, nullable=False),
        sa.Column("text", sa.String(length=40), nullable=False),
        sa.Column("articles", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lemma"),
        sa.UniqueConstraint("text", name="uq_lemma_text"),
    )
    op.create_table(
        "note",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_note"),
    )
    op.create_table(
        "query",
        sa.Column("id", Key, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_query"),
    )
    op.create_index("ix_query_at", "query", ["at"])
    op.create_index("ix_query_chat_id", "query", ["chat_id"])
    op.create_table(
        "reader",
        sa.Column("id", Key, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("schedule", sa.String(length=160), server_default="now", nullable=False),
        sa.Column("quiet_from", sa.SmallInteger()),
        sa.Column("quiet_to", sa.SmallInteger()),
        sa.Column("news_language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("plain", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("urgent_breaks", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("next_digest_at", Instant()),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reader"),
    )
    op.create_index(
        "ix_reader_digest", "reader", ["next_digest_at"], **_only("next_digest_at IS NOT NULL AND state = 0")
    )
    op.create_index("ix_reader_quiet_zone", "reader", ["zone"], **_only("quiet_from IS NOT NULL"))
    op.create_index("uq_reader_chat_id_thread_id", "reader", ["chat_id", "thread_id"], unique=True)
    op.create_table(
        "shown",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", Key),
        sa.Column("screen", sa.String(length=64), nullable=False),
        sa.Column("tail", Json, nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name="pk_shown"),
    )
    op.create_index("ix_shown_article_id", "shown", ["article_id"])
    op.create_index("ix_shown_updated_at", "shown", ["updated_at"])
    op.create_table(
        "source",
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        sa.UniqueConstraint("name", name="uq_source_name"),
    )
    op.create_table(
        "story",
        sa.Column("id", Key, nullable=False),
        sa.Column("external_id", sa.String(length=200)),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_story"),
        sa.UniqueConstraint("external_id", name="uq_story_external_id"),
    )
    op.create_table(
        "throttle",
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name="pk_throttle"),
    )
    op.create_table(
        "topic",
        sa.Column("id", Key, nullable=False),
        sa.Column("slug", sa.String(length=32), nullable=False),
        sa.Column("names", Json, nullable=False),
        sa.Column("emoji", sa.String(length=16), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_topic"),
        sa.UniqueConstraint("slug", name="uq_topic_slug"),
    )
    op.create_table(
        "article",
        sa.Column("id", Key, nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("source_id", Key),
        sa.Column("story_id", Key),
        sa.Column("photo", Json),
        sa.Column("minutes", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("dated", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("published_at", Instant()),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("corrected_at", Instant()),
        sa.Column("correction", sa.Text(), server_default="", nullable=False),
        sa.Column("identity", sa.String(length=80)),
        sa.Column("external_id", sa.String(length=200)),
        sa.Column("author_id", sa.BigInteger()),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_article_source_id_source"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_article_story_id_story"),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("identity", name="uq_article_identity"),
    )
    op.create_index("ix_article_desk", "article", ["state", "updated_at"], **_only("state IN (0, 1)"))
    op.create_index("ix_article_external_id", "article", ["external_id"])
    op.create_index("ix_article_latest", "article", ["published_at", "id"], **_only("state = 2 AND dated"))
    op.create_index("ix_article_source_id", "article", ["source_id"])
    op.create_index("ix_article_story_id", "article", ["story_id"])
    op.create_table(
        "digest",
        sa.Column("id", Key, nullable=False),
        sa.Column("reader_id", Key, nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name="fk_digest_reader_id_reader", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_digest"),
    )
    op.create_index("uq_digest_reader_id_due_at", "digest", ["reader_id", "due_at"], unique=True)
    op.create_table(
        "keyword_lemma",
        sa.Column("lemma", sa.String(length=64), nullable=False),
        sa.Column("keyword_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["keyword_id"], ["keyword.id"], name="fk_keyword_lemma_keyword_id_keyword", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lemma", "keyword_id", name="pk_keyword_lemma"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subscription",
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("reader_id", Key, nullable=False),
        sa.Column("exclude", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("until", Instant()),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["reader.id"], name="fk_subscription_reader_id_reader", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key", "reader_id", name="pk_subscription"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_subscription_reader_id", "subscription", ["reader_id"])
    op.create_table(
        "article_topic",
        sa.Column("topic_id", Key, nullable=False),
        sa.Column("article_id", Key, nullable=False),
        sa.Column("published_at", Instant()),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_topic_article_id_article", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_article_topic_topic_id_topic", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("topic_id", "article_id", name="pk_article_topic"),
    )
    op.create_index("ix_article_topic_article_id", "article_topic", ["article_id"])
    op.create_index("ix_article_topic_latest", "article_topic", ["topic_id", "published_at", "article_id"])
    op.create_table(
        "publication",
        sa.Column("id", Key, nullable=False),
        sa.Column("article_id", Key, nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("policy", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("by", sa.BigInteger()),
        sa.Column("fan_from", Key),
        sa.Column("fan_end", Key),
        sa.Column("started_at", Instant()),
        sa.Column("finished_at", Instant()),
        sa.Column("progress_chat", sa.BigInteger()),
        sa.Column("progress_message", sa.BigInteger()),
        sa.Column("reported", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("uncertain", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expired", sa.Integer(), server_default="0", nullable=False),
        sa.Column("dropped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("held", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_publication_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
    )
    op.create_index("ix_publication_article_id", "publication", ["article_id"])
    op.create_index("ix_publication_open", "publication", ["state", "at"], **_only("state IN (0, 1, 2)"))
    op.create_index(
        "ix_publication_reporting", "publication", ["id"], **_only("progress_message IS NOT NULL AND NOT reported")
    )
    op.create_table(
        "revision",
        sa.Column("article_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("by", sa.BigInteger()),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_revision_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "number", name="pk_revision"),
    )
    op.create_table(
        "words",
        sa.Column("article_id", Key, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_words_article_id_article", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name="pk_words"),
    )
    create_archive(op.get_bind())


def downgrade() -> None:
    """Drop every table."""
    drop_archive(op.get_bind())
    for table in _TABLES:
        op.drop_table(table)
