"""Listeners, the lease of whoever tells one something, and what they have not been told yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, delete, func, literal, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import Update

from bot.model.listeners import Event, EventKind, Failing, Listener, ListenerForm, ListenerNews, ListenerState
from storage.engine.columns import Instant
from storage.engine.database import AnyRow, Database
from storage.schema.tables import event, listener

# What lies further ahead than anything is planned was written before the clock was set back.
_FURTHEST_LEASE = timedelta(minutes=10)
_FURTHEST_TRY = timedelta(days=2)
_COUNT_TO = 100_000
_ANEW = {"state": ListenerState.ACTIVE, "failures": 0, "next_at": null(), "failing_since": null()}


class Listeners:
    """The rows of listeners and events; `holder` is this process start."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self._holder = holder

    async def add(self, address: str, secret: str, events: EventKind, most: int, now: datetime) -> int | None:
        """Store a listener; returns its number, None when its address is taken or there are `most` already."""
        values = {"address": address, "secret": secret, "events": events.value, "state": ListenerState.ACTIVE}
        adding = self._database.insert(listener).values(**values, added_at=now).on_conflict_do_nothing()
        async with self._database.write() as connection:
            if int(await connection.scalar(select(func.count()).select_from(listener)) or 0) >= most:
                return None
            number: int | None = await connection.scalar(adding.returning(listener.c.id))
            return number

    async def keep_hub(self, address: str, events: EventKind, now: datetime) -> None:
        """Have this hub told, and no other; "" for none. One that was given up is told again."""
        others = and_(listener.c.form == ListenerForm.HUB, listener.c.address != address)
        gone = select(listener.c.id).where(others)
        values = {"form": ListenerForm.HUB, "events": events.value}
        adding = self._database.insert(listener).values(address=address, secret="", added_at=now, **values)
        adding = adding.values(state=ListenerState.ACTIVE).on_conflict_do_update(
            index_elements=["address"], set_=values
        )
        given_up = select(listener.c.id).where(
            listener.c.address == address, listener.c.state == ListenerState.DISABLED
        )
        async with self._database.write() as connection:
            await connection.execute(delete(event).where(event.c.listener_id.in_(gone)))
            await connection.execute(delete(listener).where(others))
            if address:
                await connection.execute(adding)
                number = await connection.scalar(given_up)
                if number is not None:
                    await _enable(connection, number)

    async def all(self) -> Sequence[Listener]:
        """Return every listener, the oldest first, with how many events each has not taken."""
        waiting = select(func.count()).where(event.c.listener_id == listener.c.id).scalar_subquery()
        statement = select(listener, waiting.label("waiting")).order_by(listener.c.id)
        async with self._database.read() as connection:
            return [_listener(row) for row in await connection.execute(statement)]

    async def remove(self, listener_id: int) -> None:
        """Forget a listener and what it was still to be told."""
        async with self._database.write() as connection:
            await connection.execute(delete(listener).where(listener.c.id == listener_id))
            await connection.execute(delete(event).where(event.c.listener_id == listener_id))

    async def enable(self, listener_id: int) -> None:
        """Have a listener told again, at once what waits."""
        async with self._database.write() as connection:
            await _enable(connection, listener_id)

    async def claim(self, now: datetime, until: datetime) -> Listener | None:
        """Take the listener that has waited longest of those that have something to be told, and hold it until then."""
        free = _past(listener.c.lease_until, now, _FURTHEST_LEASE)
        there = select(event.c.id).where(event.c.listener_id == listener.c.id, _past(event.c.next_at, now)).exists()
        ready = and_(listener.c.state == ListenerState.ACTIVE, _past(listener.c.next_at, now), free, there)
        longest = func.coalesce(listener.c.asked_at, listener.c.added_at)
        first = select(listener.c.id).where(ready).order_by(longest, listener.c.id).limit(1)
        async with self._database.read() as connection:  # most looks find nothing, and need not be transactions
            if await connection.scalar(first) is None:
                return None
        if not self._database.is_sqlite:
            first = first.with_for_update(skip_locked=True, of=listener)
        taking = update(listener).where(listener.c.id == first.scalar_subquery(), free)
        taking = taking.values(lease_holder=self._holder, lease_until=until, asked_at=now)
        async with self._database.write() as connection:
            row = (await connection.execute(taking.returning(*listener.c))).first()
        return _listener(row) if row is not None else None

    async def renew(self, listener_id: int, until: datetime) -> bool:
        """Hold a claimed listener longer; returns whether it still is this process's."""
        longer = update(listener).where(self._mine(listener_id)).values(lease_until=until)
        async with self._database.write() as connection:
            return await connection.scalar(longer.returning(listener.c.id)) is not None

    async def give_back(self, listener_id: int) -> None:
        """Hold a listener no more; one that somebody else holds stays theirs."""
        back = update(listener).where(self._mine(listener_id)).values(lease_holder=null(), lease_until=null())
        async with self._database.write() as connection:
            await connection.execute(back)

    async def waiting(self, listener_id: int, now: datetime, limit: int) -> Sequence[Event]:
        """Return what a listener is to be told now: what was tried least often first, then the oldest."""
        due = select(event).where(event.c.listener_id == listener_id, _past(event.c.next_at, now))
        async with self._database.read() as connection:
            rows = (await connection.execute(due.order_by(event.c.attempts, event.c.id).limit(limit))).all()
        return [_event(row) for row in rows]

    async def count(self, listener_id: int) -> int:
        """Return how many events a listener has not taken."""
        some = select(event.c.id).where(event.c.listener_id == listener_id).limit(_COUNT_TO).subquery()
        async with self._database.read() as connection:
            return int(await connection.scalar(select(func.count()).select_from(some)) or 0)

    async def delivered(self, listener_id: int, event_id: int, now: datetime, *, relieved: bool) -> None:
        """Note that a listener has taken an event; with `relieved` it had failed, and all that waits goes at once."""
        well = {"succeeded_at": now, "failing_since": null(), "failures": 0, "next_at": null(), "reason": ""}
        told = listener.c.told
        news = {
            "news": case((told, literal(ListenerNews.RECOVERED, listener.c.news.type)), else_=listener.c.news),
            "news_at": case((told, literal(now, Instant)), else_=listener.c.news_at),
        }
        mine = and_(listener.c.id == listener_id, listener.c.state == ListenerState.ACTIVE)
        async with self._database.write() as connection:
            await connection.execute(delete(event).where(_one(listener_id, event_id)))
            await connection.execute(update(listener).where(mine).values(**well, **news, detail="", told=False))
            if relieved:
                await connection.execute(_at_once(listener_id))

    async def drop(self, listener_id: int, event_id: int) -> None:
        """Forget an event that there is nothing to tell of any more."""
        async with self._database.write() as connection:
            await connection.execute(delete(event).where(_one(listener_id, event_id)))

    async def failed(self, listener_id: int, event_id: int, failing: Failing, now: datetime) -> None:
        """Store what follows from a try that failed, and give the listener back, if it still is this process's."""
        values = {"next_at": failing.listener_at, "lease_holder": null(), "lease_until": null()}
        values |= {name: getattr(failing, name) for name in ("failures", "reason", "told", "state")}
        values |= {
            "detail": failing.detail[:200],
            "failing_since": func.coalesce(listener.c.failing_since, literal(now, Instant)),
        }
        if failing.news is not None:
            values |= {"news": failing.news, "news_at": now}
        one = _one(listener_id, event_id)
        again = update(event).where(one).values(attempts=event.c.attempts + 1, next_at=failing.event_at)
        async with self._database.write() as connection:
            await connection.execute(again if failing.event_at is not None else delete(event).where(one))
            await connection.execute(update(listener).where(self._mine(listener_id)).values(values))

    async def untold(self) -> Sequence[Listener]:
        """Return the listeners of which owners were not told something; each says in `news` what it is."""
        news = select(listener).where(listener.c.news_at.is_not(None)).order_by(listener.c.id)
        async with self._database.read() as connection:
            return [_listener(row) for row in await connection.execute(news)]

    async def settle(self, told: Listener) -> None:
        """Note that owners were told of a listener what it says; what came meanwhile is still to be told."""
        same = and_(listener.c.id == told.id, listener.c.news == told.news, listener.c.news_at == told.news_at)
        async with self._database.write() as connection:
            await connection.execute(update(listener).where(same).values(news_at=null()))

    async def forget(self, before: datetime) -> None:
        """Forget what was noted before then for listeners that are told nothing any more."""
        active = select(listener.c.id).where(listener.c.state == ListenerState.ACTIVE)
        async with self._database.write() as connection:
            await connection.execute(delete(event).where(event.c.at < before, event.c.listener_id.not_in(active)))

    def _mine(self, listener_id: int) -> ColumnElement[bool]:
        return and_(listener.c.id == listener_id, listener.c.lease_holder == self._holder)


def _past(column: ColumnElement[datetime], now: datetime, furthest: timedelta = _FURTHEST_TRY) -> ColumnElement[bool]:
    """Return the condition that what a column says to wait for is over, or was written by another clock."""
    return or_(column.is_(None), column <= now, column > now + furthest)


def _one(listener_id: int, event_id: int) -> ColumnElement[bool]:
    return and_(event.c.id == event_id, event.c.listener_id == listener_id)


async def _enable(connection: AsyncConnection, listener_id: int) -> None:
    await connection.execute(update(listener).where(listener.c.id == listener_id).values(_ANEW))
    await connection.execute(_at_once(listener_id))


def _at_once(listener_id: int) -> Update:
    return update(event).where(event.c.listener_id == listener_id, event.c.next_at.is_not(None)).values(next_at=null())


_LISTENER = (
    "id", "address", "secret", "form", "state", "added_at", "succeeded_at", "failing_since", "failures", "reason",
    "detail", "told", "news", "news_at",
)  # fmt: skip
_EVENT = ("id", "key", "article_id", "publication_id", "revision", "at", "attempts")


def _listener(row: AnyRow) -> Listener:
    plain = {name: getattr(row, name) for name in _LISTENER}
    return Listener(**plain, events=EventKind(row.events), waiting=getattr(row, "waiting", 0))


def _event(row: AnyRow) -> Event:
    return Event(**{name: getattr(row, name) for name in _EVENT}, kind=EventKind(row.kind))
