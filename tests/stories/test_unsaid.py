"""What nobody says to the bot: notes of Telegram's own, the other pictures of an album. It answers none of them."""

from typing import Any

import pytest

from tests.support.newsroom import Newsroom
from tests.support.people import text_of

pytestmark = pytest.mark.wide

NOTES: tuple[dict[str, Any], ...] = (
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}},
    {"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "🌷"}}},
    {"write_access_allowed": {"from_request": True}},
)


async def test_a_note_of_telegrams_is_no_message_to_the_bot_and_closes_no_question(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("✏️ Заголовок")
    before = len(editor.got)
    editor.sends(pinned_message=editor.last)
    for note in NOTES:
        editor.sends(**note)
    await room.heard()
    assert len(await editor.everything()) == before
    await editor.says("Новий заголовок")
    assert text_of(editor.last).startswith("Новий заголовок")


async def test_an_album_that_nobody_can_read_is_answered_once(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    for group in ("10", "11"):
        for number in range(3):
            size = {"file_id": f"{group}{number}", "file_unique_id": f"{group}{number}", "width": 90, "height": 60}
            reader.sends(photo=[size], media_group_id=group)
    await room.heard()
    assert await reader.count("Такі повідомлення бот не читає.") == 2
    reader.sends(dice={"emoji": "🎲", "value": 3})
    await room.heard()
    assert await reader.count("Такі повідомлення бот не читає.") == 3


async def test_a_post_that_names_the_winners_of_a_giveaway_is_answered(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    chat = {"id": -1001, "type": "channel", "title": "Канал"}
    won = {"chat": chat, "giveaway_message_id": 1, "winners_selection_date": 1, "winner_count": 1, "winners": []}
    reader.sends(giveaway_winners=won)
    await reader.sees_now("Такі повідомлення бот не читає")
