"""Blocks as a rich message: a row for each kind, and how long bodies are cut into pages."""

from typing import Any

import pytest

from bot.text.document import Block, Code, Heading, Listing, Paragraph, Quote, Rule, Run, Runs, document_text
from bot.text.rich import RICH_BLOCKS, RICH_LIMIT, blocks_in, plain_emoji, rich_block, rich_pages, rich_text

ROOM = RICH_LIMIT - 2_768  # for the body, of which something stands round it
MOST = RICH_BLOCKS - 20


def _runs(text: str) -> Runs:
    return (Run(text),)


def _said(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "text": text}


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        (Paragraph(_runs("а")), _said("а")),
        (Heading(_runs("а")), {"type": "heading", "text": "а", "size": 3}),
        (Quote((_runs("а"), _runs("б"))), {"type": "blockquote", "blocks": [_said("а"), _said("б")]}),
        (Quote((_runs("а"), _runs("б")), expandable=True), {"type": "expandable_blockquote", "text": "а\nб"}),
        (Quote((_runs("а"),), expandable=True), {"type": "expandable_blockquote", "text": "а"}),
        (Listing((_runs("а"), _runs("б"))), {"type": "list", "items": [{"blocks": [_said("а")]}, {"blocks": [_said("б")]}]}),
        (
            Listing((_runs("а"), _runs("б")), 3),
            {"type": "list", "items": [
                {"blocks": [_said("а")], "value": 3, "type": "1"}, {"blocks": [_said("б")], "value": 4, "type": "1"},
            ]},
        ),
        (Listing((_runs("а"),), 0), {"type": "list", "items": [{"blocks": [_said("а")], "value": 0, "type": "1"}]}),
        (Code("x"), {"type": "pre", "text": "x"}),
        (Code("x", "python"), {"type": "pre", "text": "x", "language": "python"}),
        (Rule(), {"type": "divider"}),
    ],
)  # fmt: skip
def test_each_kind_of_block(block: Block, shown: dict[str, object]) -> None:
    assert rich_block(block) == shown


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        ((), []),
        (_runs("а"), "а"),
        ((Run("а"), Run("б", frozenset({"bold"}))), ["а", {"type": "bold", "text": "б"}]),
        (
            (Run("а", frozenset({"code", "bold", "italic"})),),
            {"type": "bold", "text": {"type": "italic", "text": {"type": "code", "text": "а"}}},
        ),
        (
            (Run("а", frozenset({"bold"}), "https://e.org"),),
            {"type": "url", "text": {"type": "bold", "text": "а"}, "url": "https://e.org"},
        ),
        (
            (Run("👍", frozenset({"italic"}), "", "5"),),
            {"type": "italic", "text": {"type": "custom_emoji", "custom_emoji_id": "5", "alternative_text": "👍"}},
        ),
    ],
)
def test_formatting_is_nested_in_one_order_and_a_link_is_outermost(runs: Runs, shown: object) -> None:
    assert rich_text(runs) == shown


def test_plain_emoji_stand_in_for_custom_ones_however_deep() -> None:
    emoji, other = Run("👍", frozenset({"bold"}), "", "5"), Run("б", frozenset({"spoiler"}))
    listing = Listing(((Run("а"), emoji, other), (emoji,)))
    bold = {"type": "bold", "text": "👍"}
    first, second = ["а", bold, {"type": "spoiler", "text": "б"}], bold
    assert plain_emoji(rich_block(listing)) == {
        "type": "list",
        "items": [
            {"blocks": [{"type": "paragraph", "text": first}]},
            {"blocks": [{"type": "paragraph", "text": second}]},
        ],
    }


@pytest.mark.parametrize(
    ("block", "number"),
    [
        (Paragraph(_runs("а")), 1),
        (Quote((_runs("а"), _runs("б"))), 3),
        (Quote((_runs("а"), _runs("б")), expandable=True), 1),
        (Listing((_runs("а"), _runs("б"), _runs("в"))), 7),
        (Rule(), 1),
    ],
)
def test_blocks_are_counted_with_what_is_in_them(block: Block, number: int) -> None:
    assert blocks_in([rich_block(block)]) == number
    assert blocks_in([rich_block(block)] * 3) == 3 * number


def test_an_empty_body_is_one_empty_page() -> None:
    assert rich_pages(()) == [[]]


@pytest.mark.parametrize(
    ("sizes", "pages"),
    [
        ([ROOM], [1]),
        ([ROOM - 1, 1], [2]),
        ([ROOM - 1, 2], [1, 1]),
        ([1, ROOM], [1, 1]),
        ([ROOM, 1, ROOM - 1], [1, 2]),
        ([ROOM + 1], [1, 1]),  # cut
    ],
)
def test_a_page_holds_so_many_characters(sizes: list[int], pages: list[int]) -> None:
    body = tuple(Paragraph(_runs("а" * size)) for size in sizes)
    assert [len(page) for page in rich_pages(body)] == pages


@pytest.mark.parametrize(
    ("body", "pages"),
    [
        ((Rule(),) * MOST, [MOST]),
        ((Rule(),) * (MOST + 1), [MOST, 1]),
        ((*(Rule(),) * (MOST - 3), Quote((_runs("а"), _runs("б")))), [MOST - 2]),
        ((*(Rule(),) * (MOST - 2), Quote((_runs("а"), _runs("б")))), [MOST - 2, 1]),
        ((*(Rule(),) * (MOST - 5), Listing((_runs("а"), _runs("б")))), [MOST - 4]),
        ((*(Rule(),) * (MOST - 4), Listing((_runs("а"), _runs("б")))), [MOST - 4, 1]),
    ],
)
def test_a_page_holds_so_many_blocks(body: tuple[Block, ...], pages: list[int]) -> None:
    assert [len(page) for page in rich_pages(body)] == pages


@pytest.mark.parametrize("start", [None, 5])
def test_a_list_longer_than_a_page_goes_on_with_its_numbers(start: int | None) -> None:
    pages = rich_pages((Listing(tuple(_runs(str(n)) for n in range(600)), start),))
    assert all(blocks_in(page) <= MOST for page in pages)
    items: list[dict[str, Any]] = [item for page in pages for block in page for item in block["items"]]  # type: ignore[attr-defined]
    assert [item["blocks"][0]["text"] for item in items] == [str(n) for n in range(600)]
    assert [item.get("value") for item in items] == [None if start is None else start + n for n in range(600)]


@pytest.mark.parametrize("expandable", [True, False])
def test_a_quotation_longer_than_a_page_stays_one_in_each(expandable: bool) -> None:
    pages = rich_pages((Quote(tuple(_runs(f"{n:06}" * 100) for n in range(100)), expandable=expandable),))
    assert len(pages) == 2
    assert {block["type"] for page in pages for block in page} == {
        "expandable_blockquote" if expandable else "blockquote"
    }


def test_what_is_longer_than_a_page_is_cut_between_words_and_keeps_its_formatting() -> None:
    bold = Run("слово " * 6_000, frozenset({"bold"}))
    body = (Paragraph((Run("Початок. "), bold, Run("Кінець."))), Code("рядок\n" * 6_000, "text"))
    pages = rich_pages(body)
    for page in pages:
        assert sum(map(len, _texts(page))) <= ROOM
    said = "".join(text for page in pages for text in _texts(page))
    assert "".join(said.split()) == "".join(document_text(body).split())
    assert {text.split()[0] for page in pages[1:] for text in _texts(page)} == {"слово", "рядок", "Кінець."}
    assert [block["language"] for page in pages for block in page if block["type"] == "pre"] == ["text"] * 2
    assert rich_pages((Paragraph((Run("а"), Run("б"), Run("в" * ROOM))),)) == [
        [{"type": "paragraph", "text": ["а", "б"]}],
        [_said("в" * ROOM)],
    ]
    assert rich_pages((Paragraph((Run("а"), Run("б" * ROOM), Run("в"))),)) == [
        [_said("а")],
        [_said("б" * ROOM)],
        [_said("в")],
    ]


def _texts(value: Any) -> list[str]:
    """Return the strings in blocks that are shown."""
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    if isinstance(value, dict):
        return _texts(value.get("text", []))
    return [value]
