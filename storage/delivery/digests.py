"""Digests: what was held back, put together when it is due."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import OPEN, Asked, DeliveryKind, DeliveryState, Priority
from bot.model.news import ArticleState
from bot.model.readers import Reader, ReaderState
from bot.timing.schedules import next_digest
from storage.delivery.counters import count, out_of_held
from storage.delivery.held import forgotten, promise
from storage.delivery.sends import may_go
from storage.engine.batches import as_list, listed, paired, pairs
from storage.engine.columns import Instant
from storage.engine.conditions import in_states
from storage.engine.database import AnyRow, Database
from storage.people.reader_rows import COLUMNS, reader_of
from storage.schema.tables import article, delivery, digest, kept_copy, reader

KEPT_FOR = timedelta(days=2)  # how long something waits for a digest
_INSTANT = timedelta(milliseconds=1)  # as instants are kept


class Digests:
    """The rows of digests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def build(self, now: datetime, limit: int = 500) -> int:
        """Make the digests of up to `limit` readers for whom one is due; returns how many readers were due.

        One transaction: the digest, its items and the next due time are there together or not at all, so a crash
        makes neither two digests nor none. A reader for whom nothing was held gets no digest.
        """
        due = (
            select(*COLUMNS)
            .where(reader.c.next_digest_at <= now, reader.c.state == ReaderState.ACTIVE)
            .order_by(reader.c.next_digest_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        async with self._database.turn() as connection:
            readers = [reader_of(row) for row in await connection.execute(due)]
            if readers:
                await self._bundle(connection, readers, now)
                await self._next(connection, readers, now)
        return len(readers)

    async def ask(self, reader_id: int, now: datetime) -> Asked:
        """Make a digest of what is held for a reader, before it is due; the times of those to come stay as they are.

        It stands in the lane of replies: somebody waits for it. In a turn of the ledger, so that of two that ask at
        once one finds everything, and the other nothing.
        """
        mine = select(*COLUMNS).where(reader.c.id == reader_id, reader.c.state == ReaderState.ACTIVE)
        going = and_(delivery.c.kind == DeliveryKind.DIGEST, in_states(delivery, *OPEN))
        under_way = select(delivery.c.id).where(delivery.c.reader_id == reader_id, going).limit(1)
        async with self._database.turn() as connection:
            row = (await connection.execute(mine)).one_or_none()
            if row is None:
                return Asked()
            if (await connection.execute(under_way)).first() is not None:
                return Asked(under_way=True)
            due = await self._free(connection, reader_id, now)
            await self._bundle(connection, [replace(reader_of(row), next_digest_at=due)], now, Priority.REPLY)
            made = select(digest.c.id).where(digest.c.reader_id == reader_id, digest.c.due_at == due)
            lines = select(func.count()).where(delivery.c.digest_id.in_(made), delivery.c.kind == DeliveryKind.ITEM)
            return Asked(lines=await connection.scalar(lines) or 0)

    async def _free(self, connection: AsyncConnection, reader_id: int, now: datetime) -> datetime:
        """Return the first instant from now on for which the reader has no digest: they may ask twice in one."""
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        later = select(digest.c.due_at).where(digest.c.reader_id == reader_id, digest.c.due_at >= now)
        taken = set((await connection.execute(later)).scalars())
        while now in taken:
            now += _INSTANT
        return now

    async def promise(self, now: datetime, limit: int = 500) -> int:
        """Plan a digest for readers who have something held and none planned; returns how many those were."""
        async with self._database.read() as connection:  # all that is held is read for it
            numbers = (await connection.execute(forgotten(limit))).scalars().all()
        if not numbers:
            return 0
        async with self._database.turn() as connection:
            return await promise(self._database, connection, numbers, now)

    async def _bundle(
        self,
        connection: AsyncConnection,
        readers: Sequence[Reader],
        now: datetime,
        lane: Priority = Priority.DIGEST,
    ) -> None:
        numbers = [r.id for r in readers]
        await self._let_go(connection, numbers, now)
        held = select(delivery.c.reader_id).where(delivery.c.reader_id.in_(listed(self._database)), _ready())
        waiting = set((await connection.execute(held.distinct(), {"numbers": as_list(numbers)})).scalars())
        planned: dict[datetime | None, list[int]] = defaultdict(list)
        for r in readers:
            if r.id in waiting:
                planned[r.next_digest_at].append(r.id)
        made = [row for due, whose in planned.items() for row in await self._insert(connection, whose, due, now)]
        # A clock that was set back finds times due that had their digest: what is held since then gets another one.
        made += await self._insert(connection, sorted(waiting - {row.reader_id for row in made}), now, now)
        if not made:
            return
        whose, into = pairs(self._database)
        digests = {"pairs": paired({row.reader_id: row.id for row in made})}
        bundle = update(delivery).where(delivery.c.reader_id == whose, _ready())
        inside = {"state": DeliveryState.BUNDLED, "digest_id": into, "finished_at": now}
        await connection.execute(bundle.values(inside), digests)
        values: dict[str, Any] = {
            "reader_id": whose,
            "digest_id": into,
            "kind": literal(int(DeliveryKind.DIGEST)),
            "lane": literal(int(lane)),
            "state": literal(int(DeliveryState.QUEUED)),
            "not_before": literal(now, Instant),
            "created_at": literal(now, Instant),
        }
        await connection.execute(insert(delivery).from_select(list(values), select(*values.values())), digests)

    async def _insert(
        self, connection: AsyncConnection, whose: Sequence[int], due: datetime | None, now: datetime
    ) -> list[AnyRow]:
        """Make digests that are due then, where their reader has none; returns the number and the reader of each."""
        if not whose:
            return []
        # One text for any number of readers: to make a statement of hundreds of rows costs more than to run it.
        number = listed(self._database).subquery("due").c[0]
        rows = select(number, literal(due, Instant), literal(now, Instant)).where(literal_column("1 = 1"))
        made = self._database.insert(digest).from_select(["reader_id", "due_at", "created_at"], rows)
        returning = made.on_conflict_do_nothing().returning(digest.c.id, digest.c.reader_id)
        return list((await connection.execute(returning, {"numbers": as_list(whose)})).all())

    async def _let_go(self, connection: AsyncConnection, numbers: Sequence[int], now: datetime) -> None:
        """End what was held and is no news any more: its reader was away for long, or it has been retracted.

        A line that is left out of its digest must not come into it later, with the correction of another.
        """
        old = delivery.c.created_at < now - KEPT_FOR
        there = and_(article.c.id == delivery.c.article_id, article.c.state == ArticleState.RETRACTED)
        mine = and_(delivery.c.reader_id.in_(listed(self._database)), in_states(delivery, DeliveryState.HELD))
        change = (
            update(delivery)
            .where(mine, or_(old, select(article.c.id).where(there).exists()))
            .values(
                state=case((old, int(DeliveryState.EXPIRED)), else_=int(DeliveryState.DROPPED)),
                reason=case((old, "expired"), else_="retracted"),
                finished_at=now,
            )
        )
        returning = change.returning(delivery.c.publication_id, delivery.c.state)
        ended = (await connection.execute(returning, {"numbers": as_list(numbers)})).all()
        tally: Counter[tuple[int, str]] = Counter()
        for state, name in ((DeliveryState.EXPIRED, "expired"), (DeliveryState.DROPPED, "dropped")):
            tally.update(out_of_held([row.publication_id for row in ended if row.state is state], name))
        await count(connection, tally)

    async def _next(self, connection: AsyncConnection, readers: Sequence[Reader], now: datetime) -> None:
        """Plan the next digests; readers who have the same hours in the same zone share the working out."""
        nearest = cache(next_digest)
        planned: dict[datetime | None, list[int]] = defaultdict(list)
        for r in readers:
            assert r.next_digest_at is not None
            # From the due time, so that a clock that is a little behind does not find the same time due again; not
            # before now, so that after an outage there is one digest and not one for each hour that was missed.
            planned[nearest(r.schedule, r.quiet, r.zone, max(r.next_digest_at, now))].append(r.id)
        for at, whose in planned.items():
            change = update(reader).where(reader.c.id.in_(listed(self._database))).values(next_digest_at=at)
            await connection.execute(change, {"numbers": as_list(whose)})

    async def items(self, digest_id: int) -> tuple[datetime, list[int]] | None:
        """Return when a digest was due and its articles, oldest first; None when there is no such digest."""
        async with self._database.read() as connection:
            row: Any = (await connection.execute(select(digest.c.due_at).where(digest.c.id == digest_id))).first()
            if row is None:
                return None
            inside = select(delivery.c.article_id).where(
                delivery.c.digest_id == digest_id, delivery.c.kind == DeliveryKind.ITEM
            )
            kept = select(kept_copy.c.article_id).where(kept_copy.c.digest_id == digest_id)
            articles = select(article.c.id).where(article.c.id.in_(union_all(inside, kept)))
            oldest_first = articles.order_by(article.c.published_at, article.c.id)
            return row.due_at, list((await connection.execute(oldest_first)).scalars())

    async def reader_of(self, digest_id: int) -> int | None:
        """Return the number of the reader a digest is for."""
        async with self._database.read() as connection:
            return await connection.scalar(select(digest.c.reader_id).where(digest.c.id == digest_id))


def _ready() -> ColumnElement[bool]:
    """Return the condition for what goes into a digest: what is held, and whose send is not halted."""
    return and_(in_states(delivery, DeliveryState.HELD), may_go())
