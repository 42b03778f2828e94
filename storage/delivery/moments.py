"""Instants that were made by a clock which has been set back since: what was due by it stays due."""

from datetime import datetime, timedelta

from sqlalchemy import Table, and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryState
from bot.model.readers import ReaderState
from bot.timing.schedules import next_digest_of
from storage.engine.conditions import in_states
from storage.engine.database import Database
from storage.people.readers import COLUMNS, reader_of
from storage.schema.tables import delivery, inbox, lease, publication, reader

_SOON = timedelta(minutes=5)  # the longest wait before another try, and longer than an order can be taken back
_LEASE = timedelta(minutes=3)  # longer than any lease
_STRETCH = 5_000
_READERS = 500


class Moments:
    """What is planned, when the clock it was planned by has been set."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bring_forward(self, now: datetime, instead: datetime) -> int:
        """Let a stretch of what was due, or about to be, at the instant `instead` be due now; and shorten leases.

        Returns how many deliveries were brought forward.
        """
        waiting = and_(
            in_states(delivery, DeliveryState.QUEUED),
            delivery.c.not_before > now,
            delivery.c.not_before <= instead + _SOON,
        )
        some = select(delivery.c.id).where(waiting).limit(_STRETCH)
        change = update(delivery).where(delivery.c.id.in_(some), waiting).values(not_before=now)
        async with self._database.turn() as connection:
            changed = (await connection.execute(change.returning(delivery.c.id))).all()
            await self._bring_orders_forward(connection, now, instead)
            for table in (delivery, inbox, lease):
                await _shorten(connection, table, now)
        return len(changed)

    async def _bring_orders_forward(self, connection: AsyncConnection, now: datetime, instead: datetime) -> None:
        """Let orders keep the seconds that they had; those for a moment further away keep the moment."""
        ordered = publication.c.state == PublicationState.SCHEDULED
        soon = and_(ordered, publication.c.at > now, publication.c.at <= instead + _SOON)
        for row in (await connection.execute(select(publication.c.id, publication.c.at).where(soon))).all():
            same = and_(publication.c.id == row.id, ordered, publication.c.at == row.at)
            at = now + max(timedelta(0), row.at - instead)
            await connection.execute(update(publication).where(same).values(at=at))

    async def plan_digests(self, after: int, now: datetime) -> int | None:
        """Plan anew the digests of a stretch of readers, behind reader `after`, whose times now come sooner.

        Returns the last of these readers, or None at the end.
        """
        planned = and_(reader.c.id > after, reader.c.next_digest_at > now, reader.c.state == ReaderState.ACTIVE)
        stretch = select(*COLUMNS).where(planned).order_by(reader.c.id).limit(_READERS)
        async with self._database.write() as connection:
            readers = [reader_of(row) for row in await connection.execute(stretch)]
            for one in readers:
                at = next_digest_of(one, now) or now
                same = and_(reader.c.id == one.id, reader.c.next_digest_at == one.next_digest_at)
                if one.next_digest_at is not None and at < one.next_digest_at:
                    await connection.execute(update(reader).where(same).values(next_digest_at=at))
        return readers[-1].id if len(readers) == _READERS else None


async def _shorten(connection: AsyncConnection, table: Table, now: datetime) -> None:
    """Let no lease last for hours whose holder may be gone; whoever is alive renews it by the clock as it is."""
    until = table.c.until if table is lease else table.c.lease_until
    await connection.execute(update(table).where(until > now + _LEASE).values({until: now + _LEASE}))
