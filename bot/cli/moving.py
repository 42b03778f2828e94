"""`python -m bot copy-database`: a newsroom moved to another database, of either engine, while no bot runs."""

from bot.cli.bars import bar
from bot.cli.language import shell_phrases
from bot.cli.lines import tell
from bot.errors import ConfigError, DatabaseAway
from bot.timing.clock import SystemClock
from storage.engine.database import Database
from storage.index.archive import fill_archive
from storage.runtime.copying import Copying
from storage.schema.migrate import wait_for_database


async def copy_database(source: str, target: str) -> int:
    """Copy a database into an empty one and compare the two; returns 0. Cut off, it goes on when it is run again.

    Raises:
        ConfigError: a bot runs on one of them, the target is not empty, or the two differ in the end.

    """
    clock = SystemClock()
    say, began = shell_phrases(), clock.monotonic()
    here = _named("FROM", source)
    if here.file is not None and not here.file.path.exists():
        raise ConfigError("config-no-database", path=str(here.file.path), setting="FROM")
    there = _named("TO", target)
    try:
        for name, end in (("FROM", here), ("TO", there)):
            await _answers(name, end)
            await end.hold_alone()
        copying = Copying(here, there, fill_archive, clock.now())
        await copying.prepare()
        with bar(say("copy-title")) as told:
            found = await copying.fill(told)
    finally:
        await here.close()
        await there.close()
    rows, seconds = sum(one.rows for one in found.values()), max(1, round(clock.monotonic() - began))
    for name, one in found.items():
        if one.rows:
            tell(f"{name}\t{one.rows}\t{one.total:032x}")
    tell(say("copy-done", rows=rows, seconds=seconds))
    return 0


async def _answers(argument: str, database: Database) -> None:
    try:
        await wait_for_database(database)
    except DatabaseAway as error:
        raise DatabaseAway(error.phrase, **{**error.variables, "setting": argument}) from None


def _named(argument: str, address: str) -> Database:
    try:
        return Database(address)
    except ConfigError as error:
        raise ConfigError(error.phrase, **{**error.variables, "setting": argument}) from None
