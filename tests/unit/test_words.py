"""Words: all forms of a word are one, however its apostrophe is written, and whoever swapped a letter in it."""

import sys

import pytest

from bot.relevance.lemmas import _SIMPLE, lemma_of, lemmas, terms_of, tokens

FORMS = [
    ("uk", "мобілізація", "мобілізації мобілізацію мобілізацією Мобілізація МОБІЛІЗАЦІЇ"),
    ("uk", "міст", "міст мосту мостом мости мостів мостами"),
    ("uk", "вибори", "вибори виборів виборам виборах"),
    ("uk", "ракета", "ракета ракети ракет ракетами"),
    ("uk", "людина", "людина людей людьми люди"),
    ("uk", "зеленський", "Зеленський Зеленського Зеленському Зеленським"),
    ("uk", "одеса", "Одеса Одеси Одесі Одесу Одесою"),
    ("uk", "кабмін", "Кабмін Кабміну Кабміном"),
    ("en", "election", "election elections Elections"),
    ("en", "bridge", "bridge bridges bridge's bridge’s Bridge"),
    ("en", "run", "run runs ran running"),
    ("ru", "выборы", "выборы выборов выборах"),
]
TOGETHER = [
    ("uk", "Київ Києва Києву Києвом Києві"),
    ("uk", "Львів Львова Львові Львовом"),
    ("uk", "п’ятниця п’ятниці п’ятницю п’ятницею"),
    ("uk", "пам’ять пам’яті пам’яттю"),
    ("uk", "об’єкт об’єкта об’єкти об’єктів"),
    ("uk", "сім’я сім’ї сім’ю сімей"),
    ("uk", "прем’єр прем’єра прем’єру"),
    ("uk", "комп’ютер комп’ютера комп’ютери"),
]
APART = ["ряд рядок", "море морква", "буря бур’ян", "зоря зір", "мир міст", "рада радіо"]
APOSTROPHES = "'’ʼ`‘′´"


@pytest.mark.parametrize(("language", "lemma", "forms"), FORMS, ids=[case[1] for case in FORMS])
def test_every_form_of_a_word_is_the_word(language: str, lemma: str, forms: str) -> None:
    assert {form: list(lemmas(form, language)) for form in forms.split()} == {form: [lemma] for form in forms.split()}


@pytest.mark.parametrize(("language", "forms"), TOGETHER, ids=[case[1].split()[0] for case in TOGETHER])
def test_forms_of_names_and_of_words_with_an_apostrophe_meet(language: str, forms: str) -> None:
    assert len({lemma for form in forms.split() for lemma in lemmas(form, language)}) == 1


@pytest.mark.parametrize("pair", APART)
def test_different_words_stay_apart(pair: str) -> None:
    one, other = pair.split()
    assert list(lemmas(one, "uk")) != list(lemmas(other, "uk"))


@pytest.mark.parametrize("mark", APOSTROPHES)
def test_an_apostrophe_is_the_same_however_it_is_written(mark: str) -> None:
    assert list(lemmas(f"у п{mark}ятницю", "uk")) == list(lemmas("п'ятниця", "uk"))
    assert list(tokens(f"об{mark}єкт")) == ["обєкт"]


def test_a_reader_who_leaves_the_apostrophe_out_finds_the_same() -> None:
    assert list(lemmas("пятницю", "uk")) == list(lemmas("п’ятниця", "uk"))


def test_a_quotation_mark_is_no_apostrophe() -> None:
    assert list(tokens("назвав 'Гончар' і 'Хвиля'")) == ["назвав", "гончар", "і", "хвиля"]


LOOK_ALIKES = [
    ("cвіт", "світ"),  # Latin c
    ("Kиїв", "київ"),
    ("Pосія", "росія"),
    ("хapків", "харків"),  # Latin a and p
    ("мiст", "міст"),  # Latin i
    ("ОДECA", "одеса"),
]


@pytest.mark.parametrize(("written", "meant"), LOOK_ALIKES)
def test_a_letter_of_the_other_script_that_looks_the_same_is_the_same(written: str, meant: str) -> None:
    assert written.casefold() != meant
    assert list(tokens(written)) == [meant]


def test_words_of_one_script_are_left_as_they_are() -> None:
    assert list(tokens("copia Kyiv піца")) == ["copia", "kyiv", "піца"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("і в на що це", []),
        ("the of and to", []),
        ("don't don’t", []),
        ("що ж президент", ["президент"]),
        ("х", []),
        ("!!! — …", []),
        ("", []),
    ],
)
def test_words_that_say_nothing_are_left_out(text: str, said: list[str]) -> None:
    assert list(lemmas(text, "uk")) == said


def test_numbers_are_words_too() -> None:
    assert list(lemmas("F-16 і COVID-19 у 2026", "uk")) == ["16", "covid", "19", "2026", "f16"]


def test_letters_are_composed_before_they_are_compared() -> None:
    assert list(tokens("и\u0306од ﬁre Їжак")) == ["йод", "fire", "їжак"]


def test_a_word_without_end_is_cut() -> None:
    assert [len(word) for word in tokens("а" * 5000)] == [40]
    assert len(lemma_of("а" * 40, "uk")) <= 40


def test_terms_count_each_word_in_the_part_it_stands_in() -> None:
    terms = terms_of("Міст", "Мости і мости", "Рух мостом. Рух!", "uk")
    assert (dict(terms.title), dict(terms.lead), dict(terms.body)) == ({"міст": 1}, {"міст": 2}, {"рух": 2, "міст": 1})


def test_a_text_of_simple_letters_has_the_same_words_as_one_with_a_mark_that_is_rare() -> None:
    simple = [chr(n) for n in range(sys.maxunicode + 1) if _SIMPLE.fullmatch(chr(n).casefold())]
    texts = [
        f"{before}{one}{behind}" for one in simple for before in ("", "а", "z", "1") for behind in ("", "б", "q", "7")
    ]
    texts += ["П’ять об'єктів: О'Коннор і d’Артаньян", "Cу-34 над Києвом", "G7 та «Reuters» – 5-й… " + "довго" * 20]
    assert [list(tokens(text)) for text in texts] == [list(tokens(f"{text} ¶")) for text in texts]
