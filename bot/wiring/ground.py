"""What everything else stands on: settings, clock, database, the bot, the ticker."""

import uuid
from dataclasses import dataclass

from aiogram import Bot

from bot.config import Settings
from bot.operations.turns import Turn
from bot.screens.links import Links
from bot.screens.look import Locale
from bot.telegram.contact import Contact
from bot.telegram.session import Session
from bot.timing.clock import Clock
from bot.timing.ticker import Ticker
from storage.engine.database import Database
from storage.store import Store

# What services have the ticker do at once, by name.
PUBLISH, CONTROL, TROUBLES, UNREAD, ERASURE, SPIKES = "publish", "control", "troubles", "unread", "erasure", "spikes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What everything else stands on."""

    settings: Settings
    clock: Clock
    database: Database
    store: Store
    bot: Bot
    ticker: Ticker
    locale: Locale
    links: Links
    contact: Contact

    def turn(self, name: str) -> Turn:
        """Return the turn to tell people something, which processes on PostgreSQL take one after the other."""
        # SQLite serves one process, which nobody competes with: and the next start need not wait for its lease.
        leases = None if self.database.is_sqlite else self.store.leases
        return Turn(name=f"tell {name}", clock=self.clock, leases=leases)


def build_ground(settings: Settings, clock: Clock) -> Ground:
    """Return what everything else stands on; nothing is opened yet."""
    database = Database(settings.database_url.get_secret_value())
    contact = Contact()
    return Ground(
        settings=settings,
        clock=clock,
        database=database,
        store=Store(database, str(uuid.uuid4())),
        bot=Bot(settings.token(), session=Session(settings.telegram_api_url, contact=contact)),
        ticker=Ticker(clock),
        locale=Locale(settings.language, settings.timezone, clock),
        links=Links(site=settings.public_url if settings.http_bind else ""),
        contact=contact,
    )
