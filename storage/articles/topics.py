"""Topics, sources and stories: what articles are filed under."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.news import ArticleState, Topic
from storage.engine.database import AnyRow, Database
from storage.people.story_keys import stories_now, story_now
from storage.schema.tables import article, article_topic, source, story, topic

_COLUMNS = (topic.c.id, topic.c.slug, topic.c.names, topic.c.emoji)


def topic_of(row: AnyRow) -> Topic:
    """Return the topic in a row."""
    return Topic(row.id, row.slug, row.names, row.emoji)


class Topics:
    """The rows of topics; there are few, so they are read all at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Topic]:
        """Return every topic, in the desk's order."""
        statement = select(*_COLUMNS).order_by(topic.c.position, topic.c.id)
        async with self._database.read() as connection:
            return [topic_of(row) for row in await connection.execute(statement)]

    async def seed(self, topics: Sequence[Topic]) -> None:
        """Put in the topics a new installation starts with; an older one learns their names in new languages."""
        async with self._database.write() as connection:
            there = [topic_of(row) for row in await connection.execute(select(*_COLUMNS))]
            await _name_anew(connection, there, topics)
            if not there:
                rows = [
                    {"slug": t.slug, "names": dict(t.names), "emoji": t.emoji, "position": n * 10}
                    for n, t in enumerate(topics)
                ]
                # Processes that start together all find an empty table.
                await connection.execute(self._database.insert(topic).on_conflict_do_nothing(), rows)

    async def filed(self, article_ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
        """Return the numbers of the topics under which a person or a source has filed these articles, where any has."""
        statement = select(article_topic.c.article_id, article_topic.c.topic_id).where(
            article_topic.c.article_id.in_(list(article_ids)), article_topic.c.proposed.is_(False)
        )
        found: dict[int, set[int]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(statement):
                found.setdefault(row.article_id, set()).add(row.topic_id)
        return {number: frozenset(topics) for number, topics in found.items()}


async def _name_anew(connection: AsyncConnection, there: Sequence[Topic], topics: Sequence[Topic]) -> None:
    known = {one.slug: one.names for one in topics}
    for one in there:
        names = {**known.get(one.slug, {}), **one.names}
        if names != one.names:
            await connection.execute(update(topic).where(topic.c.id == one.id).values(names=names))


class Sources:
    """Reading the names of sources and stories."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def source_names(self, source_ids: Sequence[int]) -> dict[int, str]:
        """Return the names of sources by number."""
        statement = select(source.c.id, source.c.name).where(source.c.id.in_(source_ids))
        async with self._database.read() as connection:
            return {row.id: row.name for row in await connection.execute(statement)}

    async def story_names(self, story_ids: Sequence[int]) -> dict[int, str]:
        """Return the names of stories by number; one that has none goes by the title of its first article.

        One that has become a part of another is called like that.
        """
        first = (
            select(article.c.title)
            .where(article.c.story_id == story.c.id, article.c.state == ArticleState.PUBLISHED)
            .order_by(article.c.published_at, article.c.id)
            .limit(1)
        )
        named = func.coalesce(func.nullif(story.c.name, ""), first.scalar_subquery(), "").label("name")
        async with self._database.read() as connection:
            now = {number: await story_now(connection, number) for number in story_ids}
            statement = select(story.c.id, named).where(story.c.id.in_(set(now.values()) - {None}))
            names = {row.id: row.name for row in await connection.execute(statement)}
        return {number: names[there] for number, there in now.items() if there in names}


async def ensure_source(database: Database, connection: AsyncConnection, name: str, url: str = "") -> int | None:
    """Return the number of the source of that name, made if there is none; None for no name."""
    if not name:
        return None
    found = await connection.scalar(select(source.c.id).where(source.c.name == name))
    if found is None:
        insert = database.insert(source).values(name=name, url=url).on_conflict_do_nothing().returning(source.c.id)
        found = await connection.scalar(insert)
        if found is None:  # another process was faster
            found = await connection.scalar(select(source.c.id).where(source.c.name == name))
    return int(found) if found is not None else None


async def ensure_stories(
    database: Database, connection: AsyncConnection, names: Collection[str], at: datetime
) -> dict[str, int]:
    """Return the numbers of the stories that an input calls so, made where there are none.

    Of one that has become a part of another, that other. None of them becomes a part of another until the transaction
    ends.
    """
    if not names:
        return {}
    insert = database.insert(story).on_conflict_do_nothing(index_elements=["external_id"])
    await connection.execute(insert, [{"external_id": name, "updated_at": at} for name in sorted(names)])
    known = select(story.c.external_id, story.c.id).where(story.c.external_id.in_(names))
    numbers = {row.external_id: row.id for row in await connection.execute(known)}
    now = await stories_now(connection, numbers.values(), hold=True)
    newer = update(story).where(story.c.id == bindparam("number")).values(updated_at=at)
    await connection.execute(newer, [{"number": number} for number in sorted(set(now.values()))])
    return {name: now[number] for name, number in numbers.items()}


async def ensure_topics(database: Database, connection: AsyncConnection, topics: Iterable[Topic]) -> dict[str, int]:
    """Return the numbers of topics by slug; those that are missing are made, behind the others."""
    wanted = {t.slug: t for t in topics}
    if not wanted:
        return {}
    have = select(topic.c.slug, topic.c.id).where(topic.c.slug.in_(wanted))
    found = {row.slug: row.id for row in await connection.execute(have)}
    for slug in sorted(set(wanted) - set(found)):
        values = {"slug": slug, "names": dict(wanted[slug].names), "emoji": wanted[slug].emoji, "position": 1000}
        await connection.execute(database.insert(topic).values(values).on_conflict_do_nothing())
    return {row.slug: row.id for row in await connection.execute(have)}


async def file_under(connection: AsyncConnection, article_id: int, topic_ids: Iterable[int]) -> None:
    """Make these the article's topics."""
    await connection.execute(article_topic.delete().where(article_topic.c.article_id == article_id))
    rows = [{"article_id": article_id, "topic_id": number, "published_at": None} for number in sorted(set(topic_ids))]
    if rows:
        await connection.execute(article_topic.insert(), rows)


async def topics_called(connection: AsyncConnection, name: str) -> list[int]:
    """Return the topics of that slug, or whose name in any language is it or begins with it."""
    rows = (await connection.execute(select(topic.c.id, topic.c.slug, topic.c.names))).all()
    return _called(name, [(row.id, (row.slug, *row.names.values())) for row in rows])


async def sources_called(connection: AsyncConnection, name: str) -> list[int]:
    """Return the sources of that name, or else those whose name begins with it."""
    rows = (await connection.execute(select(source.c.id, source.c.name))).all()
    return _called(name, [(row.id, (row.name,)) for row in rows])


def _called(name: str, named: Sequence[tuple[int, tuple[str, ...]]]) -> list[int]:
    # Compared here: the engines disagree on what is a small letter outside ASCII.
    asked = name.strip().casefold()
    exact = [number for number, names in named if asked in {own.casefold() for own in names}]
    return exact or [number for number, names in named if any(own.casefold().startswith(asked) for own in names)]


async def topics_of(connection: AsyncConnection, article_ids: Sequence[int]) -> dict[int, tuple[Topic, ...]]:
    """Return the topics of articles in the desk's order, by the articles' numbers."""
    statement = (
        select(article_topic.c.article_id, *_COLUMNS)
        .join(article_topic, article_topic.c.topic_id == topic.c.id)
        .where(article_topic.c.article_id.in_(article_ids))
        .order_by(topic.c.position, topic.c.id)
    )
    filed: dict[int, list[Topic]] = defaultdict(list)
    for row in await connection.execute(statement):
        filed[row.article_id].append(topic_of(row))
    return {number: tuple(topics) for number, topics in filed.items()}


async def list_topics_from(connection: AsyncConnection, article_id: int, at: datetime) -> None:
    """Put a published article into its topics' lists of latest news."""
    mine = update(article_topic).where(article_topic.c.article_id == article_id)
    await connection.execute(mine.values(published_at=at))
