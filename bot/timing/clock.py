"""Time, passed in: the product never asks the operating system what time it is except here."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and waiting. Instants are aware UTC; `monotonic` never jumps and counts seconds."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds from an arbitrary point that never go backwards."""

    async def sleep(self, seconds: float) -> None:
        """Wait that long by this clock."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251  the one place that may

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        await asyncio.sleep(seconds)
