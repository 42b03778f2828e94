"""An agency's page, copied from a browser into a message, is the article on it; and an article has a date of its own."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.items import item_of
from bot.feeds.pages import page_fields
from bot.model.news import Article
from tests.support.newsroom import Newsroom
from tests.support.people import Somebody, text_of

pytestmark = pytest.mark.wide

PARAGRAPHS = [
    "Міський голова Надріччя Остап Криничар підписав угоду про ремонт Ковальського мосту, повідомила мерія.",
    "«Рух мостом відновлять у травні», — сказав він журналістам у понеділок.",
    "Проїзд мостом лишається безплатним для всіх.",
]
TITLE = "Мер Надріччя підписав угоду про ремонт Ковальського мосту"
PAGE = "\n".join(
    [
        "Головна", "Агенція Узбережжя", "07:35 20.11.2026", "", TITLE, "", "1 хв читати", TITLE, "",
        "\n\n".join(PARAGRAPHS), " ", "ЩЕ ЗА ТЕМОЮ", "Пором став на ремонт", "", "ОСТАННЄ", "Погода на завтра",
        "У місті відкрили ринок", "РЕКЛАМА", "РЕКЛАМА", "Усі новини",
    ]
)  # fmt: skip
WITHOUT = ("Пором", "Погода", "ринок", "РЕКЛАМА", "Усі новини", "Головна")


def _is_the_page(article: Article, room: Newsroom, page: str = PAGE) -> bool:
    """Tell whether an article has exactly the parts that an import reads from the page."""
    fields = page_fields(page)
    assert fields is not None
    read = item_of(fields, ZoneInfo("Europe/Kyiv"), room.clock.now())
    return (article.title, article.lead, article.body, article.source, article.published_at) == (
        read.title, read.lead, read.body, read.source, read.published_at,
    )  # fmt: skip


async def _reader_with(room: Newsroom) -> Somebody:
    reader = room.person()
    await reader.says("/start")
    return reader


@pytest.mark.parametrize("way", ["/post", "a message", "a forward", "an answer to the question"])
async def test_a_pasted_page_becomes_its_article_and_what_is_left_out_is_said(room: Newsroom, way: str) -> None:
    editor, reader = room.owner(), await _reader_with(room)
    await editor.says("/start")
    if way == "/post":
        await editor.says(f"/post {PAGE}")
    elif way == "a message":
        await editor.says(PAGE)
    elif way == "a forward":
        editor.forwards({"text": PAGE}, {"type": "hidden_user", "sender_user_name": "Друг"})
        await room.heard()
    else:
        await editor.says("/post")
        await editor.says(PAGE)
    assert editor.screen.startswith(f"{TITLE}\nАгенція Узбережжя · 20 листопада, 07:35")
    assert "Не ввійшло 11 рядків: час читання, «Ще за темою», «Останнє»." in editor.screen
    article = await room.store.articles.get(1)
    assert _is_the_page(article, room)
    assert article.published_at == datetime(2026, 11, 20, 5, 35, tzinfo=UTC)
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Агенція Узбережжя · 20 листопада, 07:35")
    await reader.taps("Читати")
    assert all(paragraph in reader.screen for paragraph in PARAGRAPHS)
    assert not any(words in reader.screen for words in WITHOUT)
    assert _is_the_page(await room.store.articles.get(1), room)


async def test_links_and_bold_words_of_a_page_stay_where_they_were(room: Newsroom) -> None:
    editor = room.owner()
    at = PAGE.index("мерія")
    await editor.says(
        PAGE,
        {"type": "text_link", "offset": at, "length": 5, "url": "https://mayor.example/"},
        {"type": "bold", "offset": PAGE.index("Погода"), "length": 6},
        {"type": "italic", "offset": PAGE.index("безплатним"), "length": 10},
    )
    article = await room.store.articles.get(1)
    assert '<a href="https://mayor.example/">мерія</a>.</p>' in article.body
    assert "<i>безплатним</i>" in article.body
    assert "<b>" not in article.body


async def test_a_page_that_the_client_cut_into_messages_is_one_article(room: Newsroom) -> None:
    editor = room.owner()
    long = [f"{number}. " + " ".join(PARAGRAPHS) for number in range(1, 30)]
    page = PAGE.replace("\n\n".join(PARAGRAPHS), "\n\n".join(long))
    await editor.says("/start")
    before = len(editor.got)
    await editor.pastes(page)
    await room.heard()
    assert len(await editor.everything()) == before + 1
    assert _is_the_page(await room.store.articles.get(1), room, page)
    assert "Нова чернетка з" in editor.screen
    assert "«Ще за темою», «Останнє»" in editor.screen


async def test_an_english_page_is_read_as_well(room: Newsroom) -> None:
    editor = room.owner("en")
    await editor.says(
        "Coast Agency\n18:05 20.11.2026\nKovalskyi Bridge reopens to lorries\n2 min read\nThe last beam was replaced.\n"
        "Traffic returns on Monday.\nMore on this topic\nFerry in the dock\nLatest\nRain tomorrow"
    )
    assert editor.screen.startswith("Kovalskyi Bridge reopens to lorries\nCoast Agency · November 20, 18:05") or (
        editor.screen.startswith("Kovalskyi Bridge reopens to lorries\nCoast Agency · 20 November, 18:05")
    )
    assert "5 lines are left out: reading time, “More on this topic”, “Latest”." in editor.screen
    assert (
        await room.store.articles.get(1)
    ).body == "<p>The last beam was replaced.</p><p>Traffic returns on Monday.</p>"


@pytest.mark.parametrize(
    "text",
    [
        "Розклад на завтра\n10:15 21.11.2026\nЗасідання ради\n\nПочаток о десятій.",
        "Міст відкрили\n\nОстаннє\n\nРух відновили о 10:15 21.11.2026.",
        "Міст відкрили\n\nТекст о 07:35 20.11.2026\n\n1 хв читати",
        "07:35 20.11.2026\n\n1 хв читати",
    ],
)
async def test_what_is_no_page_is_read_as_before(room: Newsroom, text: str) -> None:
    editor = room.owner()
    await editor.says(text)
    article = await room.store.articles.get(1)
    assert article.title == text.split("\n", maxsplit=1)[0]
    assert (article.source, article.published_at) == ("Вісник", None)
    assert "Прочитано як сторінку" not in editor.screen


async def test_a_page_with_two_titles_or_a_time_to_come_or_a_day_that_never_was_loses_nothing(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(PAGE.replace(f"1 хв читати\n{TITLE}", "1 хв читати\nІнший заголовок"))
    assert (await room.store.articles.get(1)).body.startswith("<p>Інший заголовок</p>")
    await editor.says(PAGE.replace("20.11.2026", "20.11.2036"))
    assert "Час на сторінці ще не настав" in editor.screen
    await editor.says(PAGE.replace("20.11.2026", "31.02.2026"))
    assert [(await room.store.articles.get(n)).published_at for n in (2, 3)] == [None, None]
    assert (await room.store.articles.get(3)).title == TITLE


async def test_an_edited_message_changes_the_pages_draft(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says(PAGE)
    page = PAGE.replace("безплатним", "платним").replace("Узбережжя", "Берег").replace("07:35", "08:40")
    editor.edits("Агенція", text=page)
    await room.heard()
    assert _is_the_page(await room.store.articles.get(1), room, page)


async def test_a_draft_is_given_a_date_of_its_own_which_can_be_taken_back(room: Newsroom) -> None:
    editor, reader = room.owner(), await _reader_with(room)
    await editor.says("/post Міст відкрили\n\nТекст.")
    await editor.taps("🗓 Власна дата")
    await editor.says("завтра о 9")
    assert "«завтра о 9» ще не настало." in editor.screen
    await editor.says("31.12.2036 10:00")
    assert "ще не настало" in editor.screen
    await editor.says("колись давно")
    assert "не схоже на дату" in editor.screen
    await editor.says("26.06.2023 07:35")
    assert editor.screen.startswith("Міст відкрили\nВісник · 26 червня 2023, 07:35")
    assert "🗓 26 червня 2023, 07:35" in editor.buttons
    await editor.taps("↩ Без дати")
    assert "2023" not in text_of(editor.last)
    assert (await room.store.articles.get(1)).published_at is None
    await editor.taps("🗓 Власна дата")
    await editor.says("26.06.2023 07:35")
    await editor.taps("🗓")
    await editor.says("-")
    assert "🗓 Власна дата" in editor.buttons
    await editor.taps("🗓 Власна дата")
    await editor.says("26.06.2023 07:35")
    await editor.taps("Запланувати")
    await editor.taps("15 хв")
    await editor.taps("Зняти")
    assert "🗓 26 червня 2023, 07:35" in editor.buttons
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Вісник · 26 червня 2023, 07:35")
    assert (await room.store.articles.get(1)).published_at == datetime(2023, 6, 26, 4, 35, tzinfo=UTC)


async def test_an_older_date_stands_among_its_time_in_the_lists(room: Newsroom) -> None:
    editor, reader = room.owner(), await _reader_with(room)
    await editor.publishes("Ринок відкрили\n\nНа площі.")
    await editor.says("/post Міст збудували\n\nКолись.")
    await editor.taps("🗓 Власна дата")
    await editor.says("25 грудня 18:00")
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")
    await room.tick()
    await reader.sees("Міст збудували")
    await reader.says("/latest")
    assert reader.screen.index("Ринок") < reader.screen.index("Міст збудували")
