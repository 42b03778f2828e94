"""Bringing a database to the newest tables; a new one gets them all."""

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import ConfigError, DatabaseAway
from storage.engine.database import Database
from storage.engine.locks import AdvisoryLock
from storage.schema.migrations import HEAD, KNOWN

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

FILLING = "filling"
"""What a database that another is being copied into has in the place of a revision."""
_PATIENTLY = "SET LOCAL lock_timeout = 0"  # a migration may take minutes
_ANSWER, _UNCOPIED = "SELECT 1", f"SELECT pg_try_advisory_xact_lock_shared({AdvisoryLock.COPIED})"


async def migrate(database: Database, to: str = HEAD) -> None:
    """Bring the tables up to a revision, the newest if none is named.

    May be called by several processes at once, and repeated.

    Raises:
        ConfigError: the database is newer than this program, or a process of an older one runs on it that the new
            tables are not safe for.

    """
    async with database.read() if database.is_sqlite else database.write() as connection:
        if not database.is_sqlite:
            # Who comes to a migration that is being made waits, and finds the tables newer than it knows; who came
            # before it is seen by it.
            await connection.execute(text(_PATIENTLY))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock_shared({AdvisoryLock.MIGRATIONS})"))
        current = await connection.run_sync(_revision)
    if current == to:
        return
    if current == FILLING:
        raise ConfigError("database-half")
    _refuse_newer(current, KNOWN)  # before anything is changed, the copies of earlier upgrades among it
    if database.is_sqlite:  # before a copy is made in vain
        async with database.read() as connection:
            await _refuse_beside_older(database, connection, to)
    await database.keep_copy(to)
    async with database.write() as connection:
        if not database.is_sqlite:
            await connection.execute(text(_PATIENTLY))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({AdvisoryLock.MIGRATIONS})"))
            await _refuse_beside_older(database, connection, to)
        await move(connection, to)


async def _refuse_beside_older(database: Database, connection: AsyncConnection, to: str) -> None:
    """Refuse a change of the tables that processes of an older program, which are running, could not live with."""
    unsafe = await connection.run_sync(_unsafe, to)
    if unsafe and await _older_runs(database, connection):
        raise ConfigError("database-older-runs", revisions=", ".join(unsafe))


async def _older_runs(database: Database, connection: AsyncConnection) -> bool:
    """Tell whether a process has the database open that knows no tables as new as this one's.

    On SQLite whoever holds the file is such a one: it would have brought the tables up to date.
    """
    if database.file is not None:
        return database.file.is_held_elsewhere()
    from storage.engine.postgres import OLDER  # loads its driver, which SQLite does without

    return bool(await connection.scalar(text(OLDER), {"revision": database.revision}))


def _unsafe(connection: Connection, to: str) -> list[str]:
    """Return the revisions from the tables' on, oldest first, that are not safe beside an older process."""
    current = _revision(connection)
    if current is None or current not in KNOWN:
        return []
    steps = _scripts(_config()).iterate_revisions(to, current)
    return [step.revision for step in steps if not step.module.SAFE_BESIDE_OLDER][::-1]


async def revision_of(database: Database) -> str | None:
    """Return the revision the tables are at, FILLING among them; None for a database without tables."""
    async with database.read() as connection:
        return await connection.run_sync(_revision)


async def move(connection: AsyncConnection, revision: str) -> None:
    """Move the tables up or down to a revision ("base" for none), inside the caller's transaction."""
    await connection.run_sync(_move, revision)


def _move(connection: Connection, revision: str) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    known = [script.revision for script in _scripts(config).walk_revisions()]
    current = _revision(connection)
    _refuse_newer(current, known)
    if revision == "base" or (current in known and revision in known and known.index(revision) > known.index(current)):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def _config() -> "Config":
    from alembic.config import Config  # half a second to import, and hardly ever needed

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def _scripts(config: "Config") -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config)


def _refuse_newer(current: str | None, known: Collection[str]) -> None:
    if current is not None and current not in known:
        raise ConfigError("database-newer", revision=current)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


async def wait_for_database(database: Database, seconds: float = 30) -> None:
    """Wait until the database answers: it may be starting together with the bot. A file is not waited for.

    Raises:
        DatabaseAway: it did not answer in that time.
        ConfigError: it is being copied, or is a file that cannot be used; the text says why, without the address.

    """
    database.revision = HEAD
    await database.examine()
    for _ in range(max(1, int(seconds))):
        try:
            async with database.read() as connection:
                free = await connection.scalar(text(_ANSWER if database.is_sqlite else _UNCOPIED))
        except Exception as error:  # noqa: BLE001  drivers raise what they like
            database.explain(error)
            reason = f"{type(error).__name__}"
            await asyncio.sleep(1)  # noqa: TID251  the machine's seconds, whatever a newsroom's clock does
        else:
            if not free:
                raise ConfigError("database-copied")
            return
    raise DatabaseAway("database-silent", reason=reason, setting="DATABASE_URL")
