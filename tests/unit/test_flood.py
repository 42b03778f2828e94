"""What one person may do in how short a time, and that it costs nobody else anything."""

from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.types import Chat, InlineQuery, Message, MessageOriginUser, Update, User

from bot.errors import SlowDown
from bot.model.readers import Address, ChatKind, Reader
from handlers.flood import Flood, FloodMiddleware
from handlers.origin import Origin
from tests.support.clock import TestClock

ANNA = User(id=7, is_bot=False, first_name="Анна")


def _answers(flood: Flood, times: int, user: int = 1) -> list[str]:
    return [_answer(flood, user) for _ in range(times)]


def _answer(flood: Flood, user: int) -> str:
    try:
        return "handled" if flood.passes(user) else "dropped"
    except SlowDown:
        return "told"


@pytest.fixture
def clock() -> TestClock:
    return TestClock(speed=0)


def test_forty_at_once_are_handled_the_next_is_told_and_the_others_are_dropped(clock: TestClock) -> None:
    assert _answers(Flood(clock), 44) == ["handled"] * 40 + ["told"] + ["dropped"] * 3


def test_another_person_is_not_held_up(clock: TestClock) -> None:
    flood = Flood(clock)
    _answers(flood, 60)
    assert _answer(flood, 2) == "handled"


def test_one_more_is_handled_for_each_second_of_peace(clock: TestClock) -> None:
    flood = Flood(clock)
    _answers(flood, 40)
    clock.advance(seconds=3)
    assert _answers(flood, 5) == ["handled"] * 3 + ["told", "dropped"]


@pytest.mark.parametrize(("seconds", "answer"), [(2, "dropped"), (3, "handled")])
def test_who_goes_on_and_on_is_heard_again_after_three_seconds(clock: TestClock, seconds: int, answer: str) -> None:
    flood = Flood(clock)
    _answers(flood, 500)
    clock.advance(seconds=seconds)
    assert _answer(flood, 1) == answer


def test_an_hour_of_peace_allows_no_more_than_the_first_burst(clock: TestClock) -> None:
    flood = Flood(clock)
    _answers(flood, 10)
    clock.advance(seconds=3600)
    assert _answers(flood, 42) == ["handled"] * 40 + ["told", "dropped"]


def test_of_many_people_who_write_the_one_silent_longest_is_forgotten(clock: TestClock) -> None:
    flood = Flood(clock)
    _answers(flood, 41, user=1)
    _answers(flood, 41, user=2)
    for user in range(10_001, 20_000):
        flood.passes(user)
    assert (_answer(flood, 2), _answer(flood, 1)) == ("dropped", "handled")


async def test_inline_queries_count_as_what_their_writer_does(clock: TestClock) -> None:
    handled: list[Any] = []

    async def handler(event: Any, _: dict[str, Any]) -> Any:
        handled.append(event)
        return "done"

    middleware = FloodMiddleware(Flood(clock))
    query = InlineQuery(id="1", from_user=ANNA, query="міст", offset="")
    for _ in range(40):
        assert await middleware(handler, Update(update_id=1, inline_query=query), {}) == "done"
    with pytest.raises(SlowDown):
        await middleware(handler, Update(update_id=1, inline_query=query), {})
    assert await middleware(handler, Update(update_id=1, inline_query=query), {}) is None
    assert len(handled) == 40


async def test_who_writes_in_the_name_of_one_group_costs_those_who_do_in_another_nothing(clock: TestClock) -> None:
    """Telegram gives every anonymous administrator, and everybody who writes as a channel, one and the same user."""
    nobody = User(id=1087968824, is_bot=True, first_name="Group", username="GroupAnonymousBot")
    middleware, handled = FloodMiddleware(Flood(clock)), dict.fromkeys((-1001, -1002), 0)

    async def handler(event: Any, _: dict[str, Any]) -> Any:
        handled[event.message.chat.id] += 1

    async def says(chat_id: int) -> None:
        group = Chat(id=chat_id, type="supergroup", title="Двір")
        at = datetime(2026, 11, 26, tzinfo=UTC)
        message = Message(message_id=1, date=at, chat=group, from_user=nobody, sender_chat=group, text="/topics")
        known = Reader(id=0, address=Address(chat_id), kind=ChatKind.GROUP)
        origin = Origin(message=message, tap=None, known=known)
        await middleware(handler, Update(update_id=1, message=message), {"origin": origin})

    for _ in range(40):
        await says(-1001)
    with pytest.raises(SlowDown):
        await says(-1001)
    await says(-1002)
    assert handled == {-1001: 40, -1002: 1}


async def test_as_many_messages_as_an_app_forwards_at_once_are_all_handled(clock: TestClock) -> None:
    chat, at, handled = Chat(id=7, type="private"), datetime(2026, 11, 26, tzinfo=UTC), 0
    origin = MessageOriginUser(date=at, sender_user=User(id=8, is_bot=False, first_name="Олег"))

    async def handler(_: Any, __: dict[str, Any]) -> Any:
        nonlocal handled
        handled += 1

    middleware = FloodMiddleware(Flood(clock))
    for number in range(100):
        message = Message(message_id=number, date=at, chat=chat, from_user=ANNA, text="Новина", forward_origin=origin)
        known = Reader(id=0, address=Address(7), kind=ChatKind.PRIVATE)
        came = Origin(message=message, tap=None, known=known)
        await middleware(handler, Update(update_id=number, message=message), {"origin": came})
    assert handled == 100
    with pytest.raises(SlowDown):
        await middleware(handler, Update(update_id=101, message=message), {"origin": came})


async def test_what_nobody_did_is_always_handled(clock: TestClock) -> None:
    post = Message(message_id=1, date=datetime(2026, 11, 26, tzinfo=UTC), chat=Chat(id=-1, type="channel"))

    async def handler(_: Any, __: dict[str, Any]) -> Any:
        return "done"

    middleware = FloodMiddleware(Flood(clock))
    answers = {await middleware(handler, Update(update_id=1, channel_post=post), {}) for _ in range(100)}
    assert answers == {"done"}
