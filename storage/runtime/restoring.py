"""Putting a backup back, into an empty place only: nothing that is there is ever written over."""

import tempfile
from datetime import datetime
from pathlib import Path

from bot.errors import ConfigError
from storage.engine.database import Database
from storage.runtime.continuity import Continuity
from storage.runtime.copying import Copying, Progress, Refill
from storage.schema.migrate import migrate, revision_of
from storage.schema.migrations import HEAD


async def restore(backup: Path, target: Database, refill: Refill, now: datetime, told: Progress) -> None:
    """Put a backup that was checked into an empty database; of PostgreSQL one that was cut off goes on.

    The database is known as a copy afterwards: the next start asks before anything goes out.

    Raises:
        ConfigError: there is something in the place, another process has it open, or the disk does not take it.

    """
    await target.hold_alone()
    if target.is_sqlite:
        await _put_back(backup, target)
        await Continuity(target).disown(now)
        return
    with tempfile.TemporaryDirectory() as folder:
        source = Database(backup)
        try:
            if await revision_of(source) != HEAD:  # an older program's: its tables change in a copy of it
                newer = Path(folder) / "backup.db"
                await source.copy_whole(newer)
                await source.close()
                source = Database(newer)
                await migrate(source)
            copying = Copying(source, target, refill, now)
            await copying.prepare()
            await copying.fill(told)
        finally:
            await source.close()


async def _put_back(backup: Path, target: Database) -> None:
    assert target.file is not None
    place = target.file.path
    # A log without its file would be taken for the log of what is put back.
    if place.stat().st_size or place.with_name(f"{place.name}-wal").exists():
        raise ConfigError("restore-not-empty", path=str(place))
    with target.in_a_sentence():
        await target.fill_from(backup)
