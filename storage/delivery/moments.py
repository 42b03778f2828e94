"""Instants that were made by a clock which has been set back since: what was due by it stays due."""

from collections import defaultdict
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import and_, select, true, update

from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryState
from bot.model.readers import ReaderState
from bot.timing.schedules import next_digest
from storage.engine.batches import as_list, listed
from storage.engine.conditions import in_states, still_in
from storage.engine.database import Database
from storage.people.reader_rows import COLUMNS, reader_of
from storage.runtime.inbox import InboxState
from storage.schema.tables import delivery, inbox, lease, publication, reader

_SOON = timedelta(minutes=5)  # the longest wait before another try, and longer than an order can be taken back
_LEASE = timedelta(minutes=3)  # longer than any lease
# What has a lease, by its index, and its end.
_LEASED = (
    (in_states(delivery, DeliveryState.SENDING), delivery.c.lease_until),
    (in_states(delivery, DeliveryState.UNCERTAIN), delivery.c.lease_until),  # tells when its holder was alive
    (in_states(inbox, InboxState.NEW, InboxState.HANDLING), inbox.c.lease_until),
    (true(), lease.c.until),
)


class Moments:
    """What is planned, when the clock it was planned by has been set."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bring_orders_forward(self, now: datetime, instead: datetime, since: datetime | None = None) -> None:
        """Let orders that were due, or about to be, at the instant `instead` keep the seconds that they had then.

        Those for a moment further away keep the moment. With `since`, when a jump ahead that this one takes back had
        come, so do those for a moment before that. No lease lasts for hours whose holder may be gone.
        """
        ordered = publication.c.state == PublicationState.SCHEDULED
        soon = and_(publication.c.at > max(now, since or now), publication.c.at <= instead + _SOON)
        # What another process brought forward a moment ago has its seconds by the clock as it is now: no order that
        # was due for minutes was still waiting.
        theirs = and_(publication.c.at <= now + _SOON, publication.c.at < instead - _SOON)
        orders = select(publication.c.id, publication.c.at).where(ordered, soon, ~theirs)
        async with self._database.turn() as connection:
            for row in (await connection.execute(orders)).all():
                same = and_(publication.c.id == row.id, ordered, publication.c.at == row.at)
                at = now + max(timedelta(0), row.at - instead)
                await connection.execute(update(publication).where(same).values(at=at))
            for leased, until in _LEASED:
                # Whoever is alive renews it by the clock as it is.
                change = update(until.table).where(leased, until > now + _LEASE)
                await connection.execute(change.values({until: now + _LEASE}))

    async def bring_forward(self, after: int, now: datetime, instead: datetime, most: int = 500) -> int | None:
        """Let up to `most` deliveries, behind number `after`, that were due or about to be at `instead` be due now.

        Returns the last that was looked at, or None at the end. Each is looked at once: what has to wait for another
        reason, as for quiet hours, is put aside again by its claim.
        """
        soon = and_(delivery.c.not_before > now, delivery.c.not_before <= instead + _SOON)
        place = delivery.c.id + 0  # so that both engines look through what is queued, not through all there ever was
        waiting = and_(in_states(delivery, DeliveryState.QUEUED), soon)
        stretch = select(delivery.c.id).where(waiting, place > after).order_by(place).limit(most)
        async with self._database.read() as connection:  # all that waits is read for it
            some = (await connection.execute(stretch)).scalars().all()
        if some:
            these = and_(delivery.c.id.in_(listed(self._database)), still_in(delivery, DeliveryState.QUEUED), soon)
            change = update(delivery).where(these).values(not_before=now)
            async with self._database.turn() as connection:
                await connection.execute(change, {"numbers": as_list(some)})
        return some[-1] if len(some) == most else None

    async def plan_digests(self, after: int, now: datetime, most: int = 500) -> int | None:
        """Plan anew the digests of up to `most` readers, behind reader `after`, whose times now come sooner.

        Returns the last of the readers that were looked at, or None at the end.
        """
        planned = and_(reader.c.id > after, reader.c.next_digest_at > now, reader.c.state == ReaderState.ACTIVE)
        stretch = select(*COLUMNS).where(planned).order_by(reader.c.id).limit(most)
        nearest = cache(next_digest)  # who has the same hours in the same zone shares the working out
        async with self._database.write() as connection:
            readers = [reader_of(row) for row in await connection.execute(stretch)]
            sooner: dict[tuple[datetime, datetime], list[int]] = defaultdict(list)
            for one in readers:
                at = nearest(one.schedule, one.quiet, one.zone, now) or now
                if one.next_digest_at is not None and at < one.next_digest_at:
                    sooner[one.next_digest_at, at].append(one.id)
            for (before, at), whose in sooner.items():
                same = and_(reader.c.id.in_(listed(self._database)), reader.c.next_digest_at == before)
                change = update(reader).where(same).values(next_digest_at=at)
                await connection.execute(change, {"numbers": as_list(whose)})
        return readers[-1].id if len(readers) == most else None
