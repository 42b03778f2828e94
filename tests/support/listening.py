"""A system elsewhere that listens, on loopback: what it was told, and how it answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from aiohttp import web
from sqlalchemy import select
from standardwebhooks import Webhook

from bot.fetch.fetcher import Fetcher
from bot.fetch.networks import allowed
from bot.model.listeners import EVERYTHING, EventKind, Listener
from bot.screens.links import Links
from bot.web.outgoing.deliverer import Deliverer
from bot.web.outgoing.signing import new_secret
from storage.engine.database import Database
from storage.runtime.events import Fact, note_events
from storage.schema.tables import listener
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.newsroom import Newsroom
from tests.support.rows import NOW, a_draft
from tests.support.site import Site, a_site
from tests.support.waiting import within

_PATIENCE = 60.0
_LOOK = 0.01


@dataclass(slots=True)
class Elsewhere:
    """It checks each signature with a library of others, and answers with `status`, as long as it is not held up."""

    site: Site
    path: str = "/hook"
    secret: str = field(default_factory=new_secret)
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    forged: int = 0
    at_work: int = 0
    most_at_work: int = 0
    gate: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def address(self) -> str:
        return f"{self.site.root}{self.path}"

    @property
    def ids(self) -> list[str]:
        """The ids of what it was told, each try."""
        return [one["id"] for one in self.told]

    @property
    def types(self) -> list[str]:
        """The types of what it was told, each try."""
        return [one["type"] for one in self.told]

    async def answer(self, request: web.Request) -> web.Response:
        body, said = await request.text(), request.headers
        key, seconds = said["webhook-id"], int(said["webhook-timestamp"])
        at = datetime.fromtimestamp(seconds, UTC)
        self.forged += said["webhook-signature"] != Webhook(self.secret).sign(key, at, body)
        self.told.append({"id": key, "at": seconds, **json.loads(body)})
        self.arrived.set()
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            if self.gate is not None:
                await self.gate.wait()
        finally:
            self.at_work -= 1
        if 200 <= self.status < 300:
            self.taken.append(key)
        return web.Response(status=self.status, headers=self.headers)

    async def listens(self, store: Store, events: EventKind = EVERYTHING, path: str = "") -> int:
        """Have it told by a newsroom of this store; returns its number there."""
        address = f"{self.site.root}{path}" if path else self.address
        number = await store.listeners.add(address, self.secret, events, 20, NOW)
        assert number is not None
        return number


@asynccontextmanager
async def elsewhere(path: str = "/hook") -> AsyncIterator[Elsewhere]:
    async with a_site() as site:
        one = Elsewhere(site, path)
        site.pages[path] = one.answer
        yield one


@dataclass(slots=True)
class Outlet:
    """What tells listeners, over a database, with a clock of its own and nobody beside it."""

    store: Store
    clock: TestClock
    deliverer: Deliverer

    async def happens(self, *kinds: EventKind, times: int = 1) -> None:
        """Note events of an article, as if it had become public."""
        number = await a_draft(self.store.database, "Міст відкрили")
        async with self.store.database.write() as connection:
            for kind in kinds or (EventKind.PUBLISHED,):
                await note_events(connection, kind, [Fact(number)] * times, self.clock.now())

    async def tells(self, **later: float) -> None:
        """Let time pass, and tell what may be told then."""
        self.clock.advance(**later)
        while await self.deliverer.look():
            pass

    async def listener(self, number: int) -> Listener:
        """Return a listener as it is stored."""
        return next(one for one in await self.store.listeners.all() if one.id == number)

    async def next_try(self, number: int) -> timedelta:
        """Return how long a listener is left alone from now on."""
        async with self.store.database.read() as connection:
            at = await connection.scalar(select(listener.c.next_at).where(listener.c.id == number))
        return (at or self.clock.now()) - self.clock.now()


def an_outlet(database: Database, holder: str = "one", clock: TestClock | None = None, **fetching: Any) -> Outlet:
    """Return what tells listeners; `fetching` are options of how they are asked."""
    store, clock = Store(database, holder), clock or TestClock(NOW, speed=0)
    fetcher = Fetcher(clock=clock, agent="Visnyk/test", allowed=allowed("127.0.0.1"), **fetching)
    deliverer = Deliverer(
        listeners=store.listeners,
        articles=store.articles,
        publications=store.publications,
        corrections=store.corrections,
        links=Links(site="https://news.example"),
        fetcher=fetcher,
        clock=clock,
        chance=Random(1),
        held=lambda: False,
    )
    return Outlet(store, clock, deliverer)


async def told_all(room: Newsroom) -> None:
    """Let a newsroom tell whatever waits."""
    deliverer = room.app.parts.listeners.deliverer
    async with within(_PATIENCE):
        while any(one.waiting and not one.failures for one in await room.store.listeners.all()):
            await deliverer.look()
            await asyncio.sleep(_LOOK)  # another task of the newsroom's may have it
