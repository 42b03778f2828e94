"""While nobody knows what becomes of requests they go one at a time, and only to a server that answers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.delivery.circuit_breaker import CircuitBreaker
from bot.model.outcomes import Delivered, NotConnected, Outcome, Refused, Throttled, Unauthorized, Unknown
from tests.support.clock import TestClock


@dataclass(slots=True)
class Server:
    """A server that answers from a certain question on, and when it was asked."""

    clock: TestClock
    answers_from: int = 1
    asked: list[float] = field(default_factory=list)
    then: Callable[[], None] = lambda: None

    async def answers(self) -> bool:
        self.asked.append(self.clock.monotonic())
        self.then()
        return len(self.asked) >= self.answers_from


@dataclass(slots=True)
class Waiting(TestClock):
    """A clock on which waiting for an event takes no time, and that remembers for how long it was."""

    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        TestClock.__init__(self, speed=0)

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        self.waits.append(seconds)
        await asyncio.sleep(0)
        return event.is_set()


def _breaker(answers_from: int = 1) -> tuple[CircuitBreaker, Server, Waiting]:
    clock = Waiting()
    server = Server(clock, answers_from)
    return CircuitBreaker(server.answers, clock), server, clock


async def _sends(breaker: CircuitBreaker, outcome: Outcome) -> bool:
    async with breaker.turn() as leave:
        if leave:
            breaker.noted(outcome)
        return leave


async def test_while_outcomes_are_known_nobody_is_asked_and_all_go_at_once() -> None:
    breaker, server, _ = _breaker()
    async with breaker.turn() as one, breaker.turn() as other:
        assert one
        assert other
    for outcome in (Delivered(1), Throttled(5.0), Refused("no")):
        assert await _sends(breaker, outcome)
    assert server.asked == []


@pytest.mark.parametrize("outcome", [Unknown("reset"), NotConnected("refused")])
async def test_after_an_outcome_that_says_nothing_the_server_is_asked_until_it_answers(outcome: Outcome) -> None:
    breaker, server, clock = _breaker(answers_from=7)
    breaker.noted(outcome)
    assert await _sends(breaker, Delivered(1))
    assert len(server.asked) == 7
    assert clock.waits == [0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]
    assert await _sends(breaker, Delivered(1))
    assert len(server.asked) == 7  # open again


@pytest.mark.parametrize("outcome", [Delivered(1), Throttled(5.0), Refused("no"), Unauthorized("401")])
async def test_any_answer_opens_it_and_waits_begin_anew(outcome: Outcome) -> None:
    breaker, server, clock = _breaker(answers_from=3)
    breaker.noted(Unknown("reset"))
    assert await _sends(breaker, outcome)
    breaker.noted(Unknown("reset"))
    clock.waits.clear()
    assert await _sends(breaker, Delivered(1))
    assert (len(server.asked), clock.waits) == (4, [0.0])


async def test_a_server_that_answers_and_takes_nothing_is_asked_again_and_later_each_time() -> None:
    breaker, _, clock = _breaker()
    for _ in range(4):
        await _sends(breaker, Unknown("reset"))
    assert clock.waits == [0.0, 1.0, 2.0]


async def test_while_it_is_closed_one_goes_at_a_time() -> None:
    breaker, _, _ = _breaker()
    breaker.noted(Unknown("reset"))
    inside, most, gone = 0, 0, []

    async def one(outcome: Outcome) -> None:
        nonlocal inside, most
        async with breaker.turn() as leave:
            assert leave
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            breaker.noted(outcome)
            inside -= 1
            gone.append(outcome)

    await asyncio.gather(*(one(Unknown("reset")) for _ in range(5)))
    assert (most, len(gone)) == (1, 5)


async def test_whoever_waited_when_it_opens_goes_without_asking_again() -> None:
    breaker, server, _ = _breaker()
    breaker.noted(Unknown("reset"))
    assert await asyncio.gather(*(_sends(breaker, Delivered(1)) for _ in range(5))) == [True] * 5
    assert len(server.asked) == 1


async def test_a_stop_lets_nobody_wait_and_nobody_go() -> None:
    breaker, server, _ = _breaker(answers_from=100)
    server.then = lambda: breaker.stop() if len(server.asked) == 3 else None
    breaker.noted(Unknown("reset"))
    assert await _sends(breaker, Delivered(1)) is False
    assert len(server.asked) == 3
    assert await _sends(breaker, Delivered(1)) is False
    assert len(server.asked) == 3


async def test_a_stop_while_it_rests_asks_no_more() -> None:
    breaker, server, clock = _breaker(answers_from=100)
    breaker.noted(Unknown("reset"))
    usual = Waiting.wait

    async def stopping(event: asyncio.Event, seconds: float) -> bool:
        if seconds:
            breaker.stop()
        return await usual(clock, event, seconds)

    breaker._clock = type("Stopping", (), {"wait": staticmethod(stopping)})()  # type: ignore[assignment]
    assert await _sends(breaker, Delivered(1)) is False
    assert len(server.asked) == 1
