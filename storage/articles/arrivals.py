"""The one insert of articles: drafts of editors and batches of feeds, with what they are filed under."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.news import ArticleState, FromEditor, Topic
from bot.model.relevance import PreparedArticle
from storage.articles.rows import content_values
from storage.articles.topics import ensure_source, ensure_stories, ensure_topics
from storage.engine.database import Database
from storage.schema.tables import article, article_topic


async def insert_articles(
    database: Database, connection: AsyncConnection, batch: Sequence[PreparedArticle], now: datetime, *, public: bool
) -> dict[int, PreparedArticle]:
    """Store articles that come in, inside the caller's transaction; returns those that are new, by their numbers.

    An identity that is there already is passed over. With `public` they are ordered at once: they are stored as the
    published articles they become, each row written once; `release` is then due, and their places.
    """
    sources, stories = await _named(database, connection, batch, now)
    rows = []
    for one in batch:
        incoming = one.incoming
        named = {"source_id": sources.get(incoming.source), "story_id": stories.get(incoming.story)}
        state = _published(one, now) if public else _drafted(one)
        author = one.origin.author_id if isinstance(one.origin, FromEditor) else None
        own = {"minutes": one.written.minutes, "author_id": author, "created_at": now, "updated_at": now}
        rows.append({**content_values(incoming), **named, **state, **own})
    insert = database.insert(article).on_conflict_do_nothing(index_elements=["identity"])
    result = await connection.execute(insert.returning(article.c.identity, article.c.id), rows)
    by_identity = {one.incoming.identity: one for one in batch}
    new = {row.id: by_identity[row.identity] for row in result}
    await _file(database, connection, new, public=public)
    return new


def _published(one: PreparedArticle, now: datetime) -> dict[str, object]:
    at = one.incoming.published_at
    return {"state": ArticleState.PUBLISHED, "dated": at is not None, "published_at": at or now, "revision": 1}


def _drafted(one: PreparedArticle) -> dict[str, object]:
    """Return a draft; the date it carries as its own is kept for when it goes public."""
    return {"state": ArticleState.DRAFT, "published_at": one.incoming.published_at}


async def _named(
    database: Database, connection: AsyncConnection, batch: Sequence[PreparedArticle], now: datetime
) -> tuple[dict[str, int | None], dict[str, int]]:
    """Return the numbers of the sources and the stories that a batch names, made where there are none."""
    sources: dict[str, int | None] = {}
    # In one order, so that two batches that name the same cannot wait for each other.
    for one in sorted(batch, key=lambda one: one.incoming.source):
        name = one.incoming.source
        if name not in sources:
            sources[name] = await ensure_source(database, connection, name, one.incoming.source_url)
    names = {one.incoming.story for one in batch if one.incoming.story}
    return sources, await ensure_stories(database, connection, names, now)


async def _file(
    database: Database, connection: AsyncConnection, new: Mapping[int, PreparedArticle], *, public: bool
) -> None:
    """File articles under their topics; those that are public stand in the topics' lists of latest news."""
    numbers = await ensure_topics(database, connection, [t for one in new.values() for t in one.topics if not t.id])

    def number_of(topic: Topic) -> int:
        return topic.id or numbers[topic.slug]

    rows = [
        {
            "article_id": number,
            "topic_id": topic_id,
            "published_at": one.incoming.published_at if public else None,
            # What an editor is shown in a draft and leaves is the editor's.
            "proposed": one.proposed and not isinstance(one.origin, FromEditor),
        }
        for number, one in new.items()
        for topic_id in sorted({number_of(topic) for topic in one.topics})
    ]
    if rows:
        await connection.execute(article_topic.insert(), rows)
