"""Backups, for the bot that makes them at their hours and for the commands of the shell."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.delivery.messenger import Files
from bot.operations.backups import BackupCourier, BackupGuard, BackupMaker
from bot.operations.owner_alerts import OwnerAlerts
from bot.ports import BackupStore
from bot.screens.look import Locale
from bot.timing.clock import Clock
from storage.engine.backup_folder import scratch, sweep

if TYPE_CHECKING:
    from bot.wiring.ground import Ground  # it loads aiogram, which no command of the shell needs for a backup


def make_backup_maker(settings: Settings, backups: BackupStore, clock: Clock) -> BackupMaker:
    """Return what makes backups as the settings say."""
    locale = Locale(settings.language, settings.timezone, clock)
    return BackupMaker(backups=backups, clock=clock, locale=locale, passphrase=settings.passphrase())


def build_backup_guard(ground: "Ground", owners: OwnerAlerts, files: Files) -> BackupGuard:
    """Return what makes backups at their hours, and sends them where the settings name a chat."""
    store, settings, file = ground.store, ground.settings, ground.database.file
    beside, courier = file.path.parent if file is not None else None, None
    if settings.backup_chat is not None:
        courier = BackupCourier(
            files=files, editors=store.editors, chat=settings.backup_chat, folder=partial(scratch, beside)
        )
    return BackupGuard(
        maker=make_backup_maker(settings, store.backups, ground.clock),
        backups=store.backups,
        owners=owners,
        leases=store.leases,
        clock=ground.clock,
        folder=settings.backup_folder,
        every=timedelta(hours=settings.backup_every),
        keep=settings.backup_keep,
        sweep=partial(sweep, beside),
        courier=courier,
    )
