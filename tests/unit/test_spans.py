"""Spans: stretches grow while they are quick, shrink when they are not, and stay within bounds."""

import pytest

from bot.delivery.batch_size import BatchSizer


@pytest.mark.parametrize(
    ("seconds", "sizes"),
    [
        ([0.001] * 3, [5_000, 10_000, 20_000, 20_000]),
        ([0.2] * 2, [5_000, 5_000, 5_000]),
        ([0.001, 0.040, 0.030, 0.060], [5_000, 10_000, 7_500, 7_500, 5_000]),
    ],
)
def test_a_stretch_is_as_large_as_keeps_its_transaction_short(seconds: list[float], sizes: list[int]) -> None:
    now = [0.0]
    spans, seen = BatchSizer(lambda: now[0]), []
    for took in seconds:
        with spans.next() as size:
            seen.append(size)
            now[0] += took
    assert [*seen, spans.size] == sizes
