"""What changes between two texts, and small changes that are said as "was -> is"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.typos import mended_body, mended_line
from bot.errors import NotThere, ThereTwice
from bot.text.comparison import Change, Piece, as_rich, as_styled, compared
from bot.text.markup import parse_html, to_html
from bot.text.replacements import Replacement, replacements_in


def _shown(before: str, after: str) -> str:
    marks = {Change.KEPT: "{}", Change.GONE: "[-{}-]", Change.NEW: "[+{}+]"}
    return "".join(marks[piece.change].format(piece.text) for piece in compared(before, after))


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("коштував 40 мільйонів", "коштував 50 мільйонів", "коштував[- 40-][+ 50+] мільйонів"),
        ("Міст", "Міст відкрили", "Міст[+ відкрили+]"),
        ("Міст відкрили", "Міст", "Міст[- відкрили-]"),
        ("", "Лід", "[+Лід+]"),
        ("Лід", "", "[-Лід-]"),
        ("так само", "так само", ""),
        (
            "один два три чотири п’ять шість сім вісім дев’ять десять кінець",
            "один два три чотири п’ять шість сім вісім дев’ять десять фінал",
            "… п’ять шість сім вісім дев’ять десять[- кінець-][+ фінал+]",
        ),
    ],
)
def test_a_change_is_shown_word_by_word_with_some_words_around(before: str, after: str, shown: str) -> None:
    assert _shown(before, after) == shown


def test_the_first_words_of_two_versions_do_not_run_into_each_other() -> None:
    pieces = compared("Ковальський міст", "Гончарний міст")
    assert as_styled(pieces).text == "Ковальський Гончарний міст"
    assert as_rich(pieces)[1] == " "


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([Piece(Change.GONE, "а"), Piece(Change.NEW, "б")], "а б"),
        ([Piece(Change.GONE, "а "), Piece(Change.NEW, "б")], "а б"),
        ([Piece(Change.GONE, "а"), Piece(Change.NEW, " б")], "а б"),
        ([Piece(Change.KEPT, "а"), Piece(Change.NEW, "б")], "аб"),
        ([Piece(Change.GONE, "а"), Piece(Change.KEPT, "б")], "аб"),
        ([Piece(Change.NEW, "а"), Piece(Change.GONE, "б")], "аб"),
        ([Piece(Change.GONE, ""), Piece(Change.NEW, "б")], "б"),
    ],
)
def test_a_space_is_put_between_what_is_gone_and_what_came_and_nowhere_else(pieces: list[Piece], text: str) -> None:
    assert as_styled(pieces).text == text
    said = (piece["text"] if isinstance(piece, dict) else piece for piece in as_rich(pieces))
    assert "".join(map(str, said)) == text


@given(st.text(alphabet="аб \n", max_size=60), st.text(alphabet="аб \n", max_size=60))
def test_short_texts_can_be_read_out_of_their_comparison(before: str, after: str) -> None:
    pieces = compared(before, after)
    if any("…" in piece.text for piece in pieces) or not pieces:
        return
    assert "".join(piece.text for piece in pieces if piece.change is not Change.NEW) == before
    assert "".join(piece.text for piece in pieces if piece.change is not Change.GONE) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("а " * 50_000, "б " * 50_000),
        ("а б " * 25_000, "б а " * 25_000),
        ("".join(f"{n} " for n in range(15_000)), "".join(f"{n} " for n in range(15_000, 0, -1))),
        ("а" * 100_000, "б" * 100_000),
        ("слово\n" * 16_000, ""),
        (" ".join(f"с{n}" for n in range(3_000)), " ".join(f"с{n + n % 2}" for n in range(3_000))),
    ],
)
def test_the_longest_and_the_worst_texts_are_compared_and_what_is_shown_of_them_is_bounded(
    before: str, after: str
) -> None:
    pieces = compared(before, after)
    assert 0 < len(as_styled(pieces)) < 2600
    assert len(as_rich(pieces)) <= 61  # with a space between what went and what came


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("було -> стало", [("було", "стало")]),
        ("було=>стало", [("було", "стало")]),
        ("зайве ->", [("зайве", "")]),
        ("а -> б\n\nв => г", [("а", "б"), ("в", "г")]),
        ("просто текст", []),
        ("-> нічого", []),
        ("а -> б -> в", []),
        ("а -> б\nі ще рядок", []),
    ],
)
def test_a_message_of_replacements_is_made_of_nothing_else(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.old, one.new) for one in replacements_in(text)] == found


def test_an_arrow_of_print_is_known_apart() -> None:
    assert replacements_in("Київ → Львів") == (Replacement("Київ", "Львів", plain=True),)
    assert mended_line("Потяг", "Київ → Львів") is None
    assert mended_line("Потяг до Києва", "Києва → Львова") == "Потяг до Львова"


def test_a_line_is_mended_once_or_not_at_all() -> None:
    assert mended_line("Обʼєкт здали", "Об'єкт -> Міст") == "Міст здали"
    assert mended_line("Міст", "Новий заголовок") is None
    assert mended_line("Курс долара зріс", "Долар: 41 -> 42 гривні") is None
    assert mended_line("Долар: 41", "41 -> 42") == "Долар: 42"
    with pytest.raises(NotThere):
        mended_line("Міст", "Тунель -> Метро\nМіст -> Тунель")
    with pytest.raises(ThereTwice):
        mended_line("Міст і міст, міст", "міст -> тунель")


@pytest.mark.parametrize(
    ("html", "text", "mended"),
    [
        ("<p>Він <b>сказва</b> це.</p>", "сказва -> сказав", "<p>Він <b>сказав</b> це.</p>"),
        ("<p>Він <b>ска</b>зва це.</p>", "сказва -> сказав", "<p>Він <b>сказав</b> це.</p>"),
        ("<ul><li>один</li><li>два</li></ul>", "два -> 2 < 3", "<ul><li>один</li><li>2 &lt; 3</li></ul>"),
        ('<p><a href="https://e.org/a">тут</a> було</p>', "було -> стало", '<p><a href="https://e.org/a">тут</a> стало</p>'),
        ("<blockquote><p>так</p><p>ні</p></blockquote>", "ні -> може", "<blockquote><p>так</p><p>може</p></blockquote>"),
        ("<pre>x = 1</pre>", "x -> y", "<pre>y = 1</pre>"),
    ],
)  # fmt: skip
def test_a_body_is_mended_and_its_formatting_stays(html: str, text: str, mended: str) -> None:
    assert mended_body(to_html(parse_html(html)), text) == to_html(parse_html(mended))


def test_markup_is_no_part_of_a_text() -> None:
    with pytest.raises(NotThere):
        mended_body('<p><a href="https://e.org/b">тут</a></p>', "e.org -> evil.org")
    assert mended_body("<p>тут</p>", "тут -> <b>там</b>") == "<p>&lt;b&gt;там&lt;/b&gt;</p>"


def test_no_space_before_a_change_is_marked() -> None:
    pieces = compared(
        "Балку замінили вночі, повідомила інженерка.", "Балку замінили на світанку, повідомила інженерка."
    )
    assert [part["text"] for part in as_rich(pieces) if isinstance(part, dict)] == ["вночі,", "на світанку,"]
    assert as_styled(pieces).text == "Балку замінили вночі, на світанку, повідомила інженерка."
