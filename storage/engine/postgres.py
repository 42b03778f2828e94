"""PostgreSQL as this project needs it: its engines, and statements that outlive a change of the tables."""

import uuid
from collections.abc import MutableMapping
from time import monotonic
from typing import Any, ClassVar, Self
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection, AsyncCursor
from psycopg.errors import FeatureNotSupported
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Dialect, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Any] = LRUCache(1000)  # what one connection's statement was compiled to is so for all
_FRESH_SECONDS = 1.0  # so soon after its last use nobody asks whether a connection is alive
_IDLE_SECONDS = 5  # less than a lease: others can take over what a replica was sending that hangs in a transaction

_PRODUCT = "visnyk "
_NAME = f"{_PRODUCT}{uuid.uuid4().hex}"  # of this process's connections, so that it knows those of others
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "  # noqa: S608  a constant
    f"AND application_name LIKE '{_PRODUCT}%' AND application_name <> '{_NAME}'"
)
"""Counts the connections that other processes of this program have to the same database."""

_OUTDATED = "cached plan must not change result type"  # SQLSTATE 0A000, which says other things as well
_LOCK = "SELECT pg_advisory_xact_lock("


class SharedDialect(PGDialectAsync_psycopg):
    """SQLAlchemy's PostgreSQL. Two of them are one: what was compiled for one engine is so for another."""

    supports_statement_cache = True
    lately: ClassVar[MutableMapping[Any, float]] = WeakKeyDictionary()
    """When each connection was given back to its pool, by the monotonic clock."""

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Tell whether a connection is alive: one that has stood idle is asked, which is a round trip.

        After a break that is not a second old, whoever comes first meets the error; then the whole pool is made anew.
        """
        used = self.lately.get(dbapi_connection.driver_connection)
        if used is not None and monotonic() - used < _FRESH_SECONDS:
            return True
        asked: Any = super()
        return bool(asked.do_ping(dbapi_connection))

    @classmethod
    def get_async_dialect_cls(cls, url: URL) -> type[Dialect]:  # noqa: ARG003  the interface
        """Return the dialect to take for an asynchronous engine."""
        return cls

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


registry.register("postgresql.shared", __name__, SharedDialect.__name__)


def engines(url: URL) -> tuple[AsyncEngine, AsyncEngine]:
    """Return the writing engine and the reading one, which share their connections."""
    writer = create_async_engine(
        url.set(drivername="postgresql+shared"),
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        hide_parameters=True,
        execution_options={"compiled_cache": _COMPILED},
        connect_args={"cursor_factory": RepeatingCursor, "application_name": _NAME},
    )
    event.listen(writer.sync_engine, "connect", _bound_idle_transactions)
    event.listen(writer.sync_engine, "checkin", _note_use)
    # A single SELECT needs no BEGIN and no ROLLBACK: two round trips less.
    return writer, writer.execution_options(isolation_level="AUTOCOMMIT")


def _bound_idle_transactions(connection: Any, _: object) -> None:
    """Let PostgreSQL end a transaction whose client does nothing: a replica that hangs in one holds locks of all."""
    cursor = connection.cursor()
    cursor.execute(f"SET idle_in_transaction_session_timeout = '{_IDLE_SECONDS}s'")
    cursor.close()
    connection.commit()


def _note_use(connection: Any, _: object) -> None:
    if connection is not None:  # it is not when it was cut off
        SharedDialect.lately[connection.driver_connection] = monotonic()


class RepeatingCursor(AsyncCursor[Any]):
    """A cursor that prepares a statement anew, and repeats it, when a column it returns has another type by now.

    It is repeated where nothing else was done before it in its transaction but taking a turn; later in a transaction
    the error is the caller's, and whoever works again and again tries again: psycopg forgets what was prepared.
    """

    _locks: ClassVar[MutableMapping[AsyncConnection[Any], list[str] | None]] = WeakKeyDictionary()
    """By connection the locks that its transaction has taken; None once it has done anything else."""

    async def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        """Run a statement; see psycopg.AsyncCursor.execute."""
        connection = self._conn
        begins = connection.info.transaction_status is TransactionStatus.IDLE
        locks = [] if begins else self._locks.get(connection)
        self._locks[connection] = [*locks, query] if locks is not None and _is_lock(query) else None
        try:
            return await super().execute(query, params, **options)
        except FeatureNotSupported as error:
            if locks is None or _OUTDATED not in str(error):
                raise
        if not connection.autocommit:
            await connection.rollback()
            for lock in locks:
                await super().execute(lock)
        return await super().execute(query, params, **{**options, "prepare": False})


def _is_lock(query: Any) -> bool:
    return isinstance(query, str) and query.startswith(_LOCK)
