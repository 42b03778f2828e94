"""Backups: made, opened and checked; at their hours, with a word to the owners when there is none as new as wanted."""

import asyncio
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import structlog

from bot.delivery.messenger import Files
from bot.errors import BackupFailed
from bot.model.backups import Backup, BackupRecord, Contents
from bot.model.desk import Role
from bot.model.readers import Address
from bot.operations.owner_alerts import OwnerAlerts
from bot.ports import BackupStore, EditorStore, LeaseStore
from bot.screens.backups import backup_late_card, backup_well_card
from bot.screens.headlines import article_card
from bot.screens.look import Locale
from bot.screens.screen_refs import HeadlineScreen
from bot.timing.clock import Clock

_LEASE = timedelta(hours=1)
FILE_MOST = 50 * 10**6  # bytes of a file that a bot can send; Bot API, sendDocument
_AGAIN = timedelta(minutes=15)  # after one that failed

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMaker:
    """Makes backups, and says of one what it holds. With a passphrase they are encrypted, and decrypted to be read."""

    backups: BackupStore
    clock: Clock
    locale: Locale
    passphrase: str = field(default="", repr=False)

    async def make(self, folder: str, keep: int) -> Backup:
        """Make a backup in a folder, where the newest `keep` stay; returns it when it was opened and checked.

        Raises:
            BackupFailed: there is none; what was begun of it is gone.

        """
        at = self.clock.now()
        part = await self.backups.begin(folder, at, self.passphrase)
        try:
            found = await self.check(part)
        except BaseException:
            await self.backups.forget(part)
            raise
        return replace(found, path=await self.backups.finish(part, keep), at=at)

    async def check(self, path: str) -> Backup:
        """Read a backup through and draw articles of it as readers see them; returns what it holds.

        Raises:
            BackupFailed: it is damaged, no backup, of a newer program, or an article of it cannot be drawn.

        """
        found = await self.backups.contents(path, self.passphrase)
        self._draw(found)
        return Backup(
            path=path,
            at=found.beat_at or self.clock.now(),
            rows=found.rows,
            rendered=len(found.sample),
            beat_at=found.beat_at,
        )

    def _draw(self, found: Contents) -> None:
        look = self.locale.look()
        for article in found.sample:
            try:
                article_card(article, look, HeadlineScreen(article.id))
            except Exception as error:
                raise BackupFailed(f"article {article.id}: {error}", why="unreadable") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupCourier:
    """Makes backups for a chat: they leave this machine, so they are encrypted, and go to an owner only."""

    files: Files
    editors: EditorStore
    chat: int
    folder: Callable[[], AbstractContextManager[Path]]
    most: int = FILE_MOST

    @property
    def place(self) -> str:
        """The chat, as the setting names it."""
        return f"chat:{self.chat}"

    async def make(self, maker: BackupMaker) -> Backup:
        """Make a backup, send it, and keep nothing here; returns it when it has arrived.

        Raises:
            BackupFailed: there is none, or it did not arrive.

        """
        if not maker.passphrase:
            raise BackupFailed(why="open")
        if await self.editors.role(self.chat) < Role.OWNER:
            raise BackupFailed(why="stranger")
        with self.folder() as folder:
            made = await maker.make(str(folder), keep=1)
            file = Path(made.path)
            size = await asyncio.to_thread(os.path.getsize, file)
            if size > self.most:
                raise BackupFailed(f"{size} bytes", why="too-large")
            if not await self.files.send(Address(self.chat), file.name, file):
                raise BackupFailed(why="not-sent")
        return replace(made, path=self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupGuard:
    """Makes a backup every so often, one process of several, and tells the owners where that did not go well.

    It goes into a folder, or to a chat of an owner's; with neither it makes none.
    """

    maker: BackupMaker
    backups: BackupStore
    owners: OwnerAlerts
    leases: LeaseStore
    clock: Clock
    folder: str
    every: timedelta
    keep: int
    sweep: Callable[[], None]
    courier: BackupCourier | None = None
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def tidy(self) -> None:
        """Delete what a process left unencrypted that was killed while it made or read a backup; may be repeated."""
        await asyncio.to_thread(self.sweep)

    async def look(self) -> None:
        """Make a backup if one is due; the owners hear once that none is as new as wanted, and once that one is."""
        await self.tidy()
        async with self._one:
            if not (self.folder or self.courier) or not self._is_due(await self.backups.record()):
                return
            now = self.clock.now()
            if not await self.leases.take("backup", now, now + _LEASE):
                return
            try:
                await self._make()
            finally:
                await self.leases.give_back("backup")

    def _is_due(self, record: BackupRecord) -> bool:
        now = self.clock.now()
        # What is too large for a chat does not become smaller by being made again, and to make it costs much.
        pause = self.every if self.courier is not None and record.why == "too-large" else min(_AGAIN, self.every)
        # What is yet to come was written by a clock that was ahead: it holds nothing up.
        if record.failed_at is not None and timedelta() <= now - record.failed_at < pause:
            return False
        return record.good_at is None or not timedelta() <= now - record.good_at < self.every

    async def _make(self) -> None:
        before = await self.backups.record()
        if not self._is_due(before):
            return  # another process has just made one
        try:
            made = await (self.courier.make(self.maker) if self.courier else self.maker.make(self.folder, self.keep))
        except BackupFailed as error:
            if error.variables.get("why") != "stopped":
                log.warning("no backup could be made", why=error.variables.get("why"), error=str(error))
                await self._failed(before, str(error.variables.get("why")))
            return
        except Exception:
            log.exception("no backup could be made")
            await self._failed(before, "other")
            return
        log.info("backup made and checked", path=made.path, rows=sum(made.rows.values()))
        told = before.told and not await self.owners.tell(lambda look: backup_well_card(made, look))
        record = BackupRecord(good_at=made.at, path=made.path, told=told)
        await self.backups.remember(record, self.clock.now())

    async def _failed(self, before: BackupRecord, why: str) -> None:
        record = replace(before, failed_at=self.clock.now(), why=why)
        place = self.courier.place if self.courier else self.folder
        told = record.told or await self.owners.tell(lambda look: backup_late_card(record, place, look))
        await self.backups.remember(replace(record, told=told), self.clock.now())
