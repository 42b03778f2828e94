"""Time, passed in: the product never asks the operating system what time it is, and never waits, except here.

One clock has two hands. Instants (`now`) are the newsroom's: in the sandbox they run faster, or jump. Seconds
(`monotonic` and every wait) are the machine's: Telegram counts its limits in them whatever the newsroom's clock shows.
What recurs every so many seconds goes by the second hand, what is due at an hour by the first.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and waiting. Instants are aware UTC; `monotonic` never jumps and counts seconds."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""

    def wall(self) -> datetime:
        """Return the instant that the machine's own clock shows, which somebody may set; aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds from an arbitrary point that never go backwards."""

    async def sleep(self, seconds: float) -> None:
        """Wait that long: before something is tried again, or while a batch gathers."""

    async def rest(self, seconds: float) -> None:
        """Wait that long between two looks at what may not have changed; tests hurry through sleeps only."""

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Wait for the event, that long at most; returns whether it is set."""

    def call_later(self, seconds: float, action: Callable[[], None]) -> object:
        """Call the action after that long, in the running loop; keep what is returned."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  the one place that may

    def wall(self) -> datetime:
        """Return the instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  the one place that may

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(seconds)  # noqa: TID251  the one place that may

    async def rest(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(seconds)  # noqa: TID251  the one place that may

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Wait in real time for the event, that long at most; returns whether it is set."""
        try:
            async with asyncio.timeout(seconds):
                return await event.wait()
        except TimeoutError:
            return event.is_set()

    def call_later(self, seconds: float, action: Callable[[], None]) -> asyncio.TimerHandle:
        """Call the action after that long in real time."""
        return asyncio.get_running_loop().call_later(seconds, action)
