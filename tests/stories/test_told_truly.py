"""Whoever gets nothing is told so wherever they choose something, and how to come back."""

import pytest

from bot.model.readers import Address, ReaderState
from bot.sandbox.world import Chat
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


@pytest.mark.parametrize("command", ["/schedule 09:00", "/schedule одразу"])
async def test_a_group_where_nothing_is_chosen_is_promised_no_news_at_an_hour(room: Newsroom, command: str) -> None:
    group = room.world.add_chat(Chat(-50, "supergroup", "Сусіди"))
    boss = room.member(room.person(), group, admin=True)
    await boss.says("/latest")
    await boss.says(command)
    assert "надходитим" not in boss.screen
    assert "🕗 Коли: о" in boss.screen
    assert "Не обрано нічого, тож новини не надходять." in boss.screen
    await boss.taps("🏷 Теми")
    await boss.taps("Усі новини")
    await boss.says(command)
    assert "надходитим" in boss.screen
    assert "Не обрано" not in boss.screen


async def test_who_has_paused_or_muted_everything_is_promised_no_news_at_an_hour(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await reader.says("/topics")
    await reader.taps("Спорт")
    await editor.publishes("Про футбол", topics=("Спорт",))
    await reader.sees("Про футбол")
    await reader.taps("❓")
    await reader.taps("тиждень")
    await reader.says("/schedule")
    await reader.says("8, 13")
    assert reader.screen.startswith("🕗 Коли: о 08:00 і 13:00\nОбране вами поки вимкнено")
    await reader.says("/topics")
    await reader.taps("Спорт")
    await reader.says("/pause")
    await reader.says("/schedule 9")
    assert reader.screen == "🕗 Коли: о 09:00\n⏸ Надсилання призупинено."


async def test_who_comes_back_from_a_pause_to_nothing_chosen_is_promised_nothing(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("/pause")
    await editor.says("/start")
    assert "Нічого ще не обрано" in editor.screen
    assert "знову" not in editor.screen
