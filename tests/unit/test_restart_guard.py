"""After a long stop sending waits for the owner: when it does, what the owner hears, and how it goes on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from bot.errors import Stale
from bot.model.backlog import Backlog, InDoubt, Waterline
from bot.model.readers import Address, Reader
from bot.operations.restart_guard import _HELD, HEARTBEAT, LONG_STOP, RestartGuard
from bot.operations.turns import Turn
from bot.screens.card import Card
from bot.screens.look import Look, look_of
from tests.support.clock import TestClock


@dataclass(slots=True)
class House:
    """Facts, what waits, whether the database is the one that was left, and the owners: all that the guard knows."""

    clock: TestClock = field(default_factory=lambda: TestClock(speed=0))
    facts: dict[str, Any] = field(default_factory=dict)
    waiting: list[datetime] = field(default_factory=list)
    planned: list[datetime] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    restored: bool = False
    reached: bool = True
    renewed: list[datetime] = field(default_factory=list)
    woken: int = 0
    outrun: int = 0  # so many stretches somebody else takes first
    stretch: int = 2

    def guard(self) -> RestartGuard:
        me = cast("Any", self)
        turn = Turn(name="backlog", clock=self.clock)
        return RestartGuard(
            facts=me, backlogs=me, continuity=me, owners=me, turn=turn, clock=self.clock, wake=self.wake
        )

    def wake(self) -> None:
        assert HEARTBEAT in self.facts
        self.woken += 1

    async def get(self, name: str) -> Any:
        return self.facts.get(name)

    async def put(self, name: str, value: object, now: datetime) -> None:
        assert now == self.clock.now()
        self.facts[name] = value

    async def take(self, name: str) -> Any:
        return self.facts.pop(name, None)

    async def unbroken(self) -> bool:
        return not self.restored

    async def unmoved(self) -> bool:
        return not self.restored

    async def renew(self, now: datetime) -> None:
        self.renewed.append(now)
        self.restored = False

    async def newest(self) -> int:
        return 9

    async def size(self, line: Waterline) -> Backlog:
        assert line.newest == 9
        planned = sum(line.planned_to is None or at <= line.planned_to for at in self.planned)
        return Backlog(len(self._old(line)), planned)

    async def in_doubt(self) -> tuple[InDoubt, ...]:
        return ()

    async def take_back(self, line: Waterline, by: int | None, now: datetime) -> Backlog:
        assert (by, now) == (100, self.clock.now())
        size = await self.size(line)
        return Backlog(0, size.planned, 1)

    async def drop(self, line: Waterline, now: datetime, limit: int) -> int:
        assert now == self.clock.now()
        old = self._old(line)[: min(limit, self.stretch)]
        if self.outrun:
            self.outrun -= 1
            self.waiting.remove(old[0])
            return 0
        for made in old:
            self.waiting.remove(made)
        return len(old)

    def _old(self, line: Waterline) -> list[datetime]:
        return [made for made in self.waiting if made < line.since]

    async def tell(self, card: Callable[[Look], Card]) -> bool:
        if not self.reached:
            return False
        reader = Reader(id=1, address=Address(1), name="Оля", zone="UTC")
        self.told.append(card(look_of(reader, self.clock.now())).text.text)
        return True


async def _stopped(minutes: float, waiting: int = 3) -> House:
    """Return a house that ran, was stopped for so long, and has old deliveries."""
    house = House()
    await house.guard().beat()
    house.waiting = [house.clock.now()] * waiting
    house.clock.advance(minutes=minutes)
    return house


@pytest.mark.parametrize(
    ("minutes", "waiting", "holds"),
    [(14.9, 3, False), (15, 3, True), (60, 3, True), (60, 0, False), (60, 1, True)],
)
async def test_sending_waits_after_a_quarter_of_an_hour_when_something_waits(
    minutes: float, waiting: int, holds: bool
) -> None:
    assert timedelta(minutes=15) == LONG_STOP
    house = await _stopped(minutes, waiting)
    guard = house.guard()
    assert await guard.check() is holds
    assert await guard.held() is holds
    assert house.renewed == [house.clock.now()]


async def test_a_first_start_has_nothing_to_wait_for() -> None:
    house = House(waiting=[TestClock(speed=0).now() - timedelta(days=1)])
    assert not await house.guard().check()


async def test_the_pulse_stands_still_while_the_owner_has_not_answered() -> None:
    house = await _stopped(60)
    before = house.facts[HEARTBEAT]
    guard = house.guard()
    await guard.check()
    await guard.beat()
    assert house.facts[HEARTBEAT] == before
    assert await guard.check()
    # Also after another start that comes soon.
    house.clock.advance(minutes=1)
    assert await house.guard().check()


async def test_the_owner_is_asked_about_what_waited_at_the_start_and_since_when_nobody_ran() -> None:
    house = await _stopped(60)
    guard = house.guard()
    await guard.ask()
    assert house.told == []
    await guard.check()
    house.clock.advance(minutes=5)
    house.waiting.append(house.clock.now())  # is news, and no question
    await guard.ask()
    (said,) = house.told
    assert "12:00" in said
    assert "3" in said
    assert "4" not in said


async def test_the_owner_is_asked_once_and_again_where_nobody_was_reached_or_nobody_answers_for_a_day() -> None:
    house = await _stopped(60)
    guard = house.guard()
    await guard.check()
    house.reached = False
    for _ in range(4):
        await guard.ask()
        house.clock.advance(seconds=10)
    assert house.told == []
    house.reached = True
    for _ in range(12):
        await guard.ask()
        house.clock.advance(seconds=10)
    await house.guard().ask()  # another process, or another start
    assert len(house.told) == 1
    house.clock.advance(days=1)
    await guard.ask()
    assert len(house.told) == 2
    await guard.release(drop=False)
    house.clock.advance(minutes=15)
    assert await guard.check()
    await guard.ask()
    assert len(house.told) == 3, "what is held again is asked about again"


async def test_a_copy_that_was_put_back_waits_however_young_it_is_with_all_that_is_planned() -> None:
    house = await _stopped(1, 0)
    house.planned = [house.clock.now() + timedelta(days=1)]
    assert not await house.guard().check()
    house.restored = True
    guard = house.guard()
    assert await guard.check()
    await guard.ask()
    assert "відновлено з копії" in house.told[0]
    assert "12:00" in house.told[0]  # up to when it knows what happened
    assert "1" in house.told[0]


async def test_after_a_long_stop_what_is_planned_for_later_waits_for_nobody() -> None:
    house = await _stopped(60, 0)
    house.planned = [house.clock.now() + timedelta(seconds=1)]
    assert not await house.guard().check()
    house.planned = [house.clock.now()]
    assert await house.guard().check()


async def test_what_an_older_program_left_held_is_held() -> None:
    house = await _stopped(60)
    house.facts[_HELD] = house.clock.now().isoformat()
    house.planned = [house.clock.now(), house.clock.now() + timedelta(seconds=1)]
    assert await house.guard().release(drop=True, by=100) == Backlog(3, 1, 1)


async def test_a_copy_that_was_made_while_sending_was_held_holds_all_that_it_knows() -> None:
    house = await _stopped(60)
    guard = house.guard()
    assert await guard.check()
    house.clock.advance(minutes=5)
    house.waiting.append(house.clock.now())  # ordered while the owner had not answered; sent after that, elsewhere
    house.restored = True
    house.clock.advance(minutes=1)
    again = house.guard()
    assert await again.check()
    await again.release(drop=True, by=100)
    assert not house.waiting


@pytest.mark.parametrize(("lost", "waiting", "holds"), [(120, 3, True), (120, 0, False), (2, 3, False)])
async def test_a_database_that_went_back_in_time_under_a_running_process_is_held_where_it_forgot_something(
    lost: int, waiting: int, holds: bool
) -> None:
    house = House()
    guard = house.guard()
    await guard.check()
    for _ in range(10):
        await guard.beat()
        house.clock.advance(seconds=30)
    house.waiting = [house.clock.now() - timedelta(seconds=200)] * waiting
    house.facts[HEARTBEAT] = (house.clock.now() - timedelta(seconds=30 + lost)).isoformat()
    await guard.beat()
    assert not await guard.held(), "it is the same server: another process's clock is behind"
    house.facts[HEARTBEAT] = (house.clock.now() - timedelta(seconds=lost)).isoformat()
    house.restored = True
    await guard.look_back()
    assert await guard.held() is holds
    assert not house.restored
    if holds:
        await guard.ask()
        assert "відновлено з копії" in house.told[-1]


async def test_a_database_that_cannot_be_marked_holds_up_no_end() -> None:
    house = House()
    await house.guard().leave(5)
    assert house.renewed == [house.clock.now()]

    async def away(now: datetime) -> None:
        raise OSError(now)

    broken = House()
    guard = broken.guard()
    guard.continuity = cast("Any", type("Away", (), {"renew": staticmethod(away)})())
    await guard.leave(5)


@pytest.mark.parametrize(("drop", "back", "left"), [(True, Backlog(3, 0, 1), 1), (False, Backlog(), 4)])
async def test_an_answer_lets_sending_go_on_with_or_without_what_waited(drop: bool, back: Backlog, left: int) -> None:
    house = await _stopped(60)
    guard = house.guard()
    await guard.check()
    house.clock.advance(minutes=5)
    house.waiting.append(house.clock.now())
    assert await guard.release(drop=drop, by=100) == back  # in stretches of two
    assert len(house.waiting) == left
    assert not await guard.held()
    assert house.facts == {HEARTBEAT: house.clock.now().isoformat()}
    assert house.woken == 1
    with pytest.raises(Stale):
        await guard.release(drop=drop)
    assert house.woken == 1


async def test_who_answers_beside_another_lets_nothing_go_before_everything_is_taken_back() -> None:
    house = await _stopped(60)
    house.waiting *= 3
    guard = house.guard()
    await guard.check()
    house.outrun = 2
    await guard.release(drop=True, by=100)
    assert not house.waiting
