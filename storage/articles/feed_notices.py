"""What the desk is told of feeds, and the questions that wait for an answer."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import Update

from bot.errors import NotFound, Stale
from bot.model.feeds import FeedNotice, NoticeKind
from storage.engine.database import AnyRow, Database
from storage.schema.tables import feed_notice

_COLUMNS = ("id", "feed_id", "kind", "at", "article_id", "detail", "answered_by")
_SHOWN = [*(feed_notice.c[name] for name in _COLUMNS), feed_notice.c.answered_at.is_not(None).label("answered")]
_QUESTIONS = (NoticeKind.FLOOD, NoticeKind.CHANGED)


class FeedNotices:
    """The rows of notices."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        feed_id: int,
        kind: NoticeKind,
        detail: Mapping[str, object],
        now: datetime,
        article_id: int | None = None,
    ) -> int:
        """Store a notice to be told; returns its number. An older question about the same is closed."""
        values = {"feed_id": feed_id, "kind": kind, "detail": dict(detail), "at": now, "article_id": article_id}
        async with self._database.write() as connection:
            if kind in _QUESTIONS:
                await connection.execute(_closing(feed_id, kind, article_id, now))
            made = self._database.insert(feed_notice).values(values).returning(feed_notice.c.id)
            return int(await connection.scalar(made) or 0)

    async def close(self, feed_id: int, article_id: int, now: datetime) -> None:
        """Close what is asked about an article and nobody has answered. May be repeated."""
        async with self._database.write() as connection:
            await connection.execute(_closing(feed_id, NoticeKind.CHANGED, article_id, now))

    async def untold(self) -> list[FeedNotice]:
        """Return the notices nobody was told of, the oldest first."""
        waiting = select(*_SHOWN).where(feed_notice.c.told_at.is_(None)).order_by(feed_notice.c.id)
        async with self._database.read() as connection:
            return [_notice_of(row) for row in await connection.execute(waiting)]

    async def settle(self, notice_id: int, now: datetime) -> None:
        """Note that the desk was told of a notice. May be repeated."""
        told = update(feed_notice).where(feed_notice.c.id == notice_id, feed_notice.c.told_at.is_(None))
        async with self._database.write() as connection:
            await connection.execute(told.values(told_at=now))

    async def get(self, notice_id: int) -> FeedNotice:
        """Return a notice; raises NotFound when there is none of that number."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(*_SHOWN).where(feed_notice.c.id == notice_id))).first()
        if row is None:
            raise NotFound
        return _notice_of(row)

    async def forget(self, before: datetime) -> None:
        """Forget what was told or asked before then."""
        async with self._database.write() as connection:
            await connection.execute(delete(feed_notice).where(feed_notice.c.at < before))

    async def answer(self, notice_id: int, by: int, now: datetime) -> None:
        """Note that somebody answers a question; raises Stale when somebody has."""
        async with self._database.write() as connection:
            await answer_notice(connection, notice_id, by, now)


async def answer_notice(connection: AsyncConnection, notice_id: int, by: int | None, now: datetime) -> None:
    """Note that somebody answers a question, in the transaction that does what they say; raises Stale as above."""
    n = feed_notice.c
    open_ = and_(n.id == notice_id, n.answered_at.is_(None), or_(*(n.kind == kind for kind in _QUESTIONS)))
    change = update(feed_notice).where(open_).values(answered_at=now, answered_by=by, told_at=now)
    if await connection.scalar(change.returning(n.id)) is None:
        raise Stale


def _closing(feed_id: int, kind: NoticeKind, article_id: int | None, now: datetime) -> Update:
    n = feed_notice.c
    about = n.article_id.is_(None) if article_id is None else n.article_id == article_id
    asked = and_(n.feed_id == feed_id, n.kind == kind, about, n.answered_at.is_(None))
    return update(feed_notice).where(asked).values(answered_at=now, told_at=now)


def _notice_of(row: AnyRow) -> FeedNotice:
    return FeedNotice(**{name: getattr(row, name) for name in (*_COLUMNS, "answered")})
