"""Copies and stories: which articles are one, which tell of one event, and what a reader has seen of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound, Stale
from bot.model.news import ArticleState, Headline, Story
from bot.model.relevance import Fellows, Stored
from bot.relevance.kept import Kept
from bot.relevance.written import plain_text, whole_text
from bot.text.beside import beside
from storage.articles.merging import merge
from storage.articles.rows import headline_of, headlines_where
from storage.articles.threads import rename, rows_of, thread, unite
from storage.engine.database import AnyRow, Database
from storage.index.reading import Words
from storage.people.audit import write_audit
from storage.people.living import hold_living
from storage.people.story_keys import story_now
from storage.schema.tables import article, reader, story, story_seen

_KEPT_LETTERS = 4_000_000  # of the texts that are kept without their markup: 16 MB at most
_HAVING_SQLITE = text(
    "SELECT asked.key AS asker, hot.article_id AS article_id, COUNT(*) AS shared "
    "FROM json_each(:asked) AS asked CROSS JOIN json_each(asked.value) AS one "
    "CROSS JOIN hot ON hot.lemma_id = one.value "
    "GROUP BY asked.key, hot.article_id HAVING COUNT(*) >= :least"
)
_HAVING_POSTGRES = text(
    "SELECT asked.asker AS asker, hot.article_id AS article_id, COUNT(*) AS shared "
    "FROM unnest(CAST(:askers AS int[]), CAST(:lemmas AS bigint[])) AS asked(asker, lemma_id) "
    "JOIN hot ON hot.lemma_id = asked.lemma_id "
    "GROUP BY asked.asker, hot.article_id HAVING COUNT(*) >= :least"
)


class Stories:
    """The rows of stories, and what placing an article reads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._words = words = Words(database)
        self._texts: Kept[tuple[int, int], str] = Kept(_KEPT_LETTERS)
        self.known, self.size = words.known, words.size

    async def having(self, lemma_ids: Mapping[int, Sequence[int]], least: int, most: int) -> dict[int, list[int]]:
        """Return for each asker up to `most` hot articles that have at least `least` of its lemmas, most first."""
        values: dict[str, object] = {"least": least}
        if self._database.is_sqlite:
            values["asked"] = json.dumps({str(asker): list(ids) for asker, ids in lemma_ids.items()})
        else:
            values["askers"] = [asker for asker, ids in lemma_ids.items() for _ in ids]
            values["lemmas"] = [number for ids in lemma_ids.values() for number in ids]
        statement = _HAVING_SQLITE if self._database.is_sqlite else _HAVING_POSTGRES
        found: dict[int, list[tuple[int, int]]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(statement, values):
                found.setdefault(int(row.asker), []).append((-row.shared, -row.article_id))
        return {asker: [-number for _, number in sorted(rows)[:most]] for asker, rows in found.items()}

    async def appeared(self, article_ids: Iterable[int]) -> dict[int, datetime]:
        """Return when articles appeared; those of which nobody knows are left out."""
        async with self._words.reading() as index:
            return await index.appeared(list(article_ids))

    async def stored(self, article_ids: Iterable[int]) -> dict[int, Stored]:
        """Return published articles as far as a comparison needs them."""
        columns = (
            article.c.id,
            article.c.version,
            article.c.title,
            article.c.lead,
            article.c.body,
            article.c.published_at,
        )
        statement = select(*columns, article.c.same_as, article.c.dated).where(
            article.c.id.in_(list(article_ids)), article.c.state == ArticleState.PUBLISHED
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        found = {}
        for row in rows:
            key = (row.id, row.version)
            if self._texts.known(key) is None:  # a long one is taken apart beside the event loop
                text = await beside(len(row.body), _text_of, row)
                self._texts.get(key, partial(str, text), len)
            at = row.published_at if row.dated else None
            found[row.id] = Stored(
                row.id, row.title, self._texts.get(key, partial(_text_of, row), len), at, row.same_as
            )
        return found

    async def fellows(self, article_ids: Iterable[int], most: int) -> dict[int, Fellows]:
        """Return the newest published articles of the story of each; an article in none is its own only fellow."""
        numbers = list(article_ids)
        place = func.row_number().over(partition_by=article.c.story_id, order_by=article.c.id.desc())
        size = func.count().over(partition_by=article.c.story_id)
        mine = select(article.c.story_id).where(article.c.id.in_(numbers), article.c.story_id.is_not(None))
        ranked = select(article.c.id, article.c.story_id, place.label("place"), size.label("size")).where(
            article.c.story_id.in_(mine), article.c.state == ArticleState.PUBLISHED
        )
        part = ranked.subquery()
        async with self._database.read() as connection:
            asked = await connection.execute(select(article.c.id, article.c.story_id).where(article.c.id.in_(numbers)))
            stories = {row.id: row.story_id for row in asked}
            newest: dict[int | None, list[int]] = {}
            sizes: dict[int | None, int] = {}
            for row in await connection.execute(select(part).where(part.c.place <= most).order_by(part.c.place)):
                newest.setdefault(row.story_id, []).append(row.id)
                sizes[row.story_id] = row.size
        return {n: Fellows(tuple(newest.get(stories.get(n), [n])), sizes.get(stories.get(n), 1)) for n in numbers}

    async def by_url(self, keys: Iterable[str], most: int) -> dict[str, list[int]]:
        """Return the newest published articles of each address, `most` of each at most, the oldest of them first."""
        asked = list(keys)
        if not asked:
            return {}
        mine = article.c.url_key.in_(asked) & (article.c.url_key != "") & (article.c.state == ArticleState.PUBLISHED)
        place = func.row_number().over(partition_by=article.c.url_key, order_by=article.c.id.desc())
        part = select(article.c.url_key, article.c.id, place.label("place")).where(mine).subquery()
        newest = select(part.c.url_key, part.c.id).where(part.c.place <= most).order_by(part.c.id)
        found: dict[str, list[int]] = {}
        async with self._database.read() as connection:
            for row in await connection.execute(newest):
                found.setdefault(row.url_key, []).append(row.id)
        return found

    async def thread(self, article_id: int, follows: int, now: datetime) -> int | None:
        """Put an article into the story of another, made if there is none; returns the story. May be repeated.

        None when an editor has decided about one of the two.
        """
        async with self._database.write() as connection:
            return (await thread(connection, {article_id: follows}, now)).get(article_id)

    async def unite(self, article_id: int, follows: int, now: datetime) -> int | None:
        """Make the stories of two articles one, as `thread` does for an article that is in none. May be repeated.

        The longer one stays. None when an editor has decided about one of the two or about something in either story,
        or when both are stories of imports.
        """
        async with self._database.write() as connection:
            return await unite(self._database, connection, article_id, follows, now)

    async def begin(self, article_id: int, now: datetime) -> int | None:
        """Return the story of a published article, made for it alone if there is none. May be repeated.

        None when an editor has decided that it belongs to none.
        """
        columns = select(article.c.story_id, article.c.story_fixed)
        public = columns.where(article.c.id == article_id, article.c.state == ArticleState.PUBLISHED)
        async with self._database.write() as connection:
            row = (await connection.execute(public.with_for_update())).first()
            if row is None or (row.story_id is None and row.story_fixed):
                return None
            if row.story_id is not None:
                return int(row.story_id)
            made = await connection.scalar(story.insert().values(name="", updated_at=now).returning(story.c.id))
            assert made is not None
            mine = update(article).where(article.c.id == article_id, article.c.story_id.is_(None))
            await connection.execute(mine.values(story_id=made))
            await rename(connection, [made], now)
            return int(made)

    async def story(self, story_id: int) -> Story | None:
        """Return a story with its published articles, oldest first; None when there is none.

        Of one that has become a part of another, that other.
        """
        async with self._database.read() as connection:
            number = await story_now(connection, story_id)
            if number is None:
                return None
            name = await connection.scalar(select(story.c.name).where(story.c.id == number))
            items = await _articles_of(connection, number)
        return Story(number, name or (items[0].title if items else ""), tuple(items))

    async def look(self, reader_id: int, story_id: int, now: datetime) -> None:
        """Note that a reader has looked at a story. May be repeated.

        Of who has been erased, and of a story that has become a part of another, nothing is noted.
        """
        insert = self._database.insert(story_seen).values(reader_id=reader_id, story_id=story_id, at=now)
        again = insert.on_conflict_do_update(index_elements=["reader_id", "story_id"], set_={"at": now})
        there = (
            select(story.c.id)
            .where(story.c.id == story_id, story.c.part_of.is_(None))
            .with_for_update(read=True, key_share=True)
        )
        async with self._database.write() as connection:
            if await hold_living(connection, reader.c.id == reader_id) and await connection.scalar(there) is not None:
                await connection.execute(again)

    async def seen_at(self, reader_id: int, story_id: int) -> datetime | None:
        """Return when a reader last looked at a story, or None."""
        mine = (story_seen.c.reader_id == reader_id) & (story_seen.c.story_id == story_id)
        async with self._database.read() as connection:
            return await connection.scalar(select(story_seen.c.at).where(mine))

    async def gather(self, article_id: int, other_id: int, by: int, now: datetime) -> int:
        """Put two articles, each with all of its story, into one story; returns it. May be repeated.

        Followers of either follow it, and nothing is sent again: what somebody got is not in question here.

        Raises:
            NotFound: one of the two is not public.

        """
        async with self._database.write() as connection:
            found = await rows_of(connection, (article_id, other_id))
            if len(found) < 2:
                raise NotFound
            mine, theirs = found[article_id], found[other_id]
            into = mine if mine is not None else theirs
            if into is None:
                into = await connection.scalar(story.insert().values(name="", updated_at=now).returning(story.c.id))
            assert into is not None
            alone = [number for number, where in found.items() if where is None]
            join = update(article).where(article.c.id.in_(alone))
            await connection.execute(join.values(story_id=into, story_fixed=True))
            if mine is not None and theirs is not None and theirs != mine:
                await merge(self._database, connection, theirs, into)
            await rename(connection, [into], now)
            await write_audit(connection, now, by, "gather", article_id, {"with": other_id, "story": into})
            return int(into)

    async def cut(self, article_id: int, story_id: int, by: int, now: datetime) -> None:
        """Take an article out of a story for good; threading does not put it back. Raises Stale if it is not in it."""
        async with self._database.write() as connection:
            await _move(connection, article_id, story_id, None)
            await rename(connection, [story_id], now)
            await write_audit(connection, now, by, "cut", article_id, {"story": story_id})

    async def put(self, article_id: int, story_id: int, by: int, now: datetime) -> None:
        """Put an article that is in no story into one, or into the one that this is a part of by now.

        Raises Stale when it is in one by now, or there is none of that number.
        """
        async with self._database.write() as connection:
            number = await story_now(connection, story_id)
            if number is None:
                raise Stale
            await _move(connection, article_id, None, number)
            # With the article held: what becomes a part of another now has gone over, or takes the article along.
            if await story_now(connection, number, hold=True) != number:
                raise Stale
            await rename(connection, [number], now)
            await write_audit(connection, now, by, "put", article_id, {"story": number})


def _text_of(row: AnyRow) -> str:
    return whole_text(row.lead, plain_text(row.body))


async def _move(connection: AsyncConnection, article_id: int, out_of: int | None, into: int | None) -> None:
    mine = update(article).where(article.c.id == article_id, article.c.story_id.is_not_distinct_from(out_of))
    moved = await connection.execute(mine.values(story_id=into, story_fixed=True).returning(article.c.id))
    if moved.first() is None:
        raise Stale


async def _articles_of(connection: AsyncConnection, story_id: int) -> list[Headline]:
    mine = headlines_where(article.c.story_id == story_id, article.c.state == ArticleState.PUBLISHED)
    rows = await connection.execute(mine.order_by(article.c.published_at, article.c.id))
    return [headline_of(row) for row in rows]
