"""Two texts side by side: copies, bulletins of a series, the same event, different news."""

import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.relevance.fingerprints import fingerprint
from bot.relevance.similarity import compare, compare_texts
from bot.relevance.wording import worded

TEXT = (
    "У понеділок Київрада ухвалила бюджет столиці на наступний рік. Документ підтримали 84 депутати. Найбільше коштів "
    "передбачено на ремонт мостів, закупівлю тролейбусів і школи. Мер заявив, що видатки на транспорт зростуть на "
    "третину, а борг міста скоротиться. Опозиція вимагала відкласти голосування, бо не побачила розрахунків."
)
EDITED = TEXT.replace("ухвалила", "затвердила").replace("Найбільше коштів", "Найбільше грошей").replace(" столиці", "")
SAME_EVENT = (
    "Київські депутати проголосували за бюджет столиці. За документ віддали 84 голоси. Мер обіцяє більше тролейбусів і "
    "ремонт мостів, опозиція ж каже, що Київрада не показала розрахунків."
)
OTHER = (
    "У Львові археологи знайшли під ратушею підвал шістнадцятого століття. У ньому збереглися кахлі, посуд і монети. "
    "Розкопки триватимуть до осені, потім знахідки покажуть у музеї."
)
LOSSES = (
    "Втрати за добу. Станом на ранок {day} травня війська втратили {people} осіб, {tanks} танків, броньованих машин і "
    "артилерійських систем. Дані уточнюються. Розрахунок ускладнюється високою інтенсивністю бойових дій."
)


def _pair(a: str, b: str, hours: float = 0) -> tuple[bool, bool]:
    verdict = compare(fingerprint("", a), fingerprint("", b), hours)
    return verdict.duplicate, verdict.same_story


def test_a_lightly_edited_copy_is_a_duplicate() -> None:
    assert _pair(TEXT, EDITED) == (True, True)


def test_a_copy_that_was_cut_is_a_duplicate() -> None:
    assert _pair(TEXT, TEXT[: len(TEXT) * 2 // 3])[0]


@pytest.mark.parametrize("title", ["У Києві 5 загиблих", "Київ не підтримав поділ"])
def test_a_text_that_begins_with_its_title_is_a_copy_of_the_same_text_without_one(title: str) -> None:
    text = f"{title} після вибуху на складі. Про це повідомила служба порятунку у вівторок. Рятувальники працюють."
    assert compare_texts({"title": title, "text": text}, {"title": "", "text": text}, 3).duplicate


def test_another_account_of_the_event_is_the_same_story_and_no_duplicate() -> None:
    verdict = compare(
        fingerprint("Київрада ухвалила бюджет", TEXT), fingerprint("Київрада має бюджет на рік", SAME_EVENT), 3
    )
    assert (verdict.duplicate, verdict.same_story) == (False, True)


def test_different_news_is_neither() -> None:
    assert _pair(TEXT, OTHER) == (False, False)


def test_the_next_bulletin_of_a_series_is_no_duplicate_however_alike_it_reads() -> None:
    monday = LOSSES.format(day=5, people=480, tanks=7)
    tuesday = LOSSES.format(day=6, people=510, tanks=9)
    assert not _pair(monday, tuesday, 24)[0]
    assert _pair(monday, monday, 1)[0]


@pytest.mark.parametrize(
    ("a", "b", "hours", "duplicate"),
    [
        ("Пентагон передасть Україні ракети, — Washington Post", "Пентагон передасть Україні ракети - Washington Post", 5, True),
        ("Українські ЗМІ повідомляють про вибухи у Києві", "Українські ЗМІ повідомляють про вибухи у Харкові", 5, False),
        ("Повітряна тривога по всій території України", "Повітряна тривога по всій території України", 300, False),
        ("Повітряна тривога по всій території України", "Повітряна тривога по всій території України", 2, True),
        ("Борис Джонсон", "Союзникам слід готуватися до затяжного конфлікту, сказав Борис Джонсон", 0, False),
        ("", "", 0, False),
    ],
)  # fmt: skip
def test_short_texts_are_duplicates_only_when_no_name_or_number_differs(
    a: str, b: str, hours: float, duplicate: bool
) -> None:
    assert compare_texts({"title": a, "text": ""}, {"title": b, "text": ""}, hours).duplicate is duplicate


def test_the_longer_apart_the_less_likely_one_story() -> None:
    scores = [compare(fingerprint("", TEXT), fingerprint("", SAME_EVENT), hours).score for hours in (0, 24, 72, 240)]
    assert scores[0] == scores[1] > scores[2] > scores[3]


@given(st.text(max_size=200), st.text(max_size=200), st.floats(0, 1e6))
def test_any_two_texts_get_the_same_answer_in_either_order(a: str, b: str, hours: float) -> None:
    one, other = (
        compare(fingerprint(a, b), fingerprint(b, a), hours),
        compare(fingerprint(b, a), fingerprint(a, b), hours),
    )
    assert one == other
    assert 0 <= one.score <= 1


@given(st.text(max_size=300))
def test_a_text_is_never_less_than_the_same_story_as_itself(text: str) -> None:
    assert (
        compare(fingerprint(text, text), fingerprint(text, text)).score
        >= compare(fingerprint(text, text), fingerprint(OTHER, "")).score
    )


@cache
def _lone() -> list[str]:
    """Return the letters, marks and signs that stand for no sound by themselves."""
    return [chr(n) for n in range(0x110000) if unicodedata.category(chr(n)) in {"Lm", "Mn", "Sk"}]


@pytest.mark.parametrize("pattern", ["0{0}", "{0}", "Кут 45° 30{0} 15{0}{0}", "{0}Міст{0} {0}"])
def test_what_is_a_letter_by_its_kind_only_makes_no_word_of_nothing(pattern: str) -> None:
    for sign in _lone():
        text = pattern.format(sign)
        assert all(word.key for word in worded(text, text, "uk")), f"{text!r} U+{ord(sign):04X}"


def test_minutes_of_an_angle_are_compared_like_any_text() -> None:
    assert compare_texts({"title": "Кут 5ʼ", "text": "5ʼ"}, {"title": "Кут 5ʼ", "text": "5ʼ"}, 0).duplicate
