"""The inbox: every update is here before Telegram is told that it arrived."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from types import MappingProxyType

from sqlalchemy import Integer, Update, and_, bindparam, delete, exists, func, null, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.asking import SentMessages
from bot.model.chats import SetAside, StoredUpdate
from storage.engine.conditions import in_states
from storage.engine.database import Database
from storage.engine.locks import AdvisoryLock
from storage.engine.prepared import Prepared, prepared_update
from storage.runtime.message_ids import MessageIds
from storage.schema.tables import fact, inbox

_MOST_ATTEMPTS = 3
_NOTHING: Mapping[int, SentMessages] = MappingProxyType({})
_STRETCH = 1_000  # updates that one transaction forgets
TAKEN = "taken"
"""The fact that changes whenever everything that had come from Telegram is here."""
NONE_CAME: Mapping[int, tuple[int, int]] = MappingProxyType({})


class InboxState(IntEnum):
    """The state of an update; numbers are stored."""

    NEW = 0
    HANDLING = 1
    DONE = 2
    POISONED = 3  # could not be read or handled; kept whole for somebody to look at


_OPEN = (InboxState.NEW, InboxState.HANDLING)


def _claim() -> Update:
    """Return the statement that takes up to `most` updates, each the oldest open one of its chat."""
    older = inbox.alias("older")
    earlier = exists().where(
        older.c.chat_id == inbox.c.chat_id,
        older.c.update_id < inbox.c.update_id,
        in_states(older, *_OPEN),
    )
    free = in_states(inbox, InboxState.NEW)  # what a vanished process was handling, `take_over` opens again
    due = (
        select(inbox.c.update_id)
        .where(in_states(inbox, *_OPEN), free, ~earlier)
        .order_by(inbox.c.update_id)
        .limit(bindparam("most", type_=Integer))
    )
    return (
        update(inbox)
        .where(inbox.c.update_id.in_(due), free)
        .values(
            state=InboxState.HANDLING,
            holder=bindparam("me"),
            lease_until=bindparam("until"),
            attempts=inbox.c.attempts + 1,
        )
    )


def _end(state: InboxState) -> Update:
    """Return the statement that ends an update which this holder handles.

    One that was handled is so also where it was opened again meanwhile, and nobody has begun it anew.
    """
    mine = inbox.c.holder == bindparam("me")
    if state is InboxState.DONE:
        mine = or_(mine, in_states(inbox, InboxState.NEW))
    numbered = inbox.c.update_id == bindparam("number")
    ended = update(inbox).where(numbered, mine).values(state=state, holder=null(), lease_until=null(), sent=null())
    if state is InboxState.POISONED:
        return ended.values(error=bindparam("why"))
    return ended.values(payload=null(), error=null())


_HANDED_OUT = (inbox.c.update_id, inbox.c.chat_id, inbox.c.payload, inbox.c.sent)


class Inbox:
    """The rows of updates, for the one process start that is called `holder`."""

    def __init__(self, database: Database, holder: str) -> None:
        self._database = database
        self._holder = holder
        self._claims = prepared_update(database, _claim(), *_HANDED_OUT)
        self._done = prepared_update(database, _end(InboxState.DONE), inbox.c.update_id)
        self._poisoned = prepared_update(database, _end(InboxState.POISONED), inbox.c.update_id)
        self._ids = MessageIds(database)

    async def store(
        self,
        updates: Sequence[tuple[int, int, str]],
        now: datetime,
        came: Mapping[int, tuple[int, int]] = NONE_CAME,
        mark: str | None = None,
    ) -> None:
        """Keep updates, as (number, whose order, JSON); those that are known already are passed over.

        `came` are the messages in them by their updates, as (chat, number); with `mark`, all that had come is here.
        After this they may be acknowledged.
        """
        if not updates and mark is None:
            return
        rows = [
            {"update_id": number, "chat_id": chat_id, "payload": payload, "received_at": now}
            for number, chat_id, payload in sorted(updates)  # two that are brought the same wait for each other in turn
        ]
        async with self._database.write() as connection:
            if rows:
                insert = self._database.insert(inbox).on_conflict_do_nothing().returning(inbox.c.update_id)
                new = set((await connection.execute(insert, rows)).scalars())
                # Only of those that this transaction stores: another process may be given the same at this moment.
                await self._ids.note(connection, [ids for number, ids in came.items() if number in new], now)
            if mark is not None:
                fresh = self._database.insert(fact).values(name=TAKEN, value=mark, updated_at=now)
                changed = {"value": fresh.excluded.value, "updated_at": now}
                await connection.execute(fresh.on_conflict_do_update(index_elements=["name"], set_=changed))

    async def store_poisoned(self, update_id: int, payload: str, error: str, now: datetime) -> None:
        """Keep an update that cannot be read, with as much of it as there is and the reason; nobody is handed it."""
        row = {"update_id": update_id, "chat_id": 0, "payload": payload, "received_at": now}
        poisoned = {"state": InboxState.POISONED, "error": error}
        async with self._database.write() as connection:
            await connection.execute(self._database.insert(inbox).on_conflict_do_nothing(), [{**row, **poisoned}])
            # It may have been a message, of anybody.
            await self._ids.note(connection, [(0, 0)], now)

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> list[StoredUpdate]:
        """Take up to `limit` updates, each the oldest open one of its chat, so that a chat's order is kept."""
        async with self._database.write() as connection:
            return await self._claim(connection, limit, now + lease)

    async def _claim(self, connection: AsyncConnection, limit: int, until: datetime) -> list[StoredUpdate]:
        if not self._database.is_sqlite:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({AdvisoryLock.CLAIMS})"))
        rows = await self._claims.rows(connection, most=limit, me=self._holder, until=until)
        return sorted((StoredUpdate(*row) for row in rows), key=lambda update: update.update_id)

    async def done(self, update_id: int, sent: SentMessages | None = None) -> None:
        """Note that an update was handled. Its number stays, so that Telegram may send it again; its text goes."""
        await self._end(self._done, update_id, sent)

    async def done_and_claim(
        self, update_id: int, limit: int, now: datetime, lease: timedelta, sent: SentMessages | None = None
    ) -> list[StoredUpdate]:
        """Note that an update was handled, and take others, in one commit."""
        async with self._database.write() as connection:
            await self._ended(connection, self._done, update_id, sent)
            return await self._claim(connection, limit, now + lease)

    async def quarantine(self, update_id: int, error: str, sent: SentMessages | None = None) -> None:
        """Set an update aside that cannot be read or handled, with the reason."""
        await self._end(self._poisoned, update_id, sent, why=error)

    async def try_again(
        self, update_id: int, error: str, sent: SentMessages | None = None, *, counts: bool = True
    ) -> bool:
        """Open an update again that this holder could not handle, or set it aside after the last try that counts.

        Returns whether it is set aside.
        """
        mine = and_(inbox.c.update_id == update_id, inbox.c.holder == self._holder)
        again = update(inbox).where(mine).values(state=InboxState.NEW, holder=null(), lease_until=null())
        if counts:
            again = again.where(inbox.c.attempts < _MOST_ATTEMPTS)
        else:
            again = again.values(attempts=inbox.c.attempts - 1)
        async with self._database.write() as connection:
            if (await connection.execute(again.returning(inbox.c.update_id))).first() is None:
                await self._ended(connection, self._poisoned, update_id, sent, why=error)
                return True
            if sent is not None:
                await connection.execute(update(inbox).where(inbox.c.update_id == update_id).values(sent=sent.requests))
                await self._ids.note(connection, sent.ids, sent.at)
            return False

    async def _end(self, ending: Prepared, update_id: int, sent: SentMessages | None, **values: str) -> None:
        async with self._database.write() as connection:
            await self._ended(connection, ending, update_id, sent, **values)

    async def _ended(
        self, connection: AsyncConnection, ending: Prepared, update_id: int, sent: SentMessages | None, **values: str
    ) -> None:
        ended = await ending.rows(connection, number=update_id, me=self._holder, **values)
        if sent is not None and ended:
            await self._ids.note(connection, sent.ids, sent.at)

    async def take_over(self, now: datetime, *, alone: bool = False) -> int:
        """Open again what a vanished process was handling; set aside what took several processes with it.

        When `alone`, the caller knows that no other process is running. Returns how many were opened.
        """
        others = inbox.c.holder != self._holder  # what this start is handling takes as long as it takes
        over = others if alone else and_(others, inbox.c.lease_until <= now)
        stuck = and_(in_states(inbox, *_OPEN), inbox.c.state == InboxState.HANDLING, over)
        async with self._database.write() as connection:
            deadly = update(inbox).where(stuck, inbox.c.attempts >= _MOST_ATTEMPTS)
            why = "ended the process each time"
            await connection.execute(deadly.values(state=InboxState.POISONED, error=why, sent=null()))
            again = update(inbox).where(stuck).values(state=InboxState.NEW, holder=null(), lease_until=null())
            return len((await connection.execute(again.returning(inbox.c.update_id))).all())

    async def renew(self, now: datetime, lease: timedelta) -> Collection[int]:
        """Keep what this holder is handling: its handlers may wait for Telegram longer than a lease.

        Returns the numbers of what is still its own.
        """
        mine = and_(in_states(inbox, *_OPEN), inbox.c.holder == self._holder)
        async with self._database.write() as connection:
            change = update(inbox).where(mine).values(lease_until=now + lease).returning(inbox.c.update_id)
            return set((await connection.execute(change)).scalars())

    async def give_back(
        self, now: datetime, keep: Collection[int] = (), sent: Mapping[int, SentMessages] = _NOTHING
    ) -> int:
        """Open again what this holder has claimed and not ended, but for what it keeps; returns how many those were.

        What was `sent` for some of them is handed to whoever handles them next.
        """
        mine = and_(
            in_states(inbox, *_OPEN),
            inbox.c.state == InboxState.HANDLING,
            inbox.c.holder == self._holder,
            inbox.c.update_id.not_in(keep),
        )
        back = (
            update(inbox)
            .where(mine)
            .values(state=InboxState.NEW, holder=null(), lease_until=null(), attempts=inbox.c.attempts - 1)
        )
        async with self._database.write() as connection:
            for number, messages in sent.items():
                said = update(inbox).where(mine, inbox.c.update_id == number).values(sent=messages.requests)
                await connection.execute(said)
                await self._ids.note(connection, messages.ids, messages.at)
            chats = (await connection.execute(back.returning(inbox.c.chat_id))).scalars().all()
            # A handler that was cut off may have sent something.
            await self._ids.note(connection, [(chat_id, 0) for chat_id in chats], now)
            return len(chats)

    async def forget(self, before: datetime, *, poisoned_before: datetime) -> None:
        """Delete what was handled, and what was set aside, before an instant each.

        Telegram does not repeat updates older than a day.
        """
        handled = and_(inbox.c.received_at < before, inbox.c.state == InboxState.DONE)
        kept = and_(inbox.c.received_at < poisoned_before, inbox.c.state == InboxState.POISONED)
        old = select(inbox.c.update_id).where(or_(handled, kept)).limit(_STRETCH)
        gone = delete(inbox).where(inbox.c.update_id.in_(old)).returning(inbox.c.update_id)
        number = _STRETCH
        while number == _STRETCH:
            async with self._database.write() as connection:
                number = len((await connection.execute(gone)).all())

    async def set_aside(self, limit: int) -> tuple[int, list[SetAside]]:
        """Return how many updates are set aside, and the newest of them."""
        poisoned = in_states(inbox, InboxState.POISONED)
        newest = select(inbox).where(poisoned).order_by(inbox.c.received_at.desc(), inbox.c.update_id.desc())
        async with self._database.read() as connection:
            number = await connection.scalar(select(func.count()).select_from(inbox).where(poisoned))
            rows = (await connection.execute(newest.limit(limit))).all()
        return int(number or 0), [
            SetAside(row.update_id, row.received_at, row.payload or "", row.error or "") for row in rows
        ]
