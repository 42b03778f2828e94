"""Headlines of which a phrase stands elsewhere, or a word that says the same: one piece of news, or two."""

from bot.relevance.similarity import compare_texts

ONE = (
    ("Ціни на пальне зросли на 3 гривні за тиждень", "За тиждень ціни на пальне зросли на 3 гривні"),
    ("Польща закриває кордон із 1 січня", "З 1 січня Польща закриває кордон"),
    ("Зеленський зустрівся з Макроном у Парижі", "Зеленський у Парижі зустрівся з Макроном"),
    ("ЗСУ збили 45 з 52 дронів за ніч", "За ніч ЗСУ збили 45 із 52 безпілотників"),
    ("Explosions heard in Kharkiv on Monday", "On Monday explosions heard in Kharkiv"),
    ("Укрзалізниця запускає новий поїзд до Варшави", "Укрзалізниця запускає новий потяг до Варшави"),
    ("В Україні стартувала мобілізація 25-річних", "В Україні розпочалася мобілізація 25-річних"),
    ("Без води лишилися 40 тисяч мешканців Львова", "Без води залишилися 40 тисяч мешканців Львова"),
)
TWO = (
    ("Україна виграла в Ісландії у Польщі", "Україна виграла у Польщі в Ісландії"),
    ("Потяг з Києва прибув до Львова", "Потяг до Києва прибув зі Львова"),
    ("У Києві затримали вбивцю з Одеси", "В Одесі затримали вбивцю з Києва"),
    ("Не в Києві стався вибух", "Вибух стався не в Києві"),
    ("Man from Kyiv killed in Lviv", "Man from Lviv killed in Kyiv"),
    ("За тиждень ціни зросли на 3 гривні", "Ціни зросли на 3 гривні за місяць"),
    ("У Києві та Львові пролунали вибухи", "Та у Львові пролунали вибухи в Києві"),
    ("В Україні стартувала мобілізація 25-річних", "В Україні завершилася мобілізація 25-річних"),
)


def _is_copy(one: str, other: str) -> bool:
    verdicts = {
        compare_texts({"title": a, "text": ""}, {"title": b, "text": ""}, 2).duplicate
        for a, b in ((one, other), (other, one))
    }
    assert len(verdicts) == 1, one
    return verdicts.pop()


def test_a_phrase_that_stands_elsewhere_makes_no_other_news() -> None:
    assert [pair for pair in ONE if not _is_copy(*pair)] == []


def test_what_a_phrase_belongs_to_makes_other_news() -> None:
    assert [pair for pair in TWO if _is_copy(*pair)] == []
