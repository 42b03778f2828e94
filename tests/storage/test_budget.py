"""The budget of paid messages, spent by many senders at once: all of it, and never more."""

import asyncio
from datetime import timedelta

import pytest

from bot.delivery.pacing import Pacer
from bot.delivery.paid import MESSAGES_A_STAR, PayingPacer, StarsBudget
from bot.model.ledger import Delivery, Priority
from bot.model.outcomes import Delivered, Outcome, Throttled, Unknown
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.runtime.leases import Pace
from tests.support.clock import TestClock
from tests.support.rows import NOW, a_matter, a_publication, a_reader
from tests.support.sending import LONG, Scripted, a_sender, running, settled

STARS = 10
MOST = STARS * MESSAGES_A_STAR


def _purse(database: Database, clock: TestClock | None = None) -> StarsBudget:
    return StarsBudget(Pace(database), clock or TestClock(), STARS)


async def test_everybody_who_asks_at_once_is_paid_for_while_there_is_enough(database: Database) -> None:
    purse = _purse(database)
    assert await asyncio.gather(*(purse.pay() for _ in range(22))) == [True] * 22


async def test_many_senders_at_once_spend_the_whole_budget_and_no_more(database: Database) -> None:
    purses = [_purse(database) for _ in range(3)]
    paid = await asyncio.gather(*(purse.pay() for purse in purses for _ in range(60)))
    assert sum(paid) == MOST


async def test_what_one_did_not_use_another_finds(database: Database) -> None:
    clock = TestClock(speed=0)
    one, other = _purse(database, clock), _purse(database, clock)
    assert all([await one.pay() for _ in range(MOST)])
    assert not await other.pay()
    for _ in range(5):
        one.refund()
    await one.give_back()
    await one.give_back()
    clock.advance(seconds=30)
    assert [await other.pay() for _ in range(6)] == [True] * 5 + [False]


async def test_what_comes_back_while_more_is_taken_is_not_lost(database: Database) -> None:
    class Slow(Pace):
        async def spend(self, name: str, most: int, budget: int) -> int:
            purse.refund()
            return await super().spend(name, most, budget)

    purse = StarsBudget(Slow(database), TestClock(speed=0), STARS)
    assert await purse.pay()  # one taken and spent, one come back meanwhile
    await purse.give_back()
    assert await Pace(database).spend(f"stars {NOW.date().isoformat()}", 1000, MOST) == MOST


async def test_what_is_left_at_midnight_is_left_of_that_day(database: Database) -> None:
    clock = TestClock(NOW, speed=0)
    purse = _purse(database, clock)
    await asyncio.gather(*(purse.pay() for _ in range(10)))
    purse.refund()
    clock.set(NOW + timedelta(days=1))
    assert await purse.pay()
    clock.jump(days=-1)
    assert sum([await purse.pay() for _ in range(MOST)]) == MOST - 9


async def test_a_turn_that_nobody_waited_for_costs_nothing(database: Database) -> None:
    clock = TestClock(hurries=False)
    purse = _purse(database, clock)
    paid = Pacer(1000, clock)
    paid.pause(3600)
    pacer = PayingPacer(usual=Pacer(1000, clock), paid=paid, purse=purse, lanes=frozenset({Priority.URGENT}))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(pacer.slot(Priority.URGENT), 0.2)
    await purse.give_back()
    assert await Pace(database).spend(f"stars {clock.now().date().isoformat()}", 1000, MOST) == MOST


class _HeldPace(Pace):
    """Answers a spend that is committed only when it is released, as a slow connection does."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.committed, self.answered = asyncio.Event(), asyncio.Event()

    async def spend(self, name: str, number: int, most: int) -> int:
        granted = await super().spend(name, number, most)
        self.committed.set()
        await self.answered.wait()
        return granted


async def test_what_was_being_taken_when_the_process_stopped_is_given_back(database: Database) -> None:
    clock, pace = TestClock(), _HeldPace(database)
    purse = StarsBudget(pace, clock, STARS)
    paying = [asyncio.ensure_future(purse.pay()) for _ in range(3)]
    await pace.committed.wait()
    for one in paying:
        one.cancel()
    await asyncio.wait(paying)
    giving = asyncio.ensure_future(purse.give_back())
    pace.answered.set()
    await giving
    assert await Pace(database).spend(f"stars {clock.now().date().isoformat()}", 1000, MOST) == MOST


async def test_only_what_arrived_or_may_have_arrived_is_paid_for(database: Database) -> None:
    for number in range(30):
        await a_reader(database, chat_id=1000 + number)
    _, publication = await a_publication(database, lane=Priority.URGENT)
    await Publications(database).fan_out(publication, a_matter(), 1000, NOW, LONG * 1000)

    async def answer(item: Delivery) -> Outcome:
        if item.reader.address.chat_id == 1000:
            return Unknown("reset")
        return Throttled(0.0) if item.attempts == 0 else Delivered(1)

    clock = TestClock()
    purse = _purse(database, clock)
    pacer = PayingPacer(
        usual=Pacer(1000, clock), paid=Pacer(1000, clock), purse=purse, lanes=frozenset({Priority.URGENT})
    )
    async with running(a_sender(database, Scripted(answer), clock=clock, pacer=pacer, refund=purse.refund)):
        await settled(database)
    await purse.give_back()
    assert await Pace(database).spend(f"stars {clock.now().date().isoformat()}", 1000, MOST) == MOST - 30
