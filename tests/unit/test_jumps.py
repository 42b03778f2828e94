"""Jumps of the clock, and the ticker, which counts seconds by a hand that nobody can set."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.timing.jumps import JumpWatch
from bot.timing.ticker import Ticker
from tests.support.clock import TestClock
from tests.support.waiting import within


@pytest.mark.parametrize("hours", [-3, 2])
def test_a_jump_is_seen_once_with_what_the_clock_would_have_shown(hours: int) -> None:
    clock = TestClock(speed=0)
    watch = JumpWatch(clock)
    assert watch.look() is None
    clock.advance(hours=1)
    assert watch.look() is None
    before = clock.now()
    clock.jump(hours=hours)
    jump = watch.look()
    assert jump is not None
    assert (jump.instead, jump.now, jump.back) == (before, clock.now(), hours < 0)
    assert jump.span == timedelta(hours=abs(hours))
    assert not watch.steady(30)
    assert watch.look() is None
    clock.advance(seconds=30)
    assert watch.steady(30)


def test_a_clock_that_is_kept_right_does_not_jump() -> None:
    clock = TestClock(speed=0)
    watch = JumpWatch(clock)
    watch.look()
    for _ in range(10):  # by ten minutes in all
        clock.jump(seconds=50)
        assert watch.look() is None


@pytest.mark.parametrize("seconds", [60, -60])
def test_a_minute_at_once_is_a_jump(seconds: int) -> None:
    clock = TestClock(speed=0)
    watch = JumpWatch(clock)
    watch.look()
    clock.jump(seconds=seconds)
    assert watch.look() is not None


@asynccontextmanager
async def _ticking(ticker: Ticker) -> AsyncIterator[None]:
    loops = [asyncio.create_task(loop) for _, loop in ticker.loops()]
    yield
    ticker.stop()
    async with within(5):
        await asyncio.gather(*loops)


async def _rounds() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_ticks_go_on_when_the_clock_is_set_back_or_forward() -> None:
    clock, ticks = TestClock(speed=0), []
    ticker = Ticker(clock)

    async def tick() -> None:
        ticks.append(clock.monotonic())

    ticker.every(5, "tick", tick)
    async with _ticking(ticker):
        await _rounds()
        for hours in (0, -3, 48):
            clock.jump(hours=hours)
            clock.advance(seconds=5)
            await _rounds()
    assert ticks == [5, 10, 15]


async def test_what_is_asked_for_is_done_at_once_and_what_fails_is_done_again() -> None:
    clock, tries = TestClock(speed=0), []
    ticker = Ticker(clock)

    async def tick() -> None:
        tries.append(1)
        raise RuntimeError

    ticker.every(5, "tick", tick)
    ticker.soon("tick")
    async with _ticking(ticker):
        await _rounds()
        assert len(tries) == 1
        ticker.soon("tick")
        await _rounds()
        clock.advance(seconds=5)
        await _rounds()
        assert len(tries) == 3


async def test_a_stop_lets_what_runs_come_to_its_end() -> None:
    ticker, ends, go_on = Ticker(TestClock(speed=0)), [], asyncio.Event()

    async def long() -> None:
        await go_on.wait()
        ends.append(1)

    ticker.every(5, "long", long)
    ticker.soon("long")
    async with _ticking(ticker):
        await _rounds()
        asyncio.get_running_loop().call_later(0.02, go_on.set)
    assert ends == [1]


async def test_what_goes_by_the_hour_is_done_when_the_clock_jumps_as_well() -> None:
    clock, done = TestClock(speed=0), []
    ticker = Ticker(clock)

    async def clean() -> None:
        done.append(clock.now())

    ticker.hourly(17, "clean", clean)
    async with _ticking(ticker):
        await _rounds()
        assert done == []
        clock.jump(hours=-3)
        ticker.jumped()
        await _rounds()
        assert len(done) == 1
        clock.advance(seconds=timedelta(days=1).total_seconds())
        await _rounds()
    assert len(done) == 2
