"""The database: two ways in, one for reading and one for writing, the same on both engines."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import BigInteger, ColumnElement, Dialect, Insert, Row, Table, cast, event, func, make_url, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import ConfigError
from storage.engine import sqlite

_WRONG_URL = "DATABASE_URL must start with sqlite:/// or postgresql://."
_LEDGER = 7_305_001  # the advisory lock of the ledger's turn; a number of our own
_IDLE_SECONDS = 5  # less than a lease: others can take over what a replica was sending that hangs in a transaction

AnyRow = Row[*tuple[Any, ...]]
"""A row of a statement whose columns are named in the code that reads it."""


class Database:
    """Connections to one database. `read` sees what is committed, `write` is a transaction: all of it or nothing.

    Keep a transaction short and never wait for the network inside one: on SQLite there is one writer.
    """

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise ConfigError(_WRONG_URL) from None
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._path = parsed.database or ""
        self._checkpointing = threading.Lock()
        self._lock: FileLock | None = None
        self._writer: AsyncEngine
        self._reader: AsyncEngine
        if self.is_sqlite:
            if self._path in {"", ":memory:"}:
                raise ConfigError("DATABASE_URL: SQLite needs a file, for example sqlite:///data/visnyk.db.")
            os.umask(0o077)  # the database and what SQLite puts beside it are nobody else's business
            self._writer, self._reader = sqlite.engines(parsed)
        elif parsed.get_backend_name() in {"postgresql", "postgres"}:
            parsed = parsed.set(drivername="postgresql+psycopg")
            self._writer = create_async_engine(
                parsed, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True
            )
            event.listen(self._writer.sync_engine, "connect", _bound_idle_transactions)
            # A single SELECT needs no BEGIN and no ROLLBACK: two round trips less.
            self._reader = self._writer.execution_options(isolation_level="AUTOCOMMIT")
        else:
            raise ConfigError(_WRONG_URL)

    @property
    def dialect(self) -> Dialect:
        """How SQL is written and values are bound on this engine."""
        return self._writer.dialect

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection that sees one committed state of the database."""
        async with self._reader.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction; it is committed at the end of the block, and rolled back if the block raises."""
        async with self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that changes deliveries that this process does not hold: one at a time.

        On PostgreSQL whoever opens one waits for the one before to commit, so that what it reads of the ledger stays
        so until its own commit; on SQLite every transaction is like that. Keep it as short as a claim: claims wait.
        """
        async with self.write() as connection:
            if not self.is_sqlite:
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LEDGER})"))
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

    async def checkpoint(self) -> None:
        """Move SQLite's log into its file, beside the running writers; nothing to do on PostgreSQL."""
        if self.is_sqlite:
            await asyncio.to_thread(self._checkpoint)

    def _checkpoint(self) -> None:
        with self._checkpointing:
            sqlite.checkpoint(self._path)

    def hold(self) -> None:
        """Make sure that no other process runs on this SQLite file; nothing to do on PostgreSQL.

        Raises:
            ConfigError: another one does.

        """
        if self.is_sqlite and self._lock is None:
            self._lock = sqlite.hold(Path(self._path))

    async def keep_copy(self) -> None:
        """Put a copy of an SQLite file beside it, before its tables are changed. An empty database needs none."""
        if not self.is_sqlite:
            return
        copy = await asyncio.to_thread(sqlite.room_for_copy, Path(self._path))
        if copy is None:
            return
        async with self._writer.connect() as connection:
            raw = await connection.get_raw_connection()
            await raw.driver_connection.execute("VACUUM INTO ?", (str(copy),))  # type: ignore[union-attr]

    async def close(self) -> None:
        """Close all connections; a second call does nothing.

        Waits for a checkpoint whose caller was cancelled: its thread goes on, and would write into a folder that
        somebody takes away.
        """
        await asyncio.to_thread(self._checkpointing.acquire)
        self._checkpointing.release()
        await self._writer.dispose()
        if self.is_sqlite:
            await self._reader.dispose()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __repr__(self) -> str:
        """Name the engine only: an address may carry a password."""
        return f"<Database {'sqlite' if self.is_sqlite else 'postgresql'}>"


def _bound_idle_transactions(connection: Any, _: object) -> None:
    """Let PostgreSQL end a transaction whose client does nothing: a replica that hangs in one holds locks of all."""
    cursor = connection.cursor()
    cursor.execute(f"SET idle_in_transaction_session_timeout = '{_IDLE_SECONDS}s'")
    cursor.close()
    connection.commit()


def chunked(rows: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """Return the rows in pieces: a statement takes at most some 30 000 values on either engine."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]
