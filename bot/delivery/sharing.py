"""Pacing for several processes: one limiter for the whole bot, in the database they share.

A process that has something to send takes a few slots at a time, as many as it has waiting but not more than a tenth
of a second's worth: a reply that comes later waits for those at most. The slots of all processes follow each other
evenly.
"""

import asyncio
import heapq
from collections.abc import Callable
from typing import Protocol

import structlog

from bot.model.ledger import Lane

_AHEAD = 0.1  # seconds' worth of slots that are taken at a time
# Slots are this much longer than the rate says: a process may be late for one by as long as its commit took.
_MARGIN = 1.015
_AGAIN_SECONDS = 1.0

log = structlog.get_logger(__name__)


class SlotStore(Protocol):
    """The slots of all processes; storage/leases.py."""

    async def take(self, name: str, slots: int, slot_us: int) -> float:
        """Take slots that follow each other; returns in how many seconds the first one begins."""

    async def pause(self, name: str, seconds: float) -> None:
        """Give out no slot for that long."""


class SharedPacer:
    """Grants slots like `Pacer`, out of what all processes share. `run` has to run meanwhile."""

    def __init__(self, rate: float, monotonic: Callable[[], float], slots: SlotStore, name: str = "bot") -> None:
        self._name = name
        self._monotonic = monotonic
        self._slots = slots
        self._slot = _MARGIN / rate
        self._batch = max(1, int(rate * _AHEAD))
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._sequence = 0
        self._wake = asyncio.Event()
        self._pause = 0.0

    async def slot(self, lane: Lane) -> bool:
        """Wait for the turn to send one message; it is none to pay for."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sequence += 1
        heapq.heappush(self._waiting, (lane, self._sequence, turn))
        self._wake.set()
        await turn
        return False

    def pause(self, seconds: float) -> None:
        """Grant nothing for that long, in any process: Telegram asked the whole bot to wait."""
        self._pause = max(self._pause, seconds)
        self._wake.set()

    async def run(self) -> None:
        """Grant slots until cancelled. While the database is away nothing is granted."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._grant_all()
            except Exception:
                log.exception("no slots: the database could not be reached")
                await asyncio.sleep(_AGAIN_SECONDS)
                self._wake.set()

    async def _grant_all(self) -> None:
        while self._waiting or self._pause:
            if self._pause:
                seconds, self._pause = self._pause, 0.0
                await self._slots.pause(self._name, seconds)
            number = min(len(self._waiting), self._batch)
            if number:
                wait = await self._slots.take(self._name, number, round(self._slot * 1e6))
                await self._grant(self._monotonic() + wait, number)

    async def _grant(self, begin: float, number: int) -> None:
        for n in range(number):
            await asyncio.sleep(max(0.0, begin + n * self._slot - self._monotonic()))
            while self._waiting:
                _, _, turn = heapq.heappop(self._waiting)
                if not turn.done():  # a waiter may have been cancelled
                    turn.set_result(None)
                    break
