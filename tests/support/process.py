"""The bot as a process of its own, as an operator starts it."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Process:
    """`python -m bot run`, or another command, with the settings an operator sets."""

    settings: dict[str, str]
    log: Path
    command: tuple[str, ...] = ("run",)
    module: str = "bot"
    _process: "asyncio.subprocess.Process | None" = field(default=None)

    async def start(self) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/tmp"),
            "PYTHONPATH": str(ROOT),
            **self.settings,
        }
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self.module,
                *self.command,
                cwd=self.log.parent,
                env=environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    async def says(self, words: str, times: int = 1, seconds: float = 60) -> str:
        """Wait until the process has written these words so many times, and return all it has written."""
        async with asyncio.timeout(seconds):
            while (written := self.log.read_text(encoding="utf-8")).count(words) < times:
                assert self._process is not None
                assert self._process.returncode is None, written
                await asyncio.sleep(0.05)
        return written

    async def types(self, line: str) -> None:
        """Type a line at its terminal."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        await self._process.stdin.drain()

    async def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def end(self) -> None:
        """Make sure that nothing is left of it, however the test went."""
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    async def stop(self, seconds: float = 60) -> int:
        """End it as an operator would; returns its exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return await self.ends(seconds)

    async def ends(self, seconds: float = 60) -> int:
        """Wait until it ends by itself; returns its exit status."""
        assert self._process is not None
        async with asyncio.timeout(seconds):
            return await self._process.wait()

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def cpu_seconds(self) -> float:
        """Return how long it has kept a processor busy (proc(5), /proc/pid/stat: utime and stime)."""
        assert self._process is not None
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)
