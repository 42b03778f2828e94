"""Processes of our own that are asked one thing at a time: what hangs, dies or eats memory there ends there."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, TypeVar

import orjson

MOST = 3
"""Processes at once: each may take much memory, and a machine has few processors."""
_SOON = 1.0  # seconds that somebody has waited when another process begins, which takes about as long
_UNUSED = 600.0
_MOST_MEMORY = 2**30
_NICENESS = 5
_LENGTH = 8  # bytes that say how long what follows is
_BREAKS = (ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError)

_Found = TypeVar("_Found")


@dataclass(slots=True, eq=False)
class _Hand:
    """One process, or the place of one."""

    process: Process | None = None
    leave: asyncio.TimerHandle | None = None

    async def begin(self, command: Sequence[str]) -> None:
        """Start the process, and wait until it says that it is ready; raises OSError or EOFError."""
        await self.end()
        # A session of its own: Ctrl-C in a terminal is for us, and it ends with us.
        self.process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
        )
        await _answer(self.process)

    async def asked(self, command: Sequence[str], question: bytes) -> bytes:
        """Return the answer to a question; raises OSError or EOFError when there is none."""
        if self._pipe is None:
            await self.begin(command)  # the first, or another for one that has ended while nobody asked
        process, pipe = self.process, self._pipe
        if process is None or pipe is None:
            raise BrokenPipeError
        pipe.write(question)
        await pipe.drain()
        return await _answer(process)

    @property
    def _pipe(self) -> asyncio.StreamWriter | None:
        """What leads to the process, None where it has ended: to write then is a RuntimeError of uvloop's."""
        pipe = self.process.stdin if self.process is not None else None
        return pipe if pipe is not None and not pipe.transport.is_closing() else None

    def kill(self) -> Process | None:
        """End the process at once; returns it, None when there is none."""
        process, self.process = self.process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        return process

    async def end(self) -> None:
        """End the process, and wait until it has. May be repeated."""
        process = self.kill()
        if process is not None:
            await process.wait()


async def _answer(process: Process) -> bytes:
    assert process.stdout is not None
    length = int.from_bytes(await process.stdout.readexactly(_LENGTH), "big")
    return await process.stdout.readexactly(length)


@dataclass(slots=True)
class Worker:
    """Starts a process with the first question. They end with us, however we end. Frames are JSON, never pickles.

    One process answers one question after the other. A question that takes long does not hold up the next ones: when
    one of them has waited a while, another process begins beside, of `most` at once, and whichever is free first takes
    it. Of several, those end that nobody has needed for `unused` seconds.
    """

    command: Sequence[str]
    seconds: float
    most: int = MOST
    unused: float = _UNUSED
    _hands: list[_Hand] = field(default_factory=list)
    _idle: list[_Hand] = field(default_factory=list)  # the one that answered last is asked first
    _waiting: "deque[asyncio.Future[_Hand]]" = field(default_factory=deque)
    _beginning: "asyncio.Task[None] | None" = None

    @property
    def pids(self) -> list[int]:
        """The numbers of the processes there are."""
        return [hand.process.pid for hand in self._hands if hand.process is not None]

    async def ask(self, about: Mapping[str, object], content: bytes, read: Callable[[bytes], _Found]) -> _Found | None:
        """Return what `read` makes of the answer to a content; None when there is none in time, or no readable one.

        `read` raises ValueError for what is none. A process that fails is ended. Raises nothing but cancellation.
        """
        hand = await self._free()
        try:
            async with asyncio.timeout(self.seconds):
                answer = await hand.asked(self.command, _framed(orjson.dumps(about)) + _framed(content))
            return read(answer)
        except (TimeoutError, OSError, EOFError, ValueError):
            await hand.end()
            return None
        except asyncio.CancelledError:
            await hand.end()
            raise
        finally:
            self._give(hand)

    async def _free(self) -> _Hand:
        """Return a process that nobody asks, as soon as one is free; after a while another one begins."""
        if self._idle:
            return self._picked(self._idle.pop())
        if not self._hands:
            return self._another()
        loop = asyncio.get_running_loop()
        mine: asyncio.Future[_Hand] = loop.create_future()
        self._waiting.append(mine)
        try:
            while not mine.done():
                await asyncio.wait([mine], timeout=_SOON)
                begins = self._beginning is not None and not self._beginning.done()
                if not (mine.done() or begins) and len(self._hands) < self.most:
                    self._beginning = loop.create_task(self._begin())
            return self._picked(mine.result())
        except asyncio.CancelledError:
            if mine.done():
                self._give(mine.result())
            raise
        finally:
            mine.cancel()

    async def _begin(self) -> None:
        """Start a further process; where that fails, whoever it is given to tries once more."""
        hand = self._another()
        try:
            async with asyncio.timeout(self.seconds):
                await hand.begin(self.command)
        except (TimeoutError, OSError, EOFError):
            await hand.end()
        except asyncio.CancelledError:
            await hand.end()
            raise
        finally:
            self._give(hand)

    def _another(self) -> _Hand:
        self._hands.append(_Hand())
        return self._hands[-1]

    def _picked(self, hand: _Hand) -> _Hand:
        if hand.leave is not None:
            hand.leave.cancel()
        return hand

    def _give(self, hand: _Hand) -> None:
        """Let whoever has waited longest have a process; nobody, and it is idle."""
        while self._waiting:
            other = self._waiting.popleft()
            if not other.done():
                other.set_result(hand)
                return
        self._idle.append(hand)
        hand.leave = asyncio.get_running_loop().call_later(self.unused, self._dismiss, hand)

    def _dismiss(self, hand: _Hand) -> None:
        """End a process that nobody has needed for long, unless it is the only one."""
        if hand in self._idle and len(self._hands) > 1:
            self._idle.remove(hand)
            self._hands.remove(hand)
            hand.kill()

    async def close(self) -> None:
        """End the processes; who still waits for an answer gets none. May be repeated."""
        if self._beginning is not None:
            self._beginning.cancel()
            await asyncio.wait([self._beginning])
        for hand in self._idle:
            self._picked(hand)
        await asyncio.gather(*(hand.end() for hand in self._hands))


def _framed(content: bytes) -> bytes:
    return len(content).to_bytes(_LENGTH, "big") + content


def serve(work: Callable[[Mapping[str, Any], bytes], object], broken: object) -> int:
    """Answer on standard output what is asked on standard input until nothing more is; returns the exit status.

    An empty answer before the first question says that this process is ready.
    `broken` is the answer to what `work` breaks on.
    """
    given, answers = sys.stdin.buffer, sys.stdout.buffer
    _bound()
    answers.write(_framed(b""))
    answers.flush()
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
