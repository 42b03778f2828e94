"""The first day: a reader comes, an editor publishes, the reader reads."""

import pytest

from tests.support.newsroom import Newsroom
from tests.support.people import buttons_of, text_of


async def test_a_newcomer_sees_something_useful_at_once(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.sees("Вітаємо! Це Вісник.")
    assert "✅ Усі новини" in [b["text"] for b in reader.got[0]["reply_markup"]["inline_keyboard"][0]]
    await reader.sees("Новин ще немає")


async def test_an_article_goes_from_the_desk_to_the_reader_and_opens_in_place(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes("Міст відкрили\nРух відновлено після ремонту\n\nМіст через річку відкрили о восьмій ранку.")
    await reader.sees_now("Міст відкрили")
    headline = reader.last["message_id"]
    assert reader.buttons == ["Читати", "Ще за темою", "❓ Чому це тут?"]
    await reader.taps("Читати")
    assert reader.last["message_id"] == headline
    await reader.sees_now("Міст через річку відкрили о восьмій ранку.")
    await reader.taps("Згорнути")
    assert "о восьмій ранку" not in reader.screen
    assert reader.buttons == ["Читати", "Ще за темою", "❓ Чому це тут?"]


async def test_a_newcomer_leaves_news_in_other_languages_out_with_one_tap(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await editor.publishes("Bridge reopens after repairs\n\nThe bridge over the river was reopened on Monday.")
    await reader.says("/start")
    await reader.taps("▫️ 🗞 Новини лише українською")
    assert "✅ 🗞 Новини лише українською" in [b["text"] for b in buttons_of(reader.message_with("Вітаємо"))]
    await reader.says("/latest")
    assert "Bridge" not in reader.screen
    await reader.taps("✅ 🗞 Новини лише українською")
    await reader.says("/latest")
    assert "Bridge reopens" in reader.screen


@pytest.mark.parametrize(
    ("language", "words"),
    [("uk", "Надсилання було призупинено. Тепер"), ("en", "Sending was paused. News will come again")],
)
@pytest.mark.parametrize("start", ["/start", "/start t_economy"])
async def test_whoever_paused_and_starts_anew_gets_news_again_and_is_told(
    room: Newsroom, language: str, words: str, start: str
) -> None:
    reader, editor = room.person(language=language), room.owner()
    await reader.says("/start")
    await reader.says("/pause")
    await reader.says(start)
    await reader.sees(words)
    await editor.publishes("Новина після паузи", topics=("Економіка",))
    await reader.sees("Новина після паузи")


async def test_a_link_to_an_article_ends_no_pause(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    article = await editor.publishes("Перша новина")
    await reader.says("/start")
    await reader.says("/pause")
    await reader.says(f"/start a_{article.id}")
    assert await reader.lacks("було призупинено")
    await editor.publishes("Друга новина")
    assert await reader.lacks("Друга новина")
    await reader.says("/start search")
    assert await reader.count("Надсилання призупинено. Продовжити: /resume") == 2


async def test_whoever_never_paused_is_told_nothing_of_a_pause(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/start")
    assert await reader.lacks("призупинен")


@pytest.mark.parametrize(
    ("language", "nothing", "left", "ask"),
    [
        ("uk", "Нічого ще не обрано", "Ви відписалися, тож новини не надходять.", "Що шукаємо?"),
        ("en", "Nothing is chosen yet", "You have unsubscribed, so no news comes.", "What are you looking for?"),
    ],
)
async def test_a_link_to_a_search_subscribes_nobody_and_brings_nobody_back(
    room: Newsroom, language: str, nothing: str, left: str, ask: str
) -> None:
    """It stands where inline mode has found nothing: whoever presses it wants to search."""
    newcomer, gone, editor = room.person(language=language), room.person("Тарас", 2, language), room.owner()
    await newcomer.says("/start search")
    assert nothing in text_of(newcomer.got[0])
    assert newcomer.screen.startswith(ask)
    for command in ("/start", "/stop", "/start search"):
        await gone.says(command)
    assert left in text_of(gone.got[-2])
    await editor.publishes("Міст відкрили")
    assert await newcomer.lacks("Міст відкрили")
    assert await gone.lacks("Міст відкрили")
    await newcomer.says("/start")
    await editor.publishes("Ринок відкрили")
    await newcomer.sees("Ринок відкрили")
