"""Storing imported items: a batch is one transaction, and an item that is known is passed over."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import PublicationState
from bot.model.ledger import Priority
from bot.model.news import ArticleState
from bot.model.relevance import NOWHERE, Placement, PreparedItem
from storage.articles.rows import content_values
from storage.articles.stories import put_in_places
from storage.articles.topics import ensure_source, ensure_story, ensure_topics
from storage.engine.database import Database
from storage.index.writing import index_articles
from storage.schema.tables import article, article_topic, publication, reader


class Imports:
    """Putting items into the archive."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unknown(self, items: Sequence[PreparedItem]) -> list[PreparedItem]:
        """Return the items that are not stored yet, each once."""
        by_identity: dict[str | None, PreparedItem] = {}
        for item in items:
            by_identity.setdefault(item.incoming.identity, item)  # in a batch as in the archive: the first stays
        known = select(article.c.identity).where(article.c.identity.in_(list(by_identity)))
        async with self._database.read() as connection:
            for identity in (await connection.execute(known)).scalars():
                by_identity.pop(identity, None)
        return list(by_identity.values())

    async def add(self, items: Sequence[PreparedItem], now: datetime, *, push: bool) -> list[int]:
        """Store a batch as published articles; returns the numbers of those that are new.

        With `push` they are sent to readers too, as if they were published now, but for copies of what is there.
        """
        by_identity: dict[str | None, PreparedItem] = {}
        for item in items:
            by_identity.setdefault(item.incoming.identity, item)  # in a batch as in the archive: the first stays
        async with self._database.write() as connection:
            known = select(article.c.identity).where(article.c.identity.in_(list(by_identity)))
            for identity in (await connection.execute(known)).scalars():
                del by_identity[identity]
            if not by_identity:
                return []
            numbers = await self._insert(connection, list(by_identity.values()), now)
            new = {numbers[identity]: item for identity, item in by_identity.items() if identity in numbers}
            await self._file(connection, new)
            await index_articles(self._database, connection, {number: item.terms for number, item in new.items()})
            places = _resolved(items, numbers, new)
            await put_in_places(connection, places, now)
            if push:
                originals = [number for number in sorted(new) if places.get(number, NOWHERE).same_as is None]
                await self._push(connection, originals, now)
        return sorted(new)

    async def _insert(
        self, connection: AsyncConnection, items: Sequence[PreparedItem], now: datetime
    ) -> dict[str | None, int]:
        sources, stories = await self._named(connection, items, now)
        rows = []
        for item in items:
            incoming = item.incoming
            rows.append(
                {
                    **content_values(incoming),
                    "state": ArticleState.PUBLISHED,
                    "minutes": item.minutes,
                    "source_id": sources[incoming.source],
                    "story_id": stories.get(incoming.story),
                    "dated": incoming.published_at is not None,
                    "published_at": incoming.published_at or now,
                    "revision": 1,
                    "created_at": now,
                    "updated_at": now,
                }
            )
        insert = self._database.insert(article).on_conflict_do_nothing(index_elements=["identity"])
        result = await connection.execute(insert.returning(article.c.identity, article.c.id), rows)
        return {row.identity: row.id for row in result}

    async def _named(
        self, connection: AsyncConnection, items: Sequence[PreparedItem], now: datetime
    ) -> tuple[dict[str, int | None], dict[str, int | None]]:
        """Return the numbers of the sources and the stories that a batch names, made where there are none."""
        sources: dict[str, int | None] = {}
        stories: dict[str, int | None] = {}
        for name in dict.fromkeys(item.incoming.source for item in items):
            sources[name] = await ensure_source(self._database, connection, name)
        for name in dict.fromkeys(item.incoming.story for item in items if item.incoming.story):
            stories[name] = await ensure_story(self._database, connection, name, now)
        return sources, stories

    async def _file(self, connection: AsyncConnection, new: Mapping[int, PreparedItem]) -> None:
        topics = {topic.slug: topic for item in new.values() for topic in item.topics}
        numbers = await ensure_topics(self._database, connection, topics.values())
        rows = [
            {
                "article_id": number,
                "topic_id": numbers[topic.slug],
                "published_at": item.incoming.published_at,
            }
            for number, item in new.items()
            for topic in item.topics
        ]
        if rows:
            await connection.execute(article_topic.insert(), rows)

    async def _push(self, connection: AsyncConnection, articles: Sequence[int], now: datetime) -> None:
        last = await connection.scalar(select(func.coalesce(func.max(reader.c.id), 0)))
        rows = [
            {
                "article_id": number,
                "state": PublicationState.RUNNING,
                "at": now,
                "lane": Priority.INSTANT,
                "started_at": now,
                "fan_from": 0,
                "fan_end": last,
            }
            for number in articles
        ]
        if rows:
            await connection.execute(publication.insert(), rows)


def _resolved(
    items: Sequence[PreparedItem], numbers: Mapping[str | None, int], new: Mapping[int, PreparedItem]
) -> dict[int, Placement]:
    """Return the places of the new articles, with those of the batch by their numbers."""
    siblings = [numbers.get(item.incoming.identity) for item in items]

    def named(number: int | None) -> int | None:
        return siblings[-1 - number] if number is not None and number < 0 else number

    places = {}
    for number, item in new.items():
        place = Placement(named(item.place.same_as), named(item.place.follows))
        if place != NOWHERE and number not in {place.same_as, place.follows}:
            places[number] = place
    return places
