"""What became of tries that were taken for lost: an answer that came late is the truth all the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import DeliveryState, Finish, Retry, Step
from storage.delivery.copies import counters_in_order, owe_edits
from storage.delivery.counters import Counting
from storage.delivery.held import LET_GO, arrived_after_all, give_back
from storage.delivery.sends import stop_again
from storage.delivery.statements import COUNTED, ended, ending, new_messages, put_back, retrying
from storage.engine.chains import run_chain
from storage.engine.conditions import in_states, still_in
from storage.engine.database import Database
from storage.runtime.message_ids import MessageIds
from storage.schema.tables import delivery

_LET_GO = and_(delivery.c.state == DeliveryState.DROPPED, delivery.c.reason == LET_GO)


class LateTruths:
    """Writing down, for the holder whose tries they were, what became of rows that are uncertain or were let go.

    Whoever lets go a row stops asking about it; that it arrived is true nevertheless, and a correction has to reach it.
    What was sent again meanwhile belongs to the try that does so.
    """

    def __init__(self, database: Database, holder: str, ids: MessageIds) -> None:
        self._database = database
        self._ids = ids
        self._holder = holder
        self._counting = Counting(database)
        self._of_uncertain = ending(database, still_in(delivery, DeliveryState.UNCERTAIN))
        self._of_let_go = ending(database, _LET_GO)

    async def write(self, late: Mapping[int, Step], now: datetime) -> None:
        """Write down what these tries came to.

        In a turn of the ledger, because a correction may be looking for the copies that it has to change: of a row
        that becomes SENT in an old revision, its edit is queued here and now.
        """
        if not late:
            return
        lost = or_(in_states(delivery, DeliveryState.UNCERTAIN), _LET_GO)
        there = select(delivery.c.id).where(lost, delivery.c.id.in_(late))
        async with self._database.read() as connection:
            found = {number: late[number] for number in (await connection.execute(there)).scalars()}
        if found:
            async with self._database.turn() as connection:
                await counters_in_order(self._database, connection, list(found))
                sent = [*await self._decide(connection, found, now), *await self._revive(connection, found, now)]
                await owe_edits(self._database, connection, sent, now)

    async def _decide(self, connection: AsyncConnection, late: Mapping[int, Step], now: datetime) -> list[int]:
        """Decide what is uncertain; returns the numbers of rows that became SENT."""
        ends = {i: step for i, step in late.items() if isinstance(step, Finish)}
        done = await run_chain(connection, ended(self._of_uncertain, ends, self._holder, now))
        await self._ids.note(connection, new_messages(ends, done), now)
        moved = [publication for _, publication, _ in done]
        for back in put_back({i: step for i, step in late.items() if isinstance(step, Retry)}, self._holder):
            row = (await connection.execute(retrying(DeliveryState.UNCERTAIN), back)).first()
            moved += [row.publication_id] if row is not None else []
        known = [publication for publication in moved if publication is not None]
        lines = await give_back(connection, [number for number, publication, _ in done if publication is None])
        lines.subtract(Counter((number, "uncertain") for number in known))
        await self._count(connection, done, lines)
        await stop_again(connection, known)  # behind the counters, which everybody has in one order
        return [number for number, _, state in done if state is DeliveryState.SENT]

    async def _revive(self, connection: AsyncConnection, late: Mapping[int, Step], now: datetime) -> list[int]:
        """Write down what had arrived of what was let go; returns the numbers of the rows."""
        arrived = {i: s for i, s in late.items() if isinstance(s, Finish) and s.state is DeliveryState.SENT}
        done = await run_chain(connection, ended(self._of_let_go, arrived, self._holder, now))
        await self._ids.note(connection, new_messages(arrived, done), now)
        more = await arrived_after_all(connection, [number for number, publication, _ in done if publication is None])
        more.subtract(Counter((publication, "dropped") for _, publication, _ in done if publication is not None))
        await self._count(connection, done, more)
        return [number for number, _, _ in done]

    async def _count(
        self, connection: AsyncConnection, done: Sequence[Sequence[Any]], more: Counter[tuple[int, str]]
    ) -> None:
        """Add what these rows have become, and what else is to be added, to the counters: once, in one order."""
        tally = Counter((publication, COUNTED[state]) for _, publication, state in done if publication is not None)
        tally.update(more)
        await self._counting.add(connection, tally)
