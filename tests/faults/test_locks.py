"""An operator's session holds tables of PostgreSQL: the owners hear who it is, nothing is lost, nothing comes twice."""

from collections import Counter
from pathlib import Path

import aiohttp
import pytest

from bot.model.desk import Editor, Role
from bot.model.ledger import DeliveryState
from bot.sandbox.world import Person
from bot.timing.clock import SystemClock
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.store import Store
from tests.support.balancer import free_port
from tests.support.crowds import states_of
from tests.support.locking import held_by_an_operator
from tests.support.people import text_of
from tests.support.process import Process
from tests.support.rows import a_crowd, a_matter, a_publication
from tests.support.sending import LONG
from tests.support.standin import TOKEN, open_standin
from tests.support.waiting import until

pytestmark = pytest.mark.thorough

OWNER, FIRST, READERS = 100, 1000, 6
TITLE = "Міст відкрили"
HELD = "another program holds tables of the database"


async def _publish(url: str) -> None:
    database = Database(url)
    now = SystemClock().now()
    await Store(database, "any").editors.appoint(Editor(OWNER, Role.OWNER, "Леся"), None, now)
    await a_crowd(database, range(FIRST, FIRST + READERS))
    _, publication = await a_publication(database, TITLE)
    await Publications(database).fan_out(publication, a_matter(), 1000, now, LONG)
    await database.close()


@pytest.mark.parametrize("table", ["delivery", "editor, note, lease, message_ids, inbox, reader"])
async def test_the_owner_hears_who_holds_the_tables_and_everything_goes_on_afterwards(
    postgres_url: str, tmp_path: Path, table: str
) -> None:
    await _publish(postgres_url)
    port = free_port()
    ready = f"http://127.0.0.1:{port}/readyz"
    async with open_standin() as standin:
        world = standin.world
        owner = world.add_person(Person(OWNER, "Леся"))
        chats = [world.add_person(Person(n, f"Читач {n}")) for n in range(FIRST, FIRST + READERS)]
        settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": standin.address,
            "DATABASE_URL": postgres_url,
            "SEND_RATE": "1",
            "SEMANTIC": "off",
            "HTTP_BIND": f"127.0.0.1:{port}",
        }
        process = Process(settings, tmp_path / "bot.log")
        await process.start()
        try:
            await until(lambda: bool(standin.headlines(TITLE)), "nothing is sent")
            async with held_by_an_operator(postgres_url, f"LOCK TABLE {table}"):
                command = {"type": "bot_command", "offset": 0, "length": 5}
                world.says(world.people[FIRST], chats[0], {"text": "/help", "entities": [command]})
                told = lambda: [text for one in owner.messages.values() if "psql" in (text := text_of(one))]  # noqa: E731
                await until(told, process.log.read_text, 120)
                assert "pg_terminate_backend" in told()[0]
                async with aiohttp.ClientSession() as session, session.get(ready) as answer:
                    assert answer.status == (200 if table == "delivery" else 503)
                assert len(told()) == 1
            await until(lambda: len(standin.headlines(TITLE)) >= READERS, process.log.read_text, 120)
            await until(
                lambda: any("/latest" in text_of(one) for one in chats[0].messages.values()),
                "a reader is never answered",
            )
            assert await process.stop() == 0
        finally:
            await process.end()
    assert Counter(standin.headlines(TITLE)) == dict.fromkeys(range(FIRST, FIRST + READERS), 1)
    assert set(await states_of(postgres_url)) == {DeliveryState.SENT}
    assert sum("/latest" in text_of(one) for one in chats[0].messages.values()) == 1


async def test_a_start_that_waits_names_who_holds_it_up_and_ends_when_told_or_goes_on(
    postgres_url: str, tmp_path: Path
) -> None:
    async with open_standin() as standin:
        stopped, going_on = (_starting(standin.address, postgres_url, tmp_path / name) for name in ("one", "other"))
        try:
            async with held_by_an_operator(postgres_url, "LOCK TABLE alembic_version"):
                await stopped.start()
                assert "psql" in await stopped.says(HELD)
                assert await stopped.stop(10) == 0
                await going_on.start()
                await going_on.says(HELD)
            await going_on.says("/claim")
            assert await going_on.stop() == 0
        finally:
            await stopped.end()
            await going_on.end()


async def test_a_start_that_cannot_wait_any_longer_has_said_for_whom(postgres_url: str, tmp_path: Path) -> None:
    async with open_standin() as standin:
        process = _starting(standin.address, postgres_url, tmp_path / "bot.log")
        async with held_by_an_operator(postgres_url, "LOCK TABLE topic"):
            await process.start()
            try:
                assert await process.ends() == 1
            finally:
                await process.end()
    said = process.log.read_text(encoding="utf-8")
    assert HELD in said
    assert "psql" in said
    assert "Нічого не втрачено" in said.splitlines()[-1]


def _starting(address: str, url: str, log: Path) -> Process:
    settings = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": address, "DATABASE_URL": url, "SEMANTIC": "off"}
    return Process(settings, log)
