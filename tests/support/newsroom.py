"""A whole newsroom for a test: the stand-in over HTTP, the bot against it, a database, people."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy import and_, exists, func, or_, select

from bot.app import App
from bot.config import Settings
from bot.delivery.sender import Sender
from bot.model.ledger import OPEN, QUIET_HOURS, DeliveryState
from bot.model.news import Article
from bot.sandbox.api import BotApi
from bot.sandbox.faults import Faults
from bot.sandbox.limits import Limits
from bot.sandbox.server import BotApiServer
from bot.sandbox.world import Chat, Person, World
from storage.delivery.sends import may_go
from storage.delivery.view import LedgerView
from storage.engine.conditions import of_kinds
from storage.engine.database import Database
from storage.schema.tables import delivery, inbox
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.people import Somebody
from tests.support.waiting import within

_PATIENCE = 60.0  # real seconds
_LOOK = 0.01
_SOON = timedelta(seconds=30)  # rows that are due by then are under way
TOKEN = "7000000001:AAHsandboxsandboxsandboxsandbox0000"
OWNER = 100


@dataclass(slots=True)
class Newsroom:
    """The stand-in and everybody in it; `app` is the bot that runs at the moment."""

    database_url: str
    clock: TestClock
    world: World
    api: BotApi
    faults: Faults
    address: str
    options: dict[str, Any] = field(default_factory=dict)
    app: App = field(init=False)
    _stop: asyncio.Event = field(init=False)
    _running: "asyncio.Task[None]" = field(init=False)

    def settings(self) -> Settings:
        values: dict[str, Any] = {
            "bot_token": TOKEN,
            "telegram_api_url": self.address,
            "database_url": self.database_url,
            "admins": str(OWNER),
            "send_rate": 120,
            "http_drain": 0,  # nobody is in front of it
            "semantic": "off",  # the same whether the model is installed here or not
            **self.options,
        }
        return Settings(_env_file=None, **values)  # type: ignore[call-arg]

    async def start(self) -> None:
        """Start the bot."""
        self.app = App(self.settings(), self.clock)
        chats = self.app.parts.pace.chats
        chats.private_seconds = chats.group_seconds = 0.02  # nobody has to wait for these readers
        await self.app.prepare()
        self._stop = asyncio.Event()
        self._running = asyncio.create_task(self.app.run(self._stop))

    async def stop(self) -> None:
        """Stop the bot in good order."""
        self._stop.set()
        await self._running
        await self.app.close()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def idle(self) -> bool:
        """Tell whether the bot is handling nothing."""
        return self.app.idle

    @property
    def store(self) -> Store:
        """What the running bot remembers with."""
        return self.app.parts.ground.store

    @property
    def database(self) -> Database:
        """The running bot's database."""
        return self.app.parts.ground.database

    @property
    def web_address(self) -> str:
        """Where the running bot listens."""
        assert self.app.web is not None
        return self.app.web.server.address

    @property
    def sender(self) -> Sender:
        """The running bot's sender."""
        return self.app.parts.delivery.sender

    async def settled(self) -> None:
        """Wait until everything has been sent or has failed; nothing may be held, paused, or due only later."""
        await self.delivered()
        counts = await LedgerView(self.database).counts()
        assert not any(counts.get(state) for state in OPEN), f"deliveries are still open: {counts}"

    async def heard(self) -> None:
        """Wait until the bot has heard and handled everything that people did."""
        async with within(_PATIENCE):
            while self.world.updates or not self.idle() or await self._unheard():  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(_LOOK)

    async def _unheard(self) -> bool:
        async with self.database.read() as connection:
            waiting = select(func.count()).where(inbox.c.state.in_((0, 1)))
            return bool(await connection.scalar(waiting))

    async def delivered(self) -> None:
        """Wait until whatever may be sent has been sent or has failed. What is held or paused stays where it is."""
        async with within(_PATIENCE):
            while not self.idle():  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(_LOOK)
            await self.app.parts.delivery.fan_out.run_due()
            sender = self.sender
            while (due := await self._next_due()) is not None and sender.window and not sender.held:
                if due > self.clock.now() and due - self.clock.now() < _SOON:
                    self.clock.set(due)  # a chat's pause, or another try: nobody has to wait for it
                sender.wake()
                await asyncio.sleep(_LOOK)

    async def _next_due(self) -> datetime | None:
        """Return when the next delivery goes out that nothing holds back; None when there is none for a while."""
        soon, asleep = self.clock.now() + _SOON, delivery.alias("asleep")
        waiting = and_(delivery.c.state == DeliveryState.QUEUED, delivery.c.not_before < soon)
        behind = exists().where(  # what waits for the morning, which only edits pass
            asleep.c.reader_id == delivery.c.reader_id,
            asleep.c.lane <= delivery.c.lane,
            asleep.c.id < delivery.c.id,
            asleep.c.state == DeliveryState.QUEUED,
            asleep.c.reason == QUIET_HOURS,
            asleep.c.not_before >= soon,
        )
        free = or_(of_kinds(delivery, lambda traits: traits.edits), ~behind)
        going = or_(delivery.c.state == DeliveryState.SENDING, and_(waiting, free, may_go()))
        async with self.database.read() as connection:
            due: datetime | None = await connection.scalar(select(func.min(delivery.c.not_before)).where(going))
        return due

    async def tick(self) -> None:
        """Do everything that is due by the clock."""
        await self.app.tick()

    def person(self, name: str = "Оля", number: int = 1, language: str = "uk") -> Somebody:
        """Let a person in."""
        person = Person(number, name, language)
        return Somebody(self.world, person, self.world.add_person(person), self.idle, self.delivered)

    def owner(self, language: str = "uk") -> "Desk":
        """Let the owner in."""
        person = Person(OWNER, "Редакторка", language)
        return Desk(self.world, person, self.world.add_person(person), self)

    def member(self, somebody: Somebody, chat: Chat, *, admin: bool = False) -> Somebody:
        """Put a person into a group or channel and return them there."""
        chat.members.add(somebody.person.id)
        if admin:
            chat.admins.add(somebody.person.id)
        return Somebody(self.world, somebody.person, chat, self.idle, self.delivered)

    async def channel_of(self, boss: Somebody) -> Somebody:
        """Make a channel that receives all news; returns its administrator there."""
        channel = self.world.add_chat(Chat(-70, "channel", "Новини міста"))
        self.world.membership(boss.person, channel, "left", "administrator")
        seat = self.member(boss, channel, admin=True)
        seat.sends(text="/topics", entities=[{"type": "bot_command", "offset": 0, "length": 7}])
        await seat.sees("Ви отримуєте всі новини.")
        return seat


class Desk(Somebody):
    """Somebody of the desk."""

    def __init__(self, world: World, person: Person, chat: Chat, room: Newsroom) -> None:
        super().__init__(world, person, chat, room.idle, room.delivered)
        self._room = room

    async def publishes(self, text: str, *, urgent: bool = False, topics: tuple[str, ...] | None = None) -> Article:
        """Write an article and publish it, with the taps a person makes; returns it as stored."""
        await self.says(f"/post {text}")
        if topics is not None:
            await self.taps("🏷")
            for ticked in [b for b in self.buttons if b.startswith("✅")]:
                await self.taps(ticked)
            for topic in topics:
                await self.taps(topic)
            await self.taps("Готово" if self.person.language_code == "uk" else "Done")
        uk = self.person.language_code == "uk"
        await self.taps(("Терміново" if uk else "Urgent") if urgent else ("Опублікувати" if uk else "Publish"))
        await self.taps("Так, опублікувати" if uk else "Yes, publish")
        await self._room.tick()
        page = await self._room.store.articles.latest(limit=1)
        return await self._room.store.articles.get(page.items[0].id)


@asynccontextmanager
async def open_newsroom(database_url: str, **options: Any) -> AsyncIterator[Newsroom]:
    """Open a newsroom with the bot running; closes it in good order."""
    clock = TestClock()
    world = World(clock.now)
    api = BotApi(world, Limits(clock.monotonic, bot_rate=100_000, chat_burst=100_000, group_a_minute=100_000))
    faults = Faults()
    web_app = web.Application()
    web_app.add_routes(BotApiServer(api, faults, TOKEN).routes())
    runner = web.AppRunner(web_app, shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    room = Newsroom(database_url, clock, world, api, faults, f"http://127.0.0.1:{port}", options)
    await room.start()
    try:
        yield room
    finally:
        await room.stop()
        await runner.cleanup()
