"""The first day: a reader comes, an editor publishes, the reader reads."""

from tests.support.newsroom import Newsroom
from tests.support.people import buttons_of


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
    assert reader.buttons == ["Читати", "Ще за темою", "Чому це мені?"]
    await reader.taps("Читати")
    assert reader.last["message_id"] == headline
    await reader.sees_now("Міст через річку відкрили о восьмій ранку.")
    await reader.taps("Згорнути")
    assert "о восьмій ранку" not in reader.screen
    assert reader.buttons == ["Читати", "Ще за темою", "Чому це мені?"]


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
