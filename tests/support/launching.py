"""The test's end of tests/support/crashing.py: starts bots that end themselves, and waits for them."""

import asyncio
import dataclasses
import itertools
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson

from tests.support.crashing import Job
from tests.support.process import ROOT

KILLED = -signal.SIGKILL


@dataclass(slots=True)
class Bot:
    """A process that was started."""

    pid: "asyncio.Future[int]"
    status: "asyncio.Future[int]"

    async def signal(self, number: int) -> None:
        os.kill(await self.pid, number)

    async def kill(self) -> None:
        """End it as a power cut would."""
        await self.signal(signal.SIGKILL)
        assert await self.status == KILLED


@dataclass(slots=True)
class Launcher:
    """Starts jobs; `run` waits for the end of one and returns its status."""

    _process: asyncio.subprocess.Process
    _bots: dict[int, Bot] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def start(self, job: Job) -> Bot:
        loop = asyncio.get_running_loop()
        number = next(self._numbers)
        bot = self._bots[number] = Bot(loop.create_future(), loop.create_future())
        assert self._process.stdin is not None
        self._process.stdin.write(orjson.dumps(dataclasses.asdict(job) | {"number": number}) + b"\n")
        return bot

    async def run(self, job: Job) -> int:
        async with asyncio.timeout(90):
            return await self.start(job).status

    async def listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            facts = orjson.loads(line)
            bot = self._bots[facts["number"]]
            if "pid" in facts:
                bot.pid.set_result(facts["pid"])
            else:
                bot.status.set_result(facts["status"])


@asynccontextmanager
async def open_launcher() -> AsyncIterator[Launcher]:
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/tmp"), "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.crashing",
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    launcher = Launcher(process)
    listening = asyncio.create_task(launcher.listen())
    try:
        yield launcher
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
        await listening
