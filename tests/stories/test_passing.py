"""Inline mode: articles found from any chat and passed on as their cards."""

import pytest

from bot.model.readers import Address
from tests.stories.test_relevance import FIRST, OTHER
from tests.support.arrivals import arrive, incoming
from tests.support.newsroom import Newsroom

pytestmark = pytest.mark.wide

ENGLISH = "Bridge reopens after repairs\n\nThe bridge over the river was reopened on Monday, the mayor said."


async def test_words_typed_in_any_chat_find_articles_that_are_sent_as_cards(room: Newsroom) -> None:
    reader, editor = room.person(language="en"), room.owner()
    await editor.publishes(FIRST)
    await editor.publishes(OTHER)
    answer = await reader.asks("тролейбусами")
    (found,) = answer["results"]
    assert found["title"] == "Київрада ухвалила бюджет столиці"
    assert "1 хв читати" in found["description"]
    assert "закупівлю тролейбусів" in found["description"]
    content = found["input_message_content"]
    assert content["message_text"].startswith("Київрада ухвалила бюджет столиці\nВісник · ")
    assert content["entities"][0]["type"] == "bold"
    (button,) = found["reply_markup"]["inline_keyboard"][0]
    assert button == {"text": "Читати", "url": f"https://t.me/visnyk_sandbox_bot?start=a_{found['id']}"}
    assert (answer["cache_time"], answer["is_personal"], answer["next_offset"]) == (30, False, "")
    assert "button" not in answer
    assert await room.store.readers.find(Address(1)) is None


async def test_an_article_is_passed_on_in_its_own_language_whoever_asks(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes(ENGLISH)
    answers = [await room.person(number=n, language=code).asks("bridges") for n, code in ((1, "uk"), (2, "en"))]
    assert answers[0]["results"] == answers[1]["results"]
    assert "1 min read" in answers[0]["results"][0]["description"]
    assert "Visnyk" in answers[0]["results"][0]["description"]


async def test_no_words_give_the_latest_in_pages_that_stay_put(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    news = []
    for n in range(1, 13):
        news.append(incoming(room, n, f"Новина номер {n}", "Текст."))
        room.clock.advance(minutes=1)
    await arrive(room, *news, push=False)
    first = await reader.asks(" ")
    await editor.publishes("Новина номер 13\n\nТекст.")
    second = await reader.asks("", first["next_offset"])
    titles = [found["title"] for answer in (first, second) for found in answer["results"]]
    assert titles == [f"Новина номер {n}" for n in range(12, 0, -1)]
    assert second["next_offset"] == ""
    found = await reader.asks("новина")
    assert len(found["results"]) == 10
    assert len((await reader.asks("новина", found["next_offset"]))["results"]) == 3


async def test_when_nothing_is_found_a_button_leads_into_the_bot(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes(FIRST)
    await editor.says(f"/post {OTHER}")
    for words, text in (
        ("музей", "Нічого не знайдено. Шукати в боті →"),
        ("zebra stripes", "Nothing found."),
        ("і", "Нічого"),
    ):
        answer = await reader.asks(words)
        assert answer["results"] == []
        assert answer["button"]["text"].startswith(text)
    await reader.says(f"/start {answer['button']['start_parameter']}")
    await reader.sees_now("Що шукаємо?")


async def test_whatever_comes_as_words_and_place_gets_an_answer(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes(FIRST)
    for words, offset in (('" OR 1=1 --', "x"), ("слово" * 50, "-1"), ("", "9" * 30), ("", "1.2.3"), ("😀", ".")):
        assert "results" in await reader.asks(words, offset)
