"""An agency's page as text: which of its lines are the article, whatever a page puts round them."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.dates import moment_in
from bot.feeds.pages import page_fields, read_page
from bot.text.entities import Entity
from bot.text.pasted import Part, picked

HEAD = "Агенція\n10:15 24.11.2026\nЗаголовок\n1 хв читати\n"


KYIV = ZoneInfo("Europe/Kyiv")
NO_PAGES = [
    "Концерт у філармонії\n23 листопада 2026, 18:00\nОркестр зіграє Лисенка.\nВхід вільний.",
    "Зустріч із читачами відбудеться в суботу в бібліотеці\n28.11.2026 15:00\nАдреса: вул. Садова, 5.\nПоділитися цим можна з друзями.",
    "Прес-реліз\n23 листопада 2026, 10:00\nКомпанія відкриває завод у Луцьку.\nКоментар директора: «Ми раді».",
    "🔴 Оголошено мінування мосту в Надріччі, рух перекрито\n23.11.2026 10:00\nДСНС працює на місці.\nПідписатися",
    "Meeting of the city council on the budget\n23 November 2026, 10:00\nSubscribe to our channel for more.\nThe mayor will speak.",
]  # fmt: skip

# Lines of a text that begin as what pages say does.
OF_THE_TEXT = """
Останні новини про бюджет змусили уряд діяти
Схожі матеріали використали для мосту в Луцьку.
Використання матеріалів слідства суд дозволив.
Отримуйте довідку в сервісному центрі.
Це цікаво насамперед студентам
Надіслати заявку можна до 1 грудня.
Recommended doses were exceeded.
Related articles of the code were amended.
Підписано угоду про ремонт мосту між містом і банком
Підписано угоду про ремонт мосту.
Підтримати законопроєкт закликали 50 депутатів.
Автор законопроєкту – депутат Іван Ткач.
Автор: «Я не очікував такого успіху роману».
Редактор Олена Гай отримала премію.
Рятувальники показали наслідки (фото).
Мер показав новий міст (відео)
Фото й відео з місця події опублікувала ДСНС.
Відео затримання поширила поліція.
Джерело: ОВА.
Джерело: Генштаб у Facebook
Важливо: громадянам слід мати документи.
Також: заборонено паркування.
Читайте закон на сайті Ради.
Читайте документ у Telegram-каналі Офісу президента, який оприлюднив його ввечері.
Наш кореспондент написав у Telegram, що евакуація триває.
Стежте за прогнозом погоди на Телеграфі.
Останні новини з фронту змусили уряд діяти
Останніми тижнями ціни зросли.
Популярне серед туристів місто закрили.
Теми переговорів не розкривають.
Коментарі експертів розділилися.
Поділитися досвідом приїхали лікарі з Литви.
Поширити дію закону пропонують на переселенців.
Показати документи водій відмовився.
Слухання у справі триватимуть три дні.
Реклама алкоголю буде заборонена.
Друкувати бюлетені почнуть у п'ятницю.
Оновлено дані про загиблих: їх уже 35.
Оновлений список потерпілих налічує 40 імен
Дата виборів ще невідома.
Опубліковано перелік шкіл.
Україна – Польща 2:1
Що відомо про нападника
«Хто відповість за це?»
– Коли відкриють міст?
Київ, 24 листопада
2 хвилини мовчання оголосили о 9:00.
5 хв тривала зустріч президентів.
Share of renewables rose to 40 percent.
Copyright law will change next year.
Subscribe to this view and you lose, the minister said.
Read in court, the statement lasted five minutes.
Listen to the voters, the senator said.
Watch: the storm will hit Cork at noon.
By Monday the water had receded.
Related: three more people were arrested.
Editor John Smith resigned on Friday.
Popular vote results are due on Sunday
Updated figures show 35 dead.
Comments by the minister drew criticism.
Photo evidence was shown to the jury.
Get help from the Facebook group of volunteers, the council advised on Monday.
Join the army or pay the tax, the law says.
Tags are being removed from old cars.
Latest figures put inflation at 3%.
Image recognition software found the suspect.
"""


def _body(page: str) -> str:
    fields = page_fields(page)
    assert fields is not None
    return str(fields["text"])


@pytest.mark.parametrize(
    ("rest", "body"),
    [
        ("Абзац.\nЗаголовок\nЩе абзац.", "Абзац.\n\nЩе абзац."),
        ("Абзац.\nРЕКЛАМА\nЩе абзац.\nОстаннє\nІнше", "Абзац.\n\nЩе абзац."),
        ("Advertisement\nParagraph.\nLatest\nOther", "Paragraph."),
        ("Абзац.\r\n\r\nЩе абзац.\r\n", "Абзац.\n\nЩе абзац."),
        ("\ufeffАбзац.\u2028Ще абзац.\x0bІ ще.", "Абзац.\n\nЩе абзац.\n\nІ ще."),
        ("Ще за темою\nАбзац.", ""),
        ("", ""),
    ],
)
def test_the_lines_of_the_text_are_told_from_the_rest(rest: str, body: str) -> None:
    assert _body(HEAD + rest) == body


@pytest.mark.parametrize(
    "text", ["", "\n \n", "10:15 24.11.2026", "\n" * 90 + "10:15 24.11.2026", "а\n" * 12 + "10:15 24.11.2026\nб"]
)
def test_a_text_without_a_time_near_its_top_or_a_title_is_no_page(text: str) -> None:
    assert read_page(text) is None


def test_a_page_of_a_million_characters_is_read_to_its_end() -> None:
    page = read_page(
        HEAD
        + "  \u00a0\t" * 100_000
        + "\n"
        + "х" * 300_000
        + "\n"
        + "1 хв читати " * 20_000
        + "\nОСТАННЄ\n"
        + "а\n" * 50_000
    )
    assert page is not None
    assert len(page.paragraphs) == 2
    assert page.left_out == 2 + 50_000


def test_what_formats_a_text_stays_with_the_stretches_that_are_picked() -> None:
    text = "🙂 раз\nдва 🙂\nтри"
    stretches = [(text.index("раз"), text.index("\n")), (text.index("два"), text.index("\nтри"))]
    whole = picked(Part(text, (Entity("bold", 0, 15), Entity("italic", 11, 2), Entity("code", 14, 3))), stretches)
    assert whole.text == "раз\n\nдва 🙂"
    assert whole.entities == (Entity("bold", 0, 3), Entity("bold", 5, 6), Entity("italic", 9, 2))


def test_pages_of_agencies_are_read_whatever_they_put_where() -> None:
    told = (Path(__file__).with_name("agency_pages.txt")).read_text(encoding="utf-8").split("=== ")[1:]
    assert len(told) >= 25
    for page in told:
        at, *lines = page.splitlines()
        by_kind = {kind: [line[2:] for line in lines if line[0] in kind] for kind in (">", "@", "$", "+?")}
        text = "\n".join(line[2:] for line in lines)
        found = read_page(text)
        assert found is not None, lines
        assert found.is_certain, lines
        assert ([found.title], [found.source]) == (by_kind[">"], by_kind["$"] or [""])
        assert [text[begin:end] for begin, end in found.paragraphs] == by_kind["+?"]
        moment = moment_in(found.at, KYIV).at
        assert moment is not None
        assert f"{moment.astimezone(KYIV):%Y-%m-%d %H:%M}" == at
        assert found.left_out + len(found.paragraphs) + 2 + bool(found.source) == len(lines)


def test_a_message_with_a_day_and_an_hour_is_no_page_for_that() -> None:
    for text in NO_PAGES:
        page = read_page(text)
        assert page is None or not page.is_certain, text


def test_no_line_of_a_text_is_taken_for_the_pages_own() -> None:
    lines = OF_THE_TEXT.strip().splitlines()
    page = "Агенція\n10:15 24.11.2026\nМіст у Надріччі закрили на ремонт до весни\n1 хв читати\nАбзац.\n{}\nЩе один.\nОстаннє\nНі."
    assert [line for line in lines if _body(page.format(line)) != f"Абзац.\n\n{line}\n\nЩе один."] == []


def test_headlines_behind_read_also_are_left_out_and_no_more_than_those() -> None:
    rest = "Абзац.\nЧитайте також\nПерша новина\nДруга новина: що відомо?\nСтаття йде далі.\nІ далі буде."
    assert _body(HEAD + rest) == "Абзац.\n\nСтаття йде далі.\n\nІ далі буде."
    many = "\n".join(f"Рядок {n}" for n in range(9))
    assert _body(f"{HEAD}Абзац.\nЧитайте також:\n{many}").endswith("Рядок 8")
    long = "Довгий рядок " * 20
    assert long.strip() in _body(f"{HEAD}Абзац.\nЧитайте також:\n{long}\nКінець.")
