"""aiosqlite with one hop to SQLite's thread for a statement, and none of its own for the begin of a transaction.

SQLAlchemy asks a driver for a cursor, lets it run a statement, fetches the rows and closes it: four hops for a
statement that takes SQLite microseconds. A hop costs more than most statements do.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self, TypeVar

import aiosqlite
from sqlalchemy import GenerativeSelect
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.slow import SlowStatements

_Row = tuple[Any, ...]
_T = TypeVar("_T")


def driver_of(connection: AsyncConnection) -> Any:
    """Return the driver's own connection."""
    assert connection.sync_connection is not None
    return connection.sync_connection.connection.driver_connection


def _begin(sqlite: Any) -> None:
    # IMMEDIATE takes the write lock at once: a transaction that reads first could otherwise fail when it writes.
    sqlite.execute("BEGIN IMMEDIATE")


class OneHopConnection(aiosqlite.Connection):
    """A connection whose cursors run a statement and fetch all of its rows in one go."""

    slow: SlowStatements | None = None
    _before: Sequence[Callable[[Any], object]] = ()
    _is_open = False

    def with_next(self, work: Callable[[Any], object]) -> None:
        """Have something done before what comes next, in the same hop; whoever asks for that gets its errors too.

        It is called with SQLite's own connection, in its thread.
        """
        self._before = (*self._before, work)

    def begin(self) -> None:
        """Begin a transaction with the first statement of it."""
        self._is_open = True
        self.with_next(_begin)

    async def end(self) -> None:
        """Commit what was begun; where nothing was asked in it, nothing is."""
        if self._before == (_begin,):
            self._before = ()
        else:
            await self._execute(self._conn.commit)
        self._is_open = False

    def leave(self) -> bool:
        """Forget what has not been done yet; returns whether there may be a transaction that has not ended.

        A statement whose caller was cancelled may only be on its way.
        """
        self._before, was_open, self._is_open = (), self._is_open, False
        return was_open or self.in_transaction

    def cursor(self) -> "OneHopCursor":  # type: ignore[override]
        """Return a cursor; SQLite hears of it with its first statement."""
        return OneHopCursor(self)

    async def fetched(self, method: str, *arguments: object) -> "tuple[_Row, Sequence[_Row]]":
        """Call a method of a new cursor; returns its description, row count and last row id, and all its rows."""

        def run() -> "tuple[_Row, Sequence[_Row]]":
            cursor = self._conn.cursor()
            try:
                getattr(cursor, method)(*arguments)
                rows = cursor.fetchall() if cursor.description else []
                return (cursor.description, cursor.rowcount, cursor.lastrowid), rows
            finally:
                cursor.close()

        result: tuple[_Row, Sequence[_Row]] = await self._timed(run, arguments[0])
        return result

    async def run(self, work: Callable[[Any], _T]) -> _T:
        """Call something with SQLite's own connection, in its thread; returns what it returns."""
        result: _T = await self._execute(lambda: work(self._conn))
        return result

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self._timed(lambda: fn(*args, **kwargs), args[0] if args else None)

    async def _timed(self, work: Callable[[], _T], statement: object) -> _T:
        before, self._before = self._before, ()
        slow = self.slow

        def all_of_it() -> _T:
            for one in before:
                one(self._conn)  # its begin may wait for another process that writes: not the statement's fault
            return slow.timed(work, statement) if slow is not None else work()

        result: _T = await super()._execute(all_of_it)  # type: ignore[no-untyped-call]
        return result


class OneHopCursor:
    """What SQLAlchemy takes for a cursor of an asynchronous driver: it holds the rows that came with the statement."""

    def __init__(self, connection: OneHopConnection) -> None:
        self._connection = connection
        self._rows: Sequence[_Row] = ()
        self.description: _Row | None = None
        self.rowcount, self.lastrowid, self.arraysize = -1, None, 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Iterable[Any] = ()) -> None:
        """Run a statement and keep its rows; raises SQLite's own errors."""
        await self._run("execute", statement, parameters)

    async def executemany(self, statement: str, parameters: Iterable[Iterable[Any]]) -> None:
        """Run a statement once for each row of parameters; raises SQLite's own errors."""
        await self._run("executemany", statement, parameters)

    async def _run(self, method: str, *arguments: object) -> None:
        (self.description, self.rowcount, self.lastrowid), self._rows = await self._connection.fetched(
            method, *arguments
        )

    async def fetchall(self) -> Sequence[_Row]:
        """Return the rows of the statement."""
        return self._rows

    async def close(self) -> None:
        """Let the rows go; SQLite's own cursor is closed since the statement."""
        self._rows = ()


class _Compiler(SQLiteCompiler):
    """SQLite plans by the value that is bound to LIMIT, and so compiles anew for each; by that of a sum it does not."""

    def limit_clause(self, select: GenerativeSelect, **options: Any) -> str:
        """Return LIMIT and OFFSET."""
        clause: str = super().limit_clause(select, **options)  # type: ignore[no-untyped-call]
        return clause.replace("LIMIT ", "LIMIT 0 + ", 1)


class OneHopDialect(SQLiteDialect_aiosqlite):
    """SQLAlchemy's SQLite. Two of them are one: what was compiled for the writer is so for the readers."""

    supports_statement_cache = True
    statement_compiler = _Compiler

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))
