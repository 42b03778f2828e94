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
        ("Мер Києва відкрив новий дім через Дніпро", DOUBT, NONE),  # three letters are no other case
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
        ("тривали три", "тривали не зупиняючись три", OTHER, OTHER),
        ("Рух транспорту почався вранці", "Рух автобусів і та й не дозволили вранці", OTHER, OTHER),  # too few words
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
        ("Мер Сум подав у відставку", "Заступник мера Сум подав у відставку", DOUBT, DOUBT),
        ("Мер Сум подав у відставку", "Колишній мер Сум подав у відставку", DOUBT, DOUBT),
        ("Ворог обстріляв Покровськ", "Ворог обстріляв Покровське", DOUBT, DOUBT),
        ("У село Гай ввезли зерно", "Із села Гай вивезли зерно", OTHER, OTHER),
        ("Про долю екіпажу відомо", "Про долю екіпажу невідомо", OTHER, OTHER),
    ],
)
def test_of_two_headlines(a: str, b: str, strictly: Difference, otherwise: Difference) -> None:
    assert _differ((a, BODY), (b, BODY), strict=True) is strictly
    assert _differ((a, BODY), (b, BODY), strict=False) is otherwise


OUR_OWN, ANOTHERS = "Україна готова до перемовин — Порошенко.", "Зеленський: Україна готова до перемовин."


@pytest.mark.parametrize(
    ("before", "otherwise"),
    [("", DOUBT), ("Рух почався. ", NONE), ("Рух почався. Роботи йшли. ", NONE)],
    ids=["first", "second", "third"],
)
def test_of_who_tells_it_further_down(before: str, otherwise: Difference) -> None:
    texts = (TITLE, f"{before}{OUR_OWN}"), (TITLE, f"{before}{ANOTHERS}")
    assert _differ(*texts, strict=True) is DOUBT
    assert _differ(*texts, strict=False) is otherwise
    assert _differ((OUR_OWN, before), (ANOTHERS, before), strict=False) is DOUBT


@pytest.mark.parametrize("strict", [True, False])
def test_a_headline_may_begin_with_the_place_and_a_small_word_be_spelled_anew_further_down(strict: bool) -> None:
    texts = ("У Львові відкрили школу", "Вибух в Одесі."), ("Школу відкрили у Львові", "Вибух у Одесі.")
    assert _differ(*texts, strict=strict) is NONE


SLIPS = "Мре сказва слвово"
MENDED = "Мер сказав слово"
THREE = "Міністерсвто сказва слвово"
THREE_MENDED = "Міністерство сказав слово"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (f"Подробиці тут. {SLIPS}. Роботи вів Петренко.", f"Подробиці тут. {MENDED}. Роботи вів Іваненко.", OTHER),
        # of three mended slips one more change is forgiven, but no denial
        (f"Тут. {THREE}. Роботи вів радо Гай.", f"Тут. {THREE_MENDED}. Роботи вів цілком спокійно Гай.", NONE),
        (f"Тут. {THREE}. Роботи вів Гай.", f"Тут. {THREE_MENDED}. Роботи вів не спавши Гай.", OTHER),
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


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("Мер відкрив міст у травні", "У травні мер відкрив міст", NONE),
        ("5 травня мер відкрив 3 мости", "Мер відкрив 3 мости 5 травня", NONE),
        ("3 травня мер відкрив 5 мостів", "Мер відкрив 5 мостів 3 травня", NONE),
        ("Мер відкрив міст 3 травня", "Мер відкрив міст 5 травня", OTHER),
        ("Київ здав Львову 3 мости 5 травня", "5 травня Львову здав Київ 3 мости", OTHER),
    ],
)
def test_of_a_date_that_stands_elsewhere_in_a_headline(before: str, after: str, found: Difference) -> None:
    assert _differ((before, ""), (after, ""), strict=True) is found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Mayor opens bridge Monday", "Monday mayor opens bridge"),
        ("Mayor of Leeds opens bridge Monday", "Monday mayor of Leeds opens bridge"),
    ],
)
def test_of_a_day_that_stands_elsewhere_where_no_word_has_a_case(before: str, after: str) -> None:
    assert difference(worded(before, "", "en"), worded(after, "", "en"), strict=True) is NONE
