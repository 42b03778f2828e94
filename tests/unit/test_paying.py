"""Paid broadcasts: never more than the day's budget, and only for what is paid for."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from bot.delivery.paid import PayingPacer, StarsBudget
from bot.model.ledger import Priority
from tests.support.clock import TestClock


@dataclass(slots=True)
class Budget:
    spent: dict[str, int] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    async def spend(self, name: str, number: int, most: int) -> int:
        self.asked.append(number)
        await asyncio.sleep(0)  # as a database would take its time
        granted = max(0, min(number, most - self.spent.get(name, 0)))
        self.spent[name] = self.spent.get(name, 0) + granted
        return granted

    async def give_back(self, name: str, number: int) -> None:
        self.spent[name] -= number


@dataclass(slots=True)
class Turns:
    taken: list[Priority] = field(default_factory=list)
    paused: float = 0.0

    async def slot(self, lane: Priority) -> bool:
        self.taken.append(lane)
        return False

    def pause(self, seconds: float) -> None:
        self.paused = seconds

    def go_on(self) -> None:
        self.paused = 0.0


def _pacer(stars: int) -> tuple[PayingPacer, Turns, Turns, TestClock]:
    clock, usual, paid = TestClock(), Turns(), Turns()
    clock.set(datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
    return (
        PayingPacer(
            usual=usual,
            paid=paid,
            purse=StarsBudget(Budget(), clock, stars),
            lanes=frozenset({Priority.URGENT}),
        ),
        usual,
        paid,
        clock,
    )


async def test_only_the_lanes_that_are_paid_for_cost_anything() -> None:
    pacer, usual, paid, _ = _pacer(1)
    assert [await pacer.slot(lane) for lane in (Priority.REPLY, Priority.INSTANT, Priority.URGENT)] == [
        False,
        False,
        True,
    ]
    assert usual.taken == [Priority.REPLY, Priority.INSTANT]
    assert paid.taken == [Priority.URGENT]


async def test_a_star_pays_for_ten_messages_and_then_it_goes_on_at_the_usual_rate() -> None:
    pacer, usual, paid, _ = _pacer(25)
    granted = [await pacer.slot(Priority.URGENT) for _ in range(300)]
    assert granted == [True] * 250 + [False] * 50
    assert (len(paid.taken), len(usual.taken)) == (250, 50)


async def test_the_next_day_has_its_own_budget() -> None:
    pacer, _, _, clock = _pacer(1)
    assert sum([await pacer.slot(Priority.URGENT) for _ in range(20)]) == 10
    clock.set(clock.now() + timedelta(days=1))
    assert sum([await pacer.slot(Priority.URGENT) for _ in range(20)]) == 10


async def test_no_budget_costs_nothing() -> None:
    pacer, _, paid, _ = _pacer(0)
    assert not await pacer.slot(Priority.URGENT)
    assert paid.taken == []


async def test_a_pause_holds_for_both() -> None:
    pacer, usual, paid, _ = _pacer(1)
    pacer.pause(7)
    assert (usual.paused, paid.paused) == (7, 7)


async def test_what_got_through_is_told_to_both() -> None:
    pacer, usual, paid, _ = _pacer(1)
    pacer.pause(7)
    pacer.go_on()
    assert (usual.paused, paid.paused) == (0, 0)


def _purse(stars: int) -> tuple[StarsBudget, Budget, TestClock]:
    clock, budget = TestClock(datetime(2026, 11, 23, 12, 0, tzinfo=UTC), speed=0), Budget()
    return StarsBudget(budget, clock, stars), budget, clock


@pytest.mark.parametrize(("seconds", "pays"), [(29, False), (30, True)])
async def test_an_empty_budget_is_looked_at_again_after_half_a_minute(seconds: int, pays: bool) -> None:
    purse, budget, clock = _purse(1)
    assert sum([await purse.pay() for _ in range(11)]) == 10
    budget.spent["stars 2026-11-23"] = 0  # somebody gave back what they did not use
    clock.advance(seconds=seconds)
    assert await purse.pay() is pays


async def test_one_takes_the_price_of_one_and_many_at_once_take_theirs_a_hundred_at_a_time() -> None:
    purse, budget, _ = _purse(100)
    await purse.pay()
    assert budget.asked == [1]
    assert all(await asyncio.gather(*(purse.pay() for _ in range(130))))
    assert (max(budget.asked), sum(budget.asked), list(budget.spent.values())) == (100, 131, [131])


async def test_what_was_not_sent_pays_for_another_and_goes_back_in_the_end() -> None:
    purse, budget, _ = _purse(1)
    assert all([await purse.pay() for _ in range(10)])
    purse.refund()
    assert await purse.pay()
    assert not await purse.pay()
    purse.refund()
    await purse.give_back()
    await purse.give_back()
    assert budget.spent == {"stars 2026-11-23": 9}


async def test_at_midnight_what_is_left_goes_back_to_the_day_it_was_taken_from() -> None:
    purse, budget, clock = _purse(1)
    assert all([await purse.pay() for _ in range(10)])
    assert not await purse.pay()
    purse.refund()
    clock.advance(hours=12)
    assert await purse.pay(), "an empty budget is empty for its own day"
    assert budget.spent == {"stars 2026-11-23": 9, "stars 2026-11-24": 1}


async def test_whoever_gives_up_waiting_for_a_paid_turn_pays_nothing() -> None:
    pacer, _, paid, _ = _pacer(1)

    async def never(lane: Priority) -> bool:
        paid.taken.append(lane)
        raise asyncio.CancelledError

    pacer.paid = SimpleNamespace(slot=never)  # type: ignore[assignment]
    for _ in range(12):
        with pytest.raises(asyncio.CancelledError):
            await pacer.slot(Priority.URGENT)
    assert len(paid.taken) == 12
