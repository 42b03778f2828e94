"""The pacer of several processes, over a store of slots that only counts."""

import asyncio
from dataclasses import dataclass, field

from bot.delivery.shared_pacing import SharedPacer
from bot.model.ledger import Priority
from tests.support.clock import TestClock


@dataclass(slots=True)
class Slots:
    taken: list[int] = field(default_factory=list)
    paused: list[float] = field(default_factory=list)
    away: int = 0

    async def take(self, name: str, slots: int, slot_us: int) -> float:
        assert (name, slot_us) == ("bot", 1015)
        await asyncio.sleep(0)
        if self.away:
            self.away -= 1
            raise OSError
        self.taken.append(slots)
        return 0.0

    async def pause(self, name: str, seconds: float) -> None:
        assert name == "bot"
        if self.away:
            self.away -= 1
            raise OSError
        self.paused.append(seconds)


async def _granted(slots: Slots, lanes: list[Priority]) -> list[Priority]:
    pacer = SharedPacer(1000, TestClock(speed=0), slots)
    order: list[Priority] = []

    async def one(lane: Priority) -> None:
        await pacer.slot(lane)
        order.append(lane)

    running = asyncio.create_task(pacer.run())
    await asyncio.gather(*(one(lane) for lane in lanes))
    running.cancel()
    return order


async def test_the_most_urgent_lane_goes_first() -> None:
    lanes = [Priority.DIGEST, Priority.INSTANT, Priority.REPLY, Priority.URGENT]
    assert await _granted(Slots(), lanes) == sorted(lanes)


async def test_as_many_slots_are_taken_as_wait_but_not_more_than_a_tenth_of_a_second_s_worth() -> None:
    slots = Slots()
    await _granted(slots, [Priority.INSTANT] * 250)
    assert slots.taken[:2] == [100, 100]
    assert max(slots.taken) == 100
    assert 250 <= sum(slots.taken) <= 251  # one that comes as the last is granted may be taken for nobody


async def test_a_database_that_is_away_for_a_moment_loses_nobody_s_turn() -> None:
    slots = Slots(away=1)
    assert await _granted(slots, [Priority.INSTANT] * 3) == [Priority.INSTANT] * 3


async def test_a_pause_goes_to_all_processes() -> None:
    slots = Slots()
    pacer = SharedPacer(1000, TestClock(), slots)
    running = asyncio.create_task(pacer.run())
    pacer.pause(5)
    await pacer.slot(Priority.REPLY)
    running.cancel()
    assert slots.paused == [5]


async def test_a_pause_that_the_database_did_not_hear_of_is_told_to_it_again() -> None:
    slots = Slots(away=2)
    pacer = SharedPacer(1000, TestClock(), slots)
    running = asyncio.create_task(pacer.run())
    pacer.pause(5)
    await pacer.slot(Priority.REPLY)
    running.cancel()
    assert (slots.paused, slots.taken) == ([5], [1])


async def test_slots_that_were_being_taken_when_a_pause_began_are_not_granted() -> None:
    class Slow(Slots):
        async def take(self, name: str, slots: int, slot_us: int) -> float:
            if not self.taken:  # meanwhile Telegram asks the bot to wait
                pacer.pause(5)
            return await Slots.take(self, name, slots, slot_us)

    slots, order = Slow(), []
    pacer = SharedPacer(1000, TestClock(speed=0), slots)
    running = asyncio.create_task(pacer.run())

    async def one(number: int) -> None:
        await pacer.slot(Priority.INSTANT)
        order.append((number, list(slots.paused)))

    waiting = [asyncio.create_task(one(number)) for number in range(5)]
    await waiting[0]
    for _ in range(50):
        await asyncio.sleep(0.001)
    assert (order, slots.taken) == ([(0, [5])], [5, 1])
    pacer.go_on()
    await asyncio.gather(*waiting)
    running.cancel()


async def test_after_a_pause_one_is_tried_and_the_others_wait_for_how_it_went() -> None:
    slots, clock, order = Slots(), TestClock(speed=0), []
    pacer = SharedPacer(1000, clock, slots)
    pacer.pause(10)
    running = asyncio.create_task(pacer.run())

    async def one(number: int) -> None:
        await pacer.slot(Priority.INSTANT)
        order.append(number)

    waiting = [asyncio.create_task(one(number)) for number in range(5)]
    await waiting[0]
    for _ in range(50):
        await asyncio.sleep(0.001)
    assert (order, slots.paused, slots.taken) == ([0], [10], [1])
    pacer.go_on()
    await asyncio.gather(*waiting)
    assert order == [0, 1, 2, 3, 4]
    running.cancel()


async def test_a_turn_after_a_pause_in_which_nothing_was_sent_is_the_next_ones() -> None:
    slots, clock, order = Slots(), TestClock(speed=0), []
    pacer = SharedPacer(1000, clock, slots)
    pacer.pause(10)
    running = asyncio.create_task(pacer.run())

    async def one(number: int) -> None:
        await pacer.slot(Priority.INSTANT)
        order.append(number)
        if number < 2:
            pacer.unused()

    waiting = [asyncio.create_task(one(number)) for number in range(5)]
    await asyncio.gather(*waiting[:3])
    for _ in range(50):
        await asyncio.sleep(0.001)
    assert (order, slots.taken) == ([0, 1, 2], [1, 1, 1])
    pacer.go_on()
    await asyncio.gather(*waiting)
    running.cancel()


async def test_the_slots_of_one_batch_follow_each_other_evenly_and_none_is_to_pay_for() -> None:
    slots, clock, paid = Slots(), TestClock(speed=0, hurries=False), []
    pacer = SharedPacer(1000, clock, slots)
    running = asyncio.create_task(pacer.run())

    async def one() -> None:
        paid.append(await pacer.slot(Priority.INSTANT))

    async def settle() -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    waiting = [asyncio.create_task(one()) for _ in range(4)]
    await settle()
    clock.advance(microseconds=0)
    await settle()
    for granted in range(1, 5):
        assert (len(paid), slots.taken) == (granted, [4])
        clock.advance(microseconds=1014)
        await settle()
        assert len(paid) == granted
        clock.advance(microseconds=1)
        await settle()
    assert all(task.done() for task in waiting)
    assert paid == [False] * 4
    running.cancel()
