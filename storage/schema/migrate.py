"""Bringing a database to the newest tables; a new one gets them all."""

import asyncio
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import ConfigError
from storage.engine.database import Database
from storage.schema.migrations import HEAD, KNOWN

_MIGRATIONS = 7_305_003  # the advisory lock of migrations; a number of our own
COPIED = 7_305_004  # the advisory lock of a database that is being copied
FILLING = "filling"
"""What a database that another is being copied into has in the place of a revision."""
_ANSWER, _UNCOPIED = "SELECT 1", f"SELECT pg_try_advisory_xact_lock_shared({COPIED})"
_HALF = (
    "This database is being filled by copy-database or restore, or that was cut off. Run the same command again: "
    "it goes on where it was."
)


async def migrate(database: Database) -> None:
    """Bring the tables to the newest revision. May be called by several processes at once, and repeated.

    Raises:
        ConfigError: the database is newer than this program.

    """
    async with database.read() as connection:
        current = await connection.run_sync(_revision)
    if current == HEAD:
        return
    if current == FILLING:
        raise ConfigError(_HALF)
    _refuse_newer(current, KNOWN)  # before anything is changed, the copies of earlier upgrades among it
    await database.keep_copy(HEAD)
    async with database.write() as connection:
        if not database.is_sqlite:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATIONS})"))
        await move(connection, HEAD)


async def revision_of(database: Database) -> str | None:
    """Return the revision the tables are at, FILLING among them; None for a database without tables."""
    async with database.read() as connection:
        return await connection.run_sync(_revision)


async def move(connection: AsyncConnection, revision: str) -> None:
    """Move the tables up or down to a revision ("base" for none), inside the caller's transaction."""
    await connection.run_sync(_move, revision)


def _move(connection: Connection, revision: str) -> None:
    # Half a second to import, and hardly ever needed.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    known = [script.revision for script in scripts.walk_revisions()]
    current = _revision(connection)
    _refuse_newer(current, known)
    if revision == "base" or (current in known and revision in known and known.index(revision) > known.index(current)):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def _refuse_newer(current: str | None, known: Collection[str]) -> None:
    if current is not None and current not in known:
        raise ConfigError(f"The database is of a newer Visnyk (its tables are at {current}): update the program.")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


async def wait_for_database(database: Database, seconds: float = 30) -> None:
    """Wait until the database answers: it may be starting together with the bot. A file is not waited for.

    Raises:
        ConfigError: it did not answer in that time, is being copied, or is a file that cannot be used; the text says
            why, without the address.

    """
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
                raise ConfigError("This database is being copied. Start again when that is done.")
            return
    raise ConfigError(f"The database does not answer ({reason}). Check DATABASE_URL.")
