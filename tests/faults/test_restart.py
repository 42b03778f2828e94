"""The bot as a black box: killed in the middle of a send and started again, it loses and doubles nothing."""

from pathlib import Path

import pytest

from tests.support.crowds import all_sent, came_once, let_in, owner_of, settings_of, states_of
from tests.support.process import Process
from tests.support.standin import open_standin
from tests.support.waiting import until

pytestmark = pytest.mark.thorough

READERS = range(1000, 1200)
TITLE = "Міст відкрили"


@pytest.mark.timeout(240)
async def test_killed_in_the_middle_of_a_send_and_started_again(database_url: str, tmp_path: Path) -> None:
    async with open_standin() as standin:
        settings = settings_of(standin, database_url, TIMEZONE="Europe/Kyiv", SEND_RATE="80")
        process = Process(settings, tmp_path / "bot.log")
        await let_in(standin, database_url, READERS)
        await process.start()
        editor = owner_of(standin)
        try:
            await editor.says(f"/post {TITLE}\n\nТекст про міст.")
            await editor.taps("Опублікувати")
            await editor.sees(f"Отримають зараз: {len(READERS)}")
            await editor.taps("Так, опублікувати")
            await until(lambda: len(standin.headlines(TITLE)) >= len(READERS) * 2 // 5, "the send does not begin")
        finally:
            await process.kill()
        got = len(standin.headlines(TITLE)) - 2  # the editor's preview and question begin with the title too
        assert got < len(READERS)

        await process.start()
        try:
            await all_sent(database_url)
        finally:
            assert await process.stop() == 0
        assert len(await states_of(database_url)) == len(READERS)
        came_once(standin, TITLE, READERS)
