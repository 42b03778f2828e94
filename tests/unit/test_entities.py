"""What an editor's formatting and links become: the same, all of it."""

import pytest

from bot.text.document import Code, Paragraph, Quote, Run
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


@pytest.mark.parametrize(
    ("text", "linked", "title", "body"),
    [
        (
            "Новий міст відкрито\n\nТекст.",
            (0, 10),
            "Новий міст відкрито",
            '<p><a href="{}">Новий міст</a></p><p>Текст.</p>',
        ),
        ("Читайте історію тут.", (16, 3), "Читайте історію тут.", '<p><a href="{}">тут</a></p>'),
        ("Без лінка\n\nТут лінк.", (11, 3), "Без лінка", '<p><a href="{}">Тут</a> лінк.</p>'),
    ],
)
def test_a_link_of_the_title_begins_the_body(text: str, linked: tuple[int, int], title: str, body: str) -> None:
    post = read_post(text, [Entity("text_link", *linked, "https://bridge.example/"), Entity("bold", *linked)])
    assert post.title == title
    assert to_html(post.body).replace("<b>", "").replace("</b>", "") == body.format("https://bridge.example/")


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


def test_custom_emoji_go_through_what_is_stored_to_both_forms() -> None:
    text = "Так 👍👍, мости 🌉"
    spots = [Entity("bold", 0, 6), *(Entity("custom_emoji", at, 2, emoji="5368") for at in (4, 6, 16))]
    document = parse_message(text, spots)
    assert '<b><tg-emoji emoji-id="5368">👍</tg-emoji></b><tg-emoji emoji-id="5368">👍</tg-emoji>' in to_html(document)
    assert parse_html(to_html(document)) == document
    (block,) = document
    sent = plain(document)
    assert sent.text == text
    assert [(e["offset"], e["length"]) for e in sent.entities() if e.get("custom_emoji_id") == "5368"] == [
        (4, 2), (6, 2), (16, 2),
    ]  # fmt: skip
    emoji = {"type": "custom_emoji", "custom_emoji_id": "5368", "alternative_text": "🌉"}
    shown = rich_block(block)["text"]
    assert isinstance(shown, list)
    assert shown[-1] == emoji


@pytest.mark.parametrize(
    ("offset", "length", "number"),
    [
        (0, 2, "1"),  # a letter, not an emoji
        (2, 2, "1"),  # a part of a family
        (2, 9, "1"),  # more than an emoji
        (2, 8, "../1"),
        (2, 8, ""),
        (2, 1, "1"),
        (90, 2, "1"),
    ],
)
def test_a_custom_emoji_that_does_not_fit_its_text_stays_plain(offset: int, length: int, number: str) -> None:
    text = "А 👨‍👩‍👧 на мосту"
    assert to_html(parse_message(text, [Entity("custom_emoji", offset, length, emoji=number)])) == f"<p>{text}</p>"
    whole = to_html(
        parse_message(text, [Entity("custom_emoji", 2, 8, emoji="1"), Entity("custom_emoji", 2, 2, "", "", "2")])
    )
    assert whole == '<p>А <tg-emoji emoji-id="1">👨‍👩‍👧</tg-emoji> на мосту</p>'


def test_a_custom_emoji_of_a_strange_page_is_one_only_around_one_emoji() -> None:
    assert to_html(
        parse_html('<p><tg-emoji emoji-id="7">увага</tg-emoji> <code><tg-emoji emoji-id="7">👍</tg-emoji></code>')
    ) == ("<p>увага <code>👍</code></p>")


def test_a_line_with_a_custom_emoji_is_no_lead_as_it_would_lose_it() -> None:
    post = read_post("Заголовок 👍\nЛід 👍\n\nТекст.", [Entity("custom_emoji", at, 2, emoji="5") for at in (10, 17)])
    assert (post.title, post.lead) == ("Заголовок 👍", "")
    assert to_html(post.body).startswith('<p>Лід <tg-emoji emoji-id="5">👍</tg-emoji></p>')


@pytest.mark.parametrize("entity", [Entity("bold", 1, 0), Entity("pre", 1, 0), Entity("bold", 1, -1)])
def test_an_entity_of_nothing_does_nothing(entity: Entity) -> None:
    assert parse_message("абв", [entity]) == (Paragraph((Run("абв"),)),)


@pytest.mark.parametrize(
    ("text", "entities", "html"),
    [
        ("а бв г", [("italic", 0, 6), ("bold", 2, 2)], "<p><i>а </i><b><i>бв</i></b><i> г</i></p>"),
        ("абвгдежз", [("bold", 0, 5), ("italic", 3, 5)], "<p><b>абв</b><b><i>гд</i></b><i>ежз</i></p>"),
        ("абв", [("bold", 1, 0), ("bold", -1, 2), ("bold", 1, 99)], "<p>абв</p>"),
        ("😀абв", [("bold", 1, 2)], "<p>😀абв</p>"),  # from the middle of a character
        ("😀абв", [("bold", 2, 3)], "<p>😀<b>абв</b></p>"),
        ("👨‍👩‍👧 родина", [("bold", 9, 6)], "<p>👨‍👩‍👧 <b>родина</b></p>"),
        ("+380 44 111-22-33", [("phone_number", 0, 17)], '<p><a href="tel:+380441112233">+380 44 111-22-33</a></p>'),
        ("один\n\nдва", [("bold", 0, 9)], "<p><b>один</b></p><p><b>два</b></p>"),
        ("до\nцитата\nпісля", [("blockquote", 3, 6)], "<p>до</p><blockquote><p>цитата</p></blockquote><p>після</p>"),
        ("$USD #тег @хтось", [("cashtag", 0, 4), ("hashtag", 5, 4), ("mention", 10, 6)], "<p>$USD #тег @хтось</p>"),
        ("х", [("date_time", 0, 1)], "<p>х</p>"),
    ],
)
def test_entities_at_their_edges(text: str, entities: list[tuple[str, int, int]], html: str) -> None:
    stored = to_html(parse_message(text, [Entity(*one) for one in entities]))
    assert stored == html
    assert to_html(parse_html(stored)) == html


@pytest.mark.parametrize(
    ("language", "kept"),
    [
        ("c++", True),
        ("objective-c", True),
        ("c#", True),
        ("python", True),
        ("", True),
        ('"x', False),
        ("a b", False),
        ("a" * 21, False),
    ],
)
def test_the_language_of_code_is_kept(language: str, kept: bool) -> None:
    document = parse_message("х = 1", [Entity("pre", 0, 5, language=language)])
    assert document == (Code("х = 1", language if kept else ""),)
    assert parse_html(to_html(document)) == document
