"""`python -m bot backup` and `restore`: a backup made while the bot runs, looked at, and put back."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.cli.bars import bar
from bot.cli.language import shell_phrases
from bot.cli.lines import complain, tell
from bot.config import Settings, load_settings
from bot.errors import BackupFailed, ConfigError
from bot.model.backups import Backup, BackupRecord
from bot.operations.backups import BackupMaker
from bot.text.phrasebook import Phrasebook
from bot.timing.clock import SystemClock
from bot.wiring.backups import make_backup_maker
from storage.engine.database import Database
from storage.index.archive import fill_archive
from storage.runtime.backups import opened_backup
from storage.runtime.restoring import restore
from storage.schema.migrate import revision_of, wait_for_database
from storage.schema.migrations import HEAD
from storage.store import Store

_FOLDER = "backups"


@asynccontextmanager
async def _maker(database: Database) -> AsyncIterator[BackupMaker]:
    try:
        yield make_backup_maker(load_settings(), Store(database, "backup").backups, SystemClock())
    finally:
        await database.close()


async def back_up(folder: str) -> int:
    """Make a backup in a folder and say what it holds; returns 0, or 1 when there is none."""
    settings = load_settings()
    say, database = shell_phrases(), Database(settings.database_url.get_secret_value())
    if database.file is not None and not database.file.path.exists():
        raise ConfigError("config-no-database", path=str(database.file.path), setting="DATABASE_URL")
    where = folder or settings.backup_folder or _FOLDER
    async with _maker(database) as maker:
        await wait_for_database(database)
        try:
            made = await maker.make(where, settings.backup_keep)
        except BackupFailed as error:
            return _failed(error, say)
        if _counts(where, settings) and await revision_of(database) == HEAD:
            await _remember(maker, made)
    tell(say("backup-cli-made", path=made.path))
    _tell_contents(made, say)
    return 0


def _counts(folder: str, settings: Settings) -> bool:
    """Tell whether a backup there is one of those that BACKUP_TO wants; where it wants none, every one counts."""
    wanted = settings.backup_folder
    return not settings.backup_to or (bool(wanted) and Path(folder).resolve() == Path(wanted).resolve())


async def _remember(maker: BackupMaker, made: Backup) -> None:
    before = await maker.backups.record()
    after = BackupRecord(good_at=made.at, path=made.path, told=before.told)
    await maker.backups.remember(after, made.at)


async def check(file: str) -> int:
    """Read a backup through and say what it holds; returns 0, or 1 when it is no good. Needs no database."""
    _must_be_there(file)
    settings = load_settings()
    try:
        async with opened_backup(Path(file), settings.passphrase()) as plain:
            return await _check(plain, file)
    except BackupFailed as error:
        return _failed(error, shell_phrases())


async def _check(plain: Path, name: str) -> int:
    """Read a backup through that is open, and say what it holds under its own name."""
    say = shell_phrases()
    async with _maker(Database(plain)) as maker:
        try:
            found = await maker.check(str(plain))
        except BackupFailed as error:
            return _failed(error, say)
    tell(say("backup-cli-good", path=name))
    _tell_contents(found, say)
    return 0


async def put_back(file: str) -> int:
    """Check a backup and put it into the empty database of the settings; returns 0, or 1 when the backup is no good."""
    _must_be_there(file)
    settings = load_settings()
    say = shell_phrases()
    try:
        async with opened_backup(Path(file), settings.passphrase()) as plain:
            if status := await _check(plain, file):
                return status
            await _restored(plain, say)
    except BackupFailed as error:
        return _failed(error, say)
    tell(say("restore-done"))
    return 0


async def _restored(plain: Path, say: Phrasebook) -> None:
    database = Database(load_settings().database_url.get_secret_value())
    try:
        with bar(say("restore-copying")) as told:
            await restore(plain, database, fill_archive, SystemClock().now(), told)
    finally:
        await database.close()


def _must_be_there(file: str) -> None:
    if not Path(file).is_file():
        raise ConfigError("config-no-file", file=file)
    if not os.access(file, os.R_OK):
        raise ConfigError("config-unreadable", setting=file, code="EACCES")


def _failed(error: BackupFailed, say: Phrasebook) -> int:
    complain(say(error.phrase, **error.variables))
    if str(error) != error.phrase:
        complain(say("shell-detail", detail=str(error)))
    return 1


def _tell_contents(found: Backup, say: Phrasebook) -> None:
    rows = found.rows
    numbers = {"articles": rows.get("article", 0), "readers": rows.get("reader", 0)}
    sent = rows.get("delivery", 0)
    tell(say("backup-cli-holds", rows=sum(rows.values()), deliveries=sent, drawn=found.rendered, **numbers))
    if found.beat_at is not None:
        tell(say("backup-cli-beat", time=f"{found.beat_at:%Y-%m-%d %H:%M:%S}"))
