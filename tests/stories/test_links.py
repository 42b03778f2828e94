"""Where an article can be found, for an editor who passes it on: in the bot, and in every channel it was posted to."""

import pytest

from bot.sandbox.world import Chat
from tests.support.newsroom import Newsroom
from tests.support.people import Json, Somebody, buttons_of, text_of

pytestmark = pytest.mark.wide

_OWN = "https://t.me/visnyk_sandbox_bot?start=a_1"


async def _channel(room: Newsroom, boss: Somebody, number: int, title: str, username: str = "") -> Somebody:
    channel = room.world.add_chat(Chat(number, "channel", title, username=username))
    room.world.membership(boss.person, channel, "left", "administrator")
    seat = room.member(boss, channel, admin=True)
    seat.sends(text="/topics", entities=[{"type": "bot_command", "offset": 0, "length": 7}])
    await seat.sees("Ви отримуєте всі новини.")
    return seat


def _copied(message: Json) -> list[str]:
    return [button["copy_text"]["text"] for button in buttons_of(message) if "copy_text" in button]


async def test_a_finished_send_gives_the_address_of_each_channel_s_post(room: Newsroom) -> None:
    editor, boss = room.owner(), room.person()
    await boss.says("/start")
    public = await _channel(room, boss, -1001234567890, "Новини міста", "misto_news")
    private = await _channel(room, boss, -1009876543210, "Редакція")
    nameless = await _channel(room, boss, -70, "Стара група")  # no address leads there
    await editor.publishes("Міст відкрили")
    await room.settled()
    await room.tick()
    posts = [seat.message_with("Міст відкрили")["message_id"] for seat in (public, private)]
    await nameless.sees("Міст відкрили")
    progress = editor.message_with("100 %")
    await editor.taps("🔗 Посилання", progress)
    shown = editor.chat.messages[progress["message_id"]]
    addresses = [f"https://t.me/misto_news/{posts[0]}", f"https://t.me/c/9876543210/{posts[1]}"]
    assert _copied(shown) == [_OWN, *addresses]
    assert all(address in text_of(shown) for address in addresses)
    assert "«Новини міста»" in text_of(shown)
    await editor.taps("←", shown)
    assert "100 %" in text_of(editor.chat.messages[progress["message_id"]])
    await editor.says("/published")
    await editor.taps("1")
    await editor.taps("🔗 Посилання")
    assert _copied(editor.last) == [_OWN, *addresses]
    await editor.taps("←")
    assert "🔗 Посилання" in editor.buttons


async def test_the_posts_of_many_channels_are_turned_over(room: Newsroom) -> None:
    editor, boss = room.owner("en"), room.person(language="en")
    seats = [await _channel(room, boss, -1000000000100 - n, f"Канал {n}", f"channel_{n}") for n in range(7)]
    await editor.publishes("Міст відкрили")
    await room.settled()
    await room.tick()
    for seat in seats:
        await seat.sees("Міст відкрили")
    await editor.taps("🔗 Link", editor.message_with("100 %"))
    assert len(_copied(editor.message_with("channel_4"))) == 6
    await editor.taps("Next", editor.message_with("channel_4"))
    message = editor.message_with("channel_6")
    assert len(_copied(message)) == 3
    assert "channel_0" not in text_of(message)
    assert all(len(button["text"]) <= 44 for button in buttons_of(message))
