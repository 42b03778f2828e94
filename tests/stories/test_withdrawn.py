"""A reader who changes their mind hears at once: what waits in the queue follows the rules as they are now."""

import pytest

from tests.support.newsroom import Desk, Newsroom
from tests.support.people import Somebody, buttons_of

pytestmark = pytest.mark.wide

_WAITS = "Другий матч"


async def _two(room: Newsroom, reader: Somebody, editor: Desk) -> None:
    """Send one article and let the next one wait in the queue."""
    await reader.says("/start")
    await editor.publishes("Перший матч", topics=("Спорт",))
    await reader.sees("Перший матч")
    room.sender.window = 0
    await editor.publishes(_WAITS, topics=("Спорт",))


async def _goes_on(room: Newsroom) -> None:
    room.sender.window = 10
    await room.settled()
    await room.tick()


@pytest.mark.parametrize("how", ["topic", "source", "words", "everything", "language"])
async def test_what_waits_does_not_come_to_who_does_not_want_it_any_more(room: Newsroom, how: str) -> None:
    reader, other, editor = room.person(), room.person("Ігор", 2), room.owner()
    await other.says("/start")
    await _two(room, reader, editor)
    match how:
        case "topic" | "source":
            await reader.taps("❓", reader.message_with("Перший матч"))
            await reader.taps("🔕 Менше такого")
            days = [button["callback_data"] for button in buttons_of(reader.last) if button["text"] == "🔕 доба"]
            await reader.presses(days[0 if how == "topic" else 1], reader.last)
        case "words":
            await reader.says("/words -матч")
        case "everything":
            await reader.says("/topics")
            await reader.taps("Погода")
        case _:
            await reader.says("/settings")
            await reader.taps("Мова новин")
            await reader.taps("лише англійська")
    await _goes_on(room)
    await other.sees(_WAITS)
    assert await reader.lacks(_WAITS)
    assert "100 %" in editor.screen, "the send ends without them"


async def test_what_was_withdrawn_comes_when_the_mute_is_taken_back_at_once_and_only_once(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await _two(room, reader, editor)
    await reader.says("/words -матч")
    await _goes_on(room)
    assert await reader.lacks(_WAITS)
    await reader.taps("↩")
    await _goes_on(room)
    assert await reader.count(_WAITS) == 1
    await reader.says("/words -матч")
    await reader.taps("↩")
    await _goes_on(room)
    assert await reader.count(_WAITS) == 1


async def test_who_takes_a_mute_back_later_gets_what_comes_and_not_what_has_been(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await _two(room, reader, editor)
    await reader.says("/words -матч")
    await _goes_on(room)
    room.clock.advance(minutes=16)
    await reader.taps("↩")
    await _goes_on(room)
    assert await reader.lacks(_WAITS)


async def test_a_paused_send_forgets_who_muted_it_meanwhile(room: Newsroom) -> None:
    reader, other, editor = room.person(), room.person("Ігор", 2), room.owner()
    await other.says("/start")
    await _two(room, reader, editor)
    await editor.taps("⏸ Пауза")
    await room.tick()
    await reader.says("/words -матч")
    room.sender.window = 10
    await editor.taps("▶ Продовжити")
    await _goes_on(room)
    await other.sees(_WAITS)
    assert await reader.lacks(_WAITS)
