"""Two words side by side: one word, one in another form, or two, whichever comes first."""

import pytest

from bot.relevance.sameness import Sameness, sameness
from bot.relevance.word import Word
from bot.relevance.wording import worded

OTHER, KIN, FORM, TENSE, SAME = Sameness.OTHER, Sameness.KIN, Sameness.FORM, Sameness.TENSE, Sameness.SAME


def _last(text: str, code: str) -> Word:
    return worded(text, "", code)[-1]


@pytest.mark.parametrize(
    ("code", "one", "other", "expected"),
    [
        # mistyped; of a name, which has a capital that is no matter of course in one of them, never its first letter
        ("uk", "у Порошенко", "у Порошеско", SAME),
        ("uk", "у Порошенка", "у Порошнка", SAME),
        ("uk", "астапчук", "остапчук", SAME),
        ("uk", "Астапчук", "у Остапчук", OTHER),
        ("uk", "у Астапчук", "остапчук", OTHER),
        ("uk", "у Трамп", "у Кремп", OTHER),
        # respelled; of two that a dictionary knows, only as one of them is spelled elsewhere
        ("uk", "у Вашингтон", "у Вашінгтон", SAME),
        ("uk", "у Уеллс", "у Веллс", SAME),
        ("uk", "учений", "вчений", SAME),
        ("en", "colour", "color", SAME),
        ("uk", "кіт", "кит", KIN),
        ("uk", "дім", "дим", KIN),
        ("uk", "рука", "ріка", OTHER),
        # what is made of another word is not that word mistyped
        ("uk", "окупували", "деокупували", OTHER),
        ("uk", "заселили", "виселили", OTHER),
        ("en", "in Williams", "in Williamson", OTHER),
        ("uk", "зпаорізька", "запорізька", SAME),
        ("uk", "ввімкнули", "вимкнули", OTHER),
        # a man and a woman; another form of the word for her is no other
        ("uk", "пенсіонер", "пенсіонерка", OTHER),
        ("uk", "пенсіонером", "пенсіонерка", OTHER),
        ("uk", "вчителі", "вчителька", OTHER),
        ("uk", "пенсіонеркою", "пенсіонерка", FORM),
        # forms: of what a dictionary knows, and of names, which it does not
        ("uk", "будує", "будував", TENSE),
        ("uk", "будувало", "будувати", TENSE),
        ("uk", "будує", "будують", FORM),
        ("uk", "будувала", "будував", FORM),
        ("uk", "воді", "воду", FORM),
        ("uk", "у Гайдукевич", "у Гайдукевичу", FORM),
        ("uk", "у Шмигаля", "у Шмигалем", FORM),
        ("uk", "у Зубр", "у Зубрик", OTHER),
        ("uk", "відкрили", "відкрито", SAME),  # by them, or by nobody in particular
    ],
)
def test_what_two_words_are_to_each_other(code: str, one: str, other: str, expected: Sameness) -> None:
    assert sameness(_last(one, code), _last(other, code)) is expected
    assert sameness(_last(other, code), _last(one, code)) is expected


@pytest.mark.parametrize(
    ("first", "case"), [("вода", "воду"), ("у Ковальчук", "у Ковальчука"), ("у Трамп", "у Трампом")]
)
def test_a_case_says_who_does_it_and_to_whom_it_is_done(first: str, case: str) -> None:
    assert sameness(_last(first, "uk"), _last(case, "uk")) is Sameness.OBJECT
    assert sameness(_last(case, "uk"), _last(first, "uk")) is Sameness.SUBJECT
