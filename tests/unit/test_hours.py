"""Hours of the day as people type them, for digests and for quiet; and the ones that a clock jumps over."""

from contextlib import suppress
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadHours, BadQuiet
from bot.model.readers import Quiet
from bot.timing.hours import parse_clock_times, parse_quiet
from bot.timing.schedules import next_gap

NIGHT = Quiet(time(23), time(7))


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("22:30–7:15", Quiet(time(22, 30), time(7, 15))),
        ("22.30 - 7.15", Quiet(time(22, 30), time(7, 15))),
        ("2230-0715", Quiet(time(22, 30), time(7, 15))),
        ("з 23 до 7", NIGHT), ("23-7", NIGHT), ("23—7", NIGHT), ("23 7", NIGHT), ("від 23:00 по 07:00", NIGHT),
        ("із 23 години до 7 години", NIGHT), ("з 11 вечора до 7 ранку", NIGHT), ("11 pm to 7 am", NIGHT),
        ("from 11pm till 7am", NIGHT), ("Between 11 p.m. and 7 a.m.", NIGHT), ("23h–7h", NIGHT),
        ("9 pm to 7 am", Quiet(time(21), time(7))),
        ("з півночі до опівдні", Quiet(time(0), time(12))), ("midnight–noon", Quiet(time(0), time(12))),
        ("22-30 7-00", Quiet(time(22, 30), time(7))), ("з 22-30 до 7-15", Quiet(time(22, 30), time(7, 15))),
        ("22-00", Quiet(time(22), time(0))), ("з десятої вечора до сьомої ранку", Quiet(time(22), time(7))),
        ("22–24", Quiet(time(22), time(0))),
        ("з двадцять третьої до сьомої", NIGHT),
        ("00:00–00:00", Quiet(time(0), time(0))),
        ("вимкнути", None), ("off", None), ("off.", None),
        ("між 23 і 7", NIGHT), ("23:00–07:00.", NIGHT), ("from 11 pm to 7 am!", NIGHT),
    ],
)  # fmt: skip
def test_quiet_hours_are_taken_as_people_type_them(text: str, quiet: Quiet | None) -> None:
    assert parse_quiet(text) == quiet


@pytest.mark.parametrize(
    "text",
    ["", "-", "завжди", "22", "22–7–8", "25–7", "22:60–7", "22–7 крім неділі", "13 am – 7 am", "24:30–7", "22–", "–7", "з до", "9" * 5000],
)  # fmt: skip
def test_what_is_no_quiet_hours_is_refused(text: str) -> None:
    with pytest.raises(BadQuiet):
        parse_quiet(text)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("8, 13 і 19:30", (time(8), time(13), time(19, 30))),
        ("8,13", (time(8), time(13))),
        ("о 8 та 19.30", (time(8), time(19, 30))),
        ("19:30; 8", (time(8), time(19, 30))),
        ("8 ранку й 7 вечора", (time(8), time(19))),
        ("at 8am, noon and 7:30 pm", (time(8), time(12), time(19, 30))),
        ("8 8:00 08.00", (time(8),)),
        ("24:00", (time(0),)),
        ("о восьмій і о дев’ятнадцятій", (time(8), time(19))),
        ("щодня о 9", (time(9),)),
        ("о двадцять першій", (time(21),)),
        ("о восьмій та двадцять другій", (time(8), time(22))),
        ("at eight and twenty-one", (time(8), time(21))),
        ("daily at nine", (time(9),)),
        ("8-00, 19-30", (time(8), time(19, 30))),
    ],
)
def test_hours_of_digests_are_taken_as_people_type_them(text: str, times: tuple[time, ...]) -> None:
    assert parse_clock_times(text) == times


@pytest.mark.parametrize(
    "text", ["", "8–19", "8 до 19", "8-13", "9-15", "щодня", "пів", "8, і", " ".join(f"8:{n:02}" for n in range(25))]
)
def test_what_is_no_list_of_hours_is_refused(text: str) -> None:
    with pytest.raises(BadHours):
        parse_clock_times(text)


@given(st.text(max_size=60))
def test_anything_typed_is_hours_or_refused(text: str) -> None:
    for parse, error in ((parse_clock_times, BadHours), (parse_quiet, BadQuiet)):
        with suppress(error):
            parse(text)


@pytest.mark.parametrize(
    ("zone", "times", "gap"),
    [
        ("Europe/Kyiv", (time(8), time(3, 30)), (time(3, 30), datetime(2027, 3, 28, 1, 0, tzinfo=UTC))),
        ("Europe/Kyiv", (time(8), time(4)), None),
        ("America/New_York", (time(2, 30),), (time(2, 30), datetime(2027, 3, 14, 7, 0, tzinfo=UTC))),
        ("Europe/London", (time(1, 30),), (time(1, 30), datetime(2027, 3, 28, 1, 0, tzinfo=UTC))),
        ("UTC", tuple(map(time, range(24))), None),
    ],
)
def test_an_hour_that_a_clock_will_jump_over_is_found(
    zone: str, times: tuple[time, ...], gap: tuple[time, datetime] | None
) -> None:
    assert next_gap(times, zone, datetime(2026, 11, 26, 12, 0, tzinfo=UTC)) == gap
