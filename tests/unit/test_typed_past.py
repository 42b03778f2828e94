"""Times that are over, as editors type them: the latest moment that they can mean."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.errors import BadMoment, FutureTime, NoSuchDate
from bot.timing.typed_past import parse_past

KYIV = "Europe/Kyiv"
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)  # a Thursday, noon in Kyiv


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("26.06.2023 07:35", "2023-06-26 07:35"),
        ("07:35 26.06.2023", "2023-06-26 07:35"),
        ("26 червня 2023 року о 7:35", "2023-06-26 07:35"),
        ("2023-06-26 07:35", "2023-06-26 07:35"),
        ("1 December 1999 9:00", "1999-12-01 09:00"),
        ("вчора о 18", "2026-11-25 18:00"),
        ("Учора 18:30", "2026-11-25 18:30"),
        ("позавчора", "2026-11-24 09:00"),
        ("yesterday at 9 pm", "2026-11-25 21:00"),
        ("сьогодні о 9", "2026-11-26 09:00"),
        ("today 9:00", "2026-11-26 09:00"),
        ("11:59", "2026-11-26 11:59"),
        ("12:01", "2026-11-25 12:01"),
        ("9 ранку", "2026-11-26 09:00"),
        ("понеділок 9:00", "2026-11-23 09:00"),
        ("Friday at 6 pm", "2026-11-20 18:00"),
        ("четвер 9:00", "2026-11-26 09:00"),
        ("четвер 13:00", "2026-11-19 13:00"),
        ("25 грудня 18:00", "2025-12-25 18:00"),
        ("25.11 10:00", "2026-11-25 10:00"),
        ("1 вересня", "2026-09-01 09:00"),
        ("2 години тому", "2026-11-26 10:00"),
        ("пів години тому", "2026-11-26 11:30"),
        ("an hour ago", "2026-11-26 11:00"),
        ("3 дні тому", "2026-11-23 12:00"),
        ("2 weeks ago", "2026-11-12 12:00"),
        ("2 дні тому о 9", "2026-11-24 09:00"),
        ("2 days ago at 9 pm", "2026-11-24 21:00"),
        ("тиждень тому о пів на десяту", "2026-11-19 09:30"),
        ("an hour and a half ago", "2026-11-26 10:30"),
        ("21 год тому", "2026-11-25 15:00"),
        ("вчора", "2026-11-25 09:00"),
        ("yesterday", "2026-11-25 09:00"),
        ("the day before yesterday at half past 9", "2026-11-24 09:30"),
        ("25-11-2026 10:30", "2026-11-25 10:30"),
    ],
)
def test_the_latest_moment_that_is_over_is_meant(text: str, meant: str) -> None:
    expected = datetime.fromisoformat(meant).replace(tzinfo=ZoneInfo(KYIV))
    assert parse_past(text, NOW, KYIV) == expected


@pytest.mark.parametrize(
    "text", ["завтра о 9", "tomorrow", "27.11.2026 10:00", "31.12.2036", "сьогодні о 18", "today at 6 pm"]
)
def test_what_is_yet_to_come_is_no_date_of_an_article(text: str) -> None:
    with pytest.raises(FutureTime):
        parse_past(text, NOW, KYIV)


@pytest.mark.parametrize(
    "text",
    [
        "колись",
        "",
        "тому",
        "9 мостів тому",
        "2 години тому о 9",
        "через годину давно",
        "🗓",
        "12",
        "9" * 5000,
        "ago " * 900,
        "9999 тижнів і 9999 місяців і 9999 місяців і 9999 місяців тому",
    ],
)
def test_what_is_no_time_is_told_to_be_none(text: str) -> None:
    with pytest.raises(BadMoment):
        parse_past(text, NOW, KYIV)


@pytest.mark.parametrize(
    ("text", "now", "meant"),
    [
        ("місяць тому", "2026-11-28 12:00", "2026-10-28 12:00"),
        ("місяць тому", "2026-03-31 12:00", "2026-02-28 12:00"),
        ("a month ago at 9", "2026-11-28 12:00", "2026-10-28 09:00"),
        ("пів року тому", "2026-11-28 12:00", "2026-05-28 12:00"),
        ("рік тому", "2028-01-15 12:00", "2027-01-15 12:00"),
        ("a year ago", "2028-02-29 12:00", "2027-02-28 12:00"),
        ("день тому", "2026-10-24 12:00", "2026-10-23 12:00"),  # the day after this one has 25 hours
        ("a week ago", "2026-10-24 12:00", "2026-10-17 12:00"),
        ("2 дні тому", "2027-03-30 12:00", "2027-03-28 12:00"),
        ("день тому", "2027-03-29 03:30", "2027-03-28 04:00"),  # the clock jumped over the half past three of that day
        ("2 дні й 3 години тому", "2026-10-24 12:00", "2026-10-22 09:00"),
    ],
)
def test_days_and_months_ago_are_those_of_a_calendar_at_the_same_hour(text: str, now: str, meant: str) -> None:
    here, expected = (datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(KYIV)) for at in (now, meant))
    assert parse_past(text, here.astimezone(UTC), KYIV) == expected


@pytest.mark.parametrize(
    ("text", "now", "meant"),
    [
        ("29 лютого о 9", "2028-11-28 12:00", "2028-02-29 09:00"),
        ("29.02 9:00", "2028-03-01 12:00", "2028-02-29 09:00"),
        ("Feb 29 9am", "2029-02-27 12:00", "2028-02-29 09:00"),
    ],
)
def test_the_day_that_few_years_have_is_meant_for_a_year_after_it(text: str, now: str, meant: str) -> None:
    here, expected = (datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(KYIV)) for at in (now, meant))
    assert parse_past(text, here.astimezone(UTC), KYIV) == expected


def test_a_day_that_no_calendar_has_is_told_so() -> None:
    with pytest.raises(NoSuchDate):
        parse_past("31.02.2026 10:00", NOW, KYIV)
