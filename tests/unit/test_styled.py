"""Plain messages: what is said of their formatting, in units of UTF-16."""

import pytest

from bot.text.styled import Span, Styled, bold, italic, join, link, styled, units


@pytest.mark.parametrize(("text", "length"), [("", 0), ("аб", 2), ("😀", 2), ("\ud800", 1), ("а\u0301", 2)])
def test_a_character_beyond_the_basic_plane_is_two_units(text: str, length: int) -> None:
    assert units(text) == length
    assert len(Styled(text)) == length


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (Span("bold", 1, 2), {}),
        (Span("text_link", 1, 2, "https://e.org"), {"url": "https://e.org"}),
        (Span("pre", 1, 2, "", "python"), {"language": "python"}),
        (Span("custom_emoji", 1, 2, emoji="5"), {"custom_emoji_id": "5"}),
    ],
)
def test_an_entity_says_what_its_kind_needs_and_nothing_else(span: Span, said: dict[str, object]) -> None:
    assert span.as_entity() == {"type": span.kind, "offset": 1, "length": 2, **said}
    assert span.end == 3


def test_entities_are_in_order_the_outer_one_first() -> None:
    spans = [
        Span("italic", 4, 1),
        Span("underline", 0, 2),
        Span("bold", 0, 5),
        Span("code", 0, 1),
        Span("spoiler", 2, 3),
    ]
    kinds = [entity["type"] for entity in Styled("абвгд", tuple(spans)).entities()]
    assert kinds == ["bold", "underline", "code", "spoiler", "italic"]


def test_what_is_put_together_keeps_its_formatting_where_it_is() -> None:
    assert Styled("а") + "б" == Styled("аб")
    assert Styled("😀") + bold("б") + "в" == Styled("😀бв", (Span("bold", 2, 1),))
    assert bold("а") + italic("б") == Styled("аб", (Span("bold", 0, 1), Span("italic", 1, 1)))


@pytest.mark.parametrize(
    ("parts", "text", "offsets"),
    [
        ([], "", []),
        (["", bold("а")], "а", [0]),
        ([bold("а"), "", bold("б"), bold("в")], "а — б — в", [0, 4, 8]),
        (["😀", bold("б")], "😀 — б", [5]),
        ([bold("а"), bold("")], "а", [0]),
    ],
)
def test_between_parts_stands_what_separates_them_and_an_empty_one_is_none(
    parts: list[Styled | str], text: str, offsets: list[int]
) -> None:
    joined = join(" — ", parts)
    assert (joined.text, [span.offset for span in joined.spans]) == (text, offsets)


def test_formatting_of_nothing_is_nothing_and_a_link_without_address_is_text() -> None:
    assert bold("") == Styled()
    assert link("а", "") == Styled("а")
    assert link(bold("а"), "") == bold("а")
    assert link("аб", "https://e.org") == Styled("аб", (Span("text_link", 0, 2, "https://e.org"),))
    inside = styled(bold("а"), "pre", language="python")
    assert inside.spans == (Span("pre", 0, 1, "", "python"), Span("bold", 0, 1))
    assert styled("👍", "custom_emoji", emoji="5").spans == (Span("custom_emoji", 0, 2, emoji="5"),)
