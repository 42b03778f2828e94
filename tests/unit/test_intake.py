"""Intake: what editors send, the times they type, the places they name."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadTime, BadZone, Empty, PastTime
from bot.model.limits import TITLE_LINE
from bot.text.cleaning import clean
from bot.text.document import document_text
from bot.text.intake import read_post
from bot.text.language import detect_language, reading_minutes
from bot.timing.guesses import meaning
from bot.timing.hours import parse_clock_times
from bot.timing.typed import parse_when
from bot.timing.typed_past import parse_past
from bot.timing.zones import city_of, find_zone

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)  # a Sunday, 17:00 in Kyiv

POSTS = [
    ("Заголовок", "Заголовок", "", ""),
    ("Заголовок\n\nТекст", "Заголовок", "", "Текст"),
    ("Заголовок\nТекст", "Заголовок", "", "Текст"),
    ("Заголовок\nЛід\n\nТекст", "Заголовок", "Лід", "Текст"),
    ("Заголовок\nЛід\nТекст", "Заголовок", "Лід", "Текст"),
    ("\n\n  Заголовок  \n\n\nТекст\n\nЩе", "Заголовок", "", "Текст\n\nЩе"),
    (
        "Заголовок\n" + "дуже довгий лід " * 50 + "\n\nТекст",
        "Заголовок",
        "",
        ("дуже довгий лід " * 50).strip() + "\n\nТекст",
    ),
]


@pytest.mark.parametrize(("text", "title", "lead", "body"), POSTS)
def test_a_post_is_read_as_title_lead_and_text(text: str, title: str, lead: str, body: str) -> None:
    post = read_post(text)
    assert (post.title, post.lead, document_text(post.body)) == (title, lead, body)


def test_a_post_that_begins_with_a_paragraph_is_titled_by_its_first_sentence() -> None:
    post = read_post("Міст відкрили о восьмій. " + "Ремонт тривав пів року, і це ще не все. " * 10)
    assert post.title == "Міст відкрили о восьмій."
    assert document_text(post.body).startswith("Ремонт тривав")


@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_no_word_of_a_post_is_lost(text: str) -> None:
    try:
        post = read_post(text)
    except Empty:
        assert not clean(text).strip()
        return
    assert 0 < len(post.title) <= TITLE_LINE + 50
    said = " ".join([post.title, post.lead, document_text(post.body)])
    if not post.title.endswith("…"):
        assert sorted(said.split()) == sorted(clean(text).split())


TIMES = [
    ("18:30", "22 18:30"), ("16:59", "23 16:59"), ("18.30", "22 18:30"), ("завтра 9:00", "23 09:00"),
    ("завтра о 7:30", "23 07:30"), ("tomorrow at 08:00", "23 08:00"), ("25.11 08:00", "25 08:00"),
    ("25.11.2026 о 8:05", "25 08:05"), ("2026-11-25 10:00", "25 10:00"), ("через 2 години", "22 19:00"),
    ("in 45 minutes", "22 17:45"), ("через годину", "22 18:00"), ("15m", "22 17:15"), ("t8", "23 08:00"),
    ("10 хв", "22 17:10"), ("+30 хв", "22 17:30"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_a_time_is_understood_as_it_is_typed(text: str, expected: str) -> None:
    at = parse_when(text, NOW, "Europe/Kyiv").astimezone(ZoneInfo("Europe/Kyiv"))
    assert f"{at:%d %H:%M}" == expected


@pytest.mark.parametrize("text", ["", "колись", "35.13 10:00", "25:00", "вчора 8:00", "18:30 та щось", "29.02 10:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadTime):
        parse_when(text, NOW, "Europe/Kyiv")


@pytest.mark.parametrize("text", ["сьогодні 10:00", "2020-01-01 10:00"])
def test_what_is_over_is_refused(text: str) -> None:
    with pytest.raises(PastTime):
        parse_when(text, NOW, "Europe/Kyiv")


def test_a_date_without_a_year_is_the_next_one() -> None:
    assert parse_when("01.02 10:00", NOW, "UTC").year == 2027


def test_hours_of_a_schedule() -> None:
    assert parse_clock_times("19.30 та 8:00") == (time(8), time(19, 30))
    assert parse_clock_times("8 19") == (time(8), time(19))
    assert parse_clock_times("о восьмій") == (time(8),)
    for bad in ("", "о котрійсь", "25:00", "8-19"):
        with pytest.raises(BadTime):
            parse_clock_times(bad)


PLACES = [
    ("Київ", "Europe/Kyiv"), ("kyiv", "Europe/Kyiv"), ("Львів", "Europe/Kyiv"), ("Варшва", "Europe/Warsaw"),
    ("Europe/Berlin", "Europe/Berlin"), ("London", "Europe/London"), ("Нью-Йорк", "America/New_York"),
    ("new york", "America/New_York"), ("Токіо", "Asia/Tokyo"), ("Сідней", "Australia/Sydney"),
    ("Івано-Франківську", "Europe/Kyiv"), ("Kryvyi Rih", "Europe/Kyiv"), ("San Francisco", "America/Los_Angeles"),
    ("Чикаго", "America/Chicago"), ("Йоханнесбург", "Africa/Johannesburg"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "zone"), PLACES)
def test_a_zone_is_found_by_its_city(text: str, zone: str) -> None:
    assert find_zone(text) == zone


@pytest.mark.parametrize(
    "text",
    ["", "ж", "Ельдорадо", "Europe/Atlantis", "../etc/passwd", "/etc/localtime", "right/UTC", "posix/Europe/Kyiv"],
)
def test_a_place_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadZone):
        find_zone(text)


def test_a_zone_that_this_machine_does_not_know_stops_nothing() -> None:
    now = datetime(2026, 11, 28, 10, tzinfo=UTC)
    assert city_of("Mars/Olympus_Mons", "uk") == "Olympus Mons"
    assert meaning("завтра о 9", now, "Mars/Olympus_Mons").whens[0].at == datetime(2026, 11, 29, 9, tzinfo=UTC)
    with pytest.raises(BadTime):  # by another clock
        meaning("9:00 Варшава", now, "Mars/Olympus_Mons")
    assert parse_past("2 дні тому о 9", now, "Mars/Olympus_Mons") == datetime(2026, 11, 26, 9, tzinfo=UTC)


def test_cities_are_named_in_the_readers_language() -> None:
    assert (city_of("Europe/Kyiv", "uk"), city_of("Europe/Kyiv", "en")) == ("Київ", "Kyiv")
    assert city_of("America/New_York", "uk") == "Нью-Йорк"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Міст відкрили", "uk"),
        ("Мост открыли сегодня, объявил мэр", "ru"),
        ("The bridge is open", "en"),
        ("iPhone 17 вже у продажу в Україні", "uk"),
        ("", "uk"),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("lead", "body", "minutes"), [("", "", 0), ("Лід", "", 1), ("", "слово " * 180, 1), ("", "слово " * 181, 2)]
)
def test_reading_time_in_whole_minutes(lead: str, body: str, minutes: int) -> None:
    assert reading_minutes(lead, body) == minutes
