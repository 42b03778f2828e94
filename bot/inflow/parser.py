"""Parsing in a process of its own: bytes go in, items come out. What hangs or eats memory ends there."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import IO
from zoneinfo import ZoneInfo

import orjson
from pydantic import TypeAdapter

from bot.fetch.answers import Reason
from bot.inflow.parsed import Parsed, parsed

COMMAND = (sys.executable, "-m", "bot.inflow.parser")
_SECONDS = 60.0  # for one feed, however large it is and however busy the machine
_MOST_MEMORY = 2**30
_NICENESS = 5
_LENGTH = 8  # bytes that say how long what follows is
_PASSING = (OSError, EOFError, asyncio.IncompleteReadError, ValueError)


@dataclass(slots=True)
class FeedParser:
    """Starts the process when the first feed comes; parses one at a time. It ends with us, however we end."""

    command: Sequence[str] = COMMAND
    seconds: float = _SECONDS
    _process: Process | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def parse(self, content: bytes, address: str, zone: str, now: datetime) -> Parsed:
        """Return what a content is; one that the process cannot be made to read in time is unreadable.

        Raises nothing but cancellation.
        """
        asked = orjson.dumps({"address": address, "zone": zone, "now": now})
        async with self._turn:
            try:
                async with asyncio.timeout(self.seconds):
                    process = await self._started()
                    assert process.stdin is not None
                    assert process.stdout is not None
                    process.stdin.write(_framed(asked) + _framed(content))
                    await process.stdin.drain()
                    length = int.from_bytes(await process.stdout.readexactly(_LENGTH), "big")
                    answer = await process.stdout.readexactly(length)
                return _adapter().validate_json(answer)
            except (TimeoutError, *_PASSING):
                await self.close()
                return Parsed(problem=Reason.UNREADABLE)
            except asyncio.CancelledError:
                await self.close()
                raise

    async def _started(self) -> Process:
        if self._process is None:
            # A session of its own: Ctrl-C in a terminal is for us, and it ends with us.
            self._process = await asyncio.create_subprocess_exec(
                *self.command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
            )
        return self._process

    async def close(self) -> None:
        """End the process. May be repeated."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@cache
def _adapter() -> TypeAdapter[Parsed]:
    return TypeAdapter(Parsed)


def _framed(content: bytes) -> bytes:
    return len(content).to_bytes(_LENGTH, "big") + content


def serve(given: IO[bytes], answers: IO[bytes]) -> int:
    """Answer each content with what it is until there are no more; returns the exit status."""
    _bound()
    while (asked := _read(given)) is not None and (content := _read(given)) is not None:
        said = orjson.loads(asked)
        now = datetime.fromisoformat(said["now"])
        try:
            found = parsed(content, said["address"], ZoneInfo(said["zone"]), now)
        except (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError):
            found = Parsed(problem=Reason.UNREADABLE)
        answers.write(_framed(orjson.dumps(found)))
        answers.flush()
    return 0


def _read(given: IO[bytes]) -> bytes | None:
    head = given.read(_LENGTH)
    return given.read(int.from_bytes(head, "big")) if len(head) == _LENGTH else None


def _bound() -> None:
    """Let this process have so much memory and no more, and let those that answer people come first."""
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


if __name__ == "__main__":
    sys.exit(serve(sys.stdin.buffer, sys.stdout.buffer))
