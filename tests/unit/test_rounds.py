"""What a process does again and again, while the database is away and after it."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.wiring.rounds import Rounds
from tests.support.clock import TestClock


@dataclass(slots=True)
class Database:
    """All that following sends asks for, while it `answers`; notes whether it was looked at after it was away."""

    answers: bool = True
    looked: int = 0
    restored: bool = False
    held: bool = field(default=False)
    woken: int = 0

    async def ask_held(self) -> bool:
        if not self.answers:
            raise ConnectionError("the database is away")
        return self.restored

    async def look_back(self) -> None:
        await self.ask_held()
        self.looked += 1

    async def follow(self, *_: object) -> bool:
        return False

    def wake(self) -> None:
        self.woken += 1


def _rounds(database: Database) -> Rounds:
    guard = SimpleNamespace(held=database.ask_held, look_back=database.look_back)
    store = SimpleNamespace(
        sends=SimpleNamespace(follow=database.follow), uncertain=SimpleNamespace(follow_policies=database.follow)
    )
    delivery = SimpleNamespace(sender=database, restart_guard=guard, disk_guard=SimpleNamespace(trouble=None))
    parts = SimpleNamespace(delivery=delivery, ground=SimpleNamespace(store=store, clock=TestClock(speed=0)))
    rest: dict[str, Any] = {"outside": None, "arrived": asyncio.Event(), "talks": True, "sends": True}
    return Rounds(parts=cast("Any", parts), **rest)


@pytest.mark.parametrize("restored", [False, True])
async def test_nothing_is_claimed_before_a_database_that_was_away_was_looked_at(*, restored: bool) -> None:
    database = Database()
    rounds = _rounds(database)
    await rounds._control()
    assert (database.held, database.looked) == (False, 0)
    database.answers = False
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await rounds._control()
        assert database.held
    database.answers, database.restored = True, restored
    for _ in range(2):
        await rounds._control()
    assert (database.held, database.looked, database.woken) == (restored, 1, not restored)
