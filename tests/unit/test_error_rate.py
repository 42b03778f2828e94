"""When a send fails for so many that it is halted."""

import pytest

from bot.delivery.error_rate import ErrorRate
from bot.model.ledger import DeliveryState, Finish, Retry, Step
from bot.model.readers import ReaderState
from tests.support.clock import TestClock

GOOD, FAILED = Finish(DeliveryState.SENT, "", 1), Finish(DeliveryState.FAILED, "bad")
UNCERTAIN, EXPIRED = Finish(DeliveryState.UNCERTAIN, "lost"), Finish(DeliveryState.EXPIRED, "late")
LEFT = Finish(DeliveryState.FAILED, "blocked", None, ReaderState.BLOCKED)
LATER = Retry(TestClock().now(), "429", 1)


def _halts(steps: list[Step]) -> list[int]:
    """Return which outcomes, counted from 1, make a spike."""
    rate = ErrorRate()
    return [n for n, step in enumerate(steps, 1) if rate.noted(1, step)]


@pytest.mark.parametrize(
    ("steps", "halts"),
    [
        ([FAILED] * 20, [20]),
        ([UNCERTAIN] * 20, [20]),
        ([FAILED] * 19, []),
        ([FAILED] * 19 + [GOOD], []),  # a success makes no spike, the next failure does
        ([FAILED] * 19 + [GOOD, FAILED], [21]),
        ([GOOD] * 10 + [FAILED] * 10, [20]),  # half of them
        ([GOOD] * 11 + [FAILED] * 10, []),
        ([GOOD] * 11 + [FAILED] * 11, [22]),
        ([EXPIRED] * 40, []),
        ([LEFT] * 100, []),
        ([LATER] * 100, []),
        ([LEFT, LATER] * 50 + [FAILED] * 19, []),
        ([FAILED] * 19 + [LEFT, LATER], []),
        # Of the last forty: what was long ago counts no more.
        ([GOOD] * 200 + [FAILED] * 20, [220]),
        ([GOOD] * 200 + [FAILED] * 19, []),
        # After a spike the count begins anew.
        ([FAILED] * 39, [20]),
        ([FAILED] * 40, [20, 40]),
    ],
)
def test_a_send_is_halted_when_half_of_its_last_twenty_to_forty_failed(steps: list[Step], halts: list[int]) -> None:
    assert _halts(steps) == halts


def test_each_send_is_looked_at_by_itself() -> None:
    rate = ErrorRate()
    assert not any(rate.noted(number, FAILED) for number in (1, 2) for _ in range(19))
    assert rate.noted(2, FAILED)
    assert rate.noted(1, FAILED)


def test_sends_that_are_over_are_forgotten_and_one_that_goes_on_is_not() -> None:
    rate, long_one = ErrorRate(), 1
    for number in range(2, 2_000):
        assert not rate.noted(number, GOOD)
        if number % 110 == 0:
            assert rate.noted(long_one, FAILED) is False  # eighteen times
    assert len(rate._last) < 500
    assert [rate.noted(long_one, FAILED) for _ in range(2)] == [False, True]
