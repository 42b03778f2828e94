"""When a feed is asked again."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.inflow.timetable import AT_FIRST, LATEST, SOONEST, after_failure, after_success, interval, is_late, outside
from bot.model.feeds import Skips

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)  # a Thursday
NEVER = Skips()


class Least(Random):
    """Chance that adds nothing."""

    def random(self) -> float:
        return 0.0


class Most(Random):
    """Chance that adds as much as it may."""

    def random(self) -> float:
        return 0.999999


@pytest.mark.parametrize(
    ("every", "a_day", "seconds"),
    [
        (0, None, AT_FIRST),
        (0, 0.0, LATEST),
        (0, 1000.0, SOONEST),
        (0, 12.0, 1800),
        (0, 24.0, 900),
        (3600, 1000.0, 3600),
    ],
)
def test_a_feed_is_asked_as_often_as_it_brings_something_or_as_somebody_chose(
    every: int, a_day: float | None, seconds: float
) -> None:
    assert interval(every, a_day) == seconds


def test_a_feed_is_never_asked_before_it_wants_to_be() -> None:
    for chance in (Least(), Most()):
        assert after_success(NOW, 300, 3600, NEVER, chance) >= NOW + timedelta(seconds=3600)
        assert after_success(NOW, 300, 10**9, NEVER, chance) <= NOW + timedelta(days=1.11)
        assert after_failure(NOW, 300, 1, 7200, NEVER, chance) >= NOW + timedelta(seconds=7200)


@pytest.mark.parametrize(
    ("seconds", "fresh_for", "least"), [(900, 0, 900), (900, 3600, 3600), (7200, 3600, 7200), (900, 10**9, 86_400)]
)
def test_a_wait_is_the_longer_of_both_and_a_tenth_more_at_most(seconds: float, fresh_for: float, least: float) -> None:
    waits = [(after_success(NOW, seconds, fresh_for, NEVER, one) - NOW).total_seconds() for one in (Least(), Most())]
    assert waits == [least, pytest.approx(least * 1.1, rel=1e-4)]


@pytest.mark.parametrize(
    ("seconds", "fresh_for", "least", "most"),
    [(300, 0, 300, 600), (900, 3600, 3600, 7200), (7200, 0, 7200, 10_800), (900, 10**9, 86_400, 90_000)],
)
def test_who_was_late_waits_up_to_twice_as_long_once_and_no_hour_more(
    seconds: float, fresh_for: float, least: float, most: float
) -> None:
    ends = [after_success(NOW, seconds, fresh_for, NEVER, chance, late=True) for chance in (Least(), Most())]
    assert [(end - NOW).total_seconds() for end in ends] == [least, pytest.approx(most, rel=1e-4)]


def test_after_a_stop_who_is_asked_at_once_is_soon_asked_evenly() -> None:
    """Of 500 feeds that all were due when the bot came back, each minute has its share again after an hour."""
    chance, wait = Random(11), 600
    due = [NOW] * 500
    hour = NOW + timedelta(hours=1)
    came = [NOW - timedelta(minutes=n % 10 + 1.5) for n in range(500)]  # while it was stopped
    for n, at in enumerate(came):
        due[n] = after_success(NOW, wait, 0, NEVER, chance, late=is_late(at, NOW))
    for n in range(500):
        while due[n] < hour:
            due[n] = after_success(due[n], wait, 0, NEVER, chance, late=is_late(due[n], due[n]))
    minutes = Counter(int((at - hour).total_seconds() // 60) for at in due)
    assert set(range(10)) <= set(minutes)
    assert max(minutes.values()) < 2 * 500 / 10


@pytest.mark.parametrize(("asked", "late"), [(None, False), (0, False), (60, False), (61, True), (-3600, False)])
def test_who_had_to_wait_for_its_turn_is_late(asked: int | None, late: bool) -> None:
    assert is_late(NOW, None if asked is None else NOW + timedelta(seconds=asked)) is late


@pytest.mark.parametrize(
    ("seconds", "failures", "retry_after", "least"),
    [(30, 1, 0, 300), (900, 2, 0, 1800), (900, 1, 3000, 3000), (900, 1, 10**9, 86_400), (30, 9, 0, 21_600)],
)
def test_after_a_failure_a_third_more_at_most(seconds: float, failures: int, retry_after: float, least: float) -> None:
    ends = (after_failure(NOW, seconds, failures, retry_after, NEVER, one) for one in (Least(), Most()))
    waits = [(end - NOW).total_seconds() for end in ends]
    assert waits == [least, pytest.approx(least * 1.3, rel=1e-4)]


def test_who_began_together_is_spread_out() -> None:
    chance = Random(7)
    at = {after_success(NOW, 900, 0, NEVER, chance) for _ in range(100)}
    assert len(at) == 100
    assert max(at) - min(at) > timedelta(seconds=60)


def test_who_fails_is_asked_later_each_time_but_never_given_up() -> None:
    waits = [(after_failure(NOW, 900, n, 0, NEVER, Least()) - NOW).total_seconds() for n in range(1, 40)]
    assert waits[:4] == [900, 1800, 3600, 7200]
    assert waits == sorted(waits)
    assert waits[-1] == 21_600
    assert (after_failure(NOW, 86_400, 1, 0, NEVER, Least()) - NOW).total_seconds() == 86_400


@pytest.mark.parametrize(
    ("skips", "expected"),
    [
        (Skips(), NOW),
        (Skips(hours=(12, 13)), NOW.replace(hour=14)),
        (Skips(hours=tuple(range(12, 24))), NOW.replace(day=27, hour=0)),
        (Skips(days=(3, 4)), NOW.replace(day=28, hour=0)),
        (Skips(days=(3,), hours=(0, 1)), NOW.replace(day=27, hour=2)),
        (Skips(hours=tuple(range(24))), NOW),  # nobody means that
        (Skips(days=tuple(range(7))), NOW),
    ],
)
def test_hours_and_days_to_be_skipped_are(skips: Skips, expected: datetime) -> None:
    assert outside(NOW, skips) == expected
    later = timedelta(minutes=20, seconds=30)  # who is moved to a full hour stays spread out by the second
    moved = expected + (later if expected == NOW else timedelta(seconds=30))
    assert outside(NOW + later, skips) == moved
