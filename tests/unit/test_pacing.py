"""Pacing: no sliding second has more than the rate, and what waits goes by urgency, then by arrival."""

import asyncio
import heapq
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.pacing import PROBE_SECONDS, ChatPacer, Pacer
from bot.delivery.throttle import MOST_SECONDS, Throttle
from bot.model.ledger import Priority
from bot.model.readers import ChatKind
from bot.timing.clock import SystemClock
from tests.support.clock import TestClock


class FakeLoop(asyncio.SelectorEventLoop):
    """An event loop whose time jumps to the next timer: a minute of pacing takes a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 1000.0

    def time(self) -> float:
        return self.at

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.at = max(self.at, self._scheduled[0]._when)  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


class LoopClock(SystemClock):
    """Counts the seconds of such a loop."""

    def __init__(self, loop: FakeLoop) -> None:
        self._loop = loop

    def monotonic(self) -> float:
        return self._loop.time()


def run(scenario: Callable[[FakeLoop], "asyncio.Future[None]"]) -> None:
    loop = FakeLoop()
    try:
        loop.run_until_complete(scenario(loop))
    finally:
        loop.close()


def _worst(grants: list[float]) -> int:
    """Return the most grants in any sliding second."""
    worst, window = 0, []  # type: ignore[var-annotated]
    for at in sorted(grants):
        heapq.heappush(window, at)
        while window[0] <= at - 1.0:
            heapq.heappop(window)
        worst = max(worst, len(window))
    return worst


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([1, 5, 28, 30, 100]), st.lists(st.floats(0, 3), max_size=8))
def test_no_second_has_more_than_the_rate_and_none_is_wasted(rate: int, pauses: list[float]) -> None:
    grants: list[float] = []

    async def scenario(loop: FakeLoop) -> None:
        pacer = Pacer(rate, LoopClock(loop))
        for pause in [0.0, *pauses]:
            await asyncio.sleep(pause)
            burst = [pacer.slot(Priority.INSTANT) for _ in range(rate * 2)]

            async def one(slot: object) -> None:
                await slot  # type: ignore[misc]
                grants.append(loop.time())

            await asyncio.gather(*map(one, burst))

    run(lambda loop: loop.create_task(scenario(loop)))  # type: ignore[arg-type]
    assert _worst(grants) <= rate
    busy = grants[: rate * 2]
    assert (busy[-1] - busy[0]) <= 2 * 1.03


def test_replies_go_before_urgent_before_instant_before_digests() -> None:
    order: list[Priority] = []

    async def scenario(loop: FakeLoop) -> None:
        pacer = Pacer(10, LoopClock(loop))
        await pacer.slot(Priority.INSTANT)

        async def one(lane: Priority) -> None:
            await pacer.slot(lane)
            order.append(lane)

        await asyncio.gather(
            *(one(lane) for lane in (Priority.DIGEST, Priority.INSTANT, Priority.URGENT, Priority.REPLY) * 2)
        )

    run(lambda loop: loop.create_task(scenario(loop)))  # type: ignore[arg-type]
    assert order == sorted(order)


def test_a_pause_of_the_bot_stops_everything_for_its_time() -> None:
    async def scenario(loop: FakeLoop) -> None:
        pacer = Pacer(30, LoopClock(loop))
        pacer.pause(7)
        begun = loop.time()
        await pacer.slot(Priority.REPLY)
        assert loop.time() - begun >= 7

    run(lambda loop: loop.create_task(scenario(loop)))  # type: ignore[arg-type]


def test_no_slot_is_one_to_pay_for() -> None:
    async def scenario(loop: FakeLoop) -> None:
        pacer = Pacer(10, LoopClock(loop))
        assert await asyncio.gather(*(pacer.slot(Priority.URGENT) for _ in range(3))) == [False] * 3

    run(lambda loop: loop.create_task(scenario(loop)))  # type: ignore[arg-type]


def test_whoever_gives_up_waiting_takes_no_slot() -> None:
    async def scenario(loop: FakeLoop) -> None:
        pacer = Pacer(1, LoopClock(loop))
        await pacer.slot(Priority.INSTANT)
        gone = asyncio.ensure_future(pacer.slot(Priority.INSTANT))
        await asyncio.sleep(0)
        gone.cancel()
        begun = loop.time()
        await pacer.slot(Priority.INSTANT)
        assert loop.time() - begun < 1.1

    run(lambda loop: loop.create_task(scenario(loop)))  # type: ignore[arg-type]


def test_a_chat_waits_a_second_and_a_group_three() -> None:
    clock = TestClock(speed=0)
    chats = ChatPacer(clock)
    assert chats.wait(1) == 0
    chats.wrote(1, ChatKind.PRIVATE)
    chats.wrote(-1, ChatKind.GROUP)
    assert (chats.wait(1), chats.wait(-1), chats.wait(2)) == (1.0, 3.0, 0.0)
    chats.refuse(1, 30)
    clock.advance(seconds=2)
    assert (chats.wait(1), chats.wait(-1)) == (28.0, 1.0)
    assert (chats.refusal(1), chats.refusal(-1)) == (28.0, 0.0)


@pytest.mark.parametrize(
    ("story", "whole_bot"),
    [
        ([("refused", 1)], [False]),
        ([("refused", 1), ("refused", 1)], [False, False]),
        ([("refused", 1), ("refused", 2)], [False, True]),
        ([("refused", 1), ("accepted", 0), ("refused", 2)], [False, False]),
    ],
)
def test_a_429_slows_its_chat_and_two_in_a_row_the_bot(story: list[tuple[str, int]], whole_bot: list[bool]) -> None:
    throttle, seen = _throttle(TestClock(speed=0)), []
    for what, chat in story:
        if what == "refused":
            seen.append(throttle.refused(chat, 5) > 0)
        else:
            throttle.accepted()
    assert seen == whole_bot


def _throttle(clock: TestClock) -> Throttle:
    return Throttle(clock=clock, pacer=Pacer(30, clock), chats=ChatPacer(clock))


def test_a_wait_of_the_whole_bot_is_bounded_and_each_chat_keeps_its_own() -> None:
    clock = TestClock(speed=0)
    throttle = _throttle(clock)
    throttle.refused(1, 40_000)
    waits = [throttle.refused(2, 40_000)]
    assert throttle.refused(3, 40_000) == 0, "it was under way when the wait began"
    for chat in range(4, 10):
        clock.advance(seconds=waits[-1])
        waits.append(throttle.refused(chat, 40_000))
    assert waits == [5, 10, 20, 40, MOST_SECONDS, MOST_SECONDS, MOST_SECONDS]
    assert throttle.chats.refusal(1) > 39_000
    assert throttle.chats.refusal(99) == 0


def test_the_bot_waits_no_longer_than_each_of_the_chats_was_told() -> None:
    clock = TestClock(speed=0)
    throttle = _throttle(clock)
    throttle.refused(1, 40_000)
    assert throttle.refused(2, 3) == 3


def test_a_chat_that_is_refused_when_another_s_wait_is_over_says_nothing_of_the_bot() -> None:
    clock = TestClock(speed=0)
    throttle = _throttle(clock)
    throttle.refused(1, 5)
    clock.advance(seconds=5)
    assert throttle.refused(2, 5) == 0
    assert throttle.refused(3, 5) == 5, "the second one's wait is not over"


def test_a_wait_of_the_bot_is_one_of_its_pacer_and_whoever_listens_hears_what_was_asked() -> None:
    told: list[tuple[str, int | None, float]] = []
    turns = SimpleNamespace(pause=lambda seconds: told.append(("paused", None, seconds)))
    listener = SimpleNamespace(asked=lambda chat, seconds: told.append(("asked", chat, seconds)))
    clock = TestClock(speed=0)
    throttle = Throttle(clock=clock, pacer=cast("Pacer", turns), chats=ChatPacer(clock), listener=listener)
    throttle.refused(1, 40)
    throttle.refused(2, 30)
    assert told == [("asked", 1, 40), ("asked", 2, 30), ("paused", None, 5.0), ("asked", None, 30)]


def test_one_chat_that_is_refused_again_and_again_says_nothing_of_the_bot() -> None:
    clock = TestClock(speed=0)
    throttle = _throttle(clock)
    throttle.refused(1, 100)
    clock.advance(seconds=throttle.refused(2, 100))
    assert [throttle.refused(chat, 100) for chat in (1, 2, 1, 2)] == [0, 0, 0, 0]


def test_what_got_through_ends_the_wait_and_the_next_one_begins_small() -> None:
    clock = TestClock(speed=0)
    throttle = _throttle(clock)
    for chat in range(1, 5):
        clock.advance(seconds=throttle.refused(chat, 100))
    throttle.accepted()
    assert [throttle.refused(chat, 100) for chat in (10, 11)] == [0, 5]
    throttle.accepted()  # it was under way
    assert throttle.refused(12, 100) == 0


def test_a_turn_after_a_pause_in_which_nothing_was_sent_is_the_next_ones() -> None:
    grants: list[float] = []

    async def scenario(loop: FakeLoop) -> None:
        pacer = Pacer(30, LoopClock(loop))
        pacer.pause(10)
        pacer.unused()  # as from a turn before the pause
        began = loop.time()

        async def one() -> None:
            await pacer.slot(Priority.INSTANT)
            grants.append(loop.time() - began)
            if len(grants) < 3:
                pacer.unused()

        await asyncio.gather(*(one() for _ in range(4)))

    run(lambda loop: loop.create_task(scenario(loop)))  # type: ignore[arg-type]
    assert grants[0] == pytest.approx(10)
    assert grants[2] - grants[0] <= 0.1
    assert grants[3] - grants[2] == pytest.approx(PROBE_SECONDS)


@pytest.mark.parametrize("known", [True, False])
def test_after_a_pause_one_is_tried_and_the_others_wait_for_how_it_went(known: bool) -> None:
    grants: list[float] = []

    async def scenario(loop: FakeLoop) -> None:
        pacer = Pacer(30, LoopClock(loop))
        pacer.pause(10)
        pacer.go_on()  # what was under way says nothing
        began = loop.time()

        async def one() -> None:
            await pacer.slot(Priority.INSTANT)
            grants.append(loop.time() - began)
            if known and len(grants) == 1:
                loop.call_later(0.5, pacer.go_on)

        await asyncio.gather(*(one() for _ in range(4)))

    run(lambda loop: loop.create_task(scenario(loop)))  # type: ignore[arg-type]
    assert grants[0] == pytest.approx(10)
    assert grants[1] == pytest.approx(10.5 if known else 10 + PROBE_SECONDS)
    assert grants[3] - grants[1] <= 0.1 if known else grants[3] - grants[1] == pytest.approx(2 * PROBE_SECONDS)
