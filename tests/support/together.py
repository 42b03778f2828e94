"""Two changes at once: the first stops just before its commit until the second is through or waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from sqlalchemy import text

from storage.engine.database import Database
from tests.support.life import SlowCommits

T = TypeVar("T")
_BLOCKED = 0.06  # seconds after which the second change counts as waiting for the first, on SQLite
_LOOKS = 500  # a hundredth of a second each, until the second change is through or waits for a lock
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


async def together(
    database: SlowCommits, first: Callable[[], Awaitable[T]], second: Callable[[], Awaitable[T]]
) -> list[T]:
    """Let the first change come to its commit, begin the second, then let both end; returns what both did."""
    reached, release = asyncio.Event(), asyncio.Event()

    async def gate() -> None:
        reached.set()
        await release.wait()

    database.gate = gate
    one = asyncio.ensure_future(first())
    waiting = asyncio.ensure_future(reached.wait())
    await asyncio.wait({one, waiting}, return_when=asyncio.FIRST_COMPLETED)
    database.gate = None
    two = asyncio.ensure_future(second())
    await through_or_blocked(two, database)
    release.set()
    waiting.cancel()
    return list(await asyncio.gather(one, two))


async def blocked(database: Database, times: int = 1) -> bool:
    """Tell whether so many connections wait for a lock; PostgreSQL knows, however slow this machine is."""
    async with database.read() as connection:
        return int(await connection.scalar(_WAITING) or 0) >= times


async def through_or_blocked(change: "asyncio.Future[Any]", database: Database) -> None:
    """Wait until a change is done or waits for another."""
    if database.is_sqlite:
        await asyncio.wait({change}, timeout=_BLOCKED)
        return
    for _ in range(_LOOKS):
        done, _pending = await asyncio.wait({change}, timeout=0.01)
        if done or await blocked(database):
            return
