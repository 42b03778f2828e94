"""A process that tells a webhook is killed again and again in the middle of it: each event arrives, under one id."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.model.listeners import EventKind
from bot.sandbox.world import Person
from bot.timing.clock import SystemClock
from storage.engine.database import Database
from storage.runtime.events import Fact, note_events
from storage.schema.tables import event, listener
from storage.store import Store
from tests.support.listening import elsewhere
from tests.support.people import Somebody, at_once
from tests.support.process import Process
from tests.support.rows import a_draft
from tests.support.standin import TOKEN, open_standin
from tests.support.waiting import until

pytestmark = pytest.mark.thorough

EVENTS = 40
KILLS = (1, 2, 9, 10, 23, 39)
"""How many had been told when the process was killed."""


async def _noted(store: Store, number: int) -> list[str]:
    """Note events of one article for a listener; returns their ids in their order."""
    now = SystemClock().now()
    article = await a_draft(store.database, "Міст відкрили")
    async with store.database.write() as connection:
        for revision in range(1, EVENTS + 1):
            await note_events(connection, EventKind.CORRECTED, [Fact(article, revision)], now)
        keys = select(event.c.key).where(event.c.listener_id == number).order_by(event.c.id)
        return list((await connection.execute(keys)).scalars())


async def _let_go(database: Database) -> None:
    """Let the lease of a process that is dead run out: a minute, for which nobody has to wait here."""
    async with database.write() as connection:
        over = SystemClock().now() - timedelta(seconds=1)
        await connection.execute(update(listener).where(listener.c.lease_until.is_not(None)).values(lease_until=over))


@pytest.mark.timeout(600)
async def test_each_event_arrives_under_its_id_though_the_process_is_killed_in_the_middle_again_and_again(
    database_url: str, tmp_path: Path
) -> None:
    store = Store(Database(database_url), "test")
    async with open_standin() as standin, elsewhere() as other:
        number = await other.listens(store)
        noted = await _noted(store, number)
        settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": standin.address,
            "DATABASE_URL": database_url,
            "FETCH_ALLOW": "127.0.0.1",
            "SEMANTIC": "off",
        }
        bot, left = Process(settings, tmp_path / "bot.log"), []
        try:
            for told in KILLS:
                await bot.start()
                await until(lambda told=told: len(set(other.ids)) >= told, bot.log)  # type: ignore[misc]
                await bot.kill()
                left.append(await store.listeners.count(number))
                await _let_go(store.database)
            await bot.start()

            async def nothing_waits() -> bool:
                return await store.listeners.count(number) == 0

            await until(nothing_waits, bot.log)
            # The kill before may have come after the last of them: then nothing says yet that the bot has begun.
            person = Person(5, "Ада")
            await Somebody(standin.world, person, standin.world.add_person(person), lambda: True, at_once).says(
                "/start"
            )
            assert await bot.stop() == 0
        finally:
            await bot.end()
            await store.database.close()
    assert list(dict.fromkeys(other.ids)) == noted, "each, under the id it was noted with, in their order"
    assert len(other.ids) - EVENTS <= len(KILLS), "again only what a kill cut off"
    assert sum(map(bool, left)) >= 3, "it was killed when there was nothing more to tell"
    assert other.forged == 0
