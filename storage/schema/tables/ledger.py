"""What is sent to whom: one row for each reader and headline, from its fan-out to its end."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    false,
)

from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryKind, DeliveryState, Policy, Priority
from bot.model.news import RevisionKind
from storage.engine.columns import Instant, Key, Number
from storage.schema.tables.base import metadata, only

publication = Table(
    "publication",
    metadata,
    Column("id", Key, primary_key=True),
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", Number(PublicationState), nullable=False),
    Column("at", Instant, nullable=False),
    Column("lane", Number(Priority), nullable=False),
    Column("policy", Number(Policy), nullable=False, server_default="0"),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("purpose", Number(RevisionKind), nullable=False, server_default="0"),
    Column("by", BigInteger),
    # The fan-out's place: readers up to this number have their rows. `fan_end` is the last number there was when it
    # began; NULL in both once it is done.
    Column("fan_from", Key),
    Column("fan_end", Key),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("progress_chat", BigInteger),
    Column("progress_message", BigInteger),
    Column("reported", Boolean, nullable=False, server_default=false()),
    Column("reason", Text, nullable=False, server_default=""),
    # Counted in the same transaction as the rows they count.
    *(
        Column(name, Integer, nullable=False, server_default="0")
        for name in ("total", "sent", "failed", "uncertain", "expired", "dropped", "held", "found", "returned", "told")
    ),
)
Index("ix_publication_open", publication.c.state, publication.c.at, **only("state IN (0, 1, 2)"))
# Asked at every claim: nothing of these may be sent.
Index("ix_publication_halted", publication.c.id, **only("state IN (2, 6)"))
# What a reader's change of mind may still take back or put back is of sends that have ended a moment ago.
Index("ix_publication_finished_at", publication.c.finished_at, **only("finished_at IS NOT NULL"))
Index("ix_publication_reporting", publication.c.id, **only("progress_message IS NOT NULL AND NOT reported"))

digest = Table(
    "digest",
    metadata,
    Column("id", Key, primary_key=True),
    Column("reader_id", Key, ForeignKey("reader.id", ondelete="CASCADE"), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    # One digest for one due time, whoever comes first: a restart or a second replica cannot make another.
    Index("uq_digest_reader_id_due_at", "reader_id", "due_at", unique=True),
)

# No foreign keys: every row is made from the rows they would point at, in one statement, and a fan-out of a million
# rows would look each of them up three times.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Key, primary_key=True),
    Column("reader_id", Key, nullable=False),
    Column("article_id", Key),
    Column("publication_id", Key),
    Column("digest_id", Key),
    Column("kind", Number(DeliveryKind), nullable=False),
    Column("lane", Number(Priority), nullable=False),
    Column("state", Number(DeliveryState), nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("not_before", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("owner", String(36), key="holder"),
    Column("lease_until", Instant),
    Column("message_id", BigInteger),
    Column("target_message", BigInteger),
    Column("first_article", Key),  # of a mention: the article whose message it stands under
    Column("told_with", Key),  # of a mention that waits: the one whose edit of their message shows it too
    Column("reason", Text),
    Column("created_at", Instant, nullable=False),
    Column("finished_at", Instant),
    # The highest number known of its chat's counter when it was claimed: a message of this claim has a higher one.
    Column("after_message", BigInteger),
    Column("asked_at", Instant),  # since when it is known that Telegram cannot tell what became of it
)
# A headline reaches a reader once, as a push, inside a digest or as a mention (kinds 1, 2 and 0): the promise is this
# index.
Index("uq_delivery_once", delivery.c.article_id, delivery.c.reader_id, unique=True, **only("kind <= 2"))
Index("ix_delivery_due", delivery.c.lane, delivery.c.id, **only("state = 0"))
# Order within a chat: a row may be taken when its chat has nothing in flight and nothing older in this index.
Index("ix_delivery_open", delivery.c.reader_id, delivery.c.lane, delivery.c.id, **only("state IN (0, 2)"))
Index("ix_delivery_leased", delivery.c.lease_until, **only("state = 2"))
Index("ix_delivery_held", delivery.c.reader_id, **only("state = 7"))
Index("ix_delivery_digest", delivery.c.digest_id, **only("digest_id IS NOT NULL"))
Index("ix_delivery_uncertain", delivery.c.publication_id, **only("state = 5"))
Index("ix_delivery_mentions", delivery.c.first_article, delivery.c.reader_id, **only("first_article IS NOT NULL"))
Index("ix_delivery_told_with", delivery.c.told_with, **only("told_with IS NOT NULL"))
Index("ix_delivery_parked", delivery.c.publication_id, **only("state = 10"))

kept_copy = Table(
    "kept_copy",
    metadata,
    # What is left of a delivery that is long over: the message in which a reader has an article, alone or in a digest,
    # and the revision it shows.
    Column("article_id", Key, autoincrement=False, nullable=False),
    Column("reader_id", Key, autoincrement=False, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("digest_id", Key),
    Column("revision", Integer, nullable=False),
    PrimaryKeyConstraint("article_id", "reader_id"),
    sqlite_with_rowid=False,
)
Index("ix_kept_copy_digest", kept_copy.c.digest_id, **only("digest_id IS NOT NULL"))
