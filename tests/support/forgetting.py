"""A process that makes the ledger compact, or erases a reader, and ends itself by SIGKILL at a step it is told.

`python -m tests.support.forgetting ADDRESS ACT STEP FILE`; step 0 is none. The file gets the steps by their names.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from bot.operations.compaction import Compaction
from storage.engine.database import Database
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.crashing import Steps, count_commits
from tests.support.rows import NOW

ERASED = 101  # the chat
_DAYS = 30
_STORES = ("KeptCopies.", "Erasure.", "Facts.")


async def _settled() -> bool:
    return True


async def compact(store: Store) -> None:
    """Make everything compact that is over, in small transactions, as the rounds of some days do."""
    clock = TestClock(NOW + timedelta(days=2 * _DAYS), 0)  # how much is done at once, time tells: here none goes by
    compaction = Compaction(
        kept_copies=store.kept_copies,
        facts=store.facts,
        leases=store.leases,
        clock=clock,
        settled=_settled,
        days=_DAYS,
        size=3,
    )
    for _ in range(4):
        clock.advance(minutes=10)  # what another process has taken is free again
        compaction.size = 3
        await compaction.look()


async def erase(store: Store) -> None:
    """Erase a reader and sweep what the ledger holds of them."""
    await store.personal_data.erase(ERASED, NOW)
    while await store.personal_data.sweep(NOW):
        pass


ACTS: dict[str, Callable[[Store], Awaitable[None]]] = {"compact": compact, "erase": erase}


async def _act(address: str, act: str, crash_at: str, path: str) -> None:
    database = Database(address)
    steps = Steps(Path(path), int(crash_at), armed=True)
    count_commits(database, steps, _STORES)
    await ACTS[act](Store(database, "killed"))
    await database.close()


if __name__ == "__main__":
    asyncio.run(_act(*sys.argv[1:]))
