"""A newsroom with feeds, and a site they are on."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.feeds.encodings import in_utf_8
from bot.inflow.parsed import Parsed, parsed
from bot.inflow.parser import FeedParser
from bot.model.feeds import Feed, FeedMode, FeedNotice, FeedSettings, FeedState
from storage.schema.tables import feed_notice
from tests.support.newsroom import Newsroom, open_newsroom
from tests.support.site import Site, a_site
from tests.support.waiting import until, within

_PATIENCE = 60.0


@dataclass(slots=True)
class FedRoom:
    """A newsroom and the site."""

    room: Newsroom
    site: Site
    _seen: int = 0

    async def notices(self) -> list[FeedNotice]:
        """Return what the desk is told of feeds since the last call, whether somebody was told already or not."""
        newer = select(feed_notice.c.id).where(feed_notice.c.id > self._seen).order_by(feed_notice.c.id)
        async with self.room.database.read() as connection:
            numbers = list((await connection.execute(newer)).scalars())
        self._seen = max([self._seen, *numbers])
        return [await self.room.store.feed_notices.get(number) for number in numbers]

    async def feed(self, path: str = "/feed", mode: FeedMode = FeedMode.PUBLISH, **settings: Any) -> Feed:
        """Add a feed, without asking it."""
        store, now = self.room.store, self.room.clock.now()
        number = await store.feeds.add(f"{self.site.root}{path}", "", mode, FeedState.ACTIVE, 100, now)
        if settings:
            await store.feeds.change(number, FeedSettings(**settings), 100, now)
        return await store.feeds.get(number)

    async def poll(self, *feeds: Feed) -> None:
        """Have these feeds, or all, asked once more, and wait until that is over."""
        store, poller = self.room.store, self.room.app.parts.feeds.poller
        await until(lambda: poller.idle, "a feed is still being read")  # maybe what it was before the caller changed it
        wanted = feeds or [one for one in await store.feeds.all() if one.state is FeedState.ACTIVE]
        before = {one.id: (await store.feeds.get(one.id)).polled_at for one in wanted}
        asked = self.room.clock.now() + timedelta(minutes=1)
        for one in wanted:
            await store.feeds.ask_soon(one.id, asked)
        self.room.clock.advance(minutes=1)  # not sooner: the newsroom looks by itself which are due as time goes on
        async with within(_PATIENCE):
            for look in itertools.count():
                now = [await store.feeds.get(one.id) for one in wanted]
                active = [one for one in now if one.state is FeedState.ACTIVE]
                if poller.idle and all(one.polled_at != before[one.id] and one.next_at > asked for one in active):
                    return  # not from an earlier turn that has just ended
                if poller.idle or look % 10 == 0:  # while one is read, time is seldom what that waits for
                    self.room.clock.advance(seconds=3)
                    poller.wake()
                await asyncio.sleep(0.02)


class ParserHere(FeedParser):
    """Parses in this process, which is quicker when it is only a few feeds."""

    async def parse(self, content: bytes, address: str, zone: str, now: datetime, charset: str = "") -> Parsed:
        return parsed(in_utf_8(content, charset), address, ZoneInfo(zone), now)


@asynccontextmanager
async def a_fed_room(database_url: str, **options: Any) -> AsyncIterator[FedRoom]:
    options = {"fetch_allow": "127.0.0.1", **options}
    async with a_site() as site, open_newsroom(database_url, **options) as room:
        poller = room.app.parts.feeds.poller
        poller.parser = ParserHere()
        await until(poller._turn.locked, "nobody looks which feeds are due")  # the next look is when time goes on
        yield FedRoom(room, site)
