"""Several processes on one PostgreSQL: they share the work, and one that dies loses and doubles nothing."""

from pathlib import Path

import pytest

from tests.support.crowds import all_sent, came_once, let_in, owner_of, rows_of, settings_of
from tests.support.process import Process
from tests.support.standin import TOKEN, open_standin
from tests.support.waiting import until

pytestmark = pytest.mark.thorough

READERS = range(1000, 1150)
TITLE = "Міст відкрили"


@pytest.mark.timeout(300)
async def test_three_processes_share_a_send_and_one_dies(postgres_url: str, tmp_path: Path) -> None:
    async with open_standin() as standin:
        settings = settings_of(standin, postgres_url, SEND_RATE="50")
        await let_in(standin, postgres_url, READERS)
        web = Process(settings, tmp_path / "web.log", ("run", "--role", "web"))
        first = Process(settings, tmp_path / "first.log", ("run", "--role", "sender"))
        second = Process(settings, tmp_path / "second.log", ("run", "--role", "sender"))
        editor = owner_of(standin)
        for process in (web, first, second):
            await process.start()
        try:
            await editor.says(f"/post {TITLE}\n\nТекст про міст.")
            await editor.taps("Опублікувати")
            await editor.sees(f"Отримають зараз: {len(READERS)}")
            await editor.taps("Так, опублікувати")
            await until(lambda: len(standin.headlines(TITLE)) >= len(READERS) // 2, "the send does not begin")
            await first.kill()
            await all_sent(postgres_url)
            assert await second.stop() == 0
            assert await web.stop() == 0
        finally:
            for process in (web, first, second):
                await process.end()
        rows = await rows_of(postgres_url)
        assert len(rows) == len(READERS)
        came_once(standin, TITLE, READERS)
        assert len({owner for _, _, owner in rows}) == 2, "one process did all the work"


async def test_sqlite_refuses_to_be_shared(sqlite_url: str, tmp_path: Path) -> None:
    settings = {
        "LANGUAGE": "en",
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": "http://127.0.0.1:9",
        "DATABASE_URL": sqlite_url,
    }
    process = Process(settings, tmp_path / "bot.log", ("run", "--role", "sender"))
    await process.start()
    assert await process.ends() != 0
    written = process.log.read_text(encoding="utf-8")
    assert "Several need PostgreSQL" in written
    assert "Traceback" not in written
