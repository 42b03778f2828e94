"""Text: whatever comes in, what goes out is what Telegram accepts, and nothing is lost on the way."""

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.cleaning import clean, clean_line, safe_url
from bot.text.document import Document, document_text
from bot.text.entities import Entity, parse_message
from bot.text.images import images
from bot.text.markup import parse_html, to_html
from bot.text.plain import plain
from bot.text.quoting import quoted_inside
from bot.text.rich import RICH_BLOCKS, RICH_LIMIT, RichBlock, rich_pages
from bot.text.split import MAX_ENTITIES, split
from bot.text.styled import Span, Styled, bold, join, link, units

_words = st.sampled_from(
    [
        "Міст",
        "відкрили",
        "о восьмій",
        "ранку.",
        "П’ять",
        "2026",
        "👨‍👩‍👧‍👦",
        "🇺🇦",
        "е́",
        "—",
        "ґанок",
        "шосте!",
        "and",
        "далі…",
    ]
)
texts = st.lists(st.one_of(_words, st.just("\n"), st.just("\n\n"), st.just("😀" * 5)), max_size=300).map(" ".join)
hostile = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=300)


@st.composite
def styled_texts(draw: st.DrawFn) -> Styled:
    text = draw(texts) * draw(st.integers(1, 12))
    total, spans = units(text), []
    edges = [0]
    for character in text:
        edges.append(edges[-1] + units(character))
    for _ in range(draw(st.integers(0, 160))):
        start, length = draw(st.integers(0, len(text))), draw(st.integers(1, 60))
        low, high = edges[start], edges[min(len(text), start + length)]
        if low < high <= total:
            spans.append(Span(draw(st.sampled_from(["bold", "text_link", "italic"])), low, high - low, url=""))
    return Styled(text, tuple(spans))


@settings(max_examples=60, deadline=None)
@given(styled_texts(), st.sampled_from([200, 1024, 4096]))
def test_parts_fit_and_together_are_the_text(text: Styled, limit: int) -> None:
    parts = split(text, limit)
    assert "".join("".join(p.text for p in parts).split()) == "".join(text.text.split())
    for part in parts:
        assert 0 < len(part) <= limit
        assert part.text == part.text.strip()
        assert len(part.spans) <= MAX_ENTITIES
        encoded = part.text.encode("utf-16-le")
        for span in part.spans:
            assert span.length > 0
            assert span.end * 2 <= len(encoded)
            encoded[span.offset * 2 : span.end * 2].decode("utf-16-le")  # begins and ends between characters


@settings(max_examples=60, deadline=None)
@given(styled_texts())
def test_a_cut_never_falls_inside_a_short_entity_or_a_character(text: Styled) -> None:
    clusters = regex.findall(r"\X", text.text)
    parts = split(text, 300)
    assert sum(len(regex.findall(r"\X", p.text)) for p in parts) <= len(clusters)
    spans_in = sum(
        1 for s in text.spans if text.text.encode("utf-16-le")[s.offset * 2 : s.end * 2].decode("utf-16-le").strip()
    )
    spans_out = sum(len(p.spans) for p in parts)
    overlapping = any(a.offset < b.end and b.offset < a.end for a in text.spans for b in text.spans if a is not b)
    if not overlapping and len(text.spans) <= MAX_ENTITIES:
        assert spans_in <= spans_out <= len(text.spans)  # one over blanks alone may stay where nothing is cut


def test_a_cut_prefers_paragraph_then_line_then_sentence_then_word() -> None:
    assert split(Styled("а" * 60 + "\n\n" + "б" * 30 + ". " + "в" * 30), 100)[0].text == "а" * 60
    assert split(Styled("а" * 60 + "\n" + "б" * 30 + ". " + "в" * 30), 100)[0].text == "а" * 60
    assert split(Styled("а" * 60 + ". " + "б" * 30 + " " + "в" * 30), 100)[0].text == "а" * 60 + "."
    assert split(Styled("а" * 60 + " " + "б" * 60), 100)[0].text == "а" * 60
    assert [len(p) for p in split(Styled("а" * 250), 100)] == [100, 100, 50]


def test_two_hundred_links_stay_whole() -> None:
    text = join(" ", [link(f"посилання номер {n}", f"https://example.org/{n}") for n in range(200)])
    parts = split(text)
    assert sum(len(p.spans) for p in parts) == 200
    assert all(len(p.spans) <= 100 for p in parts)


def test_an_entity_longer_than_a_message_goes_on_in_the_next() -> None:
    parts = split(bold("слово " * 2000))
    assert len(parts) > 2
    assert all(p.spans[0].offset == 0 and p.spans[0].end == len(p) for p in parts)


@settings(max_examples=200, deadline=None)
@given(hostile)
def test_no_html_breaks_the_parser_and_what_it_makes_is_stable(html: str) -> None:
    document = parse_html(html)
    assert parse_html(to_html(document)) == document


_tags = ["<p>", "</p>", "<b>", "</b>", "<blockquote>", "</blockquote>", "<ul>", "<li>", "</ul>", "<a href='https://e.org/?a=1&b=2'>", "</a>",
         "<script>alert(1)</script>", "<h2>", "</h2>", "<pre>", "</pre>", "<br>", "<hr>", "<table><tr><td>", "</td></tr></table>", "<i>", "&lt;", "&amp;", "<svg onload=x>", "<img src=x>", "<code>", "</code>"]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(_tags), _words), max_size=60).map(" ".join))
def test_broken_html_becomes_blocks_that_survive_being_stored(html: str) -> None:
    document = parse_html(html)
    assert "alert" not in document_text(document)
    assert parse_html(to_html(document)) == document


def test_scripts_vanish_and_links_that_are_none_lose_their_address() -> None:
    document = parse_html('<p onclick="x">Так <a href="javascript:alert(1)">ні</a><script>alert(2)</script></p>')
    assert to_html(document) == "<p>Так ні</p>"


def test_html_becomes_the_blocks_it_means() -> None:
    html = "<h2>Заголовок</h2><p>Перший <b>абзац</b>.</p><ul><li>раз<li>два</ul><blockquote>Цитата</blockquote>"
    assert to_html(parse_html(html)) == (
        "<h3>Заголовок</h3><p>Перший <b>абзац</b>.</p><ul><li>раз</li><li>два</li></ul>"
        "<blockquote><p>Цитата</p></blockquote>"
    )


@settings(max_examples=200, deadline=None)
@given(
    texts,
    st.lists(
        st.tuples(
            st.sampled_from(["bold", "text_link", "blockquote", "pre", "url", "code"]),
            st.integers(0, 400),
            st.integers(1, 80),
        ),
        max_size=8,
    ),
)
def test_a_message_becomes_blocks_without_losing_a_word(text: str, spans: list[tuple[str, int, int]]) -> None:
    entities = [Entity(kind, at, length, "https://example.org") for kind, at, length in spans]
    document = parse_message(text, entities)
    assert "".join(document_text(document).split()) == "".join(clean(text).split())
    assert "".join(document_text(parse_html(to_html(document))).split()) == "".join(clean(text).split())


def _size(value: object) -> int:
    if isinstance(value, str):
        return units(value)
    if isinstance(value, list):
        return sum(map(_size, value))
    if isinstance(value, dict):
        return sum(_size(value[key]) for key in ("text", "blocks", "items", "caption") if key in value)
    return 0


def _count(blocks: list[RichBlock]) -> int:
    total = 0
    for block in blocks:
        total += 1 + _count(list(block.get("blocks", [])))  # type: ignore[call-overload]
        for item in block.get("items", []):  # type: ignore[attr-defined]
            total += 1 + _count(item["blocks"])
    return total


def _pages_of(document: Document) -> list[list[RichBlock]]:
    pages = rich_pages(document)
    for page in pages:
        assert sum(map(_size, page)) <= RICH_LIMIT - 2_700
        assert _count(page) <= RICH_BLOCKS - 20
    return pages


def test_a_page_of_a_rich_message_leaves_room_for_its_frame() -> None:
    assert len(_pages_of(parse_html("<p>" + "слово " * 5_000 + "</p>"))) == 1
    assert len(_pages_of(parse_html("<p>" + "слово " * 30_000 + "</p>"))) > 5
    assert len(_pages_of(parse_html("<p>абзац</p>" * 1_200))) == 3
    assert len(_pages_of(parse_html("<ul>" + "<li>пункт</li>" * 900 + "</ul>"))) == 4
    assert len(_pages_of(parse_html("<blockquote>" + "<p>рядок</p>" * 900 + "</blockquote>"))) == 2
    assert len(_pages_of(parse_html("<pre>" + "x" * 70_000 + "</pre>"))) == 3
    assert rich_pages(()) == [[]]


@settings(max_examples=100, deadline=None)
@given(hostile)
def test_cleaning_leaves_nothing_invisible_that_turns_text_round(text: str) -> None:
    cleaned = clean(text)
    assert not regex.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08]", cleaned)
    assert clean(cleaned) == cleaned
    assert "\n" not in clean_line(text)


def test_stacked_marks_are_cut_to_what_a_language_needs() -> None:
    assert clean("а" + "\u0301" * 500) == "а" + "\u0301" * 4
    assert clean("й") == "й"
    assert clean("а\ufffe\uffff\ufdd0б") == "аб"


def test_addresses_that_may_be_opened() -> None:
    assert safe_url("https://example.org/a?b=1") == "https://example.org/a?b=1"
    for bad in ("javascript:alert(1)", "http://", "https://a b", "ftp://x.y", "https://x:99999/", "", "//x.y"):
        assert safe_url(bad) == ""


def test_the_first_picture_is_found_and_a_counting_pixel_is_not() -> None:
    html = '<img width=1 src="https://e.org/pixel.gif"><p><img src="https://e.org/a.jpg"></p>'
    assert images(html)[:1] == ["https://e.org/a.jpg"]


def test_code_wins_over_marks_that_may_not_stand_inside_it() -> None:
    message = plain(parse_html("<p><b><code>x</code></b></p>"))
    assert [span.kind for span in message.spans] == ["code"]


@pytest.mark.parametrize(
    ("text", "uk", "en"),
    [
        ("«зведений міст» ремонт", "„зведений міст“ ремонт", "‘зведений міст’ ремонт"),
        ('"a b" c', "„a b“ c", "‘a b’ c"),
        ("“a” „b“ „c”", "„a“ „b“ „c“", "‘a’ ‘b’ ‘c’"),
        ("п’ять »«", "п’ять »«", "п’ять »«"),
    ],
)
def test_inside_quotation_marks_a_text_has_inner_ones(text: str, uk: str, en: str) -> None:
    assert (quoted_inside(text, "uk"), quoted_inside(text, "en")) == (uk, en)
