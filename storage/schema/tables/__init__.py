"""The tables, designed for a million articles and a million readers. `docs/DATABASE.md` tells them as a story."""

from storage.schema.tables.articles import article, article_topic, revision, source, story, topic
from storage.schema.tables.base import metadata
from storage.schema.tables.chats import dialog, opened, query, shown
from storage.schema.tables.desk import audit, editor
from storage.schema.tables.feeds import feed, feed_item, feed_notice
from storage.schema.tables.ledger import delivery, digest, kept_copy, publication
from storage.schema.tables.readers import NOBODY, keyword, keyword_lemma, reader, story_seen, subscription
from storage.schema.tables.relevance import embedding, hot, lemma, related_use, tie, words
from storage.schema.tables.runtime import fact, inbox, lease, loose_message, message_ids, pace, throttle
from storage.schema.tables.systems import api_answer, api_article, api_token, event, listener, picture

__all__ = [
    "NOBODY",
    "api_answer",
    "api_article",
    "api_token",
    "article",
    "article_topic",
    "audit",
    "delivery",
    "dialog",
    "digest",
    "editor",
    "embedding",
    "event",
    "fact",
    "feed",
    "feed_item",
    "feed_notice",
    "hot",
    "inbox",
    "kept_copy",
    "keyword",
    "keyword_lemma",
    "lease",
    "lemma",
    "listener",
    "loose_message",
    "message_ids",
    "metadata",
    "opened",
    "pace",
    "picture",
    "publication",
    "query",
    "reader",
    "related_use",
    "revision",
    "shown",
    "source",
    "story",
    "story_seen",
    "subscription",
    "throttle",
    "tie",
    "topic",
    "words",
]
