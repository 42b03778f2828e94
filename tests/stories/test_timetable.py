"""When news comes, in hours of one's own: typed, tapped, refused when they are none, undone; and a digest at once."""

import asyncio
from datetime import time

import pytest

from bot.model.readers import Address, AtHours, Instantly, Quiet, Reader
from tests.support.newsroom import Newsroom
from tests.support.people import text_of

BOTH = pytest.mark.parametrize("language", ["uk", "en"])


async def _reader(room: Newsroom, chat_id: int = 1) -> Reader:
    found = await room.store.readers.find(Address(chat_id))
    assert found is not None
    return found


@BOTH
async def test_quiet_hours_of_one_s_own_are_typed(room: Newsroom, language: str) -> None:
    reader, uk = room.person(language=language), language == "uk"
    await reader.says("/start")
    await reader.says("/settings")
    await reader.taps("🌙")
    asked = "Напишіть, наприклад: 22:30–7:15" if uk else "Type it, for example: 22:30–7:15"
    assert asked in reader.screen
    assert ("Скасувати" if uk else "Cancel") in reader.buttons
    await reader.says("коли темно")
    await reader.sees_now("не схоже на тихі години" if uk else "does not look like quiet hours")
    assert asked in reader.screen
    await reader.says("22:30–7:15")
    await reader.sees_now("Тихі години: 22:30–07:15." if uk else "Quiet hours: 22:30–07:15.")
    assert (await _reader(room)).quiet == Quiet(time(22, 30), time(7, 15))
    await reader.says("/quiet з 23 до 7" if uk else "/quiet 11 pm to 7 am")
    await reader.says("/settings")
    assert "23:00–07:00" in reader.screen
    await reader.taps("↩")
    assert (await _reader(room)).quiet == Quiet(time(22, 30), time(7, 15))
    await reader.says("/settings")
    assert "22:30–07:15" in reader.screen


@BOTH
async def test_quiet_hours_are_tapped_hour_by_hour(room: Newsroom, language: str) -> None:
    reader = room.person(language=language)
    await reader.says("/quiet")
    await reader.taps("🕐")
    await reader.taps("21:00")
    assert "21:00" in reader.screen
    await reader.taps("06:00")
    assert (await _reader(room)).quiet == Quiet(time(21), time(6))
    assert "21:00–06:00" in reader.screen
    await reader.taps("вимкнено" if language == "uk" else "off")
    assert (await _reader(room)).quiet is None
    await reader.taps("↩")
    assert (await _reader(room)).quiet == Quiet(time(21), time(6))


@BOTH
async def test_quiet_hours_may_be_typed_where_they_are_tapped_hour_by_hour(room: Newsroom, language: str) -> None:
    reader, uk = room.person(language=language), language == "uk"
    await reader.says("/quiet")
    await reader.taps("🕐")
    await reader.taps("21:00")
    assert ("Або напишіть обидві" if uk else "Or type both") in reader.screen
    assert ("Скасувати" if uk else "Cancel") in reader.buttons
    await reader.says("21:15–6:45")
    await reader.sees_now("Тихі години: 21:15–06:45." if uk else "Quiet hours: 21:15–06:45.")
    assert (await _reader(room)).quiet == Quiet(time(21, 15), time(6, 45))


@BOTH
async def test_quiet_hours_that_end_when_they_begin_are_the_whole_day_and_say_so(room: Newsroom, language: str) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    await reader.says("/start")
    await reader.says("/quiet 00:00–00:00")
    words = "цілу добу, дайджест о 00:00" if uk else "all day, digest at 00:00"
    await reader.sees_now(words)
    await reader.says("/settings")
    assert words in reader.screen
    await editor.publishes("Новий басейн")
    assert await reader.lacks("Новий басейн")
    room.clock.advance(hours=24)
    await room.tick()
    await reader.sees("Новий басейн")


@BOTH
async def test_hours_of_digests_are_typed_and_an_hour_that_does_not_exist_is_told(
    room: Newsroom, language: str
) -> None:
    reader, uk = room.person(language=language), language == "uk"
    await reader.says("/schedule")
    await reader.taps("12:00")  # the screen still says that hours may be typed
    assert ("Напишіть години" if uk else "Type them") in reader.screen
    await reader.says("8, 13 і 19:30" if uk else "8 am, 1 pm and 7:30 pm")
    listed = "о 08:00, 13:00 і 19:30" if uk else "at 08:00, 13:00, and 19:30"
    await reader.sees_now(listed)
    assert (await _reader(room)).schedule == AtHours((time(8), time(13), time(19, 30)))
    await reader.says("/schedule")
    await reader.taps("одразу" if uk else "at once")
    assert (await _reader(room)).schedule == Instantly()
    await reader.taps("↩")
    assert listed in reader.screen
    await reader.says("/schedule 3:30")
    await reader.sees_now("28 березня годинник" if uk else "On 28 March the clock goes forward")
    assert "04:00" in reader.screen


@BOTH
async def test_a_time_zone_is_changed_and_changed_back(room: Newsroom, language: str) -> None:
    reader, uk = room.person(language=language), language == "uk"
    await reader.says("/timezone Warsaw")
    await reader.sees_now("Часовий пояс: Варшава. Зараз" if uk else "Time zone: Warsaw. It’s")
    await reader.taps("↩")
    assert (await _reader(room)).zone == "Europe/Kyiv"
    await reader.taps("Лондон" if uk else "London")
    await reader.says("Берлін" if uk else "Berlin")  # the screen still says that a city may be typed
    await reader.sees_now("Берлін" if uk else "Berlin")
    assert (await _reader(room)).zone == "Europe/Berlin"


@BOTH
async def test_a_digest_is_had_at_once_also_in_quiet_hours_and_no_line_comes_twice(
    room: Newsroom, language: str
) -> None:
    reader, editor, uk = room.person(language=language), room.owner(), language == "uk"
    nothing = "Нічого нового" if uk else "Nothing new"
    await reader.says("/start")
    await reader.says("/digest")
    await reader.sees_now(nothing)
    await reader.says("/schedule 08:00")
    await reader.says("/quiet 00:00–00:00")
    await editor.publishes("Перша новина")
    await editor.publishes("Друга новина")
    await reader.says("/settings")
    await reader.taps("📬")
    assert ("2 новини" if uk else "2 headlines") in reader.toast["text"]
    await reader.sees("Перша новина")
    assert await reader.count("Друга новина") == 1
    await reader.taps("📬")
    assert nothing in reader.toast["text"]
    await editor.publishes("Третя новина")
    await reader.says("/digest")
    await reader.sees("Третя новина")
    room.clock.advance(hours=24)
    await room.tick()
    assert await reader.count("Перша новина") == 1
    assert await reader.count("Третя новина") == 1


async def test_two_quick_taps_make_one_digest(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/schedule щогодини")
    await editor.publishes("Перша новина")
    await reader.says("/settings")
    screen = reader.last
    await asyncio.gather(reader.presses("qd", screen), reader.presses("qd", screen))
    await reader.sees("Перша новина")
    assert await reader.count("Перша новина") == 1


async def test_who_paused_is_told_so_and_gets_none(room: Newsroom) -> None:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await reader.says("/schedule щогодини")
    await editor.publishes("Перша новина")
    await reader.says("/pause")
    await reader.says("/digest")
    await reader.sees_now("Продовжити: /resume")
    assert await reader.lacks("Перша новина")


@BOTH
async def test_a_switch_says_how_it_is_and_fits_a_phone(room: Newsroom, language: str) -> None:
    reader, uk = room.person(language=language), language == "uk"
    await reader.says("/settings")
    now, later = (
        ("🔴 Термінове: одразу", "🔴 Термінове: за розкладом")
        if uk
        else ("🔴 Urgent news: at once", "🔴 Urgent news: on schedule")
    )
    await reader.taps(now)
    assert later in reader.buttons
    assert text_of(reader.last).count("за розкладом" if uk else "on schedule") == 1
    await reader.taps(later)
    assert now in reader.buttons
    for row in reader.last["reply_markup"]["inline_keyboard"]:
        assert all(len(button["text"]) <= 44 // len(row) for button in row), row
