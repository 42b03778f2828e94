"""Spans: stretches grow while they are quick, shrink when they are not, and stay within bounds."""

import pytest

from bot.delivery.batch_size import BatchSizer
from tests.support.clock import TestClock


@pytest.mark.parametrize(
    ("seconds", "sizes"),
    [
        ([0.001] * 3, [5_000, 10_000, 20_000, 20_000]),
        ([0.2] * 2, [5_000, 4_000, 4_000]),
        ([0.001, 0.040, 0.030, 0.060], [5_000, 10_000, 7_500, 7_500, 4_000]),
    ],
)
def test_a_stretch_is_as_large_as_keeps_its_transaction_short(seconds: list[float], sizes: list[int]) -> None:
    clock = TestClock(speed=0)
    spans, seen = BatchSizer(clock), []
    for took in seconds:
        with spans.next() as size:
            seen.append(size)
            clock.advance(seconds=took)
    assert [*seen, spans.size] == sizes


async def test_what_changes_every_row_begins_small_and_says_what_its_step_says() -> None:
    clock = TestClock(speed=0)
    sizes, seen = BatchSizer.of_rows(clock), []

    async def write(size: int) -> bool:
        seen.append(size)
        clock.advance(seconds=0.015 if len(seen) < 5 else 0.6)
        return len(seen) < 7

    while await sizes.step(write):
        pass
    assert seen == [500, 1_000, 2_000, 4_000, 5_000, 300, 300]
