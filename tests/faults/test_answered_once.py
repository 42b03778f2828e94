"""An answer that was given is not given again, when a process is stopped, or stumbles, before its update is put away."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiogram import Bot
from sqlalchemy import insert, select

from bot.delivery.pacing import ChatPacer, Pacer
from bot.delivery.throttle import Throttle
from bot.model.readers import Address, ChatKind
from bot.sandbox.world import Chat, Person
from bot.screens.card import Card
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.receiving import Receiver
from bot.telegram.session import Session
from bot.text.styled import Styled
from storage.engine.database import Database
from storage.runtime.inbox import Inbox, InboxState
from storage.schema.tables import inbox
from tests.support.clock import TestClock
from tests.support.locking import held_by_an_operator
from tests.support.newsroom import open_newsroom
from tests.support.people import text_of
from tests.support.process import Process
from tests.support.sending import Flaky
from tests.support.standin import TOKEN, StandIn, open_standin
from tests.support.waiting import until, within

pytestmark = pytest.mark.thorough

READER = 1000


@dataclass(slots=True)
class Talk:
    """A reader's chat with a bot that runs as a process."""

    standin: StandIn
    chat: Chat
    process: Process
    url: str

    def says(self, command: str) -> None:
        """Have the reader say a command."""
        entity = {"type": "bot_command", "offset": 0, "length": len(command)}
        self.standin.world.says(self.standin.world.people[READER], self.chat, {"text": command, "entities": [entity]})

    @property
    def answers(self) -> list[str]:
        """What the bot has said."""
        return [text_of(one) for one in self.chat.messages.values() if one["from"]["id"] != READER]

    async def is_over(self) -> bool:
        """Tell whether everything that came was handled."""
        database = Database(self.url)
        async with database.read() as connection:
            states = set((await connection.execute(select(inbox.c.state))).scalars())
        await database.close()
        return states == {InboxState.DONE}


@asynccontextmanager
async def _talk(url: str, folder: Path) -> AsyncIterator[Talk]:
    async with open_standin() as standin:
        chat = standin.world.add_person(Person(READER, "Читачка"))
        settings = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": standin.address, "DATABASE_URL": url, "SEMANTIC": "off"}
        process = Process(settings, folder / "bot.log")
        await process.start()
        try:
            await until(lambda: bool(standin.api._poll), "it never asks for updates")
            yield Talk(standin, chat, process, url)
        finally:
            await process.end()


async def test_what_a_stop_cuts_off_behind_its_answer_is_ended_by_the_next_start_without_another(
    postgres_url: str, tmp_path: Path
) -> None:
    async with _talk(postgres_url, tmp_path) as talk:
        # What a message shows is written down behind it.
        async with held_by_an_operator(postgres_url, "LOCK TABLE shown IN EXCLUSIVE MODE"):
            talk.says("/latest")
            await until(lambda: bool(talk.answers), "nobody answers")
            assert await talk.process.stop() == 0
        assert not await talk.is_over(), "it was not cut off"
        await talk.process.start()
        await until(talk.is_over, "what was cut off is never ended")
        assert len(talk.answers) == 1, talk.answers


@dataclass(slots=True)
class Answering:
    """Stands where the dispatcher stands, and answers by a messenger: each update as `handle` says."""

    messenger: TelegramMessenger
    handle: Callable[["Answering"], Awaitable[None]]
    tries: int = 0
    ended: int = 0
    go: asyncio.Event = field(default_factory=asyncio.Event)

    async def feed_raw_update(self, _: Any, __: dict[str, Any]) -> None:
        self.tries += 1
        await self.handle(self)
        self.ended += 1

    async def says(self, text: str) -> None:
        """Answer the reader."""
        await self.messenger.reply(Address(READER), Card(Styled(text)), ChatKind.PRIVATE)


@asynccontextmanager
async def _receiving(
    standin: StandIn, database: Database, clock: TestClock, holder: str, handle: Callable[[Answering], Awaitable[None]]
) -> AsyncIterator[tuple[Receiver, Answering]]:
    """Run what receives in one of several processes."""
    bot = Bot(TOKEN, session=Session(standin.address))
    pacer, chats = Pacer(1000, clock), ChatPacer(clock)
    throttle = Throttle(clock=clock, pacer=pacer, chats=chats)
    messenger = TelegramMessenger(bot=bot, pacer=pacer, chats=chats, throttle=throttle, clock=clock)
    answering, store = Answering(messenger, handle), Inbox(database, holder)
    parts: dict[str, Any] = {"bot": bot, "dispatcher": answering, "inbox": store, "clock": clock}
    receiver = Receiver(arrived=asyncio.Event(), **parts)
    tasks = [asyncio.create_task(receiver.feed(4)), *(asyncio.create_task(receiver.work()) for _ in range(4))]
    try:
        yield receiver, answering
    finally:
        receiver.stop()
        async with within(20):
            await asyncio.gather(*tasks)
        await bot.session.close()


@asynccontextmanager
async def _asked(database: Database, clock: TestClock) -> AsyncIterator[tuple[StandIn, Chat]]:
    async with open_standin() as standin:
        chat = standin.world.add_person(Person(READER, "Читачка"))
        await Inbox(database, "any").store([(1, READER, orjson.dumps({"update_id": 1}).decode())], clock.now())
        yield standin, chat


def _texts(chat: Chat) -> list[str]:
    return [text_of(message) for message in chat.messages.values()]


async def test_what_was_said_before_an_error_is_not_said_again_and_the_rest_is(database: Database) -> None:
    clock = TestClock(speed=50)

    async def handle(answering: Answering) -> None:
        await answering.says("перше")
        if answering.tries < 3:
            raise ConnectionError("the database is away")
        await answering.says("друге")

    async with _asked(database, clock) as (standin, chat):
        async with _receiving(standin, database, clock, "mine", handle) as (receiver, answering):
            await until(lambda: answering.ended and receiver.idle, "it is never handled")
        assert (_texts(chat), answering.tries) == (["перше", "друге"], 3)


async def test_a_process_that_could_not_keep_an_update_does_not_answer_it_beside_the_one_that_has_it(
    database: Database,
) -> None:
    clock = TestClock(speed=0)

    async def slowly(answering: Answering) -> None:
        await answering.go.wait()
        await answering.says("пізно")

    async with _asked(database, clock) as (standin, chat):
        async with _receiving(standin, database, clock, "slow", slowly) as (slow, late):
            await until(lambda: late.tries, "nothing is handled")
            slow.stop()
            clock.advance(seconds=31)  # the database could not be reached
            assert await Inbox(database, "other").take_over(clock.now()) == 1
            late.go.set()
            async with _receiving(standin, database, clock, "other", lambda one: one.says("вчасно")) as (other, quick):
                await until(lambda: quick.ended and other.idle, "the other does not answer")
            await slow.renew()
            while not late.ended:
                clock.advance(seconds=1)
                await asyncio.sleep(0.01)
        assert _texts(chat) == ["вчасно"]


async def test_what_says_something_else_is_said_and_not_taken_for_what_was_said_in_its_place(
    database: Database,
) -> None:
    clock, said = TestClock(speed=50), (("щось пішло не так", "друге"), ("друге", "третє"))

    async def handle(answering: Answering) -> None:
        for text in said[answering.tries - 1]:
            await answering.says(text)
        if answering.tries < len(said):
            raise ConnectionError("the database is away")

    async with _asked(database, clock) as (standin, chat):
        async with _receiving(standin, database, clock, "mine", handle) as (receiver, answering):
            await until(lambda: answering.ended and receiver.idle, "it is never handled")
        assert _texts(chat) == ["щось пішло не так", "друге", "третє"]


async def test_what_could_not_be_said_is_said_by_whoever_has_the_update_next(database: Database) -> None:
    clock = TestClock(speed=0)

    async def slowly(answering: Answering) -> None:
        await answering.go.wait()
        await answering.says("пізно")

    async with _asked(database, clock) as (standin, chat):
        async with _receiving(standin, database, clock, "slow", slowly) as (slow, late):
            await until(lambda: late.tries, "nothing is handled")
            slow.stop()
            clock.advance(seconds=31)
            assert await Inbox(database, "other").take_over(clock.now()) == 1
            await slow.renew()
            late.go.set()
            while not late.ended or not slow.idle:  # while the other has no place for it yet
                clock.advance(seconds=1)
                await asyncio.sleep(0.01)
        async with _receiving(standin, database, clock, "other", lambda one: one.says("вчасно")) as (other, quick):
            await until(lambda: quick.ended and other.idle, "nobody answers")
        assert _texts(chat) == ["вчасно"]


async def test_a_process_that_learns_that_an_update_is_still_its_own_goes_on(database: Database) -> None:
    clock = TestClock(speed=0)

    async def slowly(answering: Answering) -> None:
        await answering.go.wait()
        await answering.says("пізно")

    async with _asked(database, clock) as (standin, chat):
        async with _receiving(standin, database, clock, "slow", slowly) as (slow, late):
            await until(lambda: late.tries, "nothing is handled")
            clock.advance(seconds=31)
            late.go.set()
            await asyncio.sleep(0.1)
            assert _texts(chat) == [], "it answered without knowing whether it may"
            await slow.renew()
            clock.advance(seconds=1)
            await until(lambda: late.ended, "it never answers")
        assert _texts(chat) == ["пізно"]


async def test_what_was_handled_and_then_opened_again_for_another_is_not_handled_again(database: Database) -> None:
    clock = TestClock(speed=0)
    mine, other, lease = Inbox(database, "mine"), Inbox(database, "other"), timedelta(seconds=30)
    async with _asked(database, clock):
        assert await mine.claim(1, clock.now(), lease)
        clock.advance(seconds=31)
        assert await other.take_over(clock.now()) == 1
        await mine.done(1)
        assert await other.claim(1, clock.now(), lease) == []


async def test_after_the_database_was_away_who_lives_has_time_to_keep_what_is_its_own(postgres_url: str) -> None:
    async with open_newsroom(postgres_url) as room:
        other, rounds = Inbox(room.database, "other"), room.app.rounds
        guard = room.app.parts.delivery.restart_guard
        guard.facts = flaky = Flaky(guard.facts)  # type: ignore[assignment]
        flaky.fail("get", times=10**6)
        with pytest.raises(ConnectionError):
            await rounds._control()
        flaky.orders.clear()
        now = room.clock.now()
        row = {"update_id": 1, "chat_id": READER, "payload": "{}", "received_at": now, "attempts": 1}
        async with room.database.write() as connection:
            held = {"state": InboxState.HANDLING, "holder": "other", "lease_until": now}
            await connection.execute(insert(inbox).values(row | held))
        await rounds.recover()
        assert await other.renew(room.clock.now(), timedelta(seconds=30)) == {1}, "it was taken from who is alive"
        room.clock.advance(minutes=2)
        await rounds.recover()
        assert await other.renew(room.clock.now(), timedelta(seconds=30)) == set()
