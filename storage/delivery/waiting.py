"""The pushes of one reader that wait to be sent, taken out of the queue and put back as the reader's rules change."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryState
from bot.model.news import RevisionKind
from bot.model.pushes import PushesWaiting
from storage.delivery.counters import count
from storage.delivery.fan_out import after_stretches
from storage.delivery.sends import OPEN_PUBLICATIONS
from storage.engine.conditions import in_states, of_kinds
from storage.engine.database import Database
from storage.schema.tables import delivery, publication

_UNWANTED = "unwanted"  # the reason of a row that its reader's own rules took out of the queue
_SINCE = timedelta(minutes=15)  # whoever takes a rule back later means what comes, not what has been
_WAITING = (DeliveryState.QUEUED, DeliveryState.PARKED)


class Waiting:
    """The rows of pushes that wait. A push is found by its article and reader, which is an index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_reader(self, reader_id: int, now: datetime) -> PushesWaiting:
        """Return what waits for a reader, and what `change` has withdrawn lately and may put back.

        What is being fanned out at this moment is waited for: it may not have seen the reader's rules as they are now.
        """
        sent = select(publication.c.article_id).where(publication.c.purpose == RevisionKind.FIRST)
        going = sent.where(
            OPEN_PUBLICATIONS, publication.c.state.in_((PublicationState.RUNNING, PublicationState.PAUSED))
        )
        lately = sent.where(publication.c.state == PublicationState.DONE, publication.c.finished_at > now - _SINCE)
        columns = select(delivery.c.article_id, delivery.c.state)
        mine = and_(_pushes(reader_id), delivery.c.article_id.in_(going.union(lately)))
        withdrawn = and_(_withdrawn(now), delivery.c.finished_at > now - _SINCE)
        async with self._database.turn() as connection:
            await after_stretches(self._database, connection)
            rows = (await connection.execute(columns.where(mine, in_states(delivery, *_WAITING) | withdrawn))).all()
        return PushesWaiting(
            waiting=frozenset(row.article_id for row in rows if row.state is not DeliveryState.DROPPED),
            withdrawn=frozenset(row.article_id for row in rows if row.state is DeliveryState.DROPPED),
        )

    async def change(
        self, reader_id: int, *, withdraw: Collection[int], put_back: Collection[int], now: datetime
    ) -> None:
        """Withdraw a reader's pushes of some articles, and queue again those of others that were. May be repeated."""
        mine = _pushes(reader_id)
        out = update(delivery).where(mine, delivery.c.article_id.in_(withdraw), in_states(delivery, *_WAITING))
        gone = out.values(state=DeliveryState.DROPPED, reason=_UNWANTED, finished_at=now)
        back = update(delivery).where(mine, delivery.c.article_id.in_(put_back), _withdrawn(now), ~_stopped())
        queued = back.values(state=DeliveryState.QUEUED, reason=null(), finished_at=null(), not_before=now)
        async with self._database.turn() as connection:
            lost = (await connection.execute(gone.returning(delivery.c.publication_id))).scalars().all()
            again = (await connection.execute(queued.returning(delivery.c.publication_id))).scalars().all()
            tally = Counter((number, "dropped") for number in lost)
            tally.subtract((number, "dropped") for number in again)
            await count(connection, tally)
            await _go_on(connection, again)


async def _go_on(connection: AsyncConnection, publications: Collection[int]) -> None:
    """Let publications that were done go on: something of them is to be sent again."""
    done = and_(publication.c.id.in_(publications), in_states(publication, PublicationState.DONE))
    running = {"state": PublicationState.RUNNING, "finished_at": null(), "reported": False}
    await connection.execute(update(publication).where(done).values(running))


def _pushes(reader_id: int) -> ColumnElement[bool]:
    return and_(delivery.c.reader_id == reader_id, of_kinds(delivery, lambda traits: traits.may_become_item))


def _withdrawn(now: datetime) -> ColumnElement[bool]:
    """Return the condition for what `change` has withdrawn and is still news."""
    mine = and_(in_states(delivery, DeliveryState.DROPPED), delivery.c.reason == _UNWANTED)
    return and_(mine, delivery.c.expires_at > now)


def _stopped() -> ColumnElement[bool]:
    """Return the condition that the send has been stopped meanwhile."""
    over = (PublicationState.STOPPING, PublicationState.STOPPED, PublicationState.CANCELLED)
    return delivery.c.publication_id.in_(select(publication.c.id).where(in_states(publication, *over)))
