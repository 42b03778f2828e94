"""Where a long text is cut into messages: a row for each rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.split import MAX_ENTITIES, split
from bot.text.styled import Span, Styled, bold, units

Part = tuple[str, list[tuple[int, int]]]
FAMILY = "👨‍👩‍👧‍👦"  # eleven units, one character
STRONG = "жирне слово"


def _parts(text: Styled, limit: int, first: int | None = None) -> list[Part]:
    return [
        (part.text, [(span.offset, span.length) for span in part.spans]) for part in split(text, limit, first=first)
    ]


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, []),
        (" \n ", 10, []),
        (" абв ", 3, ["абв"]),
        ("а" * 10, 10, ["а" * 10]),
        ("а" * 11, 10, ["а" * 10, "а"]),
        ("абв где", 3, ["абв", "где"]),  # the space at the limit belongs to the cut
        ("абв" + " " * 70 + "где", 3, ["абв", "где"]),
        ("😀" * 6, 10, ["😀" * 5, "😀"]),
        ("😀" * 5, 9, ["😀" * 4, "😀"]),
        ("а" + "😀" * 5, 10, ["а" + "😀" * 4, "😀"]),
        # an earlier rule wins in the second half of what fits, and there only
        ("аааааа\n\nб. в " + "д" * 9, 12, ["аааааа", "б.", "в " + "д" * 9]),
        ("ааааа\n\nб. в " + "д" * 9, 12, ["ааааа\n\nб.", "в " + "д" * 9]),
        ("аааааа\nб. в " + "д" * 9, 12, ["аааааа", "б.", "в " + "д" * 9]),
        ("а. бббб в " + "д" * 9, 10, ["а. бббб в", "д" * 9]),
        ("аааа. бб в " + "д" * 9, 10, ["аааа.", "бб в", "д" * 9]),
        ("ааа!)»  бб в " + "д" * 9, 12, ["ааа!)»", "бб в", "д" * 9]),
        ("а бббббббббб", 10, ["а", "бббббббббб"]),
        ("а\nбб вв гггггггг", 10, ["а\nбб вв", "гггггггг"]),
        # nothing inside a character, unless it is longer than a message
        (f"а{FAMILY}б", 11, ["а", FAMILY, "б"]),
        ("аа\u0301" * 2, 4, ["аа\u0301а", "а\u0301"]),
        ("а\u0301" * 3, 5, ["а\u0301" * 2, "а\u0301"]),
        ("а\u0301а\u0301", 3, ["а\u0301", "а\u0301"]),
        ("🇺🇦🇺🇦", 6, ["🇺🇦", "🇺🇦"]),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_it_hurts_least(text: str, limit: int, parts: list[str]) -> None:
    assert [part.text for part in split(Styled(text), limit)] == parts


def test_a_character_longer_than_a_message_is_cut_all_the_same() -> None:
    parts = split(Styled(FAMILY), 4)
    assert "".join(part.text for part in parts) == FAMILY
    assert all(len(part) <= 4 for part in parts)


def test_only_the_first_message_has_less_room() -> None:
    assert [len(part) for part in split(Styled("а" * 25), 10, first=5)] == [5, 10, 10]
    assert [len(part) for part in split(Styled("а" * 5), 10, first=5)] == [5]
    assert [len(part) for part in split(Styled("а" * 8), 10, first=0)] == [1, 7]


def test_no_cut_falls_inside_an_entity_that_would_fit() -> None:
    text = f"один {STRONG} два три"
    assert _parts(Styled(text, (Span("bold", 5, 11),)), 14) == [("один", []), (STRONG, [(0, 11)]), ("два три", [])]
    assert _parts(Styled(text), 14)[0] == ("один жирне", [])
    # Before it, and right behind it, there may be one.
    assert _parts(Styled("аб вг", (Span("bold", 0, 2), Span("italic", 3, 2))), 3) == [
        ("аб", [(0, 2)]),
        ("вг", [(0, 2)]),
    ]
    assert _parts(Styled("аааабб", (Span("bold", 2, 4),)), 4) == [("аа", []), ("аабб", [(0, 4)])]
    assert _parts(Styled("аааабб", (Span("bold", 0, 4),)), 4) == [("аааа", [(0, 4)]), ("бб", [])]


def test_an_entity_longer_than_a_message_goes_on_in_the_next() -> None:
    assert _parts(bold("а" * 5), 2) == [("аа", [(0, 2)]), ("аа", [(0, 2)]), ("а", [(0, 1)])]
    assert _parts(bold("аб вг"), 4) == [("аб", [(0, 2)]), ("вг", [(0, 2)])]
    assert _parts(bold("аб вг"), 5) == [("аб вг", [(0, 5)])]


def test_what_is_stripped_shifts_the_entities() -> None:
    assert _parts(bold("  аб  "), 10) == [("аб", [(0, 2)])]
    assert _parts(Styled(" 😀 аб вг", (Span("bold", 4, 2), Span("italic", 0, 1))), 7) == [
        ("😀 аб", [(3, 2)]),
        ("вг", []),
    ]
    assert _parts(Styled("аб   вг", (Span("bold", 2, 3), Span("italic", 1, 5))), 4) == [
        ("аб", [(1, 1)]),
        ("вг", [(0, 1)]),
    ]


def test_a_span_keeps_what_it_says_on_both_sides_of_a_cut() -> None:
    parts = split(Styled("аааа", (Span("pre", 0, 4, "https://e.org", "python"),)), 2)
    assert [part.spans for part in parts] == [(Span("pre", 0, 2, "https://e.org", "python"),)] * 2


@pytest.mark.parametrize(
    ("number", "parts"), [(MAX_ENTITIES, [100]), (MAX_ENTITIES + 1, [100, 1]), (250, [100, 100, 50])]
)
def test_a_message_has_a_hundred_entities_at_most(number: int, parts: list[int]) -> None:
    text = Styled("аб " * number, tuple(Span("bold", 3 * n, 2) for n in range(number)))
    assert [len(part.spans) for part in split(text)] == parts
    assert "".join(part.text for part in split(text)).replace(" ", "") == "аб" * number


def test_of_more_entities_over_one_character_a_hundred_stay() -> None:
    (part,) = split(Styled("а", (Span("bold", 0, 1),) * 150))
    assert len(part.spans) == MAX_ENTITIES


def test_where_a_hundred_entities_begin_at_one_character_it_goes_alone() -> None:
    text = Styled(FAMILY * 2, (*(Span("bold", 0, 11) for _ in range(MAX_ENTITIES)), Span("italic", 2, 2)))
    assert [(part.text, len(part.spans)) for part in split(text)] == [(FAMILY, MAX_ENTITIES), (FAMILY, 0)]


_PIECES = st.sampled_from(
    ["а", "слово", " ", "   ", "\n", "\n\n", ". ", "!» ", "😀", FAMILY, "е\u0301", "\x1c", "ж" * 30]
)


@st.composite
def _texts(draw: st.DrawFn) -> Styled:
    text = "".join(draw(st.lists(_PIECES, max_size=60)))
    ends = st.integers(0, units(text))
    pairs = draw(st.lists(st.tuples(ends, ends), max_size=120))
    spans = (Span("bold", min(pair), max(pair) - min(pair)) for pair in pairs)
    return Styled(text, tuple(span for span in spans if span.length))


def _rest(text: Styled, first: Styled) -> Styled:
    """Return what is left of a text behind its first message."""
    begin = text.text.index(first.text) + len(first.text)
    begin += len(text.text) - begin - len(text.text[begin:].lstrip())
    border = units(text.text[:begin])
    spans = (Span(s.kind, max(s.offset - border, 0), s.end - max(s.offset, border)) for s in text.spans)
    return Styled(text.text[begin:], tuple(span for span in spans if span.length > 0))


@given(_texts(), st.integers(1, 60))
def test_what_is_behind_a_message_is_cut_as_if_it_were_a_text_by_itself(text: Styled, limit: int) -> None:
    first, *others = split(text, limit) or [Styled()]
    assert others == split(_rest(text, first), limit)


class _Counted(str):
    """Counts the characters that are copied out of such texts."""

    __slots__ = ()
    copied = 0

    def __getitem__(self, where: object) -> "_Counted":
        found = _Counted(str.__getitem__(self, where))  # type: ignore[index]
        _Counted.copied += len(found)
        return found


class _Watched(Span):
    """Counts how often somebody asks where such spans end."""

    asked = 0

    @property
    def end(self) -> int:
        _Watched.asked += 1
        return self.offset + self.length


def test_a_long_text_is_gone_through_once_not_once_for_each_message() -> None:
    text, number = _Counted("Слово за словом. " * 6_000), 3_000
    spans = tuple(_Watched("bold", place * 34, 10) for place in range(number))
    assert len(split(Styled(text, spans), 1_000)) > 100
    assert _Counted.copied < 5 * len(text)
    assert _Watched.asked < 10 * number
