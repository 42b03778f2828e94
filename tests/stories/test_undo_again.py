"""A change that is handled again after a kill, or whose button is tapped twice, keeps its way back."""

from collections.abc import Awaitable, Callable

import pytest

from bot.model.matching import EVERYTHING, MatchKind
from bot.model.news import ArticleState
from bot.model.readers import Address, Choices, Reader
from bot.sandbox.world import Json
from tests.support.killing import Kills
from tests.support.newsroom import Newsroom, open_newsroom
from tests.support.people import Somebody, buttons_of

pytestmark = pytest.mark.wide


async def _state(room: Newsroom) -> tuple[object, ...]:
    person = await room.store.readers.find(Address(1))
    assert person is not None
    chosen: Choices = await room.store.readers.choices(person.id, room.clock.now())
    ends = {key: until.replace(microsecond=0) for key, until in chosen.until.items()}
    own: Reader = person
    return own.schedule, own.quiet, own.zone, chosen.wanted, chosen.unwanted, ends, chosen.words


async def _two_topics(room: Newsroom, reader: Somebody, label: str) -> None:
    """Choose two topics, and no more, and stand before a screen with that button."""
    person = await room.store.readers.find(Address(1))
    assert person is not None
    wanted = (await room.store.readers.choices(person.id, room.clock.now())).wanted
    await room.store.readers.choose(person.id, [], drop=list(wanted))
    await reader.says("/topics")
    for topic in ("Спорт", "Погода"):
        await reader.taps(topic)
    assert label in "".join(reader.buttons)


async def _why(room: Newsroom, reader: Somebody, label: str) -> None:
    """Stand before the reasons why an article came, which the reader follows by words."""
    await reader.says("/words міст")
    await reader.taps("❓", reader.message_with("Міст відкрито\nВісник"))
    assert label in "".join(b["text"] for b in buttons_of(_shown(reader)))


def _shown(reader: Somebody) -> Json:
    return reader.message_with("Чому ця новина тут")


async def _rules(room: Newsroom, reader: Somebody, label: str) -> None:
    await reader.says("/words міст")
    await reader.says("/words")
    assert label in "".join(b["text"] for one in reader.got[-2:] for b in buttons_of(one))


async def _muted(room: Newsroom, reader: Somebody, label: str) -> None:
    """Follow words that are muted for a week, and stand before the rules."""
    await _why(room, reader, "тиждень")
    await reader.taps("тиждень", _shown(reader))
    await reader.taps("← Назад")
    await reader.says("/words")
    assert label in "".join(b["text"] for one in reader.got[-2:] for b in buttons_of(one))


def _with(reader: Somebody, label: str) -> Json:
    """Return the newest message that has that button."""
    return next(one for one in reversed(reader.got) if any(label in b["text"] for b in buttons_of(one)))


def _at(command: str) -> Callable[[Newsroom, Somebody, str], Awaitable[None]]:
    async def stand(_: Newsroom, reader: Somebody, __: str) -> None:
        await reader.says(command)

    return stand


TAPS = {
    "all news in place of topics": (_two_topics, "Усі новини"),
    "a mute": (_why, "🔕 тиждень"),
    "words given up": (_why, "✖ міст"),
    "a rule": (_rules, "✖ слово «міст»"),
    "the end of a mute": (_muted, "🔔 слово «міст»"),
    "when": (_at("/schedule"), "щогодини"),
}


async def _begun(room: Newsroom) -> Somebody:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.publishes("Міст відкрито\n\nТекст.")
    await reader.sees("Міст відкрито")
    return reader


@pytest.mark.parametrize("tapped", TAPS)
async def test_a_tap_whose_answer_a_kill_cut_off_can_be_undone(room: Newsroom, tapped: str) -> None:
    reader, kills = await _begun(room), Kills(room)
    stand, label = TAPS[tapped]
    await stand(room, reader, label)
    before, message = await _state(room), _with(reader, label)
    kills.on("editMessageText, before")
    await reader.taps(label, message)
    await room.heard()
    assert kills.step
    assert await _state(room) != before
    await reader.taps("↩", reader.chat.messages[message["message_id"]])
    assert await _state(room) == before


TYPED = {"when": "/schedule 08:00", "words": "/words річка, -дощ"}


@pytest.mark.parametrize("typed", TYPED)
async def test_a_command_whose_answer_a_kill_cut_off_can_be_undone(room: Newsroom, typed: str) -> None:
    reader, kills = await _begun(room), Kills(room)
    before = await _state(room)
    kills.on("sendMessage, before")
    await reader.says(TYPED[typed])
    await room.heard()
    assert kills.step
    assert await _state(room) != before
    await reader.taps("↩", reader.last)
    assert await _state(room) == before


@pytest.mark.parametrize("tapped", TAPS)
async def test_a_button_that_is_tapped_twice_leaves_the_way_back(room: Newsroom, tapped: str) -> None:
    reader = await _begun(room)
    stand, label = TAPS[tapped]
    await stand(room, reader, label)
    before = await _state(room)
    message = _with(reader, label)
    data = next(b["callback_data"] for b in buttons_of(message) if label in b["text"])
    await reader.presses(data, message)
    changed = await _state(room)
    assert changed != before
    room.clock.advance(seconds=2)
    await reader.presses(data, message)
    assert (await _state(room))[3:5] == changed[3:5]
    await reader.taps("↩", reader.chat.messages[message["message_id"]])
    assert await _state(room) == before


async def test_a_second_tap_offers_no_way_back_from_what_was_changed_before(room: Newsroom) -> None:
    reader = await _begun(room)
    await _two_topics(room, reader, "Усі новини")
    await reader.taps("Усі новини")
    assert (await _state(room))[3] == {EVERYTHING}
    await reader.taps("Спорт")
    sport = next(b for b in buttons_of(reader.last) if "Спорт" in b["text"])
    await reader.presses(sport["callback_data"].replace(":0", ":1"), reader.last)
    assert not any(label.startswith("↩") for label in reader.buttons)
    wanted = (await _state(room))[3]
    assert isinstance(wanted, frozenset)
    assert {key.kind for key in wanted} == {MatchKind.TOPIC}


async def test_urgent_news_whose_order_a_kill_cut_off_or_that_is_ordered_twice_can_be_undone(sqlite_url: str) -> None:
    async with open_newsroom(sqlite_url, hold_above=0) as room:
        reader, editor = room.person(), room.owner()
        await reader.says("/start")
        kills = Kills(room)  # of a bot that has begun to listen

        await editor.says("/post Міст закрито\n\nТекст.")
        await editor.taps("🔴 Терміново")
        data = next(b["callback_data"] for b in buttons_of(editor.last) if "Так" in b["text"])
        kills.on("editMessageText, before")
        for _ in range(2):
            await editor.presses(data, editor.last)
            await room.heard()
            assert kills.step
            assert "Ще можна скасувати" in editor.screen
        data = next(b["callback_data"] for b in buttons_of(editor.last) if "↩ Скасувати" in b["text"])
        kills.on("editMessageText, before")
        for _ in range(2):
            await editor.presses(data, editor.last)
            await room.heard()
            assert (await room.store.articles.get(1)).state is ArticleState.DRAFT
            assert "🗑 Відкинути" in editor.buttons
