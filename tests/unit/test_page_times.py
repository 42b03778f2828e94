"""When a pasted page appeared, by a line without a year: the nearest such moment that is over, or none."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.desk.pages import pasted_page

KYIV = ZoneInfo("Europe/Kyiv")
NOW, JAN = datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2027, 1, 2, 9, tzinfo=UTC)
TITLE = "Міст відкрили для руху транспорту"
TEXT = "Рух новим мостом відкрили о восьмій ранку.\n\nМер подякував будівельникам за роботу."


@pytest.mark.parametrize(
    ("written", "now", "at"),
    [
        ("24 листопада, 17:23", NOW, "2025-11-24 17:23"),
        ("23 листопада, 11:20", NOW, "2026-11-23 11:20"),
        ("23 листопада 11:20", NOW, "2026-11-23 11:20"),
        ("11:20, 23 листопада", NOW, "2026-11-23 11:20"),
        ("11:20 23 листопада", NOW, "2026-11-23 11:20"),
        ("23 листопада о 11:20", NOW, "2026-11-23 11:20"),
        ("23.11, 11:20", NOW, "2026-11-23 11:20"),
        ("11:20 23.11", NOW, "2026-11-23 11:20"),
        ("11:20, 23.11", NOW, "2026-11-23 11:20"),
        ("понеділок, 23 листопада, 11:20", NOW, "2026-11-23 11:20"),
        ("Пн, 23 листопада, 11:20", NOW, "2026-11-23 11:20"),
        ("31 грудня, 23:50", JAN, "2026-12-31 23:50"),
        ("1 січня, 00:10", JAN, "2027-01-01 00:10"),
        ("2 січня, 10:00", JAN, "2027-01-02 10:00"),
        ("29 лютого, 10:00", NOW, None),
        ("сьогодні, 11:20", NOW, "2026-11-23 11:20"),
        ("Сьогодні о 11:20", NOW, "2026-11-23 11:20"),
        ("вчора, 18:05", NOW, "2026-11-22 18:05"),
        ("Вчора 18:05", NOW, "2026-11-22 18:05"),
        ("сьогодні, 17:23", NOW, None),
        ("November 22, 5:15 PM", NOW, "2026-11-22 17:15"),
        ("22 November, 17:15", NOW, "2026-11-22 17:15"),
        ("Nov 22, 17:15", NOW, "2026-11-22 17:15"),
        ("17:15 | 22 листопада", NOW, "2026-11-22 17:15"),
        ("22 листопада | 17:15", NOW, "2026-11-22 17:15"),
        ("22 листопада · 17:15", NOW, "2026-11-22 17:15"),
        ("22 листопада, неділя, 17:15", NOW, "2026-11-22 17:15"),
        ("Опубліковано: 22 листопада, 17:15", NOW, "2026-11-22 17:15"),
        ("22 лист. 17:15", NOW, "2026-11-22 17:15"),
        ("22 ноября, 17:15", NOW, "2026-11-22 17:15"),
        ("23 листопада, 14:05", NOW, None),
        ("23 листопада, 15:30", NOW, None),
    ],
)
def test_a_date_without_a_year_is_the_nearest_that_is_over(written: str, now: datetime, at: str | None) -> None:
    for head in (f"Інтерфакс-Україна\n{written}\n{TITLE}\n1 хв читати", f"{TITLE}\n{written}\nІнтерфакс-Україна"):
        page = pasted_page(f"{head}\n{TEXT}\nЩе за темою\nІнша новина", (), KYIV, now)
        assert page is not None
        assert page.post.title == TITLE
        assert (f"{page.at.astimezone(KYIV):%Y-%m-%d %H:%M}" if page.at else None) == at


@pytest.mark.parametrize(
    "line", ["23 людини, 11:20", "11:20, завтра", "Матч 2:1, неділя", "рахунок 11:20", "о 11:20 сьогодні ввечері збори"]
)
def test_a_line_of_numbers_is_no_time_of_a_page(line: str) -> None:
    page = pasted_page(f"Агенція\n{line}\n{TITLE}\n{TEXT}\nЩе за темою\nІнша", (), KYIV, NOW)
    assert page is None
