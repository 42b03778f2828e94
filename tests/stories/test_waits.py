"""Waiting: what Telegram asks one chat or the whole bot to wait for holds up nobody for hours, and owners hear of it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.model.desk import PublicationState
from bot.sandbox.faults import Fault
from bot.sandbox.world import Chat
from bot.telegram.receiving import PLACES
from storage.schema.tables import inbox
from tests.support.newsroom import Newsroom
from tests.support.people import buttons_of, text_of
from tests.support.waiting import until, within

pytestmark = pytest.mark.wide

HOURS = 40_000


def _refusal(chat_id: int | None, seconds: int, times: int = 1) -> Fault:
    words = f"Too Many Requests: retry after {seconds}"
    return Fault("answer", times, chat_id=chat_id, status=429, description=words, retry_after=seconds)


async def _all_handled(room: Newsroom) -> None:
    """Wait until everything that was sent to the bot has been handled: nobody is answered who could be asked."""
    left = select(func.count()).select_from(inbox).where(inbox.c.state <= 1)
    async with within(30):
        while True:
            async with room.database.read() as connection:
                if not room.world.updates and not await connection.scalar(left):
                    return
            await asyncio.sleep(0.02)


async def test_two_chats_that_are_refused_for_hours_silence_nobody_else(room: Newsroom) -> None:
    first, second, third, editor = *(room.person(f"Читач {n}", n) for n in (1, 2, 3)), room.owner()
    for person in (first, second, third):
        await person.says("/start")
    room.faults.order(_refusal(1, HOURS))
    room.faults.order(_refusal(2, HOURS))
    began = room.clock.monotonic()
    await editor.publishes("Новина для всіх")
    await third.sees("Новина для всіх")
    await third.says("/help")
    assert room.clock.monotonic() - began < 120


async def test_a_wait_of_hours_that_an_earlier_process_noted_is_not_obeyed(room: Newsroom) -> None:
    reader = room.person()
    await room.store.throttles.put("bot", room.clock.now() + timedelta(seconds=HOURS))
    began = room.clock.monotonic()
    await room.restart()
    await reader.says("/start")
    await reader.sees("Вітаємо")
    assert room.clock.monotonic() - began < 120


@pytest.mark.parametrize("method", ["answerCallbackQuery", "answerInlineQuery", "getChatMember"])
async def test_whatever_telegram_is_slow_with_everybody_else_is_heard(room: Newsroom, method: str) -> None:
    crowd = [room.person(f"Читач {number}", number) for number in range(10, 11 + PLACES)]
    for one in crowd:
        await one.says("/start")
    slow = Fault("held", len(crowd), method)
    room.faults.order(slow)
    for one in crowd:
        if method == "answerCallbackQuery":
            message, data = next(
                (m, b["callback_data"]) for m in one.got for b in buttons_of(m) if "callback_data" in b
            )
            room.world.taps_on(one.person, one.chat, message, data)
        elif method == "answerInlineQuery":
            room.world.asks_inline(one.person, "міст")
        else:
            group = room.world.add_chat(Chat(-one.person.id, "group", "Сусіди"))
            room.member(one, group, admin=True).sends(
                text="/topics", entities=[{"type": "bot_command", "offset": 0, "length": 7}]
            )
    try:
        await until(lambda: slow not in room.faults.waiting, "nobody else is heard")
        assert not room.app.parts.ground.contact.answers[method, 0], "nobody is heard before a request is given up"
        other = room.person("Ще хтось", 2)
        other.sends(text="/start", entities=[{"type": "bot_command", "offset": 0, "length": 6}])
        await other.sees("Вітаємо")
    finally:
        slow.gate.set()
    await room.heard()


async def test_a_group_that_is_refused_is_not_asked_again_for_every_command(room: Newsroom) -> None:
    member, other = room.person(), room.person("Інша", 2)
    group = room.world.add_chat(Chat(-50, "group", "Сусіди"))
    seat = room.member(member, group, admin=True)
    await seat.says("/topics")
    refusal = _refusal(-50, 45, times=1000)
    room.faults.order(refusal)
    command = "/latest"
    for _ in range(30):
        seat.sends(text=command, entities=[{"type": "bot_command", "offset": 0, "length": len(command)}])
    await other.says("/start")
    await _all_handled(room)
    assert 1 <= 1000 - refusal.times <= 2
    room.faults.waiting.clear()
    room.clock.advance(seconds=60)
    await seat.says("/help")
    await seat.sees("Що можна робити")


async def test_a_file_is_tried_again_where_telegram_does_not_say_how_long_to_wait(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    room.faults.order(Fault("answer", 1, "sendDocument", status=429, description="Too Many Requests"))
    await reader.says("/mydata")
    await room.heard()
    assert [m for m in reader.got if "document" in m]


async def test_the_owner_hears_until_when_a_chat_has_to_wait(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    room.faults.order(_refusal(1, HOURS))
    await editor.publishes("Новина")
    await editor.sees("Telegram просить зачекати до ")
    text = next(m["text"] for m in editor.got if "просить зачекати" in m.get("text", ""))
    assert "Це стосується 1 чату" in text


async def test_the_owner_hears_that_the_whole_bot_has_to_wait_in_their_language(room: Newsroom) -> None:
    editor = room.owner("en")
    await editor.says("/start")
    throttle = room.app.parts.pace.throttle
    throttle.refused(1, HOURS)
    throttle.refused(2, HOURS)
    await editor.sees("Telegram asks to wait until ")
    await editor.sees("The whole bot is limited.")
    assert await editor.count("Telegram asks to wait until ") <= 2  # of the chats, and of the bot


@pytest.mark.thorough
async def test_slow_answers_to_many_readers_do_not_keep_the_editor_s_pause_from_being_heard(room: Newsroom) -> None:
    editor, readers = room.owner(), [room.person(f"Читач {n}", n) for n in range(1, 13)]
    for person in readers:
        await person.says("/start")
    for person in readers:
        room.faults.order(Fault("slow", 100, chat_id=person.person.id, seconds=6))
    await editor.publishes("Повільна новина")
    for person in readers:
        person.sends(text="/help", entities=[{"type": "bot_command", "offset": 0, "length": 5}])
    message, button = editor._button("⏸", None)
    room.world.taps_on(editor.person, editor.chat, message, button["callback_data"])
    async with within(60):
        while (await room.store.publications.get(1)).state is not PublicationState.PAUSED:  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.02)
    assert not any("Що можна робити" in text_of(message) for person in readers for message in person.got)
