"""The database: two ways in, one for reading and one for writing, the same on both engines."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, BigInteger, ColumnElement, Dialect, Insert, Row, Table, cast, func, make_url, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import ConfigError
from bot.model.trouble import Trouble
from storage.engine import sqlite
from storage.engine.file import DatabaseFile
from storage.engine.locks import TURN
from storage.engine.planning import IN_ORDER
from storage.engine.slow import SlowStatements
from storage.engine.trouble import in_a_sentence, refusal, trouble_of
from storage.engine.writer import OneWriter

_READ_THROUGH = 256 * 2**20  # a start reads files through that are not larger; it takes about a second

AnyRow = Row[*tuple[Any, ...]]
"""A row of a statement whose columns are named in the code that reads it."""


@contextmanager
def _cancelled_stays_so() -> Iterator[None]:
    """Let a task that is cancelled end as cancelled.

    A driver closes a connection whose statement was cut off, and what then fails to roll back would be an error like
    others: whoever tries again after one would never end.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task is not None else 0
    try:
        yield
    except Exception as error:
        if task is not None and task.cancelling() > before:
            raise asyncio.CancelledError from error
        raise


class Database:
    """Connections to one database. `read` sees what is committed, `write` is a transaction: all of it or nothing.

    Keep a transaction short and never wait for the network in one: SQLite, whose file a path names, has one writer.
    """

    def __init__(self, url: str | Path) -> None:
        try:
            parsed = make_url(url) if isinstance(url, str) else URL.create("sqlite", database=str(url))
        except (ArgumentError, ValueError):  # a port that is no number is one of the latter
            raise ConfigError("database-address", setting="DATABASE_URL") from None
        self.slow = SlowStatements()  # of SQLite; PostgreSQL can be asked itself
        self.revision = "-"  # the newest one that the program knows, once it has said so
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.file: DatabaseFile | None = None
        self._checkpointing, self._reading = threading.Lock(), threading.Lock()
        self._hurry = threading.Event()
        self._rescued = False
        self._writer: AsyncEngine
        self._reader: AsyncEngine
        if self.is_sqlite:
            path = sqlite.path_of(url, parsed)
            os.umask(0o077)  # the database and what SQLite puts beside it are nobody else's business
            self.file = DatabaseFile(path)
            with in_a_sentence(self.file.path):
                self._writer, self._reader = sqlite.engines(parsed, self.slow)
        elif parsed.get_backend_name() in {"postgresql", "postgres"}:
            from storage.engine import postgres  # loads its driver: ten megabytes that SQLite does without

            self._writer, self._reader = postgres.engines(parsed, lambda: self.revision)
        else:
            raise ConfigError("database-address", setting="DATABASE_URL")
        self._one = OneWriter(self._writer)

    @property
    def dialect(self) -> Dialect:
        """How SQL is written and values are bound on this engine."""
        return self._writer.dialect

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection that sees one committed state of the database."""
        with _cancelled_stays_so():
            async with self._reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction; it is committed at the end of the block, and rolled back if the block raises."""
        with _cancelled_stays_so():
            if self.is_sqlite:
                async with self._one.connected() as connection, sqlite.transaction(connection):
                    yield connection
            else:
                async with self._writer.connect() as connection, connection.begin():
                    yield connection

    @asynccontextmanager
    async def turn(self, *, in_order: bool = False) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that changes deliveries that this process does not hold: one at a time.

        On PostgreSQL whoever opens one waits for the one before to commit, so that what it reads of the ledger stays
        so until its own commit; on SQLite every transaction is like that. Keep it as short as a claim: claims wait.
        `in_order`: few rows of many are taken in it, as an index has them in order.
        """
        async with self.write() as connection:
            if not self.is_sqlite:
                await connection.execute(text(TURN + IN_ORDER * in_order))
            yield connection

    def insert(self, table: Table) -> Any:
        """Return an INSERT that knows ON CONFLICT and RETURNING on this engine."""
        statement: Insert = sqlite_dialect.insert(table) if self.is_sqlite else postgresql.insert(table)
        return statement

    def microseconds(self) -> ColumnElement[int]:
        """Return the expression for the database's own clock: microseconds since 1970."""
        if self.is_sqlite:
            return cast((func.julianday("now") - 2440587.5) * 86_400_000_000, BigInteger)
        return cast(func.extract("epoch", func.statement_timestamp()) * 1_000_000, BigInteger)

    async def examine(self) -> None:
        """Look whether the SQLite file that is held is one and can be read; a large one is not read through.

        Raises:
            ConfigError: it cannot be used; the text says why, and what to do.

        """
        if self.file is None or not self.file.is_held:
            return
        with in_a_sentence(self.file.path):
            small = self.file.path.stat().st_size <= _READ_THROUGH
            if small and await self.is_damaged():
                raise refusal(Trouble.DAMAGED, self.file.path)

    def in_a_sentence(self) -> AbstractContextManager[None]:
        """Return a block in which errors that tell of trouble with an SQLite file become ConfigError, a sentence."""
        return nullcontext() if self.file is None else in_a_sentence(self.file.path)

    def explain(self, error: BaseException) -> None:
        """Raise ConfigError with what to do, if an error tells of trouble with an SQLite file; else do nothing."""
        trouble = trouble_of(error) if self.file is not None else None
        if self.file is not None and trouble is not None:
            raise refusal(trouble, self.file.path) from None

    async def checkpoint(self) -> None:
        """Move SQLite's log into its file, beside the running writers; nothing to do on PostgreSQL.

        A log that has grown is cut off when all of it is in the file.
        """
        if self.file is not None:
            await asyncio.to_thread(self._checkpoint, str(self.file.path))
            if not sqlite.CHECKPOINTS_SAFELY and sqlite.has_grown(str(self.file.path)):
                async with self._one.connected() as connection:
                    raw = await connection.get_raw_connection()
                    await raw.driver_connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]

    def _checkpoint(self, path: str) -> None:
        with self._checkpointing:
            sqlite.checkpoint(path)

    async def is_damaged(self) -> bool:
        """Read an SQLite file through, beside everything else; some hundred megabytes take a second."""
        return self.file is not None and await asyncio.to_thread(self._is_damaged, str(self.file.path))

    def _is_damaged(self, path: str) -> bool:
        with self._reading:
            return sqlite.is_damaged(path, self._hurry.is_set)

    async def copy_whole(self, to: Path) -> None:
        """Copy one state of an SQLite database into a file, beside everything else.

        Raises:
            InterruptedError: the database is being closed.
            OSError, sqlite3.Error: the copy could not be made.

        """
        assert self.file is not None
        await asyncio.to_thread(self._copied_whole, str(self.file.path), str(to))

    def _copied_whole(self, path: str, to: str) -> None:
        with self._reading:
            sqlite.copy_whole(path, to, self._hurry.is_set)

    async def fill_from(self, copy: Path) -> None:
        """Have an SQLite file without tables hold what a copy holds: all of it, or nothing.

        Raises:
            OSError, sqlite3.Error: it could not be written.

        """
        assert self.file is not None
        await asyncio.to_thread(sqlite.copy_whole, str(copy), str(self.file.path), self._hurry.is_set)

    async def without_log(self) -> None:
        """Have an SQLite file that is closed again stand by itself, with no log beside it."""
        assert self.file is not None
        await asyncio.to_thread(sqlite.leave_log, str(self.file.path))

    async def faults_of(self, copy: Path) -> str:
        """Read an SQLite file through that was copied; returns what is wrong with it, "" if nothing is.

        Raises:
            InterruptedError: the database is being closed.
            sqlite3.Error: it cannot be read at all.

        """
        return await asyncio.to_thread(self._faults_of, str(copy))

    def _faults_of(self, copy: str) -> str:
        with self._reading:
            return sqlite.faults_of(copy, self._hurry.is_set)

    def hurry(self) -> None:
        """Let a reading through or a copy end now, and none begin any more: what it found so far holds."""
        self._hurry.set()

    def hold(self) -> None:
        """Make sure that no other process runs on this SQLite file; nothing to do on PostgreSQL.

        Raises:
            ConfigError: another one does, or the file cannot be opened for writing.

        """
        if self.file is not None:
            with in_a_sentence(self.file.path):
                self.file.hold()

    async def hold_alone(self) -> None:
        """Make sure that no other process of this program has the database open; of PostgreSQL, at this moment.

        Raises:
            ConfigError: one does, or an SQLite file cannot be opened for writing.

        """
        self.hold()
        if not self.is_sqlite:
            async with self.read() as connection:
                await refuse_others(connection)

    async def keep_copy(self, revision: str) -> None:
        """Put a copy of an SQLite file beside it, before its tables come to a revision; the newest three stay.

        An empty database needs none. Raises ConfigError when there is no room.
        """
        if self.file is None:
            return
        copy = self.file.copy_before(revision)
        if copy is not None:
            with in_a_sentence(self.file.path):
                await self._copy_to(copy)
                self.file.forget_old_copies()

    async def rescue(self) -> Path:
        """Save what the open connections still have of an SQLite file that was lost; returns where.

        Raises:
            OSError, DBAPIError, sqlite3.Error: that cannot be.

        """
        assert self.file is not None
        saved = self.file.rescue()
        saved.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        await self._copy_to(saved)
        self._rescued = True
        return saved

    async def _copy_to(self, copy: Path) -> None:
        part = copy.with_name(f"{copy.name}.part")  # half a copy must not pass for one
        part.unlink(missing_ok=True)
        async with self._one.connected() as connection:
            raw = await connection.get_raw_connection()
            await raw.driver_connection.execute_fetchall("VACUUM INTO ?", (str(part),))  # type: ignore[union-attr]
        part.replace(copy)

    async def close(self) -> None:
        """Close all connections; a second call does nothing.

        Waits for a checkpoint or a reading whose caller was cancelled: its thread goes on, and would write into a
        folder that somebody takes away.
        """
        self.hurry()
        for lock in (self._checkpointing, self._reading):
            await asyncio.to_thread(lock.acquire)
            lock.release()
        await self._one.close()
        await self._writer.dispose()
        if self.is_sqlite:
            await self._reader.dispose()
        if self.file is not None:
            if self._rescued:
                self.file.leave_no_log()
            self.file.release()

    def __repr__(self) -> str:
        """Name the engine only: an address may carry a password."""
        return f"<Database {'sqlite' if self.is_sqlite else 'postgresql'}>"


async def refuse_others(connection: AsyncConnection) -> None:
    """Raise ConfigError when another process of this program has a connection to this PostgreSQL database."""
    from storage.engine.postgres import OTHERS

    if await connection.scalar(text(OTHERS)):
        raise ConfigError("database-in-use")


def chunked(rows: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """Return the rows in pieces: a statement takes at most some 30 000 values on either engine."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]
