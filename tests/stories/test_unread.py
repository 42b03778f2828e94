"""What cannot be read: it stops nobody, is kept, and the owner hears of it without seeing what people wrote."""

import asyncio

import orjson
import pytest

from bot.desk.doctor import findings
from bot.sandbox.faults import Fault
from tests.support.newsroom import Newsroom
from tests.support.people import text_of
from tests.support.waiting import within

pytestmark = pytest.mark.wide

_CHAT = b'"message_id":1,"date":1,"chat":{"id":9,"type":"private","first_name":"x"}'
BROKEN = {
    "nested as deep as can be read": b'{%s,"text":%s1%s}' % (_CHAT, b'{"a":' * 300, b"}" * 300),
    "nested deeper": b'{%s,"text":%s1%s}' % (_CHAT, b"[" * 50_000, b"]" * 50_000),
    "half a character": b'{%s,"text":"secret \\ud800"}' % _CHAT,
    "not a number": b'{"message_id":1,"date":NaN,"chat":{"id":9,"type":"private"},"text":"secret"}',
    "a number of five thousand digits": b'{"message_id":%s,"date":1,"chat":{"id":9}}' % (b"9" * 5000),
    "a chat of thirty digits": b'{"message_id":1,"date":1,"chat":{"id":%s,"type":"private"}}' % (b"9" * 30),
    "a chat just too large for a column": b'{"message_id":1,"date":1,"chat":{"id":%d,"type":"private"}}' % 2**63,
    "not JSON": b'{%s,"text":secret}' % _CHAT,
}
OVER_AT_ONCE = "a chat just too large for a column"  # it can be read, and handling it is a mistake like any other


async def _set_aside(room: Newsroom, number: int) -> None:
    async with within(30):
        while (await room.store.inbox.set_aside(0))[0] < number:  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.02)


async def test_one_unreadable_update_among_others_stops_nobody(room: Newsroom) -> None:
    aside = 0
    for number, (name, body) in enumerate(BROKEN.items()):
        before, after = room.person(f"До: {name}", 2 * number + 1), room.person(f"Після: {name}", 2 * number + 2)
        await room.stop()
        before.sends(text="/start", entities=[{"type": "bot_command", "offset": 0, "length": 6}])
        room.world.put_update({"message": orjson.Fragment(body)})
        after.sends(text="/start", entities=[{"type": "bot_command", "offset": 0, "length": 6}])
        await room.start()
        await before.sees("Вітаємо")
        await after.sees("Вітаємо")
        if name != OVER_AT_ONCE:
            aside += 1
            await _set_aside(room, aside)
        await after.says("/help")
        assert await before.count("Вітаємо") == 1
        assert await after.count("Вітаємо") == 1


async def test_the_owner_hears_of_it_and_sees_what_it_was_and_nobody_s_words(room: Newsroom) -> None:
    owner = room.owner()
    await owner.says("/start")
    for name in ("half a character", "not JSON"):
        room.world.put_update({"message": orjson.Fragment(BROKEN[name])})
    await _set_aside(room, 2)
    room.world.put_update({"message": {"text": "secret", "date": "secret", "chat": 5}})
    await _set_aside(room, 3)
    await owner.sees("Не вдалося прочитати")
    await owner.taps("Показати непрочитане")
    shown = owner.screen
    assert "Непрочитане: 3" in shown
    assert shown.count(" · повідомлення · № ") == 3
    for why in ("TypeError", "JSONDecodeError", "ValidationError"):
        assert why in shown
    assert not any("secret" in text_of(message) for message in await owner.everything())
    await owner.taps("Назад")
    await owner.taps("Непрочитане: 3")
    await room.restart()
    await owner.says("/editors")
    await owner.taps("Непрочитане: 3")
    assert await owner.count("Не вдалося прочитати") <= 2


async def test_nobody_but_an_owner_is_shown_what_could_not_be_read(room: Newsroom) -> None:
    reader = room.person()
    await reader.says("/start")
    await reader.presses("a", reader.last)
    assert await reader.lacks("Непрочитан")


async def test_a_webhook_that_somebody_set_is_deleted_and_nothing_that_came_is_lost(room: Newsroom) -> None:
    reader, owner = room.person(), room.owner()
    await owner.says("/start")
    await room.api.call("setWebhook", {"url": "https://somebody.example/"})
    await reader.says("/start")
    await reader.sees("Вітаємо")
    await owner.sees("Хтось установив цьому боту вебхук")
    assert room.world.webhook == ""


def _conflict(times: int = 1) -> Fault:
    words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    return Fault("answer", times, "getUpdates", status=409, description=words)


async def test_a_second_program_with_the_token_is_told_of_once_for_as_long_as_it_goes_on(room: Newsroom) -> None:
    owner = room.owner()
    await owner.says("/start")
    conflict = _conflict(10_000)
    room.faults.order(conflict)
    await owner.says("/help")  # ends the question that is open
    await owner.sees("Ще одна програма забирає оновлення цього бота")
    before, began = conflict.times, room.clock.monotonic()
    async with within(30):
        while conflict.times > before - 100:  # noqa: ASYNC110  nobody tells
            await asyncio.sleep(0.02)
    assert room.clock.monotonic() - began > 1000, "it goes on for long enough to be told of again"
    assert "second-poller" in {one.name for one in findings(await room.app.parts.desk.checkup.look())}
    assert await owner.count("Ще одна програма") == 1


async def test_a_conflict_that_is_over_at_once_is_told_to_nobody(room: Newsroom) -> None:
    owner = room.owner()
    await owner.says("/start")
    room.faults.order(_conflict(2))
    await owner.says("/help")
    await owner.says("/latest")
    assert await owner.lacks("Ще одна програма")


async def test_a_token_that_was_not_accepted_for_a_while_is_told_of_when_it_is_again(room: Newsroom) -> None:
    owner = room.owner("en")
    await owner.says("/start")
    room.faults.order(Fault("answer", 3, "getUpdates", status=401, description="Unauthorized"))
    await owner.says("/help")  # ends the question that is open
    await owner.says("/latest")
    await owner.sees("Telegram did not accept the bot’s token")
