"""Wall-clock rules: each local day has exactly one occurrence of each time, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.readers import AtHours, Hourly, Instantly, Quiet, Schedule
from bot.timing.schedules import (
    instant_of,
    is_quiet,
    next_digest,
    next_full_hour,
    next_gap,
    next_time,
    parse_schedule,
    quiet_end,
    schedule_text,
)

# Zones with gaps and folds at night, at midnight, of half an hour, by religion, and with none.
ZONES = (
    "Europe/Kyiv", "Europe/London", "Europe/Lisbon", "Africa/Cairo", "Africa/Casablanca", "America/New_York",
    "America/Havana", "America/St_Johns", "America/Santiago", "America/Asuncion", "America/Sao_Paulo", "Asia/Beirut",
    "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Tehran", "Australia/Lord_Howe", "Australia/Sydney",
    "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "UTC",
)  # fmt: skip

zones = st.sampled_from(ZONES)
times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45, 59]))
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))
schedules: st.SearchStrategy[Schedule] = st.one_of(
    st.just(Instantly()),
    st.just(Hourly()),
    st.lists(times, min_size=1, max_size=4).map(lambda t: AtHours(tuple(sorted(set(t))))),
)
quiets = st.none() | st.builds(Quiet, times, times)


@pytest.mark.parametrize("zone", ZONES)
def test_each_local_day_has_exactly_one_of_each_time(zone: str) -> None:
    local = ZoneInfo(zone)
    for at in (time(0), time(0, 30), time(1, 30), time(2, 15), time(3, 30), time(9)):
        day, before = date(2024, 1, 1), None
        while day.year < 2031:
            instant = instant_of(day, at, local)
            shown = instant.astimezone(local)
            assert shown.date() == day
            assert shown.time() >= at
            assert before is None or before < instant
            before, day = instant, day + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2026, 6, 1), time(9), "2026-06-01T06:00:00+00:00"),
        (date(2026, 12, 1), time(9), "2026-12-01T07:00:00+00:00"),
        (date(2027, 3, 28), time(3, 30), "2027-03-28T01:00:00+00:00"),  # the clock jumps over it: right after
        (date(2026, 10, 25), time(3, 30), "2026-10-25T00:30:00+00:00"),  # the clock shows it twice: the first
    ],
)
def test_gaps_and_folds_in_kyiv(day: date, at: time, expected: str) -> None:
    assert instant_of(day, at, ZoneInfo("Europe/Kyiv")).isoformat() == expected


@pytest.mark.parametrize(
    ("times_", "zone", "after", "gap"),
    [
        ("3:30", "Europe/Kyiv", "2026-11-26T12:00", "3:30 2027-03-28T01:00"),
        ("9:00 3:59 3:00", "Europe/Kyiv", "2026-11-26T12:00", "3:00 2027-03-28T01:00"),
        ("3:30", "Europe/Kyiv", "2027-03-28T00:59", "3:30 2027-03-28T01:00"),
        ("3:30", "Europe/Kyiv", "2027-03-28T01:00", "3:30 2028-03-26T01:00"),
        ("2:59 4:00", "Europe/Kyiv", "2026-11-26T12:00", ""),
        ("1:45", "Australia/Lord_Howe", "2026-11-26T12:00", ""),  # it is shown twice
        ("2:15", "Australia/Lord_Howe", "2026-11-26T12:00", "2:15 2027-10-02T15:30"),
        ("3:30", "UTC", "2026-11-26T12:00", ""),
        ("", "Europe/Kyiv", "2026-11-26T12:00", ""),
    ],
)
def test_the_first_time_that_the_clock_will_jump_over_in_a_year(times_: str, zone: str, after: str, gap: str) -> None:
    asked = [time(*map(int, one.split(":"))) for one in times_.split()]
    found = next_gap(asked, zone, datetime.fromisoformat(after).replace(tzinfo=UTC))
    shown = "" if found is None else f"{found[0]:%-H:%M} {found[1].astimezone(UTC):%Y-%m-%dT%H:%M}"
    assert shown == gap


@given(zones, st.lists(times, min_size=1, max_size=4), instants)
def test_the_next_time_is_later_and_nothing_lies_between(zone: str, at: list[time], after: datetime) -> None:
    found = next_time(tuple(at), zone, after)
    assert after < found <= after + timedelta(hours=49)
    local = after.astimezone(ZoneInfo(zone)).date()
    for day in (local - timedelta(days=1), local, local + timedelta(days=1)):
        for moment in at:
            instant = instant_of(day, moment, ZoneInfo(zone))
            assert not after < instant < found


@given(zones, instants)
def test_a_full_hour_is_a_full_hour(zone: str, after: datetime) -> None:
    found = next_full_hour(zone, after)
    assert found.astimezone(ZoneInfo(zone)).minute == 0
    assert after < found <= after + timedelta(minutes=120)


@pytest.mark.parametrize(
    ("after", "hour"),
    [
        ("2026-10-03T15:10+00:00", "2026-10-03T16:00+00:00"),  # 01:40 becomes 02:30 at two: the next full hour is three
        ("2026-04-04T14:50+00:00", "2026-04-04T15:30+00:00"),  # 01:50 becomes 01:30 at two: the next full hour is two
        ("2026-04-04T13:00+00:00", "2026-04-04T14:00+00:00"),
    ],
)
def test_a_full_hour_where_the_clock_changes_by_half_an_hour(after: str, hour: str) -> None:
    assert next_full_hour("Australia/Lord_Howe", datetime.fromisoformat(after)) == datetime.fromisoformat(hour)


@given(schedules, quiets, zones, instants)
def test_a_digest_never_falls_into_quiet_hours(
    schedule: Schedule, quiet: Quiet | None, zone: str, after: datetime
) -> None:
    due = next_digest(schedule, quiet, zone, after)
    if due is None:
        assert isinstance(schedule, Instantly)
        assert quiet is None
        return
    assert due > after
    if quiet is not None and quiet.start != quiet.end:
        local = due.astimezone(ZoneInfo(zone)).time()
        inside = (
            quiet.start <= local < quiet.end if quiet.start < quiet.end else local >= quiet.start or local < quiet.end
        )
        # Where a clock change swallows the end of the quiet hours, the digest waits for the first instant after it.
        assert not inside or instant_of(due.astimezone(ZoneInfo(zone)).date(), quiet.end, ZoneInfo(zone)) == due


@given(schedules)
def test_a_schedule_survives_being_stored(schedule: Schedule) -> None:
    assert parse_schedule(schedule_text(schedule)) == schedule


def test_computing_from_the_last_due_time_does_not_drift() -> None:
    due = datetime(2026, 10, 20, 6, 0, tzinfo=UTC)
    seen = []
    for _ in range(10):
        due = next_digest(AtHours((time(9),)), None, "Europe/Kyiv", due) or due
        seen.append(due.astimezone(ZoneInfo("Europe/Kyiv")).strftime("%d %H:%M"))
    assert seen == [f"{day} 09:00" for day in range(21, 31)]


def test_quiet_hours_that_end_in_the_hour_shown_twice_end_both_times() -> None:
    night = Quiet(time(23), time(3, 30))
    at = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)  # midnight in Kyiv, before the clock shows 3:00 to 4:00 twice
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert quiet_end(night, "Europe/Kyiv", at) == first
    assert not is_quiet(night, "Europe/Kyiv", first)
    between = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 3:10 again
    assert is_quiet(night, "Europe/Kyiv", between)
    assert quiet_end(night, "Europe/Kyiv", between) == second
    assert next_digest(Instantly(), night, "Europe/Kyiv", first) == second
    assert next_digest(Instantly(), night, "Europe/Kyiv", second) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


@given(
    st.sampled_from(ZONES),
    st.builds(Quiet, st.times(), st.times()),
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
)
def test_nobody_is_left_in_quiet_hours_that_are_over(zone: str, quiet: Quiet, now: datetime) -> None:
    quiet = Quiet(quiet.start.replace(second=0, microsecond=0), quiet.end.replace(second=0, microsecond=0))
    end = quiet_end(quiet, zone, now)
    if end is not None:
        step = timedelta(minutes=1)
        minutes = int((end - now) / step)
        assert all(is_quiet(quiet, zone, now + n * step) for n in range(0, minutes, 10)), "they were over before"
