"""Looking at everything at once: the database, the machine, Telegram's side, the settings."""

import os
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.certificate import CertificateFault, fault_of
from bot.config import Settings
from bot.desk.open_files import open_to_others
from bot.environment import Misspelt, is_emptied, misspelt, set_twice, unfilled, unread_lines
from bot.errors import ConfigError
from bot.model.backups import BackupRecord
from bot.model.load import Load
from bot.model.vitals import DatabaseVitals, Receiving, TelegramVitals
from bot.ports import BackupStore, FeedStore, LoadStore, VitalStore
from bot.relevance.model import installed
from bot.timing.clock import Clock

_PASSPHRASES = ("BACKUP_PASSPHRASE", "BACKUP_PASSPHRASE_FILE")
_TAR_END = 1024  # zeros
AskTelegram = Callable[[Sequence[Receiving]], Awaitable[TelegramVitals]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen. Without tables of this program `load` and `backup` are None; `telegram` is, if nobody asked.

    `lost` is whether the newest backup is not where it was put, `beside` whether backups are on the database's disk;
    `room` are the bytes free for backups, `zones` those that this machine does not know; `certificate` is what is wrong
    with the webhook's own. `bot_fault` is why the settings have no token ("none", "odd", "unread"), `unread_lines`
    are those of `.env` that say nothing; `unwritable` is whether backups cannot be put where they should be;
    `emptied` whether a passphrase is set to nothing; `passphrase_fault` why it is no good ("short", "empty", "unread").
    `twice` are settings that stand in `.env` more than once, `unfilled` those that name a variable nobody has set.
    `is_cut_short` is whether the newest backup is not all there, `is_without_model` whether the model of meaning is
    missing that is wanted. `unusable` is why the database cannot be looked at.
    """

    settings: Settings
    now: datetime
    database: DatabaseVitals
    telegram: TelegramVitals | None = None
    load: Load | None = None
    failing: tuple[str, ...] = ()
    backup: BackupRecord | None = None
    lost: bool = False
    beside: bool = False
    room: int | None = None
    certificate: CertificateFault | None = None
    bot_fault: str = ""
    unread_lines: tuple[int, ...] = ()
    misspelt: tuple[Misspelt, ...] = ()
    emptied: bool = False
    passphrase_fault: str = ""
    twice: tuple[str, ...] = ()
    unfilled: tuple[str, ...] = ()
    is_cut_short: bool = False
    is_without_model: bool = False
    unusable: ConfigError | None = None
    unwritable: bool = False
    open_files: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """Looks; it changes nothing."""

    settings: Settings
    vitals: VitalStore
    loads: LoadStore
    feeds: FeedStore
    backups: BackupStore
    clock: Clock
    ask_telegram: AskTelegram | None = None

    async def look(self, *, thoroughly: bool = False) -> Seen:
        """Return what is to be seen; `thoroughly` asks Telegram as well, and reads an SQLite file through."""
        now = self.clock.now()
        database = await self.vitals.now(now, thoroughly=thoroughly)
        telegram = await self.ask_telegram(database.chats) if thoroughly and self.ask_telegram is not None else None
        file = self.settings.webhook_certificate
        seen = replace(
            seen_of_settings(self.settings, now, database),
            certificate=fault_of(file) if file is not None else None,
            telegram=telegram,
            open_files=(*map(str, open_to_others(self.settings)), *database.open_files),
            zones=tuple(zone for zone in (self.settings.timezone, *database.zones) if not _is_known(zone)),
        )
        return await self._with_rows(seen) if database.up_to_date else seen

    async def _with_rows(self, seen: Seen) -> Seen:
        feeds = await self.feeds.all()
        record = await self.backups.record()
        folder = Path(self.settings.backup_folder) if self.settings.backup_folder else None
        return replace(
            seen,
            load=await self.loads.now(),
            failing=tuple(feed.title for feed in feeds if feed.failures and feed.told),
            backup=record,
            lost=bool(record.path) and not _is_there(record.path),
            is_cut_short=_is_cut_short(record.path),
            beside=folder is not None and _is_beside(folder, self.settings.database_url.get_secret_value()),
            room=_room(folder) if folder is not None else None,
            unwritable=folder is not None and not _can_be_written(folder),
        )


def seen_of_settings(settings: Settings, now: datetime, database: DatabaseVitals) -> Seen:
    """Return what is to be seen where the settings are written, without looking any further."""
    secret = settings.backup_passphrase.get_secret_value(), settings.backup_passphrase_file
    return Seen(
        settings=settings,
        now=now,
        database=database,
        bot_fault=fault_of_token(settings),
        unread_lines=tuple(unread_lines()),
        misspelt=misspelt(Settings.model_fields),
        twice=set_twice(Settings.model_fields),
        unfilled=unfilled(Settings.model_fields),
        passphrase_fault=_fault_of_passphrase(settings),
        is_without_model=settings.semantic == "on" and not installed(),
        emptied=not any(secret) and any(map(is_emptied, _PASSPHRASES)),
    )


def fault_of_token(settings: Settings) -> str:
    """Return why the settings have no token: "none", "odd" or "unread"; "" where they have one."""
    try:
        settings.token()
    except ConfigError as error:
        return {"config-token-odd": "odd", "config-unreadable": "unread"}.get(error.phrase, "none")
    return ""


def _fault_of_passphrase(settings: Settings) -> str:
    try:
        settings.passphrase()
    except ConfigError as error:
        return {"config-passphrase-short": "short", "config-passphrase-empty": "empty"}.get(error.phrase, "unread")
    return ""


def _can_be_written(folder: Path) -> bool:
    """Tell whether a folder is there, or can be made, and files in it."""
    there = next(one for one in (folder.resolve(), *folder.resolve().parents) if one.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_there(path: str) -> bool:
    return path.startswith("chat:") or Path(path).is_file()


def _is_cut_short(path: str) -> bool:
    """Tell whether the file of a backup ends too early, by what its first bytes, or its last ones, should say."""
    file = Path(path)
    if not path or path.startswith("chat:") or not file.is_file():
        return False
    try:
        size = file.stat().st_size
        with file.open("rb") as content:
            head = content.read(100)
            content.seek(max(0, size - _TAR_END))
            end = content.read()
    except OSError:
        return True
    if file.suffix == ".tar":
        return len(end) < _TAR_END or any(end)
    page = int.from_bytes(head[16:18]) or 1  # 1 stands for 65 536; https://www.sqlite.org/fileformat2.html
    return size < 100 or size < (page if page > 1 else 65_536) * int.from_bytes(head[28:32])


def _room(folder: Path) -> int | None:
    return shutil.disk_usage(folder).free if folder.is_dir() else None


def _is_beside(folder: Path, url: str) -> bool:
    """Tell whether backups go where the database is: the same folder, or one in it."""
    if not url.startswith("sqlite:///"):
        return False
    return folder.resolve().is_relative_to(Path(url.removeprefix("sqlite:///")).resolve().parent)
