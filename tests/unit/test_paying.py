"""Paid broadcasts: never more than the day's budget, and only for what is paid for."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.delivery.paid import PayingPacer, StarsBudget
from bot.model.ledger import Priority
from tests.support.clock import TestClock


@dataclass(slots=True)
class Budget:
    spent: dict[str, int] = field(default_factory=dict)

    async def spend(self, name: str, number: int, most: int) -> int:
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
