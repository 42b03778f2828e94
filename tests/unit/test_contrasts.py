"""Words that mean something when two texts are compared: how the file of a language is read, and what is asked of it."""

from collections.abc import Callable

import pytest

from bot.relevance.contrasts import Beginnings, Contrasts, contrasts_of, interchangeable, opposed, plain, poles, turned


def _read_anew(code: str) -> Contrasts:
    read: Callable[[str], Contrasts] = contrasts_of.__wrapped__
    return read(code)


@pytest.mark.parametrize(
    ("word", "known"),
    [("зріс", True), ("зростання", True), ("не", True), ("нема", False), ("ні", False), ("", False), ("пере", False)],
)
def test_a_word_is_known_by_how_it_begins_or_whole(word: str, known: bool) -> None:
    assert (word in Beginnings.of("зріс зрост =не")) is known


def test_of_nothing_nothing_is_known() -> None:
    assert not any(word in Beginnings.of("") for word in ("", "не"))


def test_words_of_a_file_are_compared_as_texts_are() -> None:
    assert (plain("П'ятий"), plain("Ґанок")) == ("пятий", "ганок")
    assert "помякшили" in Beginnings.of("пом'якш")


def test_a_language_that_says_nothing_and_one_that_nobody_knows_have_no_contrasts() -> None:
    nothing = _read_anew("xx")
    assert nothing.opposites == ()
    assert nothing.endings == frozenset([""])
    assert "не" not in nothing.negations


@pytest.mark.parametrize(
    ("one", "other", "against"),
    [
        ("зросли", "впали", True),
        ("впали", "зросли", True),
        ("зросли", "збільшились", False),
        ("зросли", "заборонили", False),
        ("зросли", "міст", False),
        ("міст", "міст", False),
        ("понеділок", "вівторок", True),
        ("відхилили", "підтримали", True),
    ],
)
def test_a_word_stands_against_those_of_the_other_sides_of_its_own_set(one: str, other: str, against: bool) -> None:
    assert opposed([poles(one, "uk")], [poles(other, "uk")]) is against


def test_where_something_stands_on_its_side_a_word_is_against_nothing() -> None:
    both = [poles("зросли", "uk"), poles("впали", "uk")]
    assert not opposed([poles("зросли", "uk")], both)
    assert opposed(both, [poles("зросли", "uk")]), "one of two is against it"
    assert not opposed([], both)
    assert not opposed(both, [])


def test_a_word_may_stand_in_several_sets() -> None:
    assert len({group for group, _ in poles("відхилили", "uk")}) == 2
    assert poles("міст", "uk") == ()


def test_idioms_are_found_by_their_first_words() -> None:
    idioms = _read_anew("uk").idioms
    assert ("тим", "не", "менш") in idioms["тим"]
    assert sorted(idioms["чи"]) == [("чи", "не"), ("чи", "ні")]


def test_numbers_scales_and_units_are_known_by_every_word_for_them() -> None:
    said = _read_anew("uk")
    assert (said.numbers["два"], said.numbers["двоє"]) == (2, 2)
    assert said.scales["тисяч"] == 1000
    assert said.units["відсотків"] == said.units["відсотки"]


@pytest.mark.parametrize(
    ("one", "other", "round_"),
    [("від", "до", True), ("до", "від", True), ("від", "від", False), ("від", "міст", False)],
)
def test_some_words_turn_what_is_said_round(one: str, other: str, round_: bool) -> None:
    assert turned(one, other, "uk") is round_


def test_some_words_may_stand_for_each_other() -> None:
    [first, second, *_] = sorted(_read_anew("uk").swaps[0])
    assert interchangeable(first, second, "uk")
    assert not interchangeable(first, "міст", "uk")
    assert not interchangeable("міст", "міст", "uk")
