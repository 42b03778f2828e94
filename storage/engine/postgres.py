"""PostgreSQL as this project needs it: statements that outlive a change of the tables."""

from collections.abc import MutableMapping
from typing import Any, ClassVar, Self
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection, AsyncCursor
from psycopg.errors import FeatureNotSupported
from psycopg.pq import TransactionStatus

_OUTDATED = "cached plan must not change result type"  # SQLSTATE 0A000, which says other things as well
_LOCK = "SELECT pg_advisory_xact_lock("


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
