"""Waiting for what should come. A limit is there to tell of what never comes, not of a machine with other work.

So it is counted in seconds of a machine that is quick and does nothing else: on one that is ten times slower, or shared
by ten, what is waited for may take ten times as long.
"""

import asyncio
import inspect
import itertools
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path

_REFERENCE_SECONDS = 0.006  # of processor time, for the piece of work in `_slowness_of_the_processor`
_SLOWEST = 20.0  # beyond this a limit would never be reached
_LOOK = 1.0
_SELDOM = 20  # what is waited for is looked at so many times as often as how much time has gone


class Allowance:
    """So many seconds of a quick machine that does nothing else; looking at it keeps it up to date."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._spent = 0.0
        self._seen, self._delay, self._ran = time.monotonic(), _delay(), time.thread_time()

    @property
    def spent(self) -> float:
        """Return how many of such seconds have passed."""
        now, delay, ran = time.monotonic(), _delay(), time.thread_time()
        # How long this process had to wait until it could run, for each second it ran: so it is with what it waits for.
        waits = (delay - self._delay) / max(ran - self._ran, 0.001)
        busy = max(1.0 + waits, _runnable() / _processors())
        self._spent += (now - self._seen) / min(_SLOWEST, busy * _slowness_of_the_processor())
        self._seen, self._delay, self._ran = now, delay, ran
        return self._spent

    @property
    def over(self) -> bool:
        """Tell whether they have passed."""
        return self.spent > self._seconds


async def until(condition: Callable[[], object | Awaitable[object]], complaint: object, seconds: float = 60.0) -> None:
    """Wait until something is so; fails with the complaint, or with what it returns, when it never is."""
    allowance, began = Allowance(seconds), time.monotonic()
    for looks in itertools.count():
        found = condition()
        if await found if inspect.isawaitable(found) else found:
            return
        if looks % _SELDOM == 0:
            assert not allowance.over, complaint() if callable(complaint) else complaint
        await a_moment(began)


async def a_moment(began: float) -> None:
    """Sleep until it is time to look again at what has been waited for since `began` (of `time.monotonic`).

    That is a twentieth of the wait: whoever waits for a process that works for a minute leaves the processor to it, and
    what takes no time is seen at once.
    """
    await asyncio.sleep(min(max(0.01, (time.monotonic() - began) / 20), 0.1))


async def a_while(seconds: float) -> None:
    """Let so much time pass for whoever else works here, counted as above: of what they do nobody tells."""
    allowance = Allowance(seconds)
    for _ in iter(lambda: allowance.over, True):
        await asyncio.sleep(seconds / 5)


@asynccontextmanager
async def within(seconds: float = 60.0) -> AsyncIterator[None]:
    """Let what is inside take so long; raises TimeoutError, as `asyncio.timeout` does."""
    allowance, loop = Allowance(seconds), asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:

        def look() -> None:
            nonlocal handle
            if allowance.over:
                limit.reschedule(loop.time())
            else:
                handle = loop.call_later(min(_LOOK, seconds), look)

        handle = loop.call_later(min(_LOOK, seconds), look)
        try:
            yield
        finally:
            handle.cancel()


def _delay() -> float:
    """Return for how many seconds this thread could have run and did not get to; 0 where the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    return 0.0


def _runnable() -> float:
    """Return how many threads want a processor: now, or in the last minute, whichever is more."""
    least = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    with suppress(OSError, ValueError, IndexError):
        return max(least, float(Path("/proc/loadavg").read_text(encoding="ascii").split()[3].partition("/")[0]))
    return least


@cache
def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _slowness_of_the_processor() -> float:
    """Return how many times slower than a usual one it is, 1 at least; other work does not count."""
    began, total = time.process_time(), 0
    for number in range(100_000):
        total += number % 7
    return max(1.0, (time.process_time() - began) / _REFERENCE_SECONDS)
