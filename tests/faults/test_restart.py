"""The bot as a black box: killed in the middle of a send and started again, it loses and doubles nothing."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.model.ledger import DeliveryState
from bot.sandbox.world import Person
from storage.engine.database import Database
from storage.schema.tables import delivery, reader
from tests.support.people import Somebody, at_once
from tests.support.process import Process
from tests.support.rows import a_crowd
from tests.support.standin import TOKEN, StandIn, open_standin
from tests.support.waiting import Allowance, until

pytestmark = pytest.mark.thorough

READERS = 500
TITLE = "Міст відкрили"


async def _crowd(standin: StandIn, url: str) -> None:
    database = Database(url)
    for number in range(1000, 1000 + READERS):
        standin.world.add_person(Person(number, f"Читач {number}"))
    await a_crowd(database, range(1000, 1000 + READERS))
    await database.close()


async def _fates(url: str) -> dict[int, DeliveryState]:
    database = Database(url)
    columns = (reader.c.chat_id, delivery.c.state)
    async with database.read() as connection:
        rows = (await connection.execute(select(*columns).join(reader, reader.c.id == delivery.c.reader_id))).all()
    await database.close()
    return {row.chat_id: row.state for row in rows}


@pytest.mark.timeout(240)
async def test_killed_in_the_middle_of_a_send_and_started_again(database_url: str, tmp_path: Path) -> None:
    async with open_standin() as standin:
        settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": standin.address,
            "DATABASE_URL": database_url,
            "ADMINS": "100",
            "TIMEZONE": "Europe/Kyiv",
            "SEND_RATE": "200",
        }
        process = Process(settings, tmp_path / "bot.log")
        await _crowd(standin, database_url)
        await process.start()
        owner = Person(100, "Редакторка")
        editor = Somebody(standin.world, owner, standin.world.add_person(owner), lambda: True, at_once)
        try:
            await editor.says(f"/post {TITLE}\n\nТекст про міст.")
            await editor.taps("Опублікувати")
            await editor.sees("Отримають зараз: 500")
            await editor.taps("Так, опублікувати")
            await until(lambda: len(standin.headlines(TITLE)) >= READERS * 2 // 5, "the send does not begin")
        finally:
            await process.kill()
        got = len(standin.headlines(TITLE)) - 2  # the editor's preview and question begin with the title too
        assert got < READERS

        await process.start()
        settled = {DeliveryState.SENT}  # what nobody knew, Telegram has been asked about
        try:
            allowance = Allowance(150)
            while set((await _fates(database_url)).values()) - settled:
                assert not allowance.over, Counter((await _fates(database_url)).values())
                await asyncio.sleep(0.5)
        finally:
            assert await process.stop() == 0
        fates = await _fates(database_url)
        delivered = Counter(chat for chat in standin.headlines(TITLE) if chat != 100)
        assert len(fates) == READERS
        assert max(delivered.values()) == 1, "a headline came twice"
        assert set(delivered) == set(range(1000, 1000 + READERS)), "a headline was lost"
