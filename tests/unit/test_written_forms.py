"""Words that are more than their letters: what an article is found under beside its plain words."""

import pytest

from bot.relevance.lemmas import lemmas
from bot.relevance.query import parse_query
from bot.relevance.written_forms import more_words
from bot.text.languages import stop_words

_O_CONNOR = (
    "О Коннор",
    "О'Коннор",
    "О’Коннор",
    "О-Коннор",
    "OʼКоннор",
    "О\u00a0Коннор",
    "ОКоннор",
    "O'Connor",
    "O’Connor",
)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("WHO says the outbreak is over", ["who"]),
        ("Вакцини від WHO та US", ["who", "us"]),
        ("who says so", []),
        ("WHO IS THE WINNER", []),  # a headline in capitals has no names
        ("Саміт G7 у Канаді", ["g7"]),
        ("Мережа 5G і літак F-16", ["5g", "f16"]),
        ("Танк T90 і Т-90", ["т90", "т90"]),  # Latin T, Cyrillic Т
        ("Covid-19 і 10-річчя, 2-й етап, 5-го червня", []),
        ("Wi-Fi та WiFi у метро", ["wifi"]),
        ("Екс-міністр Іван-Франко", []),
        ("Мови C++ і С++, C#, відділ R&D", ["cplusplus", "cplusplus", "csharp", "randd"]),
        ("A+ і B-, C#-подібна, F#x, 5++", ["csharp"]),
        ("Платформа .NET 10, ASP.NET, кінець.Далі", ["dotnet"]),
        ("Мережа 5G+ і Disney+", ["5g", "5gplus", "disneyplus"]),
        ("Лікарня працює 24/7, річниця 9/11", ["24slash7", "9slash11"]),
        ("Канал 1+1, 3/4/2026, 1/2.5", ["1plus1"]),
        ("Школа №1, школа № 12, Song is No. 7, #3", ["number1", "number12", "number7", "number3"]),
        ("О Коннор, О'Браєн і Д’Артаньян, Д Трамп, О. Петренко", ["оконнор", "oconnor", "obraen"]),
        ("O'Connor та O Hara, о Києве", ["оконнор", "ohara", "огара"]),
    ],
)
def test_what_words_are_beside_their_letters(text: str, more: list[str]) -> None:
    assert list(more_words(text, stop_words().__contains__)) == more


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("WHO", "WHO says the outbreak is over"),
        ("IT", "Найкраща IT компанія"),
        ("C++", "Стандарт C++ затвердили"),
        ("c#", "Мова C# у школах"),
        (".NET", "Платформа .NET у школах"),
        (".NET", "Платформа .net у школах"),
        ("5G+", "Мережа 5G+ у Львові"),
        ("5G", "Мережа 5G+ у Львові"),
        ("24/7", "Лікарня працює 24/7"),
        ("№1", "Школа № 1 у Львові"),
        ("школа № 1", "Школа №1 у Львові"),
        ("No. 1", "Школа №1 у Львові"),
        *((one, f"Співачка Шинейд {other} прибула") for one in _O_CONNOR for other in _O_CONNOR),
        ("Сінейд О Коннор", "Сінейд О’Коннор померла"),
        *(
            (one, f"Співачка Шинейд {other} прибула")
            for one in ("о коннор", "o connor", "о-коннор")
            for other in _O_CONNOR
        ),
        ("сінейд о коннор", "Сінейд О’Коннор померла"),
        ("G7", "Саміт G7 у Канаді"),
        ("g7", "Саміт G7 у Канаді"),
        ("5G", "Мережа 5G у Львові"),
        ("wifi", "Безплатний Wi-Fi у метро"),
        ("Wi-Fi", "Безплатний WiFi у метро"),
        ("Wi-Fi", "Безплатний Wi-Fi у метро"),
        ("ґрунт", "Розмило грунт на полях"),
        ("грунту", "Розмило ґрунт на полях"),
        ("Гданськ", "Порт Ґданська закрито"),
        ("Ґданськ", "Порт Гданська закрито"),
    ],
)
def test_what_is_typed_meets_what_is_written(typed: str, written: str) -> None:
    words = parse_query(typed).words
    assert words
    assert set(words) <= set(lemmas(written, "uk"))


def test_what_was_followed_before_is_still_found() -> None:
    assert {"7", "g7"} <= set(lemmas("Саміт G7", "uk"))
    assert {"wi", "fi", "wifi"} <= set(lemmas("Wi-Fi", "uk"))
    assert {"ґрунт", "грунт"} <= set(lemmas("ґрунт", "uk"))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("№1", "Загинув 1 чоловік"),
        ("24/7", "З 24 до 7 листопада"),
        ("1+1", "Загинув 1 чоловік"),
        (".NET", "The fisherman's net"),
        ("5G+", "Мережа 5G у Львові"),
        ("Disney+", "Disney buys a studio"),
        ("О'Коннор", "Джон Коннор"),
    ],
)
def test_signs_are_part_of_what_is_asked(typed: str, written: str) -> None:
    assert not set(parse_query(typed).words) <= set(lemmas(written, "uk"))


def test_a_preposition_is_no_part_of_a_name() -> None:
    for name in ("Путине", "Києві", "Зеленском", "Байдене"):
        assert parse_query(f"О {name}").words == parse_query(name).words
    for about in ("путине", "зеленском", "выборах", "шостій", "погоду"):
        assert parse_query(f"о {about}").words == parse_query(about).words
    assert parse_query("о Коннор").words == ("коннор",)
    assert parse_query('"о коннор"').phrases == (("о", "коннор"),)
    assert parse_query("О Коннор").words == parse_query("О'Коннор").words == ("оконнор",)
    assert parse_query('"О Коннор"').phrases == (("о", "коннор"),)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("AI writes the news", "ai"),
        ("UPS cuts jobs", "ups"),
        ("An SOS from the ferry", "sos"),
        ("ШІ і AI у школі", "ai"),
    ],
)
def test_a_name_that_the_dictionary_takes_for_a_form_of_a_word_that_says_nothing_is_a_name(
    text: str, word: str
) -> None:
    assert word in list(lemmas(text, "en"))
    assert parse_query(word.upper()).words == (word,)


def test_ai_is_found_in_small_letters_too() -> None:
    assert parse_query("ai chips").words == ("ai", "chip")
