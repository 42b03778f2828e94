"""The delivery ledger: every change of a delivery's state, each in one short transaction.

The protocol is in docs/GUARANTEES.md. The holder of a row is one start of one process; every change by an holder is
fenced by holder, state and lease, so a process that was paused or cut off cannot undo what others have decided.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    and_,
    case,
    literal,
    null,
    or_,
    select,
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
    Step,
    ToDigest,
)
from storage.delivery.claims import Claims
from storage.delivery.counters import Counting, count
from storage.delivery.held import hold, leave_out, renew_lines
from storage.delivery.late import LateTruths
from storage.delivery.outcomes import Outcomes, Tally, Written, needs_turn, plain_ends
from storage.delivery.statements import COUNTED, Ended, putting_aside
from storage.engine.batches import as_list, listed
from storage.engine.chains import Chain, run_chain
from storage.engine.columns import Instant
from storage.engine.conditions import in_states, of_kinds, still_in
from storage.engine.database import Database
from storage.runtime.message_ids import MessageIds
from storage.schema.tables import delivery, reader

_DAY = timedelta(days=1)


class Ledger:
    """The rows of the delivery ledger, for the one process start that is called `holder`."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self.holder = holder
        self._claims, self._counting = Claims(database), Counting(database)
        ids = MessageIds(database)
        self._outcomes, self._late = Outcomes(database, holder, ids), LateTruths(database, holder, ids)

    async def claim(
        self,
        limit: int,
        now: datetime,
        lease: timedelta,
        sift: ClaimFilter,
        done: Sequence[tuple[int, Step]] = (),
    ) -> Claimed:
        """Take up to `limit` deliveries that are due, the most urgent first, then the oldest; one for a chat at most.

        With the commit they are about to be sent, each in the revision that its article has now: a correction that
        comes later knows which copies are old. A row is free when its chat has nothing in flight, nothing waiting in
        a more urgent lane and nothing older in its own: that keeps a chat's order. Edits alone, which nobody hears,
        pass what waits for the end of their reader's quiet hours, and the notes behind it. What `sift` puts aside ends
        or stays queued by the same commit, without having been tried. What became of others, `done`, is recorded
        first, as by `finish`, also by the same commit.

        Raises:
            ClaimUnconfirmed: the commit failed, or only seemed to. Nothing may be sent.
            Any other error: nothing was claimed. After either, `done` has to be recorded again.

        """
        due: list[Delivery] = []
        try:
            # Else two replicas that claim at once could each take a row of the same chat, and a correction would end
            # without the copies that are just being claimed in the old revision.
            async with self._database.turn(in_order=True) as connection:
                written, due = await self._exchanged(connection, limit, now, now + lease, done)
                aside = sift(due)
                tally = written.tally  # not by `+`, which leaves out what is taken off
                tally.update(await self._put_aside(connection, aside, now))
                made = (one.digest_id for one in due if one.kind is DeliveryKind.DIGEST and one.id not in aside)
                tally.update(await renew_lines(connection, [number for number in made if number is not None], now))
                await self._counting.add_last(connection, tally)  # once, and last: others wait for the counters
            await self._late.write(written.late, now)
        except Exception as error:
            if due:
                raise ClaimUnconfirmed(due) from error
            raise
        return Claimed([one for one in due if one.id not in aside], len(aside))

    async def _exchanged(
        self, connection: AsyncConnection, limit: int, now: datetime, until: datetime, done: Sequence[tuple[int, Step]]
    ) -> tuple[Written, list[Delivery]]:
        """Record what is done and claim what is due: in one go, where nothing of one bears upon the other."""
        ends = plain_ends(done)
        if ends is None:
            written = await self._outcomes.record(connection, done, now)
            return written, await self._claims.take(connection, limit, now, until, self.holder)

        def both() -> Chain[tuple[Sequence[Ended], Sequence[Sequence[Any]]]]:
            ended = yield from self._outcomes.ended(ends, now)
            return ended, (yield from self._claims.taking(limit, now, until, self.holder))

        ended, found = await run_chain(connection, both())
        written = await self._outcomes.written(connection, ends, ended)
        return written, await self._claims.taken(connection, found)

    async def renew(self, now: datetime, lease: timedelta) -> Collection[int]:
        """Keep what this holder is sending: it is alive, even where a request takes longer than a lease.

        Also what a clock that jumped made look over: as long as nobody has taken a row, it is its holder's. Returns the
        numbers of the rows that are.
        """
        mine = and_(delivery.c.holder == self.holder, in_states(delivery, DeliveryState.SENDING))
        async with self._database.write() as connection:
            change = update(delivery).where(mine).values(lease_until=now + lease).returning(delivery.c.id)
            return set((await connection.execute(change)).scalars())

    async def finish(self, steps: Sequence[tuple[int, Step]], now: datetime) -> None:
        """Record what became of deliveries of this holder.

        A row that somebody else has decided meanwhile keeps that decision, with one exception: of a row that became
        uncertain, what its own try came to is the truth, however late; of one that was let go, that it arrived. May be
        repeated.
        """
        async with self._database.turn() if needs_turn(steps) else self._database.write() as connection:
            written = await self._outcomes.record(connection, steps, now)
            await self._counting.add_last(connection, written.tally)
        await self._late.write(written.late, now)

    async def leave_out(self, number: int, articles: Collection[int], now: datetime) -> None:
        """End the lines of a digest that this holder is about to send, as delivery `number`, without these articles.

        What was retracted, or not wanted any more, between its claim and its composing. May be repeated.
        """
        mine = and_(
            delivery.c.id == number, delivery.c.holder == self.holder, in_states(delivery, DeliveryState.SENDING)
        )
        async with self._database.turn() as connection:
            whole = await connection.scalar(select(delivery.c.digest_id).where(mine).with_for_update())
            if whole is not None:
                await count(connection, await leave_out(connection, whole, articles, now))

    async def give_back(self, begun: Collection[int]) -> int:
        """Put back what this holder has claimed, except what it has begun to send; returns how many rows those were."""
        mine = and_(delivery.c.holder == self.holder, in_states(delivery, DeliveryState.SENDING))
        back = update(delivery).where(mine, delivery.c.id.not_in(begun))
        change = back.values(
            state=DeliveryState.QUEUED, holder=null(), lease_until=null(), attempts=delivery.c.attempts - 1
        )
        async with self._database.write() as connection:
            return len((await connection.execute(change.returning(delivery.c.id))).all())

    async def _put_aside(
        self, connection: AsyncConnection, aside: Mapping[int, Finish | Postpone | ToDigest], now: datetime
    ) -> Tally:
        """Write down what is not to be sent now; returns what to add to the counters."""
        tally: Tally = Counter()
        if ends := {i: step for i, step in aside.items() if isinstance(step, Finish)}:
            tally.update(await self._outcomes.end(connection, ends, now))
        if waits := {i: step for i, step in aside.items() if isinstance(step, Postpone)}:
            rows = [{"row": i, "holder": self.holder, "at": w.until, "why": w.reason or None} for i, w in waits.items()]
            await connection.execute(putting_aside(), rows)
        if later := [i for i, step in aside.items() if isinstance(step, ToDigest)]:
            tally.update(await hold(connection, later, self.holder))
        return tally

    async def recover(self, now: datetime, *, alone: bool = False) -> Counter[DeliveryState]:
        """Take over what a vanished process left: nobody knows what became of it.

        Rows whose lease is over; when `alone`, also every row of another holder (the caller
        knows that it is alone, as on SQLite). Returns how many rows went back to the queue and became uncertain.
        """
        # Never what this start itself is sending: a clock that jumps ahead makes its leases look over.
        over = and_(delivery.c.lease_until <= now, delivery.c.holder != self.holder)
        if alone:
            over = or_(over, delivery.c.holder != self.holder)
        unknown = update(delivery).where(in_states(delivery, DeliveryState.SENDING), over)
        async with self._database.turn() as connection:
            repeatable = unknown.where(of_kinds(delivery, lambda traits: traits.repeatable))
            again = await connection.execute(
                repeatable.values(state=DeliveryState.QUEUED, holder=null(), lease_until=null()).returning(
                    delivery.c.id
                )
            )
            lost = await connection.execute(
                unknown.values(
                    # The lease stays: it tells when the process that vanished was alive.
                    state=DeliveryState.UNCERTAIN,
                    reason="crash",
                    finished_at=now,
                ).returning(delivery.c.publication_id)
            )
            numbers = Counter({DeliveryState.QUEUED: len(again.all())})
            publications = lost.scalars().all()
            numbers[DeliveryState.UNCERTAIN] = len(publications)
            await count(connection, Counter((p, "uncertain") for p in publications if p is not None))
        return numbers

    async def expire(self, now: datetime, most: int = 500) -> int:
        """Take up to `most` of what waited longer than it is worth out of the queue; returns how many rows that were.

        A headline of the last day becomes a line of its reader's next digest, at once for a reader who has no hours for
        digests; whatever is older, and everything else, ends.
        """
        over, waiting = delivery.c.expires_at <= now, in_states(delivery, DeliveryState.QUEUED)
        # Looked for before the turn: all that waits is read for it, and mostly there is nothing.
        async with self._database.read() as connection:
            found = (await connection.execute(select(delivery.c.id).where(waiting, over).limit(most))).scalars().all()
        if not found:
            return 0
        headline = of_kinds(delivery, lambda traits: traits.may_become_item)
        line = and_(headline, delivery.c.created_at > now - _DAY)
        change = (
            update(delivery)
            .where(delivery.c.id.in_(listed(self._database)), still_in(delivery, DeliveryState.QUEUED), over)
            .values(
                state=case((line, int(DeliveryState.HELD)), else_=int(DeliveryState.EXPIRED)),
                kind=case((line, int(DeliveryKind.ITEM)), else_=delivery.c.kind),
                first_article=case((line, null()), else_=delivery.c.first_article),
                reason=case((line, "late"), else_="expired"),
                finished_at=case((line, null()), else_=literal(now, Instant)),
            )
            .returning(delivery.c.publication_id, delivery.c.reader_id, delivery.c.state)
        )
        async with self._database.turn() as connection:
            changed = (await connection.execute(change, {"numbers": as_list(found)})).all()
            held = {row.reader_id for row in changed if row.state is DeliveryState.HELD}
            whose = reader.c.id.in_(listed(self._database))
            soon = update(reader).where(whose, reader.c.next_digest_at.is_(None))
            await connection.execute(soon.values(next_digest_at=now), {"numbers": as_list(sorted(held))})
            tally = Counter(
                (row.publication_id, COUNTED[row.state]) for row in changed if row.publication_id is not None
            )
            await count(connection, tally)
        return len(changed)
