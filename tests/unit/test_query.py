"""What somebody typed into the search, taken apart."""

from datetime import date

import pytest

from bot.relevance.query import MOST_CHARACTERS, Query, beginning, has_phrase, parse_query


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("after:2026-11-25", date(2026, 11, 25)),
        ("after:2026-3-5", date(2026, 3, 5)),
        ("after:2026-11", date(2026, 11, 1)),
        ("after:2026", date(2026, 1, 1)),
        ("after:25.11.2026", date(2026, 11, 25)),
        ("after:5/3/2026", date(2026, 3, 5)),
        ('after:"2026-11-25"', date(2026, 11, 25)),
        ("після:2026-11-25", date(2026, 11, 25)),
        ("ПІСЛЯ:2026-11-25", date(2026, 11, 25)),
    ],
)
def test_a_day_is_understood_as_it_is_written(text: str, day: date) -> None:
    assert parse_query(f"{text} міст") == Query(words=("міст",), typed=("міст",), after=day)


@pytest.mark.parametrize(
    ("text", "words"), [("after:кава", ("кава",)), ("after:2026-13-01", ("2026", "13", "01")), ("after:31.02.2026", ("31", "02", "2026"))]
)  # fmt: skip
def test_a_day_that_is_none_is_looked_for_as_words(text: str, words: tuple[str, ...]) -> None:
    found = parse_query(text)
    assert (found.words, found.after, found.narrowed) == (words, None, False)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("мости", Query(("міст",), ("мости",))),
        ("міст кава міст", Query(("міст", "кава"), ("міст", "кава"))),
        ('міст "…"', Query(("міст",), ("міст",))),
        ("«зведений міст»", Query(("зведений", "міст"), ("зведений міст",) * 2, (("зведений", "міст"),))),
        ('"новим мостом"', Query(("новий", "міст"), ("новим мостом",) * 2, (("новим", "мостом"),))),
        ("„новий міст“ кава", Query(("новий", "міст", "кава"), ("новий міст", "новий міст", "кава"), (("новий", "міст"),))),
        ("міст -ремонту", Query(("міст",), ("міст",), without=("ремонт",))),
        ("міст −ремонт -ремонт –кава", Query(("міст",), ("міст",), without=("ремонт", "кава"))),
        ("міст -ремонт міст-ремонт", Query(("міст",), ("міст-ремонт",), without=("ремонт",))),
        ('кава -"новий міст"', Query(("кава",), ("кава",), without=("новий", "міст"))),
        ("міст -міст", Query(without=("міст",))),
        ("міст topic:економіка", Query(("міст",), ("міст",), topic="економіка")),
        ('тема:" міська рада " джерело:«Вісник міста»', Query(topic="міська рада", source="Вісник міста")),
        ("TOPIC:Спорт Source:Б", Query(topic="Спорт", source="Б")),
        ("topic:а topic:б", Query(topic="б")),
        ("-topic:економіка міст", Query(("міст",), ("міст",), without=("економіка",))),
        ('topic:"" міст', Query(("міст",), ("міст",))),
        ("", Query()),
        ("-", Query()),
    ],
)  # fmt: skip
def test_a_query_is_taken_apart(text: str, query: Query) -> None:
    assert parse_query(text) == query


def test_a_query_has_bounds() -> None:
    words = [first + second + "ж" for first in "бвгд" for second in "аеиоу"]
    many = parse_query(" ".join(words))
    assert len(many.words) == len(many.typed) == 12
    assert len(parse_query(" ".join(f"-{word}" for word in words)).without) == 12
    assert parse_query("«а б» «в г» «д е» «ж з» «и к»").phrases == (("а", "б"), ("в", "г"), ("д", "е"), ("ж", "з"))
    assert parse_query(" " * (MOST_CHARACTERS - 4) + "міст") == Query(("міст",), ("міст",))
    assert parse_query(" " * MOST_CHARACTERS + "міст") == Query()


@pytest.mark.parametrize(
    ("query", "asks", "narrowed", "filtered"),
    [
        (Query(), False, False, False),
        (Query(words=("міст",)), True, False, False),
        (Query(words=("міст",), phrases=(("міст",),)), True, False, True),
        (Query(without=("міст",)), False, False, False),
        (Query(topic="спорт"), True, True, True),
        (Query(source="Б"), True, True, True),
        (Query(after=date(2026, 1, 1)), True, True, True),
    ],
)
def test_what_a_query_asks_for(query: Query, asks: bool, narrowed: bool, filtered: bool) -> None:
    assert (bool(query), query.narrowed, query.filtered) == (asks, narrowed, filtered)


def test_words_of_five_letters_and_more_have_a_beginning() -> None:
    assert (beginning("міст"), beginning("мости"), beginning("мостовий")) == ([], ["5:мости"], ["5:мосто"])


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("Новий  міст!", True),
        ("Це новий, міст", True),
        ("новий мостовий", False),
        ("поновий міст", False),
        ("міст новий", False),
        ("новий старий міст", False),
        ("", False),
    ],
)
def test_a_phrase_stands_whole_in_a_text(text: str, has: bool) -> None:
    assert has_phrase(("новий", "міст"), text) is has
