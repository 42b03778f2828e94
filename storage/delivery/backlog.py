"""The backlog: what waits from before a restart, and taking it back. Everything that would go out counts.

A stretch of rows is one short transaction; what is planned and what is still being written is few, and goes first, so
that no delivery is made any more of what is taken back.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, and_, func, null, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.backlog import Backlog, InDoubt, Waterline
from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryState, Policy
from bot.model.news import ArticleState, RevisionKind
from storage.delivery.counters import count
from storage.delivery.uncertain import TRIES
from storage.engine.batches import as_list, listed
from storage.engine.conditions import in_states, of_kinds
from storage.engine.database import Database
from storage.people.audit import write_audit
from storage.schema.tables import article, delivery, publication

_NONE: Mapping[str, object] = MappingProxyType({})
_WAITING = (DeliveryState.QUEUED, DeliveryState.HELD, DeliveryState.PARKED)


class Backlogs:
    """What waits from before an instant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self) -> int:
        """Return the number of the newest publication, 0 if there is none."""
        async with self._database.read() as connection:
            return int(await connection.scalar(select(func.max(publication.c.id))) or 0)

    async def size(self, line: Waterline) -> Backlog:
        """Return how much there is: deliveries with digests' lines, plans, and sends that are not all written."""
        rows = select(func.count()).select_from(delivery).where(or_(_waiting(line), _would_return(line)))
        sends = select(
            func.count().filter(_planned(line)).label("planned"),
            func.count().filter(_unfinished(line)).label("unfinished"),
        ).select_from(publication)
        async with self._database.read() as connection:
            deliveries = int(await connection.scalar(rows) or 0)
            found = (await connection.execute(sends)).one()
        return Backlog(deliveries, found.planned, found.unfinished)

    async def in_doubt(self) -> list[InDoubt]:
        """Return how many uncertain deliveries each send has, the newest send first; those of no send stand last."""
        number = func.count().label("number")
        rows = (
            select(delivery.c.publication_id, article.c.title, number)
            .select_from(delivery)
            .outerjoin(publication, publication.c.id == delivery.c.publication_id)
            .outerjoin(article, article.c.id == publication.c.article_id)
            .where(in_states(delivery, DeliveryState.UNCERTAIN))
            .group_by(delivery.c.publication_id, article.c.title)
        )
        async with self._database.read() as connection:
            found = [InDoubt(one.publication_id, one.title or "", one.number) for one in await connection.execute(rows)]
        return sorted(found, key=lambda one: -(one.publication_id or 0))

    async def take_back(self, line: Waterline, by: int | None, now: datetime) -> Backlog:
        """Make plans drafts again, and end sends that are not all written, where they are; returns how many.

        Corrections go on, silently.
        """
        async with self._database.turn() as connection:
            cancelled = {"state": PublicationState.CANCELLED, "finished_at": now}
            plans = update(publication).where(_planned(line)).values(cancelled)
            gone = (await connection.execute(plans.returning(publication.c.article_id))).scalars().all()
            await self._to_drafts(connection, sorted(gone), by, now)
            ended = {"fan_from": null(), "fan_end": null(), "reported": False}
            sends = update(publication).where(_unfinished(line)).values(ended)
            cut = (await connection.execute(sends.returning(publication.c.id))).scalars().all()
            # Nobody is told any more, but no copy stays wrong: what is corrected goes on as silently as a typo.
            silent = update(publication).where(_spreading(line)).values(purpose=RevisionKind.TYPO)
            await connection.execute(silent)
        return Backlog(0, len(gone), len(cut))

    async def _to_drafts(self, connection: AsyncConnection, numbers: list[int], by: int | None, now: datetime) -> None:
        if not numbers:
            return
        back = update(article).where(article.c.id.in_(numbers), article.c.state == ArticleState.SCHEDULED)
        draft = {"state": ArticleState.DRAFT, "urgent": False, "version": article.c.version + 1, "updated_at": now}
        await connection.execute(back.values(draft))
        for number in numbers:
            await write_audit(connection, now, by, "cancel", number, {"reason": "long stop"})

    async def drop(self, line: Waterline, now: datetime, most: int = 500) -> int:
        """Cancel up to `most` of the deliveries of each kind; returns how many rows that were.

        What waits is looked for before the turn: whoever finds it changed meanwhile returns 0, too. Digests' lines are
        let go for good; their readers keep what came since.
        """
        found = await self._found(line, most)
        async with self._database.turn() as connection:
            asked = and_(_would_return(line), delivery.c.asked_at.is_not(None))
            doubtful = await self._dropped(connection, select(delivery.c.id).where(asked).limit(most), asked, now)
            await connection.execute(_not_to_return(line, now))
            numbers = listed(self._database)
            waiting = await self._dropped(connection, numbers, _waiting(line), now, {"numbers": as_list(found)})
            tally = _moved(doubtful, "uncertain")
            tally.update(_moved([row for row in waiting if not row.kind.traits.is_held], ""))
            tally.update(_moved([row for row in waiting if row.kind.traits.is_held], "held"))
            await count(connection, tally)
        return len(doubtful) + len(waiting)

    async def _found(self, line: Waterline, most: int) -> list[int]:
        """Return numbers of what waits, each state by its own index; looked for before the turn."""
        found: list[int] = []
        async with self._database.read() as connection:
            for state in _WAITING:
                some = select(delivery.c.id).where(in_states(delivery, state), _old_news(line))
                found += (await connection.execute(some.limit(most - len(found)))).scalars()
        return found

    async def _dropped(
        self,
        connection: AsyncConnection,
        rows: Select[Any],
        which: ColumnElement[bool],
        now: datetime,
        values: Mapping[str, object] = _NONE,
    ) -> list[Any]:
        change = (
            update(delivery)
            .where(delivery.c.id.in_(rows), which)
            .values(state=DeliveryState.DROPPED, reason="long stop", finished_at=now)
            .returning(delivery.c.publication_id, delivery.c.kind)
        )
        return list((await connection.execute(change, values)).all())


def _moved(rows: list[Any], before: str) -> Counter[tuple[int, str]]:
    """Return what to add to the counters for dropped rows that were counted under a name before, or under none."""
    gone = Counter(row.publication_id for row in rows if row.publication_id is not None)
    tally = Counter({(number, "dropped"): times for number, times in gone.items()})
    if before:
        tally.update({(number, before): -times for number, times in gone.items()})
    return tally


def _waiting(line: Waterline) -> ColumnElement[bool]:
    return and_(in_states(delivery, *_WAITING), _old_news(line))


def _old_news(line: Waterline) -> ColumnElement[bool]:
    says_something = ~of_kinds(delivery, lambda traits: traits.repeatable and not traits.mentions)
    return and_(delivery.c.created_at < line.since, says_something)


def _would_return(line: Waterline) -> ColumnElement[bool]:
    """Return the condition for what is uncertain and would be sent again by the policy of its publication."""
    resent = select(publication.c.id).where(publication.c.policy == Policy.RESEND)
    return and_(
        in_states(delivery, DeliveryState.UNCERTAIN),
        delivery.c.created_at < line.since,
        delivery.c.attempts < TRIES,
        delivery.c.publication_id.in_(resent),
    )


def _not_to_return(line: Waterline, now: datetime) -> Update:
    """Return the change that leaves uncertain deliveries to the editor which Telegram has not been asked about.

    They may be in their readers' chats, so nobody can say that they were not sent; no policy sends them again.
    """
    unasked = and_(in_states(delivery, DeliveryState.UNCERTAIN), delivery.c.asked_at.is_(None))
    left = {"asked_at": now, "attempts": TRIES}
    return update(delivery).where(unasked, delivery.c.created_at < line.since).values(left)


def _planned(line: Waterline) -> ColumnElement[bool]:
    due = true() if line.planned_to is None else publication.c.at <= line.planned_to
    return and_(in_states(publication, PublicationState.SCHEDULED), publication.c.id <= line.newest, due)


def _unfinished(line: Waterline) -> ColumnElement[bool]:
    return and_(_being_written(line), publication.c.purpose == RevisionKind.FIRST)


def _spreading(line: Waterline) -> ColumnElement[bool]:
    return and_(_being_written(line), publication.c.purpose != RevisionKind.FIRST)


def _being_written(line: Waterline) -> ColumnElement[bool]:
    open_ = in_states(publication, PublicationState.RUNNING, PublicationState.PAUSED)
    return and_(open_, publication.c.id <= line.newest, publication.c.fan_end.is_not(None))
