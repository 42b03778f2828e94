"""The model in a process of its own: texts go in, vectors come out, a line each."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO

import orjson

from bot.relevance.embeddings import SIZE, ModelFailed
from bot.relevance.model import load_model

COMMAND = (sys.executable, "-m", "bot", "semantic", "serve")
NOT_INSTALLED = 3  # the exit status that says so
_READY = b"ready\n"
_SECONDS = 120.0  # for one text, however busy the machine is
_NICENESS = 10


@dataclass(slots=True)
class ModelProcess:
    """Starts the process when the first text comes. It ends by itself when its input does: with us, however we end."""

    command: Sequence[str] = COMMAND
    _process: Process | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _owed: int = 0  # lines that the process will write and nobody waits for any more

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        """Return a vector for each text. May be cancelled; several may ask at once, and get their turn text by text.

        Raises:
            ModelFailed: the process cannot be started, has ended, or does not answer in two minutes.

        """
        try:
            return [await self._in_turn(text) for text in texts]
        except TimeoutError:
            raise ModelFailed("no answer") from None
        except (OSError, ValueError) as error:
            raise ModelFailed(f"{type(error).__name__}: {error}") from None

    async def _in_turn(self, text: str) -> bytes:
        async with self._turn:
            if self._process is None:
                await self._start()
            while self._owed > 0:
                await self._line()
            return await self._ask(text)

    async def _start(self) -> None:
        # A session of its own: Ctrl-C in a terminal is for us, and it ends with us.
        self._process = await asyncio.create_subprocess_exec(
            *self.command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
        )
        self._owed = 1
        if await self._line() != _READY:
            raise ModelFailed("not what was expected")

    async def _ask(self, text: str) -> bytes:
        process = self._running()
        assert process.stdin is not None
        if process.stdin.transport.is_closing():  # it has ended: to write then is a RuntimeError of uvloop's
            raise await _failure_of(process)
        process.stdin.write(orjson.dumps(text) + b"\n")
        self._owed += 1
        await process.stdin.drain()
        vector = b64decode(await self._line())
        if len(vector) != SIZE:
            raise ModelFailed("not a vector")
        return vector

    async def _line(self) -> bytes:
        process = self._running()
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), _SECONDS)
        if not line:
            raise await _failure_of(process)
        self._owed -= 1
        return line

    def _running(self) -> Process:
        if self._process is None:  # somebody else let it go while this one waited
            raise ModelFailed("it was closed")
        return self._process

    async def close(self) -> None:
        """End the process. May be repeated."""
        process, self._process, self._owed = self._process, None, 0
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _failure_of(process: Process) -> ModelFailed:
    """Return why a process has ended, or is about to."""
    status = await asyncio.wait_for(process.wait(), _SECONDS)
    return ModelFailed("it is not installed (make semantic)" if status == NOT_INSTALLED else f"it ended with {status}")


def serve(given: IO[bytes], answers: IO[bytes]) -> int:
    """Answer each line with a vector until there are no more; returns the exit status."""
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)  # replies to people come first
    try:
        vector = load_model()
    except ImportError:
        return NOT_INSTALLED
    answers.write(_READY)
    answers.flush()
    for line in iter(given.readline, b""):
        answers.write(b64encode(vector(orjson.loads(line))) + b"\n")
        answers.flush()
    return 0
