"""PostgreSQL as this project needs it: its engines, and statements that outlive a change of the tables."""

import logging
import select
import uuid
from collections.abc import Callable, MutableMapping
from functools import partial
from math import inf
from time import monotonic
from typing import Any, ClassVar, Self
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection, AsyncCursor
from psycopg.errors import FeatureNotSupported, ReadOnlySqlTransaction
from psycopg.pq import ConnStatus, TransactionStatus
from sqlalchemy import URL, Dialect, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

# It tells with a traceback of each connection that it cannot reset, and closes it; whoever used it has the error.
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)

_COMPILED: LRUCache[Any, Any] = LRUCache(1000)  # what one connection's statement was compiled to is so for all
_WAITS = {
    "idle_in_transaction_session_timeout": "5s",  # less than a lease: others take over what a replica sent that hangs
    "lock_timeout": "10s",  # also less: what somebody else holds is an error then, and those who wait leave connections
}
"""How long PostgreSQL lets a transaction do nothing, and a statement wait for a lock; see `_bound_waits`.

What the address sets in its `options` holds instead.
"""

_ALIVE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}
"""How soon a server that has vanished without a word is given up; the system's own limits are minutes to hours.

In seconds where nothing else is said. What the address says of one of them holds instead.
"""

_PRODUCT = "visnyk"
_PROCESS = uuid.uuid4().hex  # its connections are named so, that it knows those of others
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "  # noqa: S608  a constant
    f"AND application_name LIKE '{_PRODUCT} %' AND application_name NOT LIKE '%{_PROCESS}'"
)
"""Counts the connections that other processes of this program have to the same database."""
OLDER = (
    f"{OTHERS} AND (split_part(application_name, ' ', 3) = '' "
    "OR split_part(application_name, ' ', 2) COLLATE \"C\" < :revision)"
)
"""Counts those of processes that know no tables as new as a revision's."""

_LATELY_SECONDS = 5.0
_OUTDATED = "cached plan must not change result type"  # SQLSTATE 0A000, which says other things as well
_LOCK = "SELECT pg_advisory_xact_lock("


class SharedDialect(PGDialectAsync_psycopg):
    """SQLAlchemy's PostgreSQL. Two of them are one: what was compiled for one engine is so for another."""

    supports_statement_cache = True
    given_back: ClassVar[MutableMapping[AsyncConnection[Any], float]] = WeakKeyDictionary()
    """When each connection was given back to its pool, by the monotonic clock."""

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Make sure that a connection can be used before it is lent; one used lately is not asked while it is quiet.

        A server that restarts, or ends a connection, says so before it closes it: then there is something to read. One
        that loses its power says nothing, which only asking shows; to ask each time would be a third of all that is
        said to the database.
        """
        ordinary: Any = super()
        connection = dbapi_connection.driver_connection
        lately = monotonic() - self.given_back.get(connection, -inf) < _LATELY_SECONDS
        return (lately and is_quiet(connection)) or bool(ordinary.do_ping(dbapi_connection))

    def is_disconnect(self, e: Any, connection: Any, cursor: Any) -> bool:
        """Tell whether a connection, and all that were made before, are to be made anew.

        Also where the server takes no writes: after a failover an address may lead for a moment to what has become a
        standby, and a connection that was made then would stay there.
        """
        ordinary: Any = super()
        return isinstance(e, ReadOnlySqlTransaction) or bool(ordinary.is_disconnect(e, connection, cursor))

    @classmethod
    def get_async_dialect_cls(cls, url: URL) -> type[Dialect]:  # noqa: ARG003  the interface
        """Return the dialect to take for an asynchronous engine."""
        return cls

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


def is_quiet(connection: AsyncConnection[Any]) -> bool:
    """Tell whether an idle connection is as it was left: open, and with nothing to read that nobody asked for."""
    if connection.closed or connection.pgconn.status != ConnStatus.OK:
        return False
    look = select.poll()  # `select.select` knows no file above 1 023
    look.register(connection.pgconn.socket, select.POLLIN)
    return not look.poll(0)


registry.register("postgresql.shared", __name__, SharedDialect.__name__)


def engines(url: URL, revision: Callable[[], str]) -> tuple[AsyncEngine, AsyncEngine]:
    """Return the writing engine and the reading one, which share their connections.

    Their connections are named by the product, the newest revision of tables that the program knows, and the process.
    """
    writer = create_async_engine(
        url.set(drivername="postgresql+shared"),
        # None above the pool's size: it would be closed as soon as it is given back. Corrections and digests need more
        # than ten at once again and again, and each new one is a process of the server that has prepared nothing yet.
        pool_size=20,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        execution_options={"compiled_cache": _COMPILED},
        connect_args={
            "cursor_factory": RepeatingCursor,
            "client_encoding": "utf8",  # else a database made as SQL_ASCII answers in bytes
            **{name: value for name, value in _ALIVE.items() if name not in url.query},
        },
    )

    def name(_: object, __: object, ___: object, arguments: dict[str, Any]) -> None:
        arguments["application_name"] = f"{_PRODUCT} {revision()} {_PROCESS}"

    event.listen(writer.sync_engine, "do_connect", name)
    event.listen(writer.sync_engine, "connect", partial(_bound_waits, str(url.query.get("options", ""))))
    event.listen(writer.sync_engine, "checkin", _note_use)
    # A single SELECT needs no BEGIN and no ROLLBACK: two round trips less.
    return writer, writer.execution_options(isolation_level="AUTOCOMMIT")


def _note_use(connection: Any, _: object) -> None:
    if connection is not None:  # one that is broken is not given back
        SharedDialect.given_back[connection.driver_connection] = monotonic()


def _bound_waits(options: str, connection: Any, _: object) -> None:
    """Let PostgreSQL end a transaction whose client does nothing, and a wait for a lock that does not end.

    A replica that hangs in a transaction holds locks of all. What an operator's program holds is taken for a database
    that is away, which everything here knows how to wait for.
    """
    cursor = connection.cursor()
    cursor.execute("; ".join(f"SET {name} = '{wait}'" for name, wait in _WAITS.items() if name not in options))
    cursor.close()
    connection.commit()


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
