"""What an editor's formatting and links become: the same, all of it."""

import pytest

from bot.text.document import Paragraph, Quote, Run
from bot.text.entities import Entity, parse_message
from bot.text.intake import read_post
from bot.text.markup import parse_html, to_html
from bot.text.plain import plain
from bot.text.rich import rich_block


@pytest.mark.parametrize(
    ("text", "kind", "href"),
    [
        ("https://bridge.example/news/1", "url", "https://bridge.example/news/1"),
        ("bridge.example/news", "url", "https://bridge.example/news"),
        ("mailto:desk@bridge.example", "url", "mailto:desk@bridge.example"),
        ("tg://resolve?domain=visnyk", "url", "tg://resolve?domain=visnyk"),
        ("desk@bridge.example", "email", "mailto:desk@bridge.example"),
    ],
)
def test_an_address_that_is_formatted_in_part_is_one_address(text: str, kind: str, href: str) -> None:
    (block,) = parse_message(text, [Entity(kind, 0, len(text)), Entity("bold", 3, 7)])
    assert isinstance(block, Paragraph)
    assert len(block.runs) == 3
    assert {run.href for run in block.runs} == {href}


def test_a_link_to_a_mailbox_stays_one() -> None:
    (block,) = parse_message("Пишіть", [Entity("text_link", 0, 6, "mailto:desk@bridge.example")])
    assert to_html((block,)) == '<p><a href="mailto:desk@bridge.example">Пишіть</a></p>'
    assert parse_html(to_html((block,))) == (block,)


def test_links_and_marks_of_the_second_line_survive() -> None:
    text = "Заголовок\nЛід із посиланням\n\nТекст."
    linked = read_post(text, [Entity("text_link", 17, 10, "https://bridge.example/")])
    assert linked.lead == ""
    assert 'href="https://bridge.example/"' in to_html(linked.body)
    marked = read_post(text, [Entity("bold", 10, 3)])
    assert "<b>Лід</b>" in to_html(marked.body)
    bold = read_post(text, [Entity("bold", 10, 17)])
    assert (bold.lead, to_html(bold.body)) == ("Лід із посиланням", "<p>Текст.</p>")


def test_an_expandable_quotation_stays_one_in_every_form() -> None:
    quote = Quote(((Run("Раз"),), (Run("два", frozenset({"bold"})),)), expandable=True)
    assert parse_html(to_html((quote,))) == (quote,)
    assert rich_block(quote) == {
        "type": "expandable_blockquote",
        "text": ["Раз\n", {"type": "bold", "text": "два"}],
    }
    assert [entity["type"] for entity in plain((quote,)).entities()] == ["expandable_blockquote", "bold"]
    ordinary = Quote(((Run("Раз"),),))
    assert parse_html(to_html((ordinary,))) == (ordinary,)
