"""Several processes on one PostgreSQL: they share the work, and one that dies loses and doubles nothing."""

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

READERS = 300
TITLE = "Міст відкрили"


async def _crowd(standin: StandIn, url: str) -> None:
    database = Database(url)
    for number in range(1000, 1000 + READERS):
        standin.world.add_person(Person(number, f"Читач {number}"))
    await a_crowd(database, range(1000, 1000 + READERS))
    await database.close()


async def _rows(url: str) -> list[tuple[int, DeliveryState, str]]:
    database = Database(url)
    columns = (reader.c.chat_id, delivery.c.state, delivery.c.holder)
    async with database.read() as connection:
        found = await connection.execute(select(*columns).join(reader, reader.c.id == delivery.c.reader_id))
        rows = [(row.chat_id, row.state, row.holder) for row in found]
    await database.close()
    return rows


@pytest.mark.timeout(300)
async def test_three_processes_share_a_send_and_one_dies(postgres_url: str, tmp_path: Path) -> None:
    async with open_standin() as standin:
        settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": standin.address,
            "DATABASE_URL": postgres_url,
            "ADMINS": "100",
            "SEND_RATE": "100",
        }
        await _crowd(standin, postgres_url)
        web = Process(settings, tmp_path / "web.log", ("run", "--role", "web"))
        first = Process(settings, tmp_path / "first.log", ("run", "--role", "sender"))
        second = Process(settings, tmp_path / "second.log", ("run", "--role", "sender"))
        owner = Person(100, "Редакторка")
        editor = Somebody(standin.world, owner, standin.world.add_person(owner), lambda: True, at_once)
        for process in (web, first, second):
            await process.start()
        try:
            await editor.says(f"/post {TITLE}\n\nТекст про міст.")
            await editor.taps("Опублікувати")
            await editor.sees(f"Отримають зараз: {READERS}")
            await editor.taps("Так, опублікувати")
            await until(lambda: len(standin.headlines(TITLE)) >= READERS // 2, "the send does not begin")
            await first.kill()
            allowance = Allowance(150)
            # What nobody knew of, the other one has asked Telegram about.
            while {state for _, state, _ in await _rows(postgres_url)} - {DeliveryState.SENT}:
                assert not allowance.over, Counter(s for _, s, _ in await _rows(postgres_url))
                await asyncio.sleep(0.5)
            assert await second.stop() == 0
            assert await web.stop() == 0
        finally:
            for process in (web, first, second):
                await process.end()
        rows = await _rows(postgres_url)
        delivered = Counter(chat for chat in standin.headlines(TITLE) if chat != 100)
        assert len(rows) == READERS
        assert max(delivered.values()) == 1, "a headline came twice"
        assert set(delivered) == set(range(1000, 1000 + READERS)), "a headline was lost"
        assert len({owner for _, _, owner in rows}) == 2, "one process did all the work"


async def test_sqlite_refuses_to_be_shared(sqlite_url: str, tmp_path: Path) -> None:
    settings = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:9", "DATABASE_URL": sqlite_url}
    process = Process(settings, tmp_path / "bot.log", ("run", "--role", "sender"))
    await process.start()
    assert await process.ends() != 0
    written = process.log.read_text(encoding="utf-8")
    assert "Several need PostgreSQL" in written
    assert "Traceback" not in written
