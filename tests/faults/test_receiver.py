"""The receiver by itself: over a real inbox, with handlers of the test's choosing, without the rest of the bot."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import orjson
import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.types import Message
from sqlalchemy.exc import OperationalError

from bot.errors import NotFound
from bot.telegram.places import aside
from bot.telegram.receiving import PLACES, Receiver
from handlers import errors
from storage.engine.database import Database
from storage.runtime.inbox import Inbox
from tests.support.clock import TestClock
from tests.support.sending import Flaky
from tests.support.waiting import until, within

WORKERS = PLACES + 12
LEASE = timedelta(seconds=30)


@dataclass(slots=True)
class Handlers:
    """Stands where the dispatcher stands; notes what is begun and what has ended."""

    handle: Callable[[int], Awaitable[None]]
    begun: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)

    async def feed_raw_update(self, _: Any, update: dict[str, Any]) -> None:
        number = update["update_id"]
        self.begun.append(number)
        await self.handle(number)
        self.ended.append(number)


@asynccontextmanager
async def _receiving(
    inbox: Any, handlers: Handlers, clock: TestClock, bot: Bot | None = None, **more: Any
) -> AsyncIterator[Receiver]:
    parts: dict[str, Any] = {"bot": bot, "dispatcher": handlers, "inbox": inbox, "clock": clock}
    receiver = Receiver(arrived=asyncio.Event(), **parts, **more)
    tasks = [asyncio.create_task(receiver.feed(WORKERS))]
    tasks += [asyncio.create_task(receiver.work()) for _ in range(WORKERS)]
    try:
        yield receiver
    finally:
        receiver.stop()
        async with within(20):
            await asyncio.gather(*tasks)


async def _arrive(inbox: Inbox, clock: TestClock, *updates: tuple[int, int]) -> None:
    """Put updates into the inbox, as (number, chat)."""
    rows = [(number, chat, orjson.dumps({"update_id": number}).decode()) for number, chat in updates]
    await inbox.store(rows, clock.now())


async def test_what_takes_longer_than_its_lease_is_handled_once_and_its_chat_waits_for_it(database: Database) -> None:
    clock, over = TestClock(speed=0), asyncio.Event()
    mine, other = Inbox(database, "mine"), Inbox(database, "other")
    await _arrive(mine, clock, (1, 7), (2, 7), (3, 8))

    async def handle(number: int) -> None:
        if number == 1:
            await over.wait()

    handlers = Handlers(handle)
    async with _receiving(mine, handlers, clock) as receiver:
        await until(lambda: 3 in handlers.ended, "another chat does not wait")
        for _ in range(10):
            clock.advance(seconds=20)  # longer than half a lease, so two without a renewal are over
            await receiver.renew()
            assert await mine.take_over(clock.now()) == 0
            assert await other.take_over(clock.now()) == 0
            assert await other.claim(10, clock.now(), LEASE) == []
        assert handlers.begun == [1, 3]
        over.set()
        await until(lambda: 2 in handlers.ended, "the chat is blocked for ever")
    assert (handlers.begun, handlers.ended) == ([1, 3, 2], [3, 1, 2])


async def test_a_lease_that_nobody_renews_lets_another_process_have_the_update(database: Database) -> None:
    clock, over = TestClock(speed=0), asyncio.Event()
    mine, other = Inbox(database, "mine"), Inbox(database, "other")
    await _arrive(mine, clock, (1, 7))
    handlers = Handlers(lambda _: over.wait())  # type: ignore[arg-type, return-value]
    async with _receiving(mine, handlers, clock) as receiver:
        await until(lambda: handlers.begun, "nothing is handled")
        receiver.stop()  # it takes nothing more itself: what is taken from it is for the other
        clock.advance(seconds=31)
        assert await mine.take_over(clock.now()) == 0, "this start lives: what it handles takes as long as it takes"
        assert await other.take_over(clock.now()) == 1
        assert [update.update_id for update in await other.claim(10, clock.now(), LEASE)] == [1]
        over.set()
        await until(lambda: handlers.ended, "the handler was cancelled")
    assert await Inbox(database, "next").take_over(clock.now(), alone=True) == 1, "it ended what is another's now"


async def test_what_was_taken_from_a_living_process_and_comes_back_to_it_is_handled_once(database: Database) -> None:
    clock, over = TestClock(speed=0), asyncio.Event()
    mine, other = Inbox(database, "mine"), Inbox(database, "other")
    await _arrive(mine, clock, (1, 7))
    handlers = Handlers(lambda _: over.wait())  # type: ignore[arg-type, return-value]
    async with _receiving(mine, handlers, clock) as receiver:
        await until(lambda: handlers.begun, "nothing is handled")
        clock.advance(seconds=31)
        assert await other.take_over(clock.now()) == 1
        receiver.arrived.set()  # whoever looks next has it
        await _arrive(mine, clock, (2, 8))
        receiver.arrived.set()
        await until(lambda: 2 in handlers.begun, "the next one is not handled")
        assert handlers.begun == [1, 2]
        over.set()
        await until(lambda: len(handlers.ended) == 2, "the handlers do not end")
    assert handlers.begun == [1, 2]
    assert await Inbox(database, "next").take_over(clock.now(), alone=True) == 0, "an end was not written"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("end", ["done", "quarantine", "try_again"])
async def test_an_end_that_cannot_be_written_is_written_again_and_nothing_is_handled_twice(
    database: Database, end: str, when: str
) -> None:
    clock = TestClock(speed=50)
    mine = Inbox(database, "mine")
    flaky = Flaky(mine)
    flaky.fail("done_and_claim" if end == "done" else end, when, times=1 if end == "done" else 4)
    await _arrive(mine, clock, (1, 7), (2, 7))

    async def handle(number: int) -> None:
        if end == "quarantine" and number == 1:
            raise ValueError("no update")
        if end == "try_again" and number == 1:
            raise RuntimeError("a mistake of ours")

    handlers = Handlers(handle)
    async with _receiving(flaky, handlers, clock) as receiver:
        await until(lambda: 2 in handlers.ended and receiver.idle, "the chat stays blocked")
    *first, last = handlers.begun
    # Of an update that is opened again, and whose answer was lost, each claim that comes between two tries counts as a try.
    tries = {1} if end != "try_again" else {3} if when == "before" else {1, 2, 3}
    assert (set(first), last) == ({1}, 2)
    assert len(first) in tries
    assert flaky.orders == []
    assert await Inbox(database, "next").take_over(clock.now(), alone=True) == 0, "an end was not written"
    assert (await mine.set_aside(0))[0] == (end != "done")


async def test_what_fails_for_the_database_s_sake_is_never_set_aside(database: Database) -> None:
    """Also where the database goes on to take the notes of it: a table is held, there is no connection for a handler."""
    clock, away = TestClock(speed=50), [True] * 7
    mine = Inbox(database, "mine")
    await _arrive(mine, clock, (1, 7), (2, 7))

    async def handle(_: int) -> None:
        if away:
            away.pop()
            raise OperationalError("", None, ConnectionError("too many clients"))

    handlers = Handlers(handle)
    async with _receiving(mine, handlers, clock, passes=lambda error: isinstance(error, OperationalError)) as receiver:
        await until(lambda: 2 in handlers.ended and receiver.idle, "the chat stays blocked")
    assert (handlers.begun, handlers.ended) == ([1] * 8 + [2], [1, 2])
    assert (await mine.set_aside(0))[0] == 0


async def test_what_failed_for_a_moment_is_handled_again_before_what_came_after_it(database: Database) -> None:
    clock, away = TestClock(speed=50), [True, True]
    mine = Inbox(database, "mine")
    await _arrive(mine, clock, (1, 7), (2, 7))

    async def handle(_: int) -> None:
        if away:
            away.pop()
            raise ConnectionError("the database is away")

    handlers = Handlers(handle)
    async with _receiving(mine, handlers, clock) as receiver:
        await until(lambda: 2 in handlers.ended and receiver.idle, "the chat stays blocked")
    assert (handlers.begun, handlers.ended) == ([1, 1, 1, 2], [1, 2])
    assert (await mine.set_aside(0))[0] == 0


@pytest.mark.parametrize("method", ["claim", "done_and_claim"])
async def test_what_was_claimed_without_the_answer_is_claimed_again(database: Database, method: str) -> None:
    clock, over = TestClock(speed=50), asyncio.Event()
    mine = Inbox(database, "mine")
    flaky = Flaky(mine)
    flaky.fail(method, "after")
    await _arrive(mine, clock, (1, 7), (2, 7), (3, 8))

    async def handle(number: int) -> None:
        if number == 3:
            await over.wait()  # under way all the time: it is handled once

    handlers = Handlers(handle)
    async with _receiving(flaky, handlers, clock) as receiver:
        await until(lambda: 2 in handlers.ended, "what was claimed unheard is lost")
        over.set()
        await until(lambda: receiver.idle, "the handlers do not end")
    assert (sorted(handlers.begun), flaky.orders) == ([1, 2, 3], [])
    assert await Inbox(database, "next").take_over(clock.now(), alone=True) == 0, "an end was not written"


async def test_a_stop_while_the_database_is_away_waits_for_nothing_and_loses_nothing(database: Database) -> None:
    clock = TestClock(speed=50)
    mine = Inbox(database, "mine")
    flaky = Flaky(mine)
    flaky.fail("done_and_claim")
    flaky.fail("done", times=10**6)
    await _arrive(mine, clock, (1, 7))

    async def handle(_: int) -> None:
        return

    handlers = Handlers(handle)
    async with _receiving(flaky, handlers, clock):
        await until(lambda: handlers.ended, "nothing is handled")
    assert await Inbox(database, "next").take_over(clock.now(), alone=True) == 1


async def test_a_channel_s_post_is_taken_in_again_where_the_database_was_away_for_a_moment(database: Database) -> None:
    """Nobody is there who would be told, and would say it again."""
    clock, mine, seen = TestClock(speed=50), Inbox(database, "mine"), list[str]()
    dispatcher, router = Dispatcher(), Router()

    async def posted(message: Message) -> None:
        seen.append(message.text or "")
        if len(seen) == 1:
            raise ConnectionError("the database is away")
        if message.text == "Ніхто":
            raise NotFound

    router.channel_post.register(posted)
    errors.register(router)
    dispatcher.include_router(router)
    chat = {"id": -1_001_000_000_777, "type": "channel", "title": "Порт"}
    posts = [
        {"update_id": number, "channel_post": {"message_id": number, "date": 1_700_000_000, "chat": chat, "text": text}}
        for number, text in enumerate(("Міст відкрили", "Ніхто", "Дощ"), start=1)
    ]
    await mine.store([(int(str(one["update_id"])), 7, orjson.dumps(one).decode()) for one in posts], clock.now())
    async with Bot("42:TEST") as bot, _receiving(mine, cast("Any", dispatcher), clock, bot) as receiver:
        await until(lambda: "Дощ" in seen and receiver.idle, "the channel stays blocked")
    assert seen == ["Міст відкрили", "Міст відкрили", "Ніхто", "Дощ"]
    assert (await mine.set_aside(0))[0] == 0


async def test_a_payload_that_is_not_json_is_set_aside_and_its_chat_goes_on(database: Database) -> None:
    clock = TestClock(speed=0)
    mine = Inbox(database, "mine")
    await mine.store([(1, 7, "{")], clock.now())
    await _arrive(mine, clock, (2, 7))

    async def handle(_: int) -> None:
        return

    handlers = Handlers(handle)
    async with _receiving(mine, handlers, clock):
        await until(lambda: 2 in handlers.ended, "the chat stays blocked")
    assert (await mine.set_aside(0))[0] == 1


async def test_those_who_wait_for_telegram_leave_their_places_to_others(database: Database) -> None:
    clock, over, working = TestClock(speed=0), asyncio.Event(), asyncio.Event()
    mine = Inbox(database, "mine")
    await _arrive(mine, clock, *((number, number) for number in range(1, 2 * PLACES + 3)))

    async def handle(number: int) -> None:
        if number <= PLACES + 1:
            with aside(), aside():  # one of them counts
                await over.wait()
        else:
            await working.wait()

    handlers = Handlers(handle)
    async with _receiving(mine, handlers, clock):
        await until(lambda: len(handlers.begun) == 2 * PLACES + 1, "nobody else is heard")
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert len(handlers.begun) == 2 * PLACES + 1, "more work at once than there are places"
        working.set()
        await until(lambda: 2 * PLACES + 2 in handlers.ended, "a place was lost")
        over.set()
