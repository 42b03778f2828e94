"""One editor at two devices: what is answered or pressed twice at once is done once, and nothing typed is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.model.desk import PublicationState
from bot.model.news import Article
from bot.telegram.records import handling
from tests.support.newsroom import Newsroom
from tests.support.people import Json, buttons_of, text_of

pytestmark = pytest.mark.wide


def _callback(message: Json, label: str) -> str:
    return str(next(one["callback_data"] for one in buttons_of(message) if label in one["text"]))


async def test_of_two_answers_the_first_counts_and_the_other_can_become_something(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("✏️ Заголовок")
    editor.sends(text="Заголовок з телефона")
    editor.sends(text="Заголовок зі стола")
    await room.heard()
    assert (await room.store.articles.get(1)).title == "Заголовок з телефона"
    assert editor.screen == "Зробити з цього новину чи пошукати?"
    await editor.taps("📝 Зробити чернеткою")
    assert text_of(editor.last).startswith("Заголовок зі стола")


async def test_what_is_published_from_two_devices_goes_out_once(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("✅ Опублікувати")
    asked = dict(editor.last)
    data = _callback(asked, "Так, опублікувати")
    taps = [room.world.taps_on(editor.person, editor.chat, asked, data) for _ in range(2)]
    await room.heard()
    await room.tick()
    await room.settled()
    assert [(tap.answer or {}).get("text", "") for tap in taps] == ["", "Тут уже все змінилося. Ось поточний стан."]
    assert await reader.count("Перша") == 1


async def test_what_was_moved_meanwhile_is_not_taken_off_the_plan_by_an_older_button(room: Newsroom) -> None:
    editor, reader = room.owner(), room.person()
    await reader.says("/start")
    await editor.says("Перша\nлід\n\nтекст")
    await editor.taps("🕒 Запланувати")
    await editor.says("через 2 години")
    before = editor.last
    await editor.says("/scheduled")
    await editor.taps("1")
    await editor.taps("🕒 Перенести")
    await editor.says("через 4 години")
    await editor.taps("Зняти з плану", before)
    assert editor.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    assert "🕒 Вийде 18:00" in text_of(editor.chat.messages[before["message_id"]])
    room.clock.advance(hours=5)
    await room.tick()
    await reader.sees("Перша")


async def _moves_before_a_write(room: Newsroom, article: Article, at: datetime) -> None:
    """Have another editor move a plan just before the handler of the next tap writes."""
    publisher, person = room.app.parts.desk.publisher, await room.app.parts.desk.staff.person(100)
    write = room.database.write

    @asynccontextmanager
    async def behind_the_other() -> AsyncIterator[Any]:
        if handling.get() is not None:
            room.database.write = write  # type: ignore[method-assign]
            await publisher.schedule(article, person, at)
        async with write() as connection:
            yield connection

    room.database.write = behind_the_other  # type: ignore[method-assign]


async def test_what_is_moved_while_it_is_taken_off_the_plan_stays_planned(room: Newsroom) -> None:
    editor, later = room.owner(), room.clock.now().replace(microsecond=0) + timedelta(days=1)
    await editor.says("/post Перша\n\nтекст")
    await editor.taps("🕒 Запланувати")
    await editor.says("через 2 години")
    await _moves_before_a_write(room, await room.store.articles.get(1), later)
    await editor.taps("Зняти з плану")
    assert editor.toast["text"] == "Тут уже все змінилося. Ось поточний стан."
    (plan,) = await room.store.publications.of_article(1)
    assert (plan.state, plan.at) == (PublicationState.SCHEDULED, later)


async def test_a_question_that_another_device_has_closed_takes_no_answer_and_the_text_is_kept(room: Newsroom) -> None:
    editor = room.owner()
    await editor.says("Перша\nлід\n\nтекст")
    first = dict(editor.last)
    await editor.taps("✏️ Заголовок")
    await editor.presses(_callback(first, "✏️ Лід"), first)  # the other device asks for something else
    await editor.says("Новий лід")
    article = await room.store.articles.get(1)
    assert (article.title, article.lead) == ("Перша", "Новий лід")
    await editor.says("Новий заголовок")
    assert editor.screen == "Зробити з цього новину чи пошукати?"


async def test_a_language_that_changes_while_a_question_is_open_is_that_of_what_follows(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.says("/settings")
    settings = dict(reader.last)
    await reader.says("/quiet")
    question = reader.last
    await reader.presses(_callback(settings, "💬 Мова"), settings)
    await reader.taps("English", reader.message_with("Мова"))
    assert "Скасувати" not in [one["text"] for one in buttons_of(question)]
    await reader.says("22-7")
    assert reader.screen == "Search the news for “22-7”?"
    await reader.says("/quiet")
    await reader.says("22-7")
    assert reader.screen.startswith("Quiet hours: 22:00–07:00.")
