"""An agency's page as text: which of its lines are the article, whatever a page puts round them."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.dates import moment_in
from bot.feeds.pages import page_fields, read_page
from bot.text.entities import Entity
from bot.text.pasted import Part, picked

HEAD = "Агенція\n10:15 24.11.2026\nЗаголовок\n1 хв читати\n"


KYIV = ZoneInfo("Europe/Kyiv")
NO_PAGES = [
    "Концерт у філармонії\n23 листопада 2026, 18:00\nОркестр зіграє Лисенка.\nВхід вільний.",
    "Зустріч із читачами відбудеться в суботу в бібліотеці\n28.11.2026 15:00\nАдреса: вул. Садова, 5.\nПоділитися цим можна з друзями.",
    "Прес-реліз\n23 листопада 2026, 10:00\nКомпанія відкриває завод у Луцьку.\nКоментар директора: «Ми раді».",
    "🔴 Оголошено мінування мосту в Надріччі, рух перекрито\n23.11.2026 10:00\nДСНС працює на місці.\nПідписатися",
    "Meeting of the city council on the budget\n23 November 2026, 10:00\nSubscribe to our channel for more.\nThe mayor will speak.",
]  # fmt: skip


def _body(page: str) -> str:
    fields = page_fields(page)
    assert fields is not None
    return str(fields["text"])


@pytest.mark.parametrize(
    ("rest", "body"),
    [
        ("Абзац.\nЗаголовок\nЩе абзац.", "Абзац.\n\nЩе абзац."),
        ("Абзац.\nРЕКЛАМА\nЩе абзац.\nОстаннє\nІнше", "Абзац.\n\nЩе абзац."),
        ("Advertisement\nParagraph.\nLatest\nOther", "Paragraph."),
        ("Абзац.\r\n\r\nЩе абзац.\r\n", "Абзац.\n\nЩе абзац."),
        ("\ufeffАбзац.\u2028Ще абзац.\x0bІ ще.", "Абзац.\n\nЩе абзац.\n\nІ ще."),
        ("Ще за темою\nАбзац.", ""),
        ("", ""),
    ],
)
def test_the_lines_of_the_text_are_told_from_the_rest(rest: str, body: str) -> None:
    assert _body(HEAD + rest) == body


@pytest.mark.parametrize(
    "text", ["", "\n \n", "10:15 24.11.2026", "\n" * 90 + "10:15 24.11.2026", "а\n" * 12 + "10:15 24.11.2026\nб"]
)
def test_a_text_without_a_time_near_its_top_or_a_title_is_no_page(text: str) -> None:
    assert read_page(text) is None


def test_a_page_of_a_million_characters_is_read_to_its_end() -> None:
    page = read_page(
        HEAD
        + "  \u00a0\t" * 100_000
        + "\n"
        + "х" * 300_000
        + "\n"
        + "1 хв читати " * 20_000
        + "\nОСТАННЄ\n"
        + "а\n" * 50_000
    )
    assert page is not None
    assert len(page.paragraphs) == 2
    assert page.left_out == 2 + 50_000


def test_what_formats_a_text_stays_with_the_stretches_that_are_picked() -> None:
    text = "🙂 раз\nдва 🙂\nтри"
    stretches = [(text.index("раз"), text.index("\n")), (text.index("два"), text.index("\nтри"))]
    whole = picked(Part(text, (Entity("bold", 0, 15), Entity("italic", 11, 2), Entity("code", 14, 3))), stretches)
    assert whole.text == "раз\n\nдва 🙂"
    assert whole.entities == (Entity("bold", 0, 3), Entity("bold", 5, 6), Entity("italic", 9, 2))


def test_pages_of_agencies_are_read_whatever_they_put_where() -> None:
    told = (Path(__file__).with_name("agency_pages.txt")).read_text(encoding="utf-8").split("=== ")[1:]
    assert len(told) >= 25
    for page in told:
        at, *lines = page.splitlines()
        by_kind = {kind: [line[2:] for line in lines if line[0] in kind] for kind in (">", "@", "$", "+?")}
        text = "\n".join(line[2:] for line in lines)
        found = read_page(text)
        assert found is not None, lines
        assert found.is_certain, lines
        assert ([found.title], [found.source]) == (by_kind[">"], by_kind["$"] or [""])
        assert [text[begin:end] for begin, end in found.paragraphs] == by_kind["+?"]
        moment = moment_in(found.at, KYIV).at
        assert moment is not None
        assert f"{moment.astimezone(KYIV):%Y-%m-%d %H:%M}" == at
        assert found.left_out + len(found.paragraphs) + 2 + bool(found.source) == len(lines)


def test_a_message_with_a_day_and_an_hour_is_no_page_for_that() -> None:
    for text in NO_PAGES:
        page = read_page(text)
        assert page is None or not page.is_certain, text
