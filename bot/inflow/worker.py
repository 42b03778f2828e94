"""A process of our own that is asked one thing at a time: what hangs, dies or eats memory there ends there."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import orjson

_MOST_MEMORY = 2**30
_NICENESS = 5
_LENGTH = 8  # bytes that say how long what follows is
_BREAKS = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)


@dataclass(slots=True)
class Worker:
    """Starts the process with the first question. It ends with us, however we end. Frames are JSON, never pickles."""

    command: Sequence[str]
    seconds: float
    _process: Process | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, about: Mapping[str, object], content: bytes) -> bytes | None:
        """Return the answer to a content, None when the process does not give one in time; it is ended then.

        Raises nothing but cancellation.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(self.seconds):
                    process = await self._started()
                    assert process.stdin is not None
                    assert process.stdout is not None
                    process.stdin.write(_framed(orjson.dumps(about)) + _framed(content))
                    await process.stdin.drain()
                    length = int.from_bytes(await process.stdout.readexactly(_LENGTH), "big")
                    return await process.stdout.readexactly(length)
            except (TimeoutError, OSError, EOFError, ValueError):
                await self.close()
                return None
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


def _framed(content: bytes) -> bytes:
    return len(content).to_bytes(_LENGTH, "big") + content


def serve(work: Callable[[Mapping[str, Any], bytes], object], broken: object) -> int:
    """Answer on standard output what is asked on standard input until nothing more is; returns the exit status.

    `broken` is the answer to what `work` breaks on.
    """
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    _bound()
    while (asked := _read(given)) is not None and (content := _read(given)) is not None:
        try:
            found = work(orjson.loads(asked), content)
        except _BREAKS:
            found = broken
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
