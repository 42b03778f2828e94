"""Dates as feeds write them: what they mean, which are none, and what is said when they cannot be read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.dates import BadDate, moment_in, month_called
from bot.feeds.findings import Finding
from bot.feeds.items import item_of

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MARCH = datetime(2026, 3, 5, 7, 30, tzinfo=UTC)  # half past nine in Kyiv

SAME_MOMENT = [
    "Чт, 5 бер 2026 09:30:00 +0200",
    "четвер, 5 березня 2026 року о 09:30",
    "5 березня 2026 р., 9:30",
    "09:30, 5 берез. 2026",
    "5 марта 2026 г. 10:30 МСК",
    "5 мар. 2026, 09:30",
    "Thu, 5 March 2026 09:30:00",
    "Mar 5, 2026 9:30 AM",
    "March 5th, 2026 at 9:30 a.m.",
    "5th of March 2026 9:30",
    "05.03.2026 09:30",
    "5.3.2026, 9.30",
    "05/03/2026 09:30",
    "2026/03/05 09:30",
    "05-Mar-2026 09:30:00",
    "05-Mar-26 09:30:00",
    "20260305T073000Z",
    "20260305093000",
    "2026-03-05T09:30:00.0000000+02:00",
    "2026-03-05T07:30Z",
    "2026-03-05 09:30:00 +0200",
    "2026-03-05T09:30:00+02:00[Europe/Kyiv]",
    "Thu, 05 Mar 2026 08:30:00 CET",
    "2026-03-05 08:30 CET",
    "2026-03-05T08:30 CET",
    "2026-03-05 02:30 EST",
    "March 5, 2026, 2:30 a.m. ET",
    "Mar 5, 2026 1:30 AM CT",
    "2026-03-05 00:30 MT",
    "11:30 p.m. PT, March 4, 2026",
    "Thu, 05 Mar 2026 09:30:00 EET",
    "Thu, 05 Mar 2026 02:30:00 EST",
    "Thu, 05 Mar 2026 07:30:00 UT",
    "Thu, 05 Mar 2026 07:30 AM GMT",
    "Thu, 05 Mar 2026 09:30:00 GMT+2",
    "Thu, 05 Mar 2026 09:30:00 UTC+02:00",
    "Thu, 05 Mar 2026 09:30:00 Europe/Kiev",
    "Thu, 05 Mar 2026 08:30:00 Europe/Warsaw",
    "Thu, 05 Mar 2026 09:30:00 +0200 (EET)",
    "Thu Mar  5 09:30:00 2026",
    "Thu Mar 5 09:30:00 EET 2026",
    "Thu Mar 05 2026 09:30:00 GMT+0200 (Eastern European Standard Time)",
    "05.03.2026 09:30 за Києвом",
    "Опубліковано: 5 березня 2026, 09:30",
    "1772695800",
    "1772695800.25",
]


@pytest.mark.parametrize("written", SAME_MOMENT)
def test_one_moment_as_it_is_written_all_over_the_world(written: str) -> None:
    at, unknown = moment_in(written, KYIV)
    assert at is not None
    assert abs(at - MARCH) < timedelta(seconds=1)
    assert unknown == ""


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("січ", 1), ("лютого", 2), ("бер.", 3), ("квітень", 4), ("трав", 5), ("черв.", 6), ("липня", 7), ("серп", 8),
        ("вер", 9), ("жовт", 10), ("лис", 11), ("груд", 12), ("Sept", 9), ("december", 12), ("нояб.", 11), ("мая", 5),
        ("сент", 9), ("юний", 0), ("ма", 0), ("ju", 0), ("будень", 0),
    ],
)  # fmt: skip
def test_months_are_known_by_short_and_long_names_of_three_languages(name: str, month: int) -> None:
    assert month_called(name) == month


@pytest.mark.parametrize(
    "written",
    ["Mon, 01 Jan 0001 00:00:00 +0000", "0001-01-01T00:00:00", "0000-00-00 00:00:00", "1970-01-01", 0, "1970-01-01 02:00",
     "Thu, 01 Jan 1970 00:00:00 GMT", -62135596800],
)  # fmt: skip
def test_the_beginnings_of_time_of_programs_are_no_date(written: object) -> None:
    assert moment_in(written, KYIV) == (None, "")


def test_a_zone_that_nobody_knows_is_not_the_local_one_and_that_is_said() -> None:
    notes: list[Finding] = []
    taken = item_of({"title": "Міст", "published_at": "Thu, 05 Mar 2026 09:30:00 QQT"}, KYIV, NOW, notes=notes)
    assert taken.published_at == datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
    assert notes == [Finding("import-unknown-zone", {"zone": "QQT"})]


@pytest.mark.parametrize(
    "written", ["минулої п’ятниці", "31 листопада 2026", "2026", "10:30", "29.02.2026", "учора", "2.5", "30 лютого"]
)
def test_an_unreadable_date_makes_an_undated_article_with_a_warning(written: str) -> None:
    with pytest.raises(BadDate):
        moment_in(written, KYIV)
    notes: list[Finding] = []
    assert item_of({"title": "Міст", "published_at": written}, KYIV, NOW, notes=notes).published_at is None
    assert notes == [Finding("import-bad-date", {"date": written})]


@pytest.mark.parametrize(
    ("written", "now", "at"),
    [
        ("25 листопада, 14:20", "2026-11-25 16:00", "2026-11-25 14:20"),
        ("25 листопада, 14:20", "2026-11-25 14:00", "2026-11-25 14:00"),  # its clock goes ahead, not a year behind
        ("25 листопада, 14:20", "2026-11-23 16:00", "2025-11-25 14:20"),
        ("25 November", "2026-11-26 08:00", "2026-11-25 12:00"),
        ("November 25", "2026-11-25 08:00", "2026-11-25 08:00"),
        ("31 грудня", "2027-01-02 08:00", "2026-12-31 12:00"),
        ("1 січня, 00:10", "2027-01-02 08:00", "2027-01-01 00:10"),
        ("29 February", "2026-11-25 08:00", None),
        ("25.11, 14:20", "2026-11-25 16:00", "2026-11-25 14:20"),
        ("22 лист.", "2026-11-25 16:00", "2026-11-22 12:00"),
        ("Friday, November 20", "2026-11-25 16:00", "2026-11-20 12:00"),
        ("20 ноября, 9:15", "2026-11-25 16:00", "2026-11-20 09:15"),
    ],
)
def test_a_day_without_a_year_is_the_nearest_one_that_is_over(written: str, now: str, at: str | None) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=KYIV).astimezone(UTC)
    taken = item_of({"title": "Міст", "published_at": written}, KYIV, moment).published_at
    assert (f"{taken.astimezone(KYIV):%Y-%m-%d %H:%M}" if taken else None) == at


def test_a_date_with_a_year_is_taken_before_one_without() -> None:
    fields = {"title": "Міст", "published_at": "5 березня", "updated_at": "2026-03-05T07:30:00Z"}
    assert item_of(fields, KYIV, NOW).published_at == MARCH


def test_where_one_date_cannot_be_read_another_one_of_the_item_is() -> None:
    notes: list[Finding] = []
    fields = {"title": "Міст", "published_at": "учора", "updated_at": "2026-03-05T07:30:00Z"}
    assert item_of(fields, KYIV, NOW, notes=notes).published_at == MARCH
    assert notes == []
