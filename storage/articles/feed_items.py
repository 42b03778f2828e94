"""What feeds brought, item by item."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, bindparam, delete, or_, select, update

from bot.model.feeds import FeedItem, ItemState
from bot.model.news import ArticleState, Headline, Incoming
from storage.articles.rows import ON_DESK, all_headlines, headline_of, photo_json, photo_of
from storage.engine.conditions import in_states
from storage.engine.database import Database, chunked
from storage.schema.tables import api_article, api_token, article, feed, feed_item

NOTHING: Mapping[str, Incoming] = MappingProxyType({})
_COLUMNS = ("key", "state", "article_id", "print", "url_key", "dated_at", "seen_at", "missing_since")
_AT_ONCE = 500  # rows in one statement
# What came later than any clock of ours goes wrong was written before the clock was set back.
_AHEAD = timedelta(minutes=1)
_WAITS = (ItemState.HELD, ItemState.GATHERED)


class FeedItems:
    """The rows of feeds' items."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, feed_id: int) -> dict[str, FeedItem]:
        """Return all items of a feed by their keys."""
        return {one.key: one for one in await self._some(feed_item.c.feed_id == feed_id)}

    async def present(self, feed_id: int) -> dict[str, FeedItem]:
        """Return the items that a feed held when it was read last, and those it should have, by their keys."""
        there = or_(feed_item.c.missing_since.is_(None), feed_item.c.state == ItemState.MISSING)
        return {one.key: one for one in await self._some(and_(feed_item.c.feed_id == feed_id, there))}

    async def known(self, feed_id: int, keys: Collection[str]) -> dict[str, FeedItem]:
        """Return the items of these keys, as far as the feed ever held them."""
        found: dict[str, FeedItem] = {}
        for some in chunked(sorted(keys), _AT_ONCE):
            mine = and_(feed_item.c.feed_id == feed_id, feed_item.c.key.in_(some))
            found |= {one.key: one for one in await self._some(mine)}
        return found

    async def missing(self, feed_id: int) -> list[FeedItem]:
        """Return the items that a feed was without once and should not be."""
        return await self._some(and_(feed_item.c.feed_id == feed_id, feed_item.c.state == ItemState.MISSING))

    async def _some(self, condition: ColumnElement[bool]) -> list[FeedItem]:
        statement = select(*(feed_item.c[name] for name in _COLUMNS)).where(condition)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [FeedItem(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]

    async def articles(self, identities: Collection[str]) -> dict[str, int]:
        """Return the numbers of the articles of these identities, in whatever state."""
        found: dict[str, int] = {}
        async with self._database.read() as connection:
            for some in chunked(sorted(identities), _AT_ONCE):
                mine = select(article.c.identity, article.c.id).where(article.c.identity.in_(some))
                found |= {row.identity: row.id for row in await connection.execute(mine)}
        return found

    async def put(self, feed_id: int, items: Sequence[FeedItem], held: Mapping[str, Incoming] = NOTHING) -> None:
        """Store items, over what is stored under their keys; what is held stays whole where `held` has nothing of it.

        What somebody has let go meanwhile is not held again.
        """
        told = [one for one in items if one.state is not ItemState.HELD or one.key in held]
        kept = [one for one in items if one.state is ItemState.HELD and one.key not in held]
        async with self._database.write() as connection:
            there = select(feed.c.id).where(feed.c.id == feed_id)
            if items and await connection.scalar(there) is not None:  # somebody may have removed it meanwhile
                for some, columns in ((told, (*_COLUMNS[1:], "payload")), (kept, _COLUMNS[1:])):
                    if some:
                        rows = [_row(feed_id, one, held) for one in some]
                        await connection.execute(self._writing(columns), rows)

    def _writing(self, columns: Sequence[str]) -> Any:
        insert, state = self._database.insert(feed_item), feed_item.c.state
        waits = or_(state == ItemState.HELD, state == ItemState.GATHERED)
        return insert.on_conflict_do_update(
            index_elements=["feed_id", "key"],
            set_={name: insert.excluded[name] for name in columns},
            where=or_(insert.excluded.state != ItemState.HELD, waits),
        )

    async def rename(self, feed_id: int, names: Mapping[str, str]) -> None:
        """Know items by other keys: `names` has the new ones, which no item has, by the old ones."""
        mine = and_(feed_item.c.feed_id == feed_id, feed_item.c.key == bindparam("before"))
        rows = [{"before": before, "after": after} for before, after in sorted(names.items())]
        async with self._database.write() as connection:
            await connection.execute(update(feed_item).where(mine).values(key=bindparam("after")), rows)

    async def held(self, feed_id: int) -> dict[str, Incoming]:
        """Return what is held of a feed, by key, the oldest first."""
        mine = and_(feed_item.c.feed_id == feed_id, _waiting(ItemState.HELD))
        statement = select(feed_item.c.key, feed_item.c.payload).where(mine)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement.order_by(feed_item.c.dated_at, feed_item.c.key))).all()
        return {row.key: _of_json(row.payload) for row in rows if row.payload}

    async def gathered(self, feed_id: int, key: str) -> Incoming | None:
        """Return what has come of an album so far; None when there is none of that key, or it was taken in."""
        mine = and_(feed_item.c.feed_id == feed_id, feed_item.c.key == key, feed_item.c.state == ItemState.GATHERED)
        async with self._database.read() as connection:
            payload = await connection.scalar(select(feed_item.c.payload).where(mine))
        return _of_json(payload) if payload else None

    async def take_gathered(self, before: datetime, now: datetime) -> list[tuple[int, str, Incoming]]:
        """Return the albums of which nothing has come since then, by feed and key; nobody else takes them for a while.

        Whoever takes one stores what it became: else it is taken again, as if it had come `now`.
        """
        gathered = _waiting(ItemState.GATHERED)
        whole = and_(
            gathered,
            or_(feed_item.c.seen_at <= before, feed_item.c.seen_at > now + _AHEAD),
        )
        taking = update(feed_item).where(whole).values(seen_at=now)
        there = select(feed_item.c.feed_id).where(gathered).limit(1)
        async with self._database.read() as connection:
            if await connection.scalar(there) is None:
                return []
        async with self._database.write() as connection:
            rows = await connection.execute(taking.returning(feed_item.c.feed_id, feed_item.c.key, feed_item.c.payload))
            return [(row.feed_id, row.key, _of_json(row.payload)) for row in rows]

    async def drafts(self, since: datetime) -> list[tuple[Headline, str]]:
        """Return the drafts that feeds and systems have brought since then, the oldest first, each with its source."""
        changed = and_(ON_DESK, in_states(article, ArticleState.DRAFT), article.c.updated_at >= since)
        drafts = select(article.c.id).where(changed, article.c.created_at >= since)
        by_feed = (
            select(feed_item.c.article_id, feed.c.name, feed.c.source, feed.c.address)
            .join(feed, feed.c.id == feed_item.c.feed_id)
            .where(feed_item.c.article_id.in_(drafts))
        )
        by_system = (
            select(api_article.c.article_id, api_token.c.name, api_token.c.source)
            .join(api_token, api_token.c.id == api_article.c.token_id)
            .where(api_article.c.article_id.in_(drafts))
        )
        async with self._database.read() as connection:
            brought = {r.article_id: r.source or r.name or r.address for r in await connection.execute(by_feed)}
            brought |= {r.article_id: r.source or r.name for r in await connection.execute(by_system)}
            mine = all_headlines().where(article.c.id.in_(sorted(brought))).order_by(article.c.id)
            rows = (await connection.execute(mine)).all() if brought else []
        return [(headline_of(row), brought[row.id]) for row in rows]

    async def forget(self, before: datetime) -> None:
        """Forget the items that their feeds were without before then.

        Each came before that, too, which is an index of each feed. Channels, whose items stay for good, miss none.
        """
        async with self._database.read() as connection:
            polled = (await connection.execute(select(feed.c.id).where(feed.c.host != ""))).scalars().all()
        for number in polled:
            came = and_(feed_item.c.feed_id == number, feed_item.c.seen_at < before)
            async with self._database.write() as connection:
                await connection.execute(delete(feed_item).where(came, feed_item.c.missing_since < before))


def _waiting(state: ItemState) -> ColumnElement[bool]:
    """Return the condition that an item waits in this state, as the index of the few that wait has it.

    What channels brought stays for good, and this is looked for every two seconds.
    """
    return and_(in_states(feed_item, *_WAITS), in_states(feed_item, state))


def _row(feed_id: int, one: FeedItem, held: Mapping[str, Incoming]) -> dict[str, object]:
    payload = _as_json(held[one.key]) if one.key in held else None
    return {"feed_id": feed_id, **{name: getattr(one, name) for name in _COLUMNS}, "payload": payload}


def _as_json(incoming: Incoming) -> dict[str, Any]:
    values: dict[str, Any] = orjson.loads(orjson.dumps(incoming))
    del values["day"]  # of no use any more: it is known by its key
    return {**values, "photo": photo_json(incoming.photo)}


def _of_json(stored: Mapping[str, Any]) -> Incoming:
    at = stored["published_at"]
    return Incoming(
        **{
            **stored,
            "topics": tuple(stored["topics"]),
            "tags": tuple(stored["tags"]),
            "photo": photo_of(stored["photo"]) if stored["photo"] else None,
            "published_at": datetime.fromisoformat(at) if at else None,
        }
    )
