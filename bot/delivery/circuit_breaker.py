"""Caution: while nobody knows what becomes of requests, they go one at a time, and only to a server that answers.

A server that is away answers 502, or not at all, to every request, and each of them leaves a delivery of which nobody
knows whether it arrived. Without this, minutes of that would go through a whole audience.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

import structlog

from bot.model.outcomes import NotConnected, Outcome, Unknown
from bot.timing.clock import Clock

_LONGEST_SECONDS = 15.0  # between two questions to a server that is away

_AT_ONCE = nullcontext(enter_result=True)

log = structlog.get_logger(__name__)


class CircuitBreaker:
    """Closes after an outcome that says nothing, opens after the next that says something.

    `answers` asks the server something harmless and tells whether it answers.
    """

    def __init__(self, answers: Callable[[], Awaitable[bool]], clock: Clock) -> None:
        self._answers = answers
        self._clock = clock
        self._closed = False
        self._stopped = asyncio.Event()
        self._one = asyncio.Lock()
        self._tries = 0

    def turn(self) -> AbstractAsyncContextManager[bool]:
        """Wait for leave to send; False when it was stopped before there was any. Note the outcome inside the block."""
        return self._alone() if self._closed else _AT_ONCE

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[bool]:
        async with self._one:
            if self._closed:
                yield await self._leave()
                return
        yield True

    async def _leave(self) -> bool:
        while not self._stopped.is_set():
            await self._rest()
            self._tries += 1
            if not self._stopped.is_set() and await self._answers():
                return True
        return False

    async def _rest(self) -> None:
        seconds = min(_LONGEST_SECONDS, 2.0 ** min(self._tries, 10) / 2) if self._tries else 0.0
        await self._clock.wait(self._stopped, seconds)

    def noted(self, outcome: Outcome) -> None:
        """Note what became of a request."""
        if isinstance(outcome, (Unknown, NotConnected)):
            if not self._closed:
                log.warning("requests are not answered; going on one at a time", reason=outcome.reason)
            self._closed = True
            return
        self._closed, self._tries = False, 0

    def stop(self) -> None:
        """Let nobody wait any more."""
        self._stopped.set()
