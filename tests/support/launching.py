"""The test's end of tests/support/crashing.py: starts bots that end themselves, and waits for them."""

import asyncio
import dataclasses
import itertools
import os
import signal
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.support.prefork import ROOT, prefork

KILLED = -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Job:
    """One bot: `at` is what its clock shows at the start; `crash_at` is the step it ends itself at, 0 for none.

    `crash_on` is the name of a step instead: it ends itself at the first of that name. What happens at the same time
    comes in another order in each run, so the number of a step of one run is another step in the next. It ends when all
    is settled, or, with `forever`, when it is killed.
    """

    settings: dict[str, str]
    at: str
    folder: str
    crash_at: int = 0
    crash_on: str = ""
    lease: float = 15.0  # seconds
    forever: bool = False


@dataclass(slots=True)
class Bot:
    """A process that was started."""

    pid: "Future[int]" = field(default_factory=Future)
    status: "Future[int]" = field(default_factory=Future)

    async def signal(self, number: int) -> None:
        os.kill(await asyncio.wrap_future(self.pid), number)

    async def kill(self) -> None:
        """End it as a power cut would."""
        await self.signal(signal.SIGKILL)
        assert await asyncio.wrap_future(self.status) == KILLED


class Launcher:
    """Starts bots; one launcher serves many tests."""

    def __init__(self) -> None:
        environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/tmp"), "PYTHONPATH": str(ROOT)}
        said, says = os.pipe()
        self._process = prefork().spawn("tests.support.crashing", (), ROOT, environment, says, 2)
        os.close(says)
        self._said = os.fdopen(said, "rb")
        self._bots: dict[int, Bot] = {}
        self._numbers = itertools.count(1)
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def start(self, job: Job) -> Bot:
        number = next(self._numbers)
        bot = self._bots[number] = Bot()
        line: dict[str, Any] = {"number": number, "job": dataclasses.asdict(job)}
        self._process.stdin.write(orjson.dumps(line) + b"\n")
        return bot

    async def run(self, job: Job) -> int:
        """Start a bot and wait for its end; returns its status."""
        return await asyncio.wrap_future(self.start(job).status)  # it knows itself when it stands still

    async def clear(self) -> None:
        """End every bot that still runs."""
        for bot in self._bots.values():
            if not bot.status.done():
                await bot.signal(signal.SIGCONT)
                await bot.kill()

    def close(self) -> None:
        self._process.stdin.close()
        self._listener.join()
        self._process.wait(60)

    def _listen(self) -> None:
        for line in self._said:
            facts = orjson.loads(line)
            bot = self._bots[facts["number"]]
            if "pid" in facts:
                bot.pid.set_result(facts["pid"])
            else:
                bot.status.set_result(facts["status"])
        self._said.close()
