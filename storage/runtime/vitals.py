"""Vitals: what the database says of itself and of what waits in it, cheaply enough to be asked by hand."""

import shutil
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import and_, func, or_, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import PublicationState, Role
from bot.model.listeners import ListenerState
from bot.model.readers import ChatKind, ReaderState
from bot.model.vitals import COMPACTED, RIVAL, Blocker, DatabaseVitals, Receiving, SlowStatement
from storage.engine.database import Database
from storage.runtime.facts import Facts
from storage.schema.migrate import FILLING, revision_of
from storage.schema.migrations import HEAD
from storage.schema.tables import editor, fact, listener, message_ids, publication, reader

_MOST_CHATS = 200
_LAST = timedelta(minutes=1)
_LATELY = timedelta(hours=1)
_SLOW = "slow-statements"
_MOST_SLOW = 50
_OFTEN = 3  # one that was slow once met a busy moment of the machine

_RUNNING = """
    SELECT left(query, 200) AS statement, extract(epoch FROM clock_timestamp() - query_start) AS seconds
    FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'active' AND application_name LIKE 'visnyk %'
        AND clock_timestamp() - query_start > make_interval(secs => :seconds)
    ORDER BY query_start LIMIT 5
"""
_COUNTED = """
    SELECT left(query, 200) AS statement, mean_exec_time / 1000 AS seconds, calls AS times
    FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
    WHERE datname = current_database() AND calls >= 10 AND mean_exec_time > :milliseconds
        AND query ~* '^\\s*(SELECT|INSERT|UPDATE|DELETE|WITH)'
    ORDER BY mean_exec_time DESC LIMIT 5
"""
_BLOCKER = """
    SELECT held.pid AS process, blocker.application_name AS program, blocker.usename AS whose,
        blocker.xact_start AS since
    FROM pg_stat_activity AS mine
        CROSS JOIN LATERAL unnest(pg_blocking_pids(mine.pid)) AS held (pid)
        LEFT JOIN pg_stat_activity AS blocker ON blocker.pid = held.pid
    WHERE mine.datname = current_database() AND mine.application_name LIKE 'visnyk %' AND mine.wait_event_type = 'Lock'
        AND clock_timestamp() - mine.query_start > interval '2 seconds'
        AND coalesce(blocker.application_name, '') NOT LIKE 'visnyk %'
    ORDER BY coalesce(blocker.wait_event_type, '') = 'Lock', blocker.xact_start NULLS LAST, held.pid LIMIT 1
"""
"""Names who holds what is waited for; who only waits for it, before us, where nobody else is known."""

_BEGUN_WITHIN = timedelta(minutes=10)
_OVERDUE = select(func.count()).where(publication.c.state == PublicationState.SCHEDULED)
_UNTOLD = (
    select(listener.c.address)
    .where(or_(listener.c.state == ListenerState.DISABLED, and_(listener.c.told, listener.c.failures > 0)))
    .order_by(listener.c.id)
)
_AWAY = (ReaderState.BLOCKED, ReaderState.DEACTIVATED, ReaderState.GONE)
_REACHED = (
    select(func.count())
    .select_from(editor.join(reader, reader.c.chat_id == editor.c.user_id))
    .where(editor.c.role == Role.OWNER, reader.c.state.not_in(_AWAY))
)


class Vitals:
    """Looking at the database."""

    def __init__(self, database: Database, *, running_seconds: float = 10, mean_seconds: float = 1) -> None:
        """A statement of PostgreSQL is slow that runs for the one, or takes the other time after time."""
        self._database = database
        self._facts = Facts(database)
        self._running_seconds, self._mean_seconds = running_seconds, mean_seconds

    async def now(self, now: datetime, *, thoroughly: bool = False) -> DatabaseVitals:
        """Return how the database is, reading an SQLite file through if `thoroughly`; of other tables, little."""
        revision = await revision_of(self._database)
        file = self._database.file
        known: dict[str, Any] = {
            "engine": "SQLite" if self._database.is_sqlite else "PostgreSQL",
            "revision": revision,
            "up_to_date": revision == HEAD,
            "is_filling": revision == FILLING,
        }
        if not self._database.is_sqlite:
            async with self._database.read() as connection:
                known |= await _server(connection)
        if file is not None:
            known |= _disk(file.path)
            known["damaged"] = thoroughly and await self._database.is_damaged()
        if revision == HEAD:
            known |= await self._rows(now)
        return DatabaseVitals(**known)

    async def _rows(self, now: datetime) -> dict[str, Any]:
        sends = select(func.max(func.coalesce(publication.c.finished_at, publication.c.started_at)))
        zones = select(reader.c.zone).where(reader.c.state == ReaderState.ACTIVE).distinct()
        many = reader.c.kind.in_([ChatKind.GROUP, ChatKind.CHANNEL])
        chats = select(reader.c.chat_id, reader.c.name, reader.c.kind).where(many, reader.c.state == ReaderState.ACTIVE)
        newest = select(message_ids.c.ranges).where(message_ids.c.counter == 0, message_ids.c.at > now - _LAST)
        facts = select(fact.c.name, fact.c.updated_at)
        facts = facts.where(fact.c.name.in_(["heartbeat", "held-since"]))
        rival = select(fact.c.value, fact.c.updated_at).where(fact.c.name == RIVAL)
        compact = select(fact.c.value).where(fact.c.name == COMPACTED)
        async with self._database.read() as connection:
            ranges = (await connection.execute(newest.order_by(message_ids.c.last.desc()).limit(500))).scalars().all()
            known = {row.name: row.updated_at for row in await connection.execute(facts)}
            other = (await connection.execute(rival)).one_or_none()
            owners = await connection.scalar(select(func.count()).where(editor.c.role == Role.OWNER))
            until: Any = await connection.scalar(compact)
            return {
                "compact_until": datetime.fromisoformat(until["until"]) if until else None,
                "last_send": await connection.scalar(sends),
                "rate": sum(last - first + 1 for each in ranges for first, last in each) / _LAST.total_seconds(),
                "zones": tuple((await connection.execute(zones)).scalars()),
                "chats": tuple(
                    Receiving(chat_id=row.chat_id, name=row.name, is_channel=row.kind is ChatKind.CHANNEL)
                    for row in await connection.execute(chats.order_by(reader.c.id).limit(_MOST_CHATS))
                ),
                "owners": owners or 0,
                "readers": await connection.scalar(select(func.count()).where(reader.c.state == ReaderState.ACTIVE)),
                "heard_at": known.get("heartbeat"),
                "is_held": "held-since" in known,
                "rival": (datetime.fromisoformat(other.value), other.updated_at) if other is not None else None,
                "slow": await (self._noted(now) if self._database.is_sqlite else self._watched(connection)),
                "durable": self._database.is_sqlite or await _waits_for_the_disk(connection),
                "owners_away": bool(owners) and not await connection.scalar(_REACHED),
                "untold": tuple((await connection.execute(_UNTOLD)).scalars()),
                "overdue": await connection.scalar(_OVERDUE.where(publication.c.at < now - _BEGUN_WITHIN)),
            }

    async def blocker(self) -> Blocker | None:
        """Return another program for which a process of this one waits for seconds now; None on SQLite."""
        if self._database.is_sqlite:
            return None
        async with self._database.read() as connection:
            row = (await connection.execute(text(_BLOCKER))).first()
        if row is None:
            return None
        name = ", ".join(part for part in (row.program, row.whose) if part)
        return Blocker(process=row.process, name=name, since=row.since.astimezone(UTC) if row.since else None)

    async def ahead(self, wall: Callable[[], datetime]) -> float | None:
        """Return by how many seconds a clock is certainly ahead of the server's; None where no other process runs."""
        if self._database.is_sqlite:
            return None
        from storage.engine.postgres import OTHERS

        async with self._database.read() as connection:
            before = wall()
            row = (await connection.execute(text(f"SELECT clock_timestamp() AS at, ({OTHERS}) AS others"))).one()
            least, most = ((one - row.at).total_seconds() for one in (before, wall()))
        # The server looked somewhere between the two: on a busy machine that is seconds, which are none of the clocks'.
        return max(least, min(most, 0.0)) if row.others else None

    async def keep_slow(self, now: datetime) -> None:
        """Write down which statements took SQLite long since the last call; those of the last hour stay."""
        found = self._database.slow.taken()
        if not found:
            return
        kept = await self._lately(now)
        kept += [[now.isoformat(), round(seconds, 1), statement] for statement, seconds in found]
        await self._facts.put(_SLOW, kept[-_MOST_SLOW:], now)

    async def _lately(self, now: datetime) -> list[list[Any]]:
        kept = await self._facts.get(_SLOW) or []
        return [one for one in kept if now - datetime.fromisoformat(one[0]) < _LATELY]

    async def _noted(self, now: datetime) -> tuple[SlowStatement, ...]:
        lately: dict[str, list[float]] = {}
        for _, seconds, statement in await self._lately(now):
            lately.setdefault(statement, []).append(seconds)
        often = {statement: took for statement, took in lately.items() if len(took) >= _OFTEN}
        return tuple(SlowStatement(statement=one, seconds=max(took), times=len(took)) for one, took in often.items())

    async def _watched(self, connection: AsyncConnection) -> tuple[SlowStatement, ...]:
        """Ask PostgreSQL what runs for long now and, where that is counted, what takes long time after time."""
        running = (await connection.execute(text(_RUNNING), {"seconds": self._running_seconds})).all()
        counted: Sequence[Any] = ()
        if await connection.scalar(text("SELECT to_regclass('pg_stat_statements') IS NOT NULL")):
            with suppress(DBAPIError):  # it is there, and the server does not count, or tells others only
                rows = await connection.execute(text(_COUNTED), {"milliseconds": 1000 * self._mean_seconds})
                counted = rows.all()
        return (
            *(SlowStatement(statement=row.statement, seconds=float(row.seconds)) for row in running),
            *(SlowStatement(statement=row.statement, seconds=row.seconds, times=row.times) for row in counted),
        )


async def _waits_for_the_disk(connection: AsyncConnection) -> bool:
    return bool(await connection.scalar(text("SHOW synchronous_commit")) != "off")


async def _server(connection: AsyncConnection) -> dict[str, Any]:
    """Return how the server is set that a PostgreSQL database is on."""
    most = int(str(await connection.scalar(text("SHOW max_connections"))))
    kept = int(str(await connection.scalar(text("SHOW superuser_reserved_connections"))))
    return {
        "is_safe": await connection.scalar(text("SHOW fsync")) != "off",
        "encoding": str(await connection.scalar(text("SHOW server_encoding"))),
        "connections": most - kept,
    }


def _disk(path: Path) -> dict[str, Any]:
    """Return the bytes of a database file and its log, those free beside it, and which files others can read."""
    log = path.with_name(f"{path.name}-wal")
    there = [one for one in (path, log) if one.exists()]
    return {
        "size": path.stat().st_size if path.exists() else 0,
        "log": log.stat().st_size if log.exists() else 0,
        "free": shutil.disk_usage(path.parent).free,
        "open_files": tuple(str(one) for one in there if one.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)),
    }
