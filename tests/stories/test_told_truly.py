"""Whoever gets nothing is told so wherever they choose something, and how to come back."""

import pytest

from bot.model.readers import Address, ReaderState
from tests.support.newsroom import Newsroom

pytestmark = pytest.mark.wide

LEFT = "Ви відписалися, тож новини не надходять. Повернутися: /start"


async def test_who_has_left_is_told_so_wherever_they_choose(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/stop")
    for command in ("/topics", "/settings", "/words міст", "/schedule 9", "/quiet 22-7", "/timezone Варшава", "/pause"):
        await reader.says(command)
        assert LEFT in reader.screen, command
    found = await room.store.readers.find(Address(1))
    assert found is not None
    assert found.state is ReaderState.LEFT
    await reader.says("/settings")
    assert "⏸ Призупинити" not in reader.buttons
    assert "🚪 Відписатися" not in reader.buttons
    await reader.taps("▶️ Продовжити")
    assert LEFT not in reader.screen
    assert "⏸ Призупинити" in reader.buttons


async def test_who_follows_something_and_gets_nothing_is_told_so(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await editor.publishes("Міст відкрито\n\nТекст про міст.")
    await reader.says("/start")
    await reader.says("/pause")
    await reader.says("/search міст")
    await reader.taps("🔔 Стежити за цими словами")
    assert reader.toast["text"].startswith("⏸ Надсилання призупинено.")


async def test_who_has_chosen_nothing_is_not_told_that_news_goes_on(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/start")
    await editor.says("/resume")
    assert editor.screen == "Нічого ще не обрано, тож новини не надходять. Оберіть теми — або все."


async def test_a_newcomer_by_a_link_to_a_topic_that_is_gone_is_welcomed(room: Newsroom) -> None:
    newcomer = room.person()
    await newcomer.says("/start t_kino")
    await newcomer.sees("Вітаємо! Це Вісник.")
    await newcomer.sees("Теми «kino» немає. Є такі:")
