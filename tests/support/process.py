"""The bot as a process of its own, as an operator starts it."""

import asyncio
import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.prefork import ROOT, Child, prefork, start_afresh
from tests.support.waiting import within


@dataclass(slots=True)
class Process:
    """`python -m bot run`, or another command, with the settings an operator sets.

    It is forked from a process that has imported everything, unless it starts `afresh`, as an operator's does.
    """

    settings: dict[str, str]
    log: Path
    command: tuple[str, ...] = ("run",)
    module: str = "bot"
    afresh: bool = False
    _process: "Child | subprocess.Popen[bytes] | None" = field(default=None)

    async def start(self) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/tmp"),
            "PYTHONPATH": str(ROOT),
            **self.settings,
        }
        spawn = start_afresh if self.afresh else prefork().spawn
        with self.log.open("ab") as log:
            self._process = spawn(self.module, self.command, self.log.parent, environment, log.fileno())

    async def says(self, words: str, times: int = 1, seconds: float = 60) -> str:
        """Wait until the process has written these words so many times, and return all it has written."""
        async with within(seconds):
            while (written := self.log.read_text(encoding="utf-8")).count(words) < times:
                assert self.runs, written
                await asyncio.sleep(0.05)
        return written

    async def types(self, line: str) -> None:
        """Type a line at its terminal."""
        assert self._child.stdin is not None
        self._child.stdin.write(f"{line}\n".encode())

    async def kill(self) -> None:
        """End it as a power cut would."""
        self._child.send_signal(signal.SIGKILL)
        await self.ends()

    async def end(self) -> None:
        """Make sure that nothing is left of it, however the test went."""
        if self.runs:
            await self.kill()

    async def stop(self, seconds: float = 60) -> int:
        """End it as an operator would; returns its exit status."""
        self._child.send_signal(signal.SIGTERM)
        return await self.ends(seconds)

    async def ends(self, seconds: float = 60) -> int:
        """Wait until it ends by itself; returns its exit status."""
        async with within(seconds):
            while (status := self._child.poll()) is None:  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0.01)
        assert self._child.stdin is not None
        with suppress(BrokenPipeError):
            self._child.stdin.close()
        return status

    @property
    def _child(self) -> "Child | subprocess.Popen[bytes]":
        assert self._process is not None
        return self._process

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def number(self) -> int:
        """What the system calls it."""
        return self._child.pid

    def cpu_seconds(self) -> float:
        """Return how long it has kept a processor busy (proc(5), /proc/pid/stat: utime and stime)."""
        fields = Path(f"/proc/{self.number}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def signal(self, number: int) -> None:
        self._child.send_signal(number)
