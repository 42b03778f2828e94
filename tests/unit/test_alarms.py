"""What owners are to hear is told again where it reached none of them: Telegram may be away when there is most to say."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from bot.model.ledger import UncertainCounts
from bot.operations.doubts import SELDOM, DoubtAlarm
from bot.operations.turns import Turn
from tests.support.clock import TestClock

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(slots=True)
class Owners:
    """Owners who are `reached` or not; `times` is how often it was tried, `told` how often it arrived."""

    reached: bool = False
    times: int = 0
    told: int = 0

    async def tell(self, _: object) -> bool:
        self.times += 1
        self.told += self.reached
        return self.reached


@dataclass(slots=True)
class Rows:
    """One fact, and uncertain deliveries that were found at NOW."""

    fact: Any = None
    counts: UncertainCounts = field(default_factory=lambda: UncertainCounts(3, NOW))

    async def get(self, _: str) -> Any:
        return self.fact

    async def put(self, _: str, value: object, __: datetime) -> None:
        self.fact = value

    async def swap(self, _: str, before: object, value: object, __: datetime) -> bool:
        if self.fact != before:
            return False
        self.fact = value
        return True

    async def loose(self) -> UncertainCounts:
        return self.counts

    async def listed(self, *_: object) -> list[object]:
        return []

    async def bring_orders_forward(self, *_: object) -> None: ...

    async def bring_forward(self, *_: object) -> None: ...

    async def plan_digests(self, *_: object) -> None: ...


async def test_doubts_that_reached_no_owner_are_told_once_one_can_be_reached() -> None:
    rows, owners, clock = Rows(), Owners(), TestClock(NOW, speed=0)
    alarm = DoubtAlarm(
        uncertain=cast("Any", rows),
        facts=cast("Any", rows),
        owners=cast("Any", owners),
        turn=Turn(name="doubts", clock=clock),
        clock=clock,
    )
    for _ in range(6):
        await alarm.look()
        clock.advance(seconds=10)
    assert 1 <= owners.times <= 2, "whoever can never be reached is not tried at every look"
    clock.advance(minutes=3)  # the second rest is longer
    owners.reached = True
    for _ in range(3):
        await alarm.look()
        clock.advance(minutes=2)
    assert owners.told == 1
    rows.counts = UncertainCounts(4, clock.now())
    clock.advance(minutes=SELDOM // timedelta(minutes=1))
    await alarm.look()
    assert owners.told == 2
