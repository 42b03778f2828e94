"""The tests' clock: sleeps vanish, rests and waits for events do not move it, and all its hands move together."""

import asyncio
import time

from bot.timing.clock import Clock, SystemClock
from tests.support.clock import TestClock


async def test_a_sleep_of_hours_takes_a_moment_and_the_clock_has_moved_on() -> None:
    clock, began = TestClock(), time.monotonic()
    at, second = clock.now(), clock.monotonic()
    await clock.sleep(7200)
    assert time.monotonic() - began < 60
    assert 7200 <= (clock.now() - at).total_seconds() < 7260
    assert 7200 <= clock.monotonic() - second < 7260


async def test_whoever_waits_is_woken_in_the_order_of_time() -> None:
    clock, woken = TestClock(speed=0), []

    async def one(seconds: float) -> None:
        await clock.rest(seconds)
        woken.append(seconds)

    waiting = [asyncio.create_task(one(seconds)) for seconds in (30, 10, 20, 3000)]
    await asyncio.sleep(0)
    clock.call_later(25, lambda: woken.append(25))
    await clock.sleep(100)
    await asyncio.gather(*waiting[:3])
    assert woken[0] == 25  # a call comes at once, a task in the loop's next round
    assert woken[1:] == [10, 20, 30]
    waiting[3].cancel()


async def test_a_rest_does_not_move_the_clock_and_ends_when_the_clock_is_moved() -> None:
    clock = TestClock(speed=0)
    resting = asyncio.create_task(clock.rest(60))
    await asyncio.sleep(0.03)
    assert not resting.done()
    clock.advance(minutes=1)
    await resting
    assert clock.monotonic() == 60


async def _waits(clock: Clock) -> None:
    event = asyncio.Event()
    assert not await clock.wait(event, 0.01)
    assert not await clock.wait(event, 0.0)
    asyncio.get_running_loop().call_later(0.01, event.set)
    assert await clock.wait(event, 60)
    assert await clock.wait(event, 0.0)


async def test_a_wait_ends_with_its_event_or_with_its_time() -> None:
    await _waits(SystemClock())
    await _waits(TestClock())


async def test_an_earlier_instant_takes_no_second_back() -> None:
    clock = TestClock(speed=0)
    clock.advance(hours=2)
    earlier = clock.now().replace(hour=9)
    clock.set(earlier)
    assert clock.now() == earlier
    assert clock.monotonic() == 7200
