"""Words that are more than their letters: what an article is found under beside its plain words."""

import pytest

from bot.relevance.lemmas import lemmas
from bot.relevance.query import parse_query
from bot.relevance.written_forms import more_words


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
    ],
)
def test_what_words_are_beside_their_letters(text: str, more: list[str]) -> None:
    assert list(more_words(text)) == more


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("WHO", "WHO says the outbreak is over"),
        ("IT", "Найкраща IT компанія"),
        ("C++", "Стандарт C++ затвердили"),
        ("c#", "Мова C# у школах"),
        (".NET", "Платформа .NET у школах"),
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
