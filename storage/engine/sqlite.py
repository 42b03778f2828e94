"""SQLite as this project needs it: one writer, many readers, write-ahead log, every commit on the disk.

Must be imported before `aiosqlite`: it may put a newer SQLite in the place of Python's own. With VISNYK_SQLITE=python
in the environment it never does, as on a platform for which there is no package.
"""

import os
import sqlite3 as _stdlib_sqlite
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import LRUCache

from bot.errors import ConfigError
from storage.engine.slow import SlowStatements

try:
    # Up to 3.51.2 a commit during another connection's checkpoint can corrupt the database (sqlite.org, "WAL-reset
    # bug"); pysqlite3 carries a newer library for the common platforms.
    import pysqlite3
except ImportError:
    pysqlite3 = None

_OWN = os.environ.get("VISNYK_SQLITE") == "python"
if not _OWN and pysqlite3 is not None and pysqlite3.sqlite_version_info > _stdlib_sqlite.sqlite_version_info:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

from storage.engine.hops import OneHopConnection, driver_of  # noqa: E402  aiosqlite takes the library that it finds

LIBRARY = sys.modules["sqlite3"]
registry.register("sqlite.onehop", OneHopConnection.__module__, "OneHopDialect")
CHECKPOINTS_SAFELY = tuple(LIBRARY.sqlite_version_info) >= (3, 51, 3)

_READERS = 4
_BUSY_SECONDS = 10
_COMPILED: LRUCache[Any, Any] = LRUCache(1000)  # what one connection's statement was compiled to is so for all
_LOG_BYTES = 4 * 2**20  # what the log may keep of its room when nothing happens


def path_of(url: str | Path, parsed: URL) -> Path:
    """Return the file that an address names; raises ConfigError where it names none, or says more than that."""
    if (parsed.database or "") in {"", ":memory:"} or parsed.host:
        raise ConfigError("database-no-file", setting="DATABASE_URL")
    if isinstance(url, str) and "?" in url:  # what follows would be left out, and the data be in another file
        raise ConfigError("database-no-options", setting="DATABASE_URL")
    return Path(str(parsed.database))


def engines(url: URL, slow: SlowStatements) -> tuple[AsyncEngine, AsyncEngine]:
    """Return the writing engine, of one connection, and the reading engine of a database file.

    What takes them long is noted in `slow`.

    One writer means that no statement ever waits for a lock inside this process, and that the connection that writes
    is the one that checkpoints, where the library is too old to allow anything else.
    """
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = url.set(drivername="sqlite+onehop")
    common: dict[str, Any] = {
        "poolclass": AsyncAdaptedQueuePool,
        "max_overflow": 0,
        "pool_reset_on_return": None,
        "async_creator": partial(_connect, path, slow),
        "hide_parameters": True,
        "execution_options": {"compiled_cache": _COMPILED},
    }
    writer = create_async_engine(url, pool_size=1, pool_timeout=600, **common)
    # Readers run each statement by itself: a begin and a rollback would be two more hops to SQLite's thread.
    reader = create_async_engine(url, pool_size=_READERS, skip_autocommit_rollback=True, **common)
    event.listen(writer.sync_engine, "connect", _prepare_writer)
    event.listen(writer.sync_engine, "reset", _leave_no_transaction)
    event.listen(reader.sync_engine, "connect", _prepare_reader)
    return writer, reader


@asynccontextmanager
async def transaction(connection: AsyncConnection) -> AsyncIterator[None]:
    """Open a transaction on a connection of the writing engine; it is committed at the end of the block.

    SQLAlchemy keeps no books of it unless something is executed through it: for a chain of statements they would cost
    more than its commit. Where the block raises, the connection has to be given back, which rolls back.
    """
    driver = driver_of(connection)
    driver.begin()
    yield
    if connection.in_transaction():
        await connection.commit()
        driver.leave()
    else:
        await driver.end()


async def _connect(path: Path, slow: SlowStatements) -> OneHopConnection:
    def connector() -> Any:
        return LIBRARY.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)

    connection = OneHopConnection(connector, iter_chunk_size=64)
    connection.slow = slow
    connection._thread.daemon = True  # noqa: SLF001  nothing public does; a process that ends waits for no reader
    await connection
    return connection


def _prepare_writer(connection: Any, record: object) -> None:  # noqa: ARG001  the interface
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: a power cut must not take back "about to send" (a headline could go out twice).
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # A checkpoint inside a commit holds it up for a tenth of a second and more; `checkpoint` does it beside.
    cursor.execute(f"PRAGMA wal_autocheckpoint={0 if CHECKPOINTS_SAFELY else 1000}")
    cursor.execute(f"PRAGMA journal_size_limit={_LOG_BYTES}")
    cursor.close()


def _prepare_reader(connection: Any, record: object) -> None:  # noqa: ARG001  the interface
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only=1")
    cursor.execute("PRAGMA wal_autocheckpoint=0")
    cursor.close()


def _leave_no_transaction(connection: Any, record: object, state: object) -> None:  # noqa: ARG001  the interface
    # The pool's own reset is a hop to SQLite's thread after every commit, to roll back what is over.
    if connection.driver_connection.leave():
        connection.rollback()


def checkpoint(path: str) -> None:
    """Move what is committed from the log into the database file, without making writers wait.

    A log that has grown is cut off once all of it is in the file. Blocks the calling thread; does nothing where the
    library is too old to do it beside a writer.
    """
    if not CHECKPOINTS_SAFELY:
        return
    connection = _beside(path)
    try:
        _, pages, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if pages == moved and has_grown(path):
            connection.execute("PRAGMA busy_timeout=0")  # whoever reads or writes goes first; it is asked again
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.close()


def has_grown(path: str) -> bool:
    """Tell whether the log takes more room than it needs when nothing happens."""
    log = Path(f"{path}-wal")
    return log.exists() and log.stat().st_size > _LOG_BYTES


def is_damaged(path: str, hurry: Callable[[], bool]) -> bool:
    """Read a database file through, as far as pages and rows hang together, until there is `hurry`.

    Blocks the calling thread. Raises sqlite3.Error when it cannot be read at all.
    """
    connection = _beside(path)
    connection.set_progress_handler(hurry, 10_000)
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok")
    except LIBRARY.OperationalError:
        if hurry():
            return False
        raise
    finally:
        connection.close()


def copy_whole(path: str, to: str, hurry: Callable[[], bool]) -> None:
    """Copy one state of a database, whatever is written to it meanwhile, into a file that is not there or empty.

    The copy has no log beside it. Blocks the calling thread; raises InterruptedError when there is `hurry`.
    """

    def on_the_way(*_: object) -> None:
        if hurry():
            raise InterruptedError

    source, target = _beside(path), LIBRARY.connect(to)
    try:
        source.isolation_level = None
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees one state
        source.backup(target, pages=2000, progress=on_the_way)
        target.execute("PRAGMA journal_mode=DELETE").fetchall()
    finally:
        source.close()
        target.close()


def leave_log(path: str) -> None:
    """Have a database that nobody has open kept in its file alone. Blocks the calling thread."""
    connection = _beside(path)
    try:
        connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    finally:
        connection.close()


def faults_of(path: str, hurry: Callable[[], bool]) -> str:
    """Read a file through that nobody writes to, each page, index and row that points at another; "" if all is well.

    Returns SQLite's own words for the first fault. Blocks the calling thread; raises InterruptedError when there is
    `hurry`, and sqlite3.Error when the file cannot be read at all.
    """
    connection = LIBRARY.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, timeout=1)
    connection.set_progress_handler(hurry, 10_000)
    try:
        found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
        lost = connection.execute("PRAGMA foreign_key_check").fetchone()
    except LIBRARY.OperationalError:
        if hurry():
            raise InterruptedError from None
        raise
    finally:
        connection.close()
    if found != "ok":
        return found
    return f"a row of {lost[0]} belongs to none of {lost[2]}" if lost is not None else ""


def _beside(path: str) -> Any:
    # Never makes a file: where the database is gone, an empty one in its place would pass for it.
    return LIBRARY.connect(f"{Path(path).absolute().as_uri()}?mode=rw", uri=True, timeout=1)
