"""The tables, designed for a million articles and a million readers. `docs/DATABASE.md` tells them as a story."""

from dataclasses import fields
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    false,
    text,
    true,
)

from bot.model.desk import PublicationState, Role
from bot.model.feeds import FeedMode, FeedState, ItemState, NoticeKind
from bot.model.ledger import DeliveryKind, DeliveryState, Policy, Priority
from bot.model.limits import NAME_MOST, PHRASE_MOST, SOURCE_MOST
from bot.model.listeners import ListenerForm, ListenerNews, ListenerState
from bot.model.news import ArticleState, RevisionKind
from bot.model.readers import ChatKind, Reader, ReaderState
from storage.engine.columns import Instant, Json, Key, MatchKeyText, Number

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _only(condition: str) -> dict[str, Any]:
    """Return the arguments that make an index cover only the rows of a condition, on both engines."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


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
)

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
Index("ix_article_latest", article.c.published_at, article.c.id, **_only("state = 2 AND dated"))
Index("ix_article_same_as", article.c.same_as, **_only("same_as IS NOT NULL"))
Index("ix_article_url_key", article.c.url_key, **_only("url_key <> ''"))
Index("ix_article_desk", article.c.state, article.c.updated_at, **_only("state IN (0, 1)"))

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
Index("ix_revision_corrections", revision.c.at, **_only("kind > 0"))

NOBODY = -1
"""The chat of readers who are erased, and of updates that were theirs. Telegram gives no chat this number."""
reader = Table(
    "reader",
    metadata,
    Column("id", Key, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False, server_default="0"),
    Column("kind", Number(ChatKind), nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("language", String(8), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("state", Number(ReaderState), nullable=False, server_default="0"),
    # "now", "hourly", or minutes of the local day: "480,1140" is 08:00 and 19:00.
    Column("schedule", String(160), nullable=False, server_default="now"),
    Column("quiet_from", SmallInteger),  # minutes of the local day; both or neither
    Column("quiet_to", SmallInteger),
    Column("news_language", String(8), nullable=False, server_default=""),
    # What a reader turns on and off: a column for each such field of `Reader`, with its default.
    *(
        Column(one.name, Boolean, nullable=False, server_default=true() if one.default else false())
        for one in fields(Reader)
        if one.type is bool
    ),
    Column("next_digest_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("uq_reader_chat_id_thread_id", "chat_id", "thread_id", unique=True),
)
Index("ix_reader_quiet_zone", reader.c.zone, **_only("quiet_from IS NOT NULL"))
Index("ix_reader_digest", reader.c.next_digest_at, **_only("next_digest_at IS NOT NULL AND state = 0"))

subscription = Table(
    "subscription",
    metadata,
    # The match key comes first: a fan-out reads the readers of a few keys, in order.
    Column("key", MatchKeyText, primary_key=True),
    Column("reader_id", Key, ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("exclude", Boolean, nullable=False, server_default=false()),
    Column("until", Instant),  # until when nothing comes: "mute for a day", also of what is subscribed to
    Column("words", Text, nullable=False, server_default=""),  # a keyword as this reader typed it
    sqlite_with_rowid=False,
)

keyword = Table(
    "keyword",
    metadata,
    Column("id", Key, primary_key=True),
    Column("phrase", String(PHRASE_MOST), nullable=False, unique=True),  # its lemmas, sorted
    Column("need", SmallInteger, nullable=False),  # how many different lemmas must all be in the article
)

keyword_lemma = Table(
    "keyword_lemma",
    metadata,
    Column("lemma", String(64), primary_key=True),
    Column("keyword_id", Key, ForeignKey("keyword.id", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)

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
Index("ix_publication_open", publication.c.state, publication.c.at, **_only("state IN (0, 1, 2)"))
# Asked at every claim: nothing of these may be sent.
Index("ix_publication_halted", publication.c.id, **_only("state IN (2, 6)"))
Index("ix_publication_reporting", publication.c.id, **_only("progress_message IS NOT NULL AND NOT reported"))

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
Index("uq_delivery_once", delivery.c.article_id, delivery.c.reader_id, unique=True, **_only("kind <= 2"))
Index("ix_delivery_due", delivery.c.lane, delivery.c.id, **_only("state = 0"))
# Order within a chat: a row may be taken when its chat has nothing in flight and nothing older in this index.
Index("ix_delivery_open", delivery.c.reader_id, delivery.c.lane, delivery.c.id, **_only("state IN (0, 2)"))
Index("ix_delivery_leased", delivery.c.lease_until, **_only("state = 2"))
Index("ix_delivery_held", delivery.c.reader_id, **_only("state = 7"))
Index("ix_delivery_digest", delivery.c.digest_id, **_only("digest_id IS NOT NULL"))
Index("ix_delivery_uncertain", delivery.c.publication_id, **_only("state = 5"))
Index("ix_delivery_mentions", delivery.c.first_article, delivery.c.reader_id, **_only("first_article IS NOT NULL"))
Index("ix_delivery_told_with", delivery.c.told_with, **_only("told_with IS NOT NULL"))
Index("ix_delivery_parked", delivery.c.publication_id, **_only("state = 10"))

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
Index("ix_kept_copy_digest", kept_copy.c.digest_id, **_only("digest_id IS NOT NULL"))

lease = Table(
    "lease",
    metadata,
    # What only one process may do at a time: ask Telegram for updates, for example.
    Column("name", String(64), primary_key=True),
    Column("owner", String(36), key="holder", nullable=False),
    Column("until", Instant, nullable=False),
)

pace = Table(
    "pace",
    metadata,
    # The limiter that several processes share: the instant up to which slots are taken, microseconds since 1970.
    Column("name", String(64), primary_key=True),
    Column("taken_to", BigInteger, nullable=False),
)

shown = Table(
    "shown",
    metadata,
    # What a message shows now, when that is not what it was sent as: an opened article, a page of a list.
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Key, index=True),
    Column("screen", String(64), nullable=False),
    Column("tail", Json, nullable=False),  # further messages of a long plain text, to take away when it is folded
    Column("updated_at", Instant, nullable=False, index=True),
)

opened = Table(
    "opened",
    metadata,
    # The articles last opened in a chat, a few of each: what somebody has just read is not offered as related.
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("article_id", Key, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
)

query = Table(
    "query",
    metadata,
    # The words somebody searched for: they do not fit into a button.
    Column("id", Key, primary_key=True),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

editor = Table(
    "editor",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", Number(Role), nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("added_by", BigInteger),
    Column("added_at", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    # Appended in the same transaction as the act, never changed.
    Column("id", Key, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("by", BigInteger),
    Column("act", String(40), nullable=False),
    Column("article_id", Key, index=True),
    Column("detail", Json, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    # Updates are here before Telegram is told that they arrived, so none is lost and none is handled twice.
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),  # whose order they keep
    Column("payload", Text),  # the update's JSON; NULL once it is done
    Column("state", SmallInteger, nullable=False, server_default="0"),  # storage/runtime/inbox.py
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("owner", String(36), key="holder"),
    Column("lease_until", Instant),
    Column("error", Text),
    Column("received_at", Instant, nullable=False, index=True),
)
Index("ix_inbox_open", inbox.c.chat_id, inbox.c.update_id, **_only("state IN (0, 1)"))

message_ids = Table(
    "message_ids",
    metadata,
    # The numbers of messages that are known, as they were learnt: [[first, last], …]. One counter (0) for all private
    # chats and basic groups, one for each other chat, by its id.
    Column("id", Key, primary_key=True),
    Column("counter", BigInteger, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("ranges", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_message_ids_counter_last", "counter", "last"),
)

loose_message = Table(
    "loose_message",
    metadata,
    # Chats where a message may be whose number nobody knows: a reply that is being sent, or one whose answer was lost.
    Column("id", Key, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),  # 0: nobody knows in which
    Column("at", Instant, nullable=False, index=True),
)

dialog = Table(
    "dialog",
    metadata,
    # Which question is open with whom: the only state between two taps.
    Column("key", String(120), primary_key=True),
    Column("state", String(80)),
    Column("data", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

throttle = Table(
    "throttle",
    metadata,
    # What Telegram asked us to wait for: "bot", or a chat's id. Remembered over a restart.
    Column("scope", String(40), primary_key=True),
    Column("until", Instant, nullable=False),
)

fact = Table(
    "note",
    metadata,
    # Small facts of the installation: the owner's one-time code (hashed), the heartbeat, the poller's lease.
    Column("name", String(60), primary_key=True),
    Column("value", Json, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

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

story_seen = Table(
    "story_seen",
    metadata,
    # When a reader last looked at a story: what came later is marked as new.
    Column("reader_id", Key, ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", Key, ForeignKey("story.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

feed = Table(
    "feed",
    metadata,
    # An address that is polled. Who polls it holds it until `lease_until`.
    Column("id", Key, primary_key=True),
    Column("address", Text, nullable=False, unique=True),
    Column("host", String(255), nullable=False, index=True),  # of the address: a server is asked for one at a time
    Column("state", Number(FeedState), nullable=False),
    Column("mode", Number(FeedMode), nullable=False),
    Column("name", String(SOURCE_MOST), nullable=False, server_default=""),
    Column("source", String(SOURCE_MOST), nullable=False, server_default=""),
    Column("language", String(8), nullable=False, server_default=""),
    Column("every", Integer, nullable=False, server_default="0"),  # seconds; 0: as often as it brings something
    Column("topics", Json, nullable=False),  # {"суспільство": "society", "реклама": ""}
    Column("categories", Json, nullable=False),  # {"Суспільство": 12}: what it files its items under
    Column("added_by", BigInteger),
    Column("added_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("lease_holder", String(40)),
    Column("lease_until", Instant),
    Column("polled_at", Instant),
    Column("succeeded_at", Instant),
    Column("etag", Text, nullable=False, server_default=""),
    Column("modified", Text, nullable=False, server_default=""),
    Column("print", String(40), nullable=False, server_default=""),
    Column("filled", Boolean, nullable=False, server_default=false()),
    Column("fresh_for", Integer, nullable=False, server_default="0"),
    Column("skips", Json, nullable=False),  # {"hours": [0, 1], "days": [5, 6]}
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("reason", String(20), nullable=False, server_default=""),
    Column("detail", String(200), nullable=False, server_default=""),
    Column("told", Boolean, nullable=False, server_default=false()),
    Column("full_text", Boolean, nullable=False, server_default=false()),  # of its items' pages
    Column("page_trouble", String(20), nullable=False, server_default=""),
)
Index("ix_feed_next_at", feed.c.next_at, **_only("state = 1"))

feed_item = Table(
    "feed_item",
    metadata,
    Column("feed_id", Key, ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(50), primary_key=True),
    Column("state", Number(ItemState), nullable=False),
    Column("article_id", Key, ForeignKey("article.id", ondelete="SET NULL"), index=True),
    Column("print", String(40), nullable=False, server_default=""),
    Column("url_key", String(40), nullable=False, server_default=""),
    Column("dated_at", Instant),
    Column("seen_at", Instant, nullable=False),
    Column("missing_since", Instant),
    Column("payload", Json),  # of what is held: the article on its way in
    Index("ix_feed_item_feed_id_seen_at", "feed_id", "seen_at"),
)

feed_notice = Table(
    "feed_notice",
    metadata,
    # What the desk is to be told of feeds; a question waits here for its answer.
    Column("id", Key, primary_key=True),
    Column("feed_id", Key, ForeignKey("feed.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", Number(NoticeKind), nullable=False),
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), index=True),
    Column("detail", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("told_at", Instant),
    Column("answered_at", Instant),
    Column("answered_by", BigInteger),
)
Index("ix_feed_notice_untold", feed_notice.c.id, **_only("told_at IS NULL"))

api_token = Table(
    "api_token",
    metadata,
    Column("id", Key, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("source", String(SOURCE_MOST), nullable=False),
    Column("scope", SmallInteger, nullable=False),  # bot/model/tokens.py
    Column("secret", String(64), nullable=False, unique=True),  # its SHA-256: the secret itself is kept nowhere
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

api_article = Table(
    "api_article",
    metadata,
    # Which token brought an article: no other may change it.
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("token_id", Key, ForeignKey("api_token.id"), nullable=False),
)

picture = Table(
    "picture",
    metadata,
    # What systems upload, by a name that nobody can guess; what is in no article is forgotten after three days.
    Column("id", String(32), primary_key=True),
    Column("token_id", Key, ForeignKey("api_token.id"), nullable=False),
    Column("article_id", Key, ForeignKey("article.id", ondelete="CASCADE"), index=True),
    Column("kind", String(20), nullable=False),  # bot/model/pictures.py
    Column("content", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

api_answer = Table(
    "api_answer",
    metadata,
    # What was answered to a request that had a key: the same request is answered the same, and done once.
    Column("token_id", Key, ForeignKey("api_token.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("print", String(64), nullable=False),  # of what was asked
    Column("status", SmallInteger, nullable=False),  # 0 while it is worked on
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

listener = Table(
    "listener",
    metadata,
    # An address that is told what becomes public. Who tells it something holds it until `lease_until`.
    Column("id", Key, primary_key=True),
    Column("address", Text, nullable=False, unique=True),
    Column("secret", String(100), nullable=False),  # itself, not its fingerprint: it signs
    Column("form", Number(ListenerForm), nullable=False, server_default="0"),
    Column("events", SmallInteger, nullable=False),  # bot/model/listeners.py
    Column("state", Number(ListenerState), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("lease_holder", String(40)),
    Column("lease_until", Instant),
    Column("asked_at", Instant),
    Column("next_at", Instant),  # after a failure: not before
    Column("succeeded_at", Instant),
    Column("failing_since", Instant),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("reason", String(20), nullable=False, server_default=""),
    Column("detail", String(200), nullable=False, server_default=""),
    Column("told", Boolean, nullable=False, server_default=false()),
    Column("news", Number(ListenerNews)),
    Column("news_at", Instant),  # until owners have been told
)

event = Table(
    "event",
    metadata,
    # What a listener has not been told yet. It names its rows without references: telling holds up no publishing.
    Column("id", Key, primary_key=True),
    Column("listener_id", Key, nullable=False),
    Column("key", String(40), nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("article_id", Key, nullable=False),
    Column("publication_id", Key),
    Column("revision", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Instant),  # after a failure: not before
    Index("ix_event_listener_id_attempts_id", "listener_id", "attempts", "id"),
)
