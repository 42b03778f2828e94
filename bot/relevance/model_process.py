"""The model in a process of its own: texts go in, vectors come out, a line each."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
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

    async def embed(self, texts: Sequence[str]) -> list[bytes]:
        """Return a vector for each text.

        Raises:
            ModelFailed: the process cannot be started, has ended, or does not answer in two minutes.

        """
        try:
            if self._process is None:
                await self._start()
            return [await self._ask(text) for text in texts]
        except TimeoutError:
            raise ModelFailed("no answer") from None
        except (OSError, ValueError) as error:
            raise ModelFailed(f"{type(error).__name__}: {error}") from None

    async def _start(self) -> None:
        # A session of its own: Ctrl-C in a terminal is for us, and it ends with us.
        self._process = await asyncio.create_subprocess_exec(
            *self.command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
        )
        if await self._line() != _READY:
            raise ModelFailed("not what was expected")

    async def _ask(self, text: str) -> bytes:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(orjson.dumps(text) + b"\n")
        await self._process.stdin.drain()
        vector = b64decode(await self._line())
        if len(vector) != SIZE:
            raise ModelFailed("not a vector")
        return vector

    async def _line(self) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), _SECONDS)
        if not line:
            status = await asyncio.wait_for(self._process.wait(), _SECONDS)
            reason = "it is not installed (make semantic)" if status == NOT_INSTALLED else f"it ended with {status}"
            raise ModelFailed(reason)
        return line

    async def close(self) -> None:
        """End the process. May be repeated."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


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
