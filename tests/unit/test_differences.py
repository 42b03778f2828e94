"""What the difference between two texts comes to: a row for each thing that makes other news, or does not."""

import pytest

from bot.relevance.differences import Difference, difference
from bot.relevance.wording import worded

NONE, DOUBT, OTHER = Difference.NONE, Difference.DOUBT, Difference.OTHER
TITLE = "Мер Києва відкрив новий міст через Дніпро"
BODY = "Рух транспорту почався вранці. Роботи тривали три роки. Місто витратило 40 мільйонів гривень на ремонт."
ANEW = "Будівельники цілий час працювали без жодних перерв, не зупиняючись."


def _differ(a: tuple[str, str], b: tuple[str, str], *, strict: bool) -> Difference:
    one, other = worded(*a, "uk"), worded(*b, "uk")
    found = difference(one, other, strict=strict)
    assert found is difference(other, one, strict=strict), "whichever comes first"
    return found


@pytest.mark.parametrize(
    ("title", "strictly", "otherwise"),
    [
        (TITLE, NONE, NONE),
        ("Мер Києва не відкрив новий міст через Дніпро", OTHER, OTHER),
        ("Мер Києва ніколи не відкрив новий міст через Дніпро", OTHER, OTHER),
        ("Мер Києва закрив новий міст через Дніпро", OTHER, OTHER),
        ("Мер Львова відкрив новий міст через Дніпро", OTHER, OTHER),
        ("Мер Києва відкриває новий міст через Дніпро", DOUBT, NONE),
        ("Мер Києва відкрив старий міст через Дніпро", DOUBT, Difference.ANOTHER),
        (f"УНІАН: {TITLE}", NONE, NONE),
    ],
)
def test_of_titles(title: str, strictly: Difference, otherwise: Difference) -> None:
    assert _differ((TITLE, BODY), (title, BODY), strict=True) is strictly
    assert _differ((TITLE, BODY), (title, BODY), strict=False) is otherwise


@pytest.mark.parametrize(
    ("old", "new", "strictly", "otherwise"),
    [
        ("40", "50", OTHER, OTHER),
        ("три роки", "чотири роки", OTHER, OTHER),
        ("вранці", "увечері", OTHER, OTHER),
        ("Роботи тривали", "Роботи не тривали", OTHER, OTHER),
        ("почався", "не почався", OTHER, OTHER),
        ("Роботи тривали три роки.", ANEW, OTHER, NONE),  # both say it in words of their own
        ("ремонт.", "ремонт. Про це повідомив Петренко.", NONE, NONE),
        ("Місто витратило", "Петренко витратив", DOUBT, DOUBT),
        ("Місто", "Київ", DOUBT, DOUBT),
    ],
)
def test_of_bodies(old: str, new: str, strictly: Difference, otherwise: Difference) -> None:
    assert old in BODY
    assert _differ((TITLE, BODY), (TITLE, BODY.replace(old, new)), strict=True) is strictly
    assert _differ((TITLE, BODY), (TITLE, BODY.replace(old, new)), strict=False) is otherwise


@pytest.mark.parametrize(
    ("a", "b", "strictly", "otherwise"),
    [
        ("Росія атакувала Україну вночі", "Україна атакувала Росію вночі", OTHER, OTHER),
        ("УНІАН: Міст відкрили", "Суспільне: Міст відкрили", DOUBT, NONE),
        ("Мер ніколи не відкриє міст", "Мер не відкриє міст", DOUBT, NONE),  # both deny it
        ("Помер у 1962 році співак", "Помер у 62 році співак", DOUBT, NONE),
    ],
)
def test_of_two_headlines(a: str, b: str, strictly: Difference, otherwise: Difference) -> None:
    assert _differ((a, BODY), (b, BODY), strict=True) is strictly
    assert _differ((a, BODY), (b, BODY), strict=False) is otherwise


SLIPS = "Мре сказва слвово"
MENDED = "Мер сказав слово"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (f"Подробиці тут. {SLIPS}. Роботи вів Петренко.", f"Подробиці тут. {MENDED}. Роботи вів Іваненко.", OTHER),
        (f"Подробиці тут. {SLIPS}.", f"Подробиці тут. {MENDED}.", NONE),
    ],
)
def test_of_a_text_that_was_gone_over(before: str, after: str, found: Difference) -> None:
    assert _differ((TITLE, before), (TITLE, after), strict=False) is found


@pytest.mark.parametrize(
    ("before", "after", "strictly", "otherwise"),
    [
        ("Потяг до Львова запізнюється", "Потяг зі Львова запізнюється", OTHER, OTHER),
        ("Лист до президента опубліковано", "Лист для президента опубліковано", DOUBT, NONE),
        ("Суд арештував його рахунки", "Суд арештував її рахунки", DOUBT, NONE),
        ("Вибух в Одесі пошкодив склад", "Вибух у Одесі пошкодив склад", NONE, NONE),
        ("Зустріч із послом у Києві", "Зустріч з послом у Києві", NONE, NONE),
        ("Їх підтримка України росте", "Їх підтримка Україною росте", DOUBT, NONE),
    ],
)
def test_of_a_small_word_in_the_place_of_another(
    before: str, after: str, strictly: Difference, otherwise: Difference
) -> None:
    assert _differ((before, ""), (after, ""), strict=True) is strictly
    assert _differ((before, ""), (after, ""), strict=False) is otherwise
