"""Rows of deliveries and counters of publications, as the core knows them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Integer, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import Delivery, State, Tally
from storage.database import AnyRow, Database
from storage.prepared import Prepared, prepared_update
from storage.readers import COLUMNS, reader_of
from storage.rowset import packed, rowset
from storage.tables import delivery, publication, reader

OPEN = (State.QUEUED, State.CLAIMED, State.SENDING)
TAKEN = (State.CLAIMED, State.SENDING)


_OWN = tuple(
    delivery.c[name]
    for name in (
        "id", "kind", "lane", "attempts", "publication_id", "article_id", "digest_id", "revision", "target_message",
        "expires_at", "created_at",
    )
)  # fmt: skip


class Loading:
    """Reading deliveries with their readers."""

    def __init__(self, database: Database) -> None:
        columns = (*_OWN, *COLUMNS)
        wanted = select(rowset(database, {"id": BigInteger})["id"]).scalar_subquery()
        joined = select(*columns).join(reader, reader.c.id == delivery.c.reader_id)
        self._statement = Prepared(database, joined.where(delivery.c.id.in_(wanted)), columns)

    async def rows(self, connection: AsyncConnection, ids: Sequence[int]) -> list[Delivery]:
        """Return deliveries with their readers, the most urgent first, then the oldest."""
        if not ids:
            return []
        found = await self._statement.rows(connection, rows=packed([{"id": number} for number in ids]))
        return sorted(map(_delivery_of, found), key=lambda one: (one.lane, one.id))


def _delivery_of(row: Sequence[Any]) -> Delivery:
    number, kind, lane, attempts, publication_id, article_id, digest_id, revision, target, expires, created, *who = row
    return Delivery(
        id=number,
        reader=reader_of(who),
        kind=kind,
        lane=lane,
        attempts=attempts,
        publication_id=publication_id,
        article_id=article_id,
        digest_id=digest_id,
        revision=revision,
        target_message=target,
        expires_at=expires,
        created_at=created,
    )


async def count(connection: AsyncConnection, tally: Counter[tuple[int, str]]) -> None:
    """Add to the counters of publications, in the transaction that changed their rows."""
    changes: dict[int, dict[str, int]] = {}
    for (publication_id, column), number in tally.items():
        if number:
            changes.setdefault(publication_id, {})[column] = number
    for publication_id in sorted(changes):  # in one order, so that two replicas cannot wait for each other
        row = changes[publication_id]
        statement = update(publication).where(publication.c.id == publication_id)
        await connection.execute(
            statement.values({publication.c[name]: publication.c[name] + n for name, n in row.items()})
        )


def tally_of(row: AnyRow) -> Tally:
    """Return the counters in a row of publications."""
    return Tally(
        total=row.total,
        sent=row.sent,
        failed=row.failed,
        uncertain=row.uncertain,
        expired=row.expired,
        dropped=row.dropped,
        held=row.held,
    )


class Counting:
    """Adding to the counters of publications, like `count`, for the ledger's batches."""

    _names = ("sent", "failed", "uncertain", "expired", "dropped", "held")

    def __init__(self, database: Database) -> None:
        more = {name: publication.c[name] + bindparam(f"more_{name}", type_=Integer) for name in self._names}
        change = update(publication).where(publication.c.id == bindparam("publication", type_=BigInteger)).values(more)
        self._statement = prepared_update(database, change, publication.c.id)

    async def add(self, connection: AsyncConnection, tally: Counter[tuple[int, str]]) -> None:
        """Add, in the transaction that changed the rows; in one order, so that no replica waits for another."""
        for number in sorted({publication_id for publication_id, _ in tally}):
            more = {f"more_{name}": tally[number, name] for name in self._names}
            await self._statement.rows(connection, publication=number, **more)
