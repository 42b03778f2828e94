"""`python -m bot setup` as somebody runs it, at a terminal of the system's: what the screen shows, and Ctrl+C."""

import asyncio
import os
import pty
import select
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from tests.support.process import ROOT
from tests.support.standin import TOKEN, open_standin
from tests.support.waiting import Allowance

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(600)]

_PATIENCE = 120.0  # seconds


@dataclass
class Screen:
    """A process at a terminal of its own."""

    pid: int
    terminal: int
    shown: str = ""

    def sees(self, words: str) -> None:
        allowance = Allowance(_PATIENCE)
        while words not in self.shown:
            if allowance.over:
                self.gives_up(words)
            if select.select([self.terminal], [], [], 0.1)[0]:
                self.shown += os.read(self.terminal, 65_536).decode("utf-8", "replace")

    def types(self, keys: str) -> None:
        os.write(self.terminal, keys.encode())

    def ends(self) -> int:
        allowance = Allowance(_PATIENCE)
        try:
            while not allowance.over:
                if select.select([self.terminal], [], [], 0.1)[0]:
                    self.shown += os.read(self.terminal, 65_536).decode("utf-8", "replace")
        except OSError:  # how Linux says that the other end is closed
            os.close(self.terminal)
            return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.gives_up("the end")

    def gives_up(self, words: str) -> NoReturn:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        pytest.fail(f"{words} did not come after {self.shown}")


def _start(folder: Path, **settings: str) -> Screen:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8"}
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever starts the tests in the background has it ignored
        os.execve(sys.executable, [sys.executable, "-m", "bot", "setup", "--offer"], environment | settings)
    return Screen(pid, terminal)


def _sits(folder: Path, address: str, database: str) -> None:
    settings = {"TELEGRAM_API_URL": address, "DATABASE_URL": database}
    screen = _start(folder, **settings)
    screen.sees("Set the bot up now?")
    screen.types("\n")
    screen.sees("Language of the newsroom")
    screen.types("\n")
    screen.sees("Token: ")
    screen.types(f"{TOKEN}\n")
    screen.sees("The token belongs to @visnyk_sandbox_bot")
    screen.types("\x03")
    assert screen.ends() == 130
    assert "Nothing was changed" in screen.shown
    assert "Traceback" not in screen.shown
    assert not (folder / ".env").exists()

    screen = _start(folder, **settings)
    for words, keys in (
        ("now?", ""),
        ("Language", "en"),
        ("Token: ", TOKEN),
        ("zone", ""),
        ("Name of", ""),
        ("Picture", ""),
    ):
        screen.sees(words)
        screen.types(f"{keys}\n")
    assert screen.ends() == 0
    assert TOKEN not in screen.shown
    assert "https://t.me/visnyk_sandbox_bot?start=c_" in screen.shown
    assert f"BOT_TOKEN={TOKEN}\n" in (folder / ".env").read_text(encoding="utf-8")
    screen = _start(folder, **settings)
    assert (screen.ends(), screen.shown) == (0, ""), "nobody is asked again"


async def test_a_sitting_at_a_terminal(tmp_path: Path, sqlite_url: str) -> None:
    async with open_standin() as standin:
        await asyncio.to_thread(_sits, tmp_path, standin.address, sqlite_url)
