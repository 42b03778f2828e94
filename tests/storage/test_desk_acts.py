"""Telling people what others of the desk did to them, among any number of other acts: over real rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from bot.model.desk import Editor, Role
from bot.operations.desk_acts import LATELY, DeskActs
from bot.operations.turns import Turn
from bot.screens.card import Card
from bot.screens.look import Look
from storage.engine.database import Database
from storage.people.audit import write_audit
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.rows import NOW

WHO, OWNER = 200, 100


@dataclass(slots=True)
class Told:
    """Who was told, and whether anybody can be."""

    people: list[int] = field(default_factory=list)
    reached: bool = True

    async def tell(self, user_id: int, draw: Callable[[Look], Card]) -> bool:
        if self.reached:
            assert draw(Look("uk", "Europe/Kyiv", NOW)).text.text.startswith("Вас більше немає")
            self.people.append(user_id)
        return self.reached


async def _acts(database: Database, at: datetime, number: int, name: str = "revise", who: int | None = None) -> None:
    async with database.write() as connection:
        for _ in range(number):
            await write_audit(connection, at, OWNER, name, None, {"who": who} if who else {})


async def _desk(database: Database, told: Told, clock: TestClock) -> DeskActs:
    store = Store(database, "me")
    await store.editors.appoint(Editor(OWNER, Role.OWNER, "Леся"), None, NOW)
    return DeskActs(
        audit=store.audit,
        articles=store.articles,
        editors=store.editors,
        facts=store.facts,
        notices=cast("Any", told),
        turn=Turn(name="acts", clock=clock, leases=store.leases),
        clock=clock,
    )


async def test_what_concerns_somebody_is_found_behind_any_number_of_other_acts(database: Database) -> None:
    told, clock = Told(), TestClock()
    desk = await _desk(database, told, clock)
    await _acts(database, clock.now() - timedelta(days=3), 1, "dismiss", 300)  # before anybody looked
    for round_ in range(1, 4):
        await _acts(database, clock.now(), 520)
        await _acts(database, clock.now(), 1, "dismiss", WHO)
        for _ in range(8):
            clock.advance(minutes=6)
            await desk.look()
        assert told.people == [WHO] * round_
    await (await _desk(database, told, clock)).look()  # another process
    assert told.people == [WHO] * 3


async def test_who_cannot_be_reached_is_told_later_and_others_do_not_wait_for_them(database: Database) -> None:
    told, clock = Told(reached=False), TestClock()
    desk = await _desk(database, told, clock)
    await _acts(database, clock.now(), 1, "dismiss", WHO)
    await desk.look()
    told.reached = True
    await desk.look()
    assert told.people == []  # not at once again
    await _acts(database, clock.now(), 1, "dismiss", 201)
    await desk.look()
    assert told.people == [201]
    clock.advance(minutes=9)
    await desk.look()
    assert told.people == [201, WHO]
    told.reached = False
    await _acts(database, clock.now(), 1, "dismiss", 202)
    await desk.look()
    clock.advance(seconds=LATELY.total_seconds())
    told.reached = True
    await desk.look()
    assert told.people == [201, WHO]
