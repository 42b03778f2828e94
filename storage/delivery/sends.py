"""Control of a send that runs: pause, resume, stop.

The publication's state is the word, and holds from the commit on: nothing of a paused or stopped one is claimed. Its
rows follow in stretches of one short transaction each, so that no change waits behind a hundred thousand rows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Stale
from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryState, Priority
from bot.model.listeners import EventKind
from storage.delivery.counters import count
from storage.engine.batches import as_list, listed
from storage.engine.conditions import in_states, of_kinds, still_in
from storage.engine.database import AnyRow, Database
from storage.people.audit import write_audit
from storage.runtime.events import Fact, note_events
from storage.schema.tables import delivery, publication

HALTED = select(publication.c.id).where(in_states(publication, PublicationState.PAUSED, PublicationState.STOPPING))
"""The publications of which nothing may be claimed."""
OPEN_PUBLICATIONS: ColumnElement[bool] = literal_column("publication.state IN (0, 1, 2)")
"""The condition of publications that are planned, run or are paused, to the letter of their index."""
_SEND = (publication.c.state, publication.c.lane, publication.c.article_id)
_PARK = (DeliveryState.QUEUED, DeliveryState.PARKED)
_UNPARK = (DeliveryState.PARKED, DeliveryState.QUEUED)


def may_go() -> ColumnElement[bool]:
    """Return the condition that a delivery's publication is not halted."""
    return func.coalesce(delivery.c.publication_id, 0).not_in(HALTED)


class Sends:
    """Changing what runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pause(self, publication_id: int, reason: str, by: int | None, now: datetime) -> None:
        """Halt a running send; `reason` is a phrase's key. Raises Stale when it does not run."""
        values = {"state": PublicationState.PAUSED, "reason": reason}
        await self._change(publication_id, (PublicationState.RUNNING,), values, by, now)

    async def resume(self, publication_id: int, by: int, now: datetime) -> None:
        """Let a halted send go on; raises Stale when it is not halted."""
        values = {"state": PublicationState.RUNNING, "reason": ""}
        await self._change(publication_id, (PublicationState.PAUSED,), values, by, now)

    async def stop(self, publication_id: int, by: int, now: datetime) -> None:
        """End a send for good: what has not left yet never does. Raises Stale when it is over."""
        values = {"state": PublicationState.STOPPING, "reason": "", "fan_from": null(), "fan_end": null()}
        await self._change(publication_id, (PublicationState.RUNNING, PublicationState.PAUSED), values, by, now)

    async def _change(
        self,
        publication_id: int,
        before: Sequence[PublicationState],
        values: dict[str, Any],
        by: int | None,
        now: datetime,
    ) -> None:
        there = and_(publication.c.id == publication_id, publication.c.state.in_(before))
        change = update(publication).where(there).values(**values, reported=False)
        async with self._database.turn() as connection:
            article_id = await connection.scalar(change.returning(publication.c.article_id))
            if article_id is None:
                raise Stale
            detail = {"publication": publication_id, "reason": values["reason"]}
            await write_audit(connection, now, by, values["state"].name.lower(), article_id, detail)

    async def follow(self, now: datetime, most: int = 500) -> bool:
        """Bring rows in line with their publications, up to `most` of each kind of a send; returns whether it did."""
        stopping, waiting, parked = await self._astray(most)
        if not (stopping or waiting or parked):
            return False
        async with self._database.turn() as connection:
            ending = HALTED.add_columns(*_SEND).where(publication.c.state == PublicationState.STOPPING)
            moved = 0
            for row in (await connection.execute(ending)).all():
                moved += await self._clear(connection, row, now, most)
            moved += await self._turn(connection, waiting, PublicationState.PAUSED, *_PARK)
            moved += await self._turn(connection, parked, PublicationState.RUNNING, *_UNPARK)
        return moved > 0

    async def _astray(self, most: int) -> tuple[bool, list[int], list[int]]:
        """Return whether a send is stopping, rows that wait although theirs is paused, and parked ones whose send runs.

        Looked for before the turn: while a send is paused, all that waits beside it is read each time.
        """
        of_running = delivery.c.publication_id.in_(_standing(PublicationState.RUNNING))
        back = select(delivery.c.id).where(in_states(delivery, DeliveryState.PARKED), of_running)
        waiting: list[int] = []
        async with self._database.read() as connection:
            halted = (await connection.execute(HALTED.add_columns(*_SEND))).all()
            for row in halted:
                if row.state is PublicationState.PAUSED:
                    waiting += (await connection.execute(_queued(row).limit(most))).scalars()
            parked = (await connection.execute(back.limit(most))).scalars().all()
        stopping = any(row.state is PublicationState.STOPPING for row in halted)
        return stopping, waiting, list(parked)

    async def _turn(
        self,
        connection: AsyncConnection,
        rows: Sequence[int],
        sends: PublicationState,
        state: DeliveryState,
        becomes: DeliveryState,
    ) -> int:
        """Change the state of rows that still are in another, of sends that still stand so; returns how many."""
        if not rows:
            return 0
        of_these = delivery.c.publication_id.in_(_standing(sends))
        there = and_(delivery.c.id.in_(listed(self._database)), still_in(delivery, state), of_these)
        change = update(delivery).where(there).values(state=becomes).returning(delivery.c.id)
        return len((await connection.execute(change, {"numbers": as_list(rows)})).all())

    async def _move(
        self, connection: AsyncConnection, rows: Any, state: DeliveryState, values: Mapping[str, object]
    ) -> int:
        """Change rows that are in a state, and still are when their turn comes; returns how many."""
        there = and_(delivery.c.id.in_(rows), in_states(delivery, state))
        change = update(delivery).where(there).values(values).returning(delivery.c.id)
        return len((await connection.execute(change)).all())

    async def _clear(self, connection: AsyncConnection, row: AnyRow, now: datetime, most: int) -> int:
        """Drop a stretch of what a stopped send still owes, digests' lines included; end it when nothing is left.

        What is being sent at this moment may come back to the queue, so a send is stopping until that is over. It comes
        back without a turn: so what is under way is asked for first, and what waits is looked at behind that.
        """
        under_way = await _sending(connection, row.id)
        parked = select(delivery.c.id).where(
            in_states(delivery, DeliveryState.PARKED), delivery.c.publication_id == row.id
        )
        held = select(delivery.c.id).where(
            delivery.c.article_id == row.article_id,
            of_kinds(delivery, lambda traits: traits.holds_article),
            in_states(delivery, DeliveryState.HELD),
            delivery.c.publication_id == row.id,
        )
        dropped = {"state": DeliveryState.DROPPED, "reason": "stopped", "finished_at": now}
        cleared = await self._move(connection, _queued(row).limit(most), DeliveryState.QUEUED, dropped)
        cleared += await self._move(connection, parked.limit(most), DeliveryState.PARKED, dropped)
        lines = await self._move(connection, held.limit(most), DeliveryState.HELD, dropped)
        await count(connection, Counter({(row.id, "dropped"): cleared + lines, (row.id, "held"): -lines}))
        if not cleared + lines and not under_way:
            end = update(publication).where(publication.c.id == row.id, publication.c.state == row.state)
            ended = end.values(state=PublicationState.STOPPED, finished_at=now, reported=False)
            number = await connection.scalar(ended.returning(publication.c.revision))
            await note_events(connection, EventKind.FINISHED, [Fact(row.article_id, number or 1, row.id)], now)
        return cleared + lines


async def stop_again(connection: AsyncConnection, publications: Sequence[int]) -> None:
    """Let `follow` drop what came back to the queue after its send had been stopped and ended."""
    over = and_(publication.c.id.in_(publications), publication.c.state == PublicationState.STOPPED)
    change = update(publication).where(over).values(state=PublicationState.STOPPING, finished_at=null())
    if publications:
        await connection.execute(change)


def _standing(state: PublicationState) -> Select[int]:
    """Return the publications that are planned, run or are paused, as this state says."""
    return select(publication.c.id).where(OPEN_PUBLICATIONS, publication.c.state == state)


def _queued(row: AnyRow) -> Any:
    """Return the rows of a publication that wait in the queue."""
    return select(delivery.c.id).where(
        in_states(delivery, DeliveryState.QUEUED),
        delivery.c.lane.in_([row.lane, Priority.DIGEST]),  # mentions stand in the lane of digests
        delivery.c.publication_id == row.id,
    )


async def _sending(connection: AsyncConnection, publication_id: int) -> bool:
    under_way = select(delivery.c.id).where(
        in_states(delivery, DeliveryState.SENDING), delivery.c.publication_id == publication_id
    )
    return (await connection.execute(under_way.limit(1))).first() is not None
