"""Control of a send that runs: pause, resume, stop.

The publication's state is the word, and holds from the commit on: nothing of a paused or stopped one is claimed. Its
rows follow in stretches of one short transaction each, so that no change waits behind a hundred thousand rows.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Stale
from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryState
from storage.delivery.counters import count
from storage.engine.conditions import in_states
from storage.engine.database import Database
from storage.people.audit import write_audit
from storage.schema.tables import delivery, publication

_STRETCH = 10_000
HALTED = select(publication.c.id).where(in_states(publication, PublicationState.PAUSED, PublicationState.STOPPING))
"""The publications of which nothing may be claimed."""


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
        async with self._database.write() as connection:
            article_id = await connection.scalar(change.returning(publication.c.article_id))
            if article_id is None:
                raise Stale
            detail = {"publication": publication_id, "reason": values["reason"]}
            await write_audit(connection, now, by, values["state"].name.lower(), article_id, detail)

    async def follow(self, now: datetime) -> bool:
        """Bring a stretch of rows in line with their publications; returns whether there is more to do."""
        async with self._database.write() as connection:
            halted = (await connection.execute(HALTED.add_columns(publication.c.state, publication.c.lane))).all()
            moved = 0
            for row in halted:
                waiting = select(delivery.c.id).where(
                    in_states(delivery, DeliveryState.QUEUED),
                    delivery.c.lane == row.lane,
                    delivery.c.publication_id == row.id,
                )
                if row.state is PublicationState.STOPPING:
                    moved += await self._clear(connection, row.id, waiting, now)
                else:
                    moved += await self._move(connection, waiting, DeliveryState.PARKED)
            going = select(delivery.c.id).join(publication, publication.c.id == delivery.c.publication_id)
            back = going.where(
                in_states(delivery, DeliveryState.PARKED), publication.c.state == PublicationState.RUNNING
            )
            moved += await self._move(connection, back, DeliveryState.QUEUED)
        return moved > 0

    async def _move(self, connection: AsyncConnection, rows: Any, state: DeliveryState) -> int:
        change = update(delivery).where(delivery.c.id.in_(rows.limit(_STRETCH))).values(state=state)
        return int((await connection.execute(change)).rowcount)

    async def _clear(self, connection: AsyncConnection, publication_id: int, waiting: Any, now: datetime) -> int:
        parked = select(delivery.c.id).where(
            in_states(delivery, DeliveryState.PARKED), delivery.c.publication_id == publication_id
        )
        cleared = 0
        for rows in (waiting, parked):
            change = (
                update(delivery)
                .where(delivery.c.id.in_(rows.limit(_STRETCH)))
                .values(state=DeliveryState.DROPPED, reason="stopped", finished_at=now)
            )
            cleared += int((await connection.execute(change)).rowcount)
        await count(connection, Counter({(publication_id, "dropped"): cleared}))
        if not cleared:
            end = update(publication).where(publication.c.id == publication_id)
            await connection.execute(end.values(state=PublicationState.STOPPED, finished_at=now, reported=False))
        return cleared

    async def backlog(self, before: datetime) -> int:
        """Return how many deliveries that were made before an instant are waiting still, digests' items included."""
        statement = select(func.count()).select_from(delivery).where(_waiting(before))
        async with self._database.read() as connection:
            return int(await connection.scalar(statement) or 0)

    async def drop_backlog(self, before: datetime, now: datetime) -> int:
        """Cancel a stretch of what was made before an instant and still waits; returns how many rows that were.

        Digests' items are let go for good; their readers keep what came since.
        """
        rows = select(delivery.c.id).where(_waiting(before)).limit(_STRETCH)
        change = (
            update(delivery)
            .where(delivery.c.id.in_(rows))
            .values(state=DeliveryState.DROPPED, reason="long stop", finished_at=now)
            .returning(delivery.c.publication_id, delivery.c.kind)
        )
        async with self._database.write() as connection:
            done = (await connection.execute(change)).all()
            tally = Counter((row.publication_id, "dropped") for row in done if row.publication_id is not None)
            held = Counter(
                (row.publication_id, "held")
                for row in done
                if row.publication_id is not None and row.kind.traits.is_held
            )
            for key, number in held.items():
                tally[key] = -number
            await count(connection, tally)
        return len(done)


def _waiting(before: datetime) -> ColumnElement[bool]:
    states = (DeliveryState.QUEUED, DeliveryState.HELD, DeliveryState.PARKED)
    return and_(delivery.c.state.in_(states), delivery.c.created_at < before)
