"""How `python -m bot run` starts and ends, as a process of its own; what a start costs, of one that loads everything."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.sandbox.faults import Fault
from tests.support.process import Process
from tests.support.standin import TOKEN, open_standin
from tests.support.waiting import until

pytestmark = pytest.mark.thorough

START_SECONDS = 3.0  # of processor time, or as much as importing aiogram takes where its types are all completed


def _import_aiogram() -> float:
    """Return the processor time of a process that imports aiogram and does nothing else."""
    script = "import aiogram, time; print(time.process_time())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return float(done.stdout)


async def test_a_start_costs_less_than_importing_aiogram_as_it_comes_and_prints_the_owners_code(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with open_standin() as standin:
        settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": standin.address,
            "DATABASE_URL": sqlite_url,
            "LOG_FORMAT": "json",
        }
        process = Process(settings, tmp_path / "bot.log", afresh=True)
        await process.start()
        try:
            await until(lambda: bool(standin.api._poll), "it never asks for updates")
            spent = process.cpu_seconds()
            (line,) = [line for line in (await process.says("/claim ")).splitlines() if "/claim" in line]
            assert not line.startswith("{"), "the code is shown to whoever starts the bot, and never logged"
        finally:
            assert await process.stop() == 0
    aiogram = await asyncio.to_thread(_import_aiogram)
    # Where importing aiogram takes longer, everything else does too.
    assert spent < max(START_SECONDS, aiogram), f"{spent:.2f} s of processor time; aiogram as it comes: {aiogram:.2f}"


async def test_the_bot_can_be_stopped_while_telegram_is_away(sqlite_url: str, tmp_path: Path) -> None:
    settings = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:9", "DATABASE_URL": sqlite_url}
    process = Process(settings, tmp_path / "bot.log")
    await process.start()
    written = await process.says("Telegram cannot be reached")
    assert TOKEN not in written
    assert await process.stop(15) == 0


@pytest.mark.parametrize(("token", "status"), [("1:another", 401), (TOKEN, 404)])  # 404: of what can be no token
async def test_a_token_that_telegram_does_not_know_ends_the_start_with_one_sentence(
    token: str, status: int, sqlite_url: str, tmp_path: Path
) -> None:
    async with open_standin() as standin:
        if token == TOKEN:
            standin.faults.order(Fault("answer", 100, "getMe", status=status, description="Not Found"))
        settings = {
            "LANGUAGE": "en",
            "BOT_TOKEN": token,
            "TELEGRAM_API_URL": standin.address,
            "DATABASE_URL": sqlite_url,
        }
        process = Process(settings, tmp_path / "bot.log")
        await process.start()
        assert await process.ends() == 2
    written = (tmp_path / "bot.log").read_text(encoding="utf-8")
    assert "BOT_TOKEN: Telegram does not accept this token." in written
    assert "Traceback" not in written


async def test_a_database_that_is_none_ends_the_start_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "visnyk.db").write_text("Це не база даних. " * 300, encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'visnyk.db'}"
    settings = {"LANGUAGE": "en", "BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": "http://127.0.0.1:9", "DATABASE_URL": url}
    process = Process(settings, tmp_path / "bot.log")
    await process.start()
    assert await process.ends() == 2
    written = (tmp_path / "bot.log").read_text(encoding="utf-8")
    assert "is damaged, or is not an SQLite database" in written
    assert "Traceback" not in written
