"""What readers and editors see of relevance: stories, copies, search with its buttons, hostile queries."""

import pytest

from bot.sandbox.world import Json
from bot.screens.callbacks import Open
from bot.screens.screen_refs import HeadlineScreen
from bot.text.urls import url_key
from tests.support.arrivals import arrive, incoming
from tests.support.newsroom import Newsroom
from tests.support.people import Somebody, text_of

pytestmark = pytest.mark.wide

FIRST = (
    "Київрада ухвалила бюджет столиці\n\nУ понеділок Київрада ухвалила бюджет Києва на наступний рік. Документ "
    "підтримали 84 депутати. Найбільше грошей передбачено на ремонт мостів і закупівлю тролейбусів, сказав Віталій Кличко."
)
SECOND = (
    "Депутати Київради проголосували за бюджет столиці\n\nБюджет Києва на наступний рік підтримали 84 депутати Київради. "
    "Мер Віталій Кличко обіцяє закупівлю тролейбусів і ремонт мостів, опозиція голосувала проти."
)
OTHER = "У Львові відкрили музей\n\nУ підвалі ратуші показують кахлі та монети, знайдені археологами влітку."


async def test_two_accounts_of_an_event_become_a_story_that_is_read_oldest_first(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    first = await editor.publishes(FIRST)
    await editor.publishes(OTHER)
    room.clock.advance(hours=2)
    second = await editor.publishes(SECOND)
    assert second.story_id is not None
    await reader.says(f"/story {first.id}")
    assert reader.screen.index("Київрада ухвалила") < reader.screen.index("Депутати Київради")
    assert "У Львові" not in reader.screen
    assert "🆕" not in reader.screen
    await reader.taps("2")
    assert "опозиція голосувала проти" in reader.screen
    await reader.taps("Назад")
    await reader.taps("Стежити")
    room.clock.advance(hours=3)
    await editor.publishes(SECOND.replace("Депутати Київради", "Опозиція Київради").replace("обіцяє", "пообіцяв"))
    await reader.says(f"/story {second.id}")
    assert reader.screen.count("🆕") == 1
    await reader.says(f"/story {second.id}")
    assert "🆕" not in reader.screen


async def test_an_article_of_no_story_says_so(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    article = await editor.publishes(OTHER)
    await reader.says(f"/story {article.id}")
    await reader.sees_now("Ця новина поки що окрема")
    await reader.says("/story")
    await reader.sees_now("Вкажіть номер новини або посилання на неї: /story 123")


async def test_a_copy_from_another_source_is_not_pushed_and_not_listed_twice(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    title, text = FIRST.split("\n\n")
    await arrive(room, incoming(room, 1, title, text, source="А"))
    await arrive(
        room,
        incoming(room, 2, f"Оновлено: {title}", text.replace("84 депутати", "вісімдесят чотири депутати"), source="Б"),
        incoming(room, 3, "У Львові відкрили музей археології на площі", source="Б"),
    )
    assert len([m for m in reader.got if "Київрада" in text_of(m)]) == 1
    await reader.says("/latest")
    assert reader.screen.count("Київрада") == 1
    assert "У Львові" in reader.screen


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Литва передасть Україні партію боєприпасів", "Естонія передасть Україні партію боєприпасів"),
        ("Рада ухвалила бюджет на 2027 рік", "Рада не ухвалила бюджет на 2027 рік"),
    ],
)
async def test_two_different_pieces_of_news_are_both_sent(room: Newsroom, one: str, other: str) -> None:
    reader = room.person()
    await reader.says("/start")
    await arrive(room, incoming(room, 1, one, source="А"))
    room.clock.advance(hours=3)
    await arrive(room, incoming(room, 2, other, source="Б"))
    assert len([m for m in reader.got if one in text_of(m)]) == 1
    assert len([m for m in reader.got if other in text_of(m)]) == 1
    assert "Схоже на" not in reader.screen


async def test_in_doubt_both_are_sent_and_the_second_says_what_it_looks_like(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    title, text = FIRST.split("\n\n")
    await arrive(room, incoming(room, 1, title, text, source="А"))
    await arrive(room, incoming(room, 2, title.replace("ухвалила", "підтримала"), text, source="Б"))
    first, second = [m for m in reader.got if "бюджет столиці" in text_of(m)]
    assert "Схоже на" not in text_of(first)
    assert "Схоже на: «Київрада ухвалила бюджет столиці»" in text_of(second)
    await reader.says("/read 2")
    await reader.sees_now("Схоже на: «Київрада ухвалила бюджет столиці»")
    await reader.says("/read 1")
    assert "Схоже на" not in reader.screen


async def test_the_first_report_names_the_other_sources_and_a_copy_leads_to_it(room: Newsroom) -> None:
    reader = room.person()
    title, text = FIRST.split("\n\n")
    await arrive(
        room,
        incoming(room, 1, title, text, source="А"),
        incoming(room, 2, title, text + " Оновлено.", source="Б", url="https://b.example/1"),
        incoming(room, 3, title, text + " Доповнено.", source="В"),
        incoming(room, 4, title, text + " Уточнено.", source="Б", url="https://b.example/2"),
        push=False,
    )
    await reader.says("/read 1")
    await reader.sees_now("Також: Б, В")
    assert "b.example/1" in str(reader.last["rich_message"]["blocks"][-2])
    await reader.says("/read 3")
    assert "Також" not in reader.screen
    await reader.taps("↪ Перше повідомлення: А")
    await reader.sees_now("Також: Б, В")
    await reader.taps("Згорнути")
    await reader.taps("Вигляд", await _plain_look(reader))
    await reader.says("/read 1")
    await reader.sees_now("Також: Б, В")
    linked = [e.get("url") for e in reader.last["entities"] if e["type"] == "text_link"]
    assert linked == ["https://b.example/1", "https://t.me/visnyk_sandbox_bot?start=a_1"]


async def _plain_look(reader: Somebody) -> Json:
    await reader.says("/settings")
    return reader.last


async def test_copies_within_one_batch_and_of_one_address_are_found(room: Newsroom) -> None:
    title, text = FIRST.split("\n\n")
    await arrive(
        room,
        incoming(room, 1, title, text, source="А"),
        incoming(room, 2, title, text + " Оновлено.", source="Б"),
        incoming(room, 3, "Дощ і сильний вітер: якої погоди чекати завтра", url="https://news.example/a?utm_source=x"),
        incoming(
            room,
            4,
            "Дощ і сильний вітер: якої погоди чекати завтра",
            "На заході мокрий сніг.",
            url="https://www.news.example/a/",
        ),
        incoming(room, 5, "Міст через річку відкрили", url="https://news.example/a"),  # on one page, and other news
        incoming(room, 6, "Погода на завтра: сильний вітер, мокрий сніг", url="https://news.example/a"),
        push=False,
    )
    headlines = await room.store.articles.headlines([1, 2, 3, 4, 5, 6])
    assert [headline.same_as for headline in headlines] == [None, 1, None, 3, None, None]
    assert headlines[5].resembles == headlines[2].title
    assert url_key("https://news.example/a?utm_source=x") == url_key("https://www.news.example/a/")


async def test_what_is_not_surely_related_is_shown_when_it_is_asked_for(room: Newsroom) -> None:
    await room.stop()
    room.options["related_from_words"] = 0.9
    await room.start()
    reader, editor = room.person(), room.owner()
    for text in (FIRST, SECOND, OTHER):
        await editor.publishes(text)
    await reader.says("/related 1")
    await reader.sees_now("Нічого певного на цю тему немає; «Більше» покаже найближче.")
    assert "Депутати Київради" not in reader.screen
    await reader.taps("Більше")
    await reader.sees_now("1. Депутати Київради проголосували за бюджет столиці")
    assert "музей" not in reader.screen
    assert "Більше" not in reader.buttons
    room.clock.advance(seconds=2)
    await reader.taps("1")
    await reader.taps("Назад")
    await reader.sees_now("1. Депутати Київради проголосували за бюджет столиці")


async def test_copies_from_other_sources_stand_in_where_nothing_else_is_related(room: Newsroom) -> None:
    reader = room.person()
    title, text = FIRST.split("\n\n")
    copies = [incoming(room, n, title, text, source=source) for n, source in enumerate("АБВА", 1)]
    await arrive(room, *copies, push=False)
    await reader.says("/related 1")
    await reader.sees_now("також: Б")
    await reader.sees_now("також: В")
    assert "також: А" not in reader.screen
    await reader.taps("2")
    await reader.sees_now("В ·")
    await reader.taps("Назад")
    await reader.sees_now("також: Б")
    other, more = SECOND.split("\n\n")
    await arrive(room, incoming(room, 9, other, more, source="Ґ"), push=False)
    await reader.says("/related 1")
    await reader.sees_now("1. Депутати Київради проголосували")
    assert "також:" not in reader.screen


async def test_an_editor_who_repeats_an_article_is_warned_and_may_go_on(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes(FIRST)
    await editor.says(f"/post {FIRST.replace('ухвалила', 'затвердила')}")
    await editor.taps("Опублікувати")
    await editor.sees_now("Перевірте, чи це не те саме: схоже на «Київрада ухвалила бюджет столиці»")
    await editor.says(f"/post {FIRST.replace('84', 'вісімдесят чотири')}")
    await editor.taps("Опублікувати")
    await editor.sees_now("Схоже, це вже виходило: «Київрада ухвалила бюджет столиці»")
    await editor.taps("Так, опублікувати")
    await room.tick()
    assert len((await room.store.articles.latest()).items) == 2


async def test_search_turns_to_the_newest_and_suggests_what_was_meant(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes("Тролейбуси\n\nПро них.")
    room.clock.advance(hours=1)
    await editor.publishes("Мости і дороги міста готують до зими\n\nНа маршрути вийдуть також тролейбуси.")
    await reader.says("/search тролейбусів")
    assert "1. Тролейбуси" in reader.screen
    await reader.taps("Спершу новіші")
    assert "1. Мости" in reader.screen
    await reader.taps("Спершу найближчі")
    assert "1. Тролейбуси" in reader.screen
    await reader.says("/search тролейбуис")
    await reader.taps("Може, тролейбус")
    assert "Тролейбуси" in reader.screen


async def test_search_shows_where_the_words_stand_in_whatever_form(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes(FIRST)
    await editor.publishes(OTHER)
    await reader.says("/search тролейбусами Кличка")
    await reader.sees_now(
        "Найбільше грошей передбачено на ремонт мостів і закупівлю тролейбусів, сказав Віталій Кличко."
    )
    text = reader.last["text"].encode("utf-16-le")
    bold = [e for e in reader.last["entities"] if e["type"] == "bold"]
    shown = [text[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le") for e in bold]
    assert shown[2:] == ["тролейбусів", "Кличко"]
    await reader.says("/search музею")
    underlined = next(e for e in reader.last["entities"] if e["type"] == "underline")
    assert underlined["length"] == len("музей")
    await reader.sees_now("У підвалі ратуші показують")


async def test_whatever_is_typed_gets_a_sentence_and_never_an_error(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes(FIRST)
    for words in [
        '" OR 1=1 --', "NEAR(a b, 3)", "title:x*", "слово" * 800, "😀👍🏽", "я", "і та в на", "שלום עולם", "'''", "(((", "-", '""',
        "topic: source: after:", "after:9999-99-99", "-бюджет", "«", "a\u0301\u0301", "\\", "%_", "topic:немає", "́",
    ]:  # fmt: skip
        room.clock.advance(seconds=10)
        await reader.says(f"/search {words}")
        said = reader.screen
        assert "Щось пішло не так" not in said, words
        assert any(part in said for part in ("Знайдено", "Нічого", "Немає за чим", "Що шукаємо")), (words, said)


async def test_whoever_follows_words_is_told_how_much_they_would_have_brought(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes(FIRST)
    room.clock.advance(hours=24 * 31)
    for n in range(2):
        await editor.publishes(f"Тролейбуси вийшли на маршрут номер {n}\n\nМісто купило тролейбуси, яких чекали.")
        room.clock.advance(hours=1)
    await reader.says("/search тролейбусом")
    await reader.taps("Стежити за цими")
    assert reader.toast["text"].endswith(
        "За останні 30 днів — 2 новини, зокрема «Тролейбуси вийшли на маршрут номер 1»."
    )
    await reader.says("/search тролейбус маршрут трамвай")
    await reader.taps("Стежити за цими")
    assert "таких не було" in reader.toast["text"]
    await arrive(room, *(incoming(room, n, f"Зовсім інший тролейбус: {n}") for n in range(95)), push=False)
    await reader.says("/search тролейбуси")
    await reader.taps("Не стежити за цими")  # the same word in another form
    await reader.taps("Стежити за цими")
    assert "97 новин, тобто приблизно 3 на день" in reader.toast["text"]
    await reader.says("/search topic:економіка")
    await reader.taps("Стежити за цими")
    assert reader.toast["text"].startswith("Тут немає слів")


async def test_more_words_than_can_be_followed_are_refused_with_a_sentence(room: Newsroom) -> None:
    reader = await room.person().says("/start")
    words = " ".join(f"знеструмлення{letter}" for letter in "абвгдежзийкл")
    await reader.says(f"/search {words}")
    await reader.taps("Стежити за цими")
    assert "Задовго" in reader.toast["text"]
    assert reader.toast["text"].endswith("а можна щонайбільше 120.")


async def test_a_story_button_that_is_made_up_leads_nowhere(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.says(f"/post {FIRST}")
    await reader.says("/start")
    for data in ("b:y1", "b:y999.0.1", Open(1, HeadlineScreen(1)).encode()):
        await reader.presses(data, reader.last)
        assert await reader.lacks("Київрада")


async def test_search_finds_an_address_and_shows_no_copies_side_by_side(room: Newsroom) -> None:
    reader = room.person()
    title, text = FIRST.split("\n\n")
    await arrive(
        room,
        incoming(room, 1, title, text, source="А", url="https://a.example/news/1"),
        incoming(room, 2, title, text + " Оновлено.", source="Б", url="https://b.example/2"),
        push=False,
    )
    await reader.says("/search бюджет столиці")
    assert reader.screen.count("Київрада ухвалила бюджет столиці") == 1
    for address in (
        "https://www.a.example/news/1/?utm_source=telegram",
        "a.example/news/1",
        "www.a.example/news/1/#top",
    ):
        await reader.says(f"/search {address}")
        assert "Київрада ухвалила бюджет столиці" in reader.screen, address


async def test_search_knows_names_that_are_no_plain_words(room: Newsroom) -> None:
    reader = room.person()
    await arrive(
        room,
        incoming(room, 1, "Саміт G7 у Канаді завершився заявою"),
        incoming(room, 2, "Вакцини від WHO прибули до Одеси"),
        incoming(room, 3, "НАТО проведе навчання у Чорному морі"),
        incoming(room, 4, "У метро з’явиться безплатний Wi-Fi"),
        push=False,
    )
    for asked, found in (("G7", "Саміт"), ("WHO", "Вакцини"), ("HATO", "НАТО"), ("wifi", "Wi-Fi"), ("НАТО", "НАТО")):
        await reader.says(f"/search {asked}")
        assert found in reader.screen, asked
    for typed, meant, found in (("dfrwbyb", "вакцини", "Вакцини"), ("yfdxfyyz e vjhs", "навчання у морі", "НАТО")):
        await reader.says(f"/search {typed}")
        await reader.taps(f"Може, {meant}")
        assert found in reader.screen, typed
    for typed in ("hfrtnf", "https://[", "http://a.b:c"):
        await reader.says(f"/search {typed}")
        assert "Нічого не знайдено" in reader.screen, typed
