"""The delivery ledger: every change of a delivery's state, each in one short transaction.

The protocol is in docs/GUARANTEES.md. The owner of a row is one start of one process; every change by an owner is
fenced by owner, state and lease, so a process that was paused or cut off cannot undo what others have decided.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    and_,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import (
    Claimed,
    ClaimFilter,
    ClaimUnconfirmed,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Finish,
    Postpone,
    Retry,
    Step,
)
from storage.delivery.claims import Claims
from storage.delivery.counters import Counting, count
from storage.delivery.statements import ending, putting_aside, retrying
from storage.engine.batches import packed
from storage.engine.conditions import in_states, of_kinds
from storage.engine.database import Database
from storage.engine.prepared import Prepared, prepared_update
from storage.schema.tables import delivery, reader

_COUNTED = {
    DeliveryState.SENT: "sent",
    DeliveryState.FAILED: "failed",
    DeliveryState.UNCERTAIN: "uncertain",
    DeliveryState.EXPIRED: "expired",
    DeliveryState.DROPPED: "dropped",
}
_DAY = timedelta(days=1)
_STRETCH = 5_000
_CLAIMS = 7_305_001  # the advisory lock of claims; a number of our own


class Ledger:
    """The rows of the delivery ledger, for the one process start that is called `owner`."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database = database
        self.owner = owner
        self._claims, self._counting = Claims(database), Counting(database)
        ended = (delivery.c.id, delivery.c.publication_id, delivery.c.state)
        self._end = prepared_update(database, ending(database, DeliveryState.SENDING), *ended)
        self._end_uncertain = prepared_update(database, ending(database, DeliveryState.UNCERTAIN), *ended)

    async def claim(self, limit: int, now: datetime, lease: timedelta, sift: ClaimFilter) -> Claimed:
        """Take up to `limit` deliveries that are due, the most urgent first, then the oldest; one for a chat at most.

        With the commit they are about to be sent, each in the revision that its article has now: a correction that
        comes later knows which copies are old. A row is free when its chat has nothing in flight, nothing waiting in
        a more urgent lane and nothing older in its own: that keeps a chat's order. What `sift` puts aside ends or
        stays queued by the same commit, without having been tried.

        Raises:
            ClaimUnconfirmed: the commit failed, or only seemed to. Nothing may be sent.
            Any other error: nothing was claimed.

        """
        due: list[Delivery] = []
        try:
            async with self._database.write() as connection:
                if not self._database.is_sqlite:
                    # Two replicas that claim at once could each take a row of the same chat; claims are short, so they
                    # take turns. (SQLite has one writer anyway.)
                    await connection.execute(text(f"SELECT pg_advisory_xact_lock({_CLAIMS})"))
                due = await self._claims.rows(connection, limit, now, now + lease, self.owner)
                aside = sift(due)
                if aside:
                    await self._put_aside(connection, aside, now)
        except Exception as error:
            if due:
                raise ClaimUnconfirmed(due) from error
            raise
        return Claimed([one for one in due if one.id not in aside], len(aside))

    async def renew(self, now: datetime, lease: timedelta) -> None:
        """Keep what this owner is sending: it is alive, even where a request takes longer than a lease."""
        mine = and_(delivery.c.owner == self.owner, in_states(delivery, DeliveryState.SENDING))
        alive = and_(mine, delivery.c.lease_until > now)  # a lease that is over stays over
        async with self._database.write() as connection:
            await connection.execute(update(delivery).where(alive).values(lease_until=now + lease))

    async def finish(self, steps: Sequence[tuple[int, Step]], now: datetime) -> None:
        """Record what became of deliveries of this owner.

        A row that somebody else has decided meanwhile keeps that decision, with one exception: a late success turns
        "uncertain" into "sent", because it is the truth.
        """
        retries = [
            {"row": i, "owner": self.owner, "at": step.not_before, "why": step.reason, "try": step.attempt}
            for i, step in steps
            if isinstance(step, Retry)
        ]
        ends = {i: step for i, step in steps if isinstance(step, Finish)}
        async with self._database.write() as connection:
            tally = await self._end_all(connection, ends, now) if ends else Counter()
            if retries:
                await connection.execute(retrying(), retries)
            await self._counting.add(connection, tally)
            gone = {i: s.reader_state for i, s in ends.items() if s.reader_state is not None}
            if gone:
                await self._note_readers(connection, gone, now)

    async def _put_aside(
        self, connection: AsyncConnection, aside: Mapping[int, Finish | Postpone], now: datetime
    ) -> None:
        ends = {i: step for i, step in aside.items() if isinstance(step, Finish)}
        if ends:
            await self._counting.add(connection, await self._end_all(connection, ends, now))
        waits = [{"row": i, "owner": self.owner, "at": w.until} for i, w in aside.items() if isinstance(w, Postpone)]
        if waits:
            await connection.execute(putting_aside(), waits)

    async def _end_all(
        self, connection: AsyncConnection, ends: dict[int, Finish], now: datetime
    ) -> Counter[tuple[int, str]]:
        done = await self._write_ends(connection, self._end, ends, now)
        tally = Counter((publication, _COUNTED[state]) for _, publication, state in done if publication is not None)
        written = {number for number, _, _ in done}
        late = {i: step for i, step in ends.items() if step.state is DeliveryState.SENT and i not in written}
        if late:
            for _, publication, _ in await self._write_ends(connection, self._end_uncertain, late, now):
                if publication is not None:
                    tally[publication, "sent"] += 1
                    tally[publication, "uncertain"] -= 1
        return tally

    async def _write_ends(
        self, connection: AsyncConnection, statement: Prepared, ends: dict[int, Finish], now: datetime
    ) -> Sequence[Sequence[Any]]:
        values = [
            {"id": i, "state": int(s.state), "message": s.message_id, "reason": s.reason or None}
            for i, s in ends.items()
        ]
        return await statement.rows(connection, rows=packed(values), now=now, owner=self.owner)

    async def _note_readers(self, connection: AsyncConnection, gone: dict[int, Any], now: datetime) -> None:
        whose = select(delivery.c.id, delivery.c.reader_id).where(delivery.c.id.in_(gone))
        for row in (await connection.execute(whose)).all():
            change = update(reader).where(reader.c.id == row.reader_id)
            await connection.execute(change.values(state=gone[row.id], updated_at=now))

    async def recover(self, now: datetime, *, alone: bool = False) -> Counter[DeliveryState]:
        """Take over what a vanished process left: nobody knows what became of it.

        Rows whose lease is over; when `alone`, also every row of another owner (the caller
        knows that it is alone, as on SQLite). Returns how many rows went back to the queue and became uncertain.
        """
        over = delivery.c.lease_until <= now
        if alone:
            over = or_(over, delivery.c.owner != self.owner)
        unknown = update(delivery).where(in_states(delivery, DeliveryState.SENDING), over)
        async with self._database.write() as connection:
            repeatable = unknown.where(of_kinds(delivery, lambda traits: traits.repeatable))
            again = await connection.execute(
                repeatable.values(state=DeliveryState.QUEUED, owner=null(), lease_until=null()).returning(delivery.c.id)
            )
            lost = await connection.execute(
                unknown.values(
                    state=DeliveryState.UNCERTAIN, reason="crash", lease_until=null(), finished_at=now
                ).returning(delivery.c.publication_id)
            )
            numbers = Counter({DeliveryState.QUEUED: len(again.all())})
            publications = lost.scalars().all()
            numbers[DeliveryState.UNCERTAIN] = len(publications)
            await count(connection, Counter((p, "uncertain") for p in publications if p is not None))
        return numbers

    async def expire(self, now: datetime) -> int:
        """Take a stretch of what waited longer than it is worth out of the queue; returns how many rows that were.

        A headline of the last day becomes a line of its reader's next digest, at once for a reader who has no hours for
        digests; whatever is older, and everything else, ends.
        """
        over = and_(in_states(delivery, DeliveryState.QUEUED), delivery.c.expires_at <= now)
        over = delivery.c.id.in_(select(delivery.c.id).where(over).limit(_STRETCH))
        headline = of_kinds(delivery, lambda traits: traits.may_become_item)
        line = and_(over, headline, delivery.c.created_at > now - _DAY)
        to_digest = update(delivery).where(line).values(state=DeliveryState.HELD, kind=DeliveryKind.ITEM, reason="late")
        end = update(delivery).where(over).values(state=DeliveryState.EXPIRED, reason="expired", finished_at=now)
        async with self._database.write() as connection:
            late = await connection.execute(to_digest.returning(delivery.c.publication_id, delivery.c.reader_id))
            lines = late.all()
            if lines:
                whose = reader.c.id.in_({row.reader_id for row in lines})
                soon = update(reader).where(whose, reader.c.next_digest_at.is_(None))
                await connection.execute(soon.values(next_digest_at=now))
            ended = (await connection.execute(end.returning(delivery.c.publication_id))).scalars().all()
            tally = Counter((row.publication_id, "held") for row in lines)
            tally.update((number, "expired") for number in ended if number is not None)
            await count(connection, tally)
        return len(lines) + len(ended)
