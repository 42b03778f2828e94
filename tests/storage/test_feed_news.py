"""What the desk is told of feeds is told once, and not lost when telling it fails in the middle: over real rows."""

import asyncio
from dataclasses import dataclass
from typing import Any, cast

import pytest
from sqlalchemy import update

from bot.model.desk import Editor, Role
from bot.model.feeds import Feed, FeedMode, FeedState, NoticeKind
from bot.model.listeners import EVERYTHING, ListenerNews, ListenerState
from bot.operations.feed_news import FeedNews
from bot.operations.listener_alarm import ListenerAlarm
from bot.operations.turns import Turn
from storage.engine.database import Database
from storage.schema.tables import listener
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.rows import NOW
from tests.support.told import People

EDITOR = 100


@dataclass(slots=True)
class Odd:
    """Feeds of which one cannot be looked up while it `fails`."""

    feeds: Any
    odd: int
    fails: bool = True

    async def get(self, feed_id: int) -> Feed:
        if feed_id == self.odd and self.fails:
            raise OSError("the database is away")
        found: Feed = await self.feeds.get(feed_id)
        return found


async def _feeds(store: Store) -> list[int]:
    await store.editors.appoint(Editor(EDITOR, Role.OWNER, "Леся"), None, NOW)
    numbers: list[int] = []
    for name in ("Перша", "Друга", "Третя"):
        address = f"https://{len(numbers)}.example/feed"
        number = await store.feeds.add(address, name, FeedMode.PUBLISH, FeedState.ACTIVE, EDITOR, NOW)
        await store.feed_notices.add(number, NoticeKind.FLOOD, {"n": 30}, NOW)
        numbers.append(number)
    return numbers


def _turn(store: Store, clock: TestClock) -> Turn:
    return Turn(name="told", clock=clock, leases=store.leases)


def _news(store: Store, people: People, feeds: Any, clock: TestClock) -> FeedNews:
    return FeedNews(
        feeds=feeds,
        notices=store.feed_notices,
        articles=store.articles,
        editors=store.editors,
        owners=cast("Any", people),
        people=cast("Any", people),
        turn=_turn(store, clock),
        clock=clock,
    )


async def test_a_question_that_cannot_be_drawn_keeps_no_other_from_being_asked_and_is_asked_later(
    database: Database,
) -> None:
    store, people, clock = Store(database, "me"), People(), TestClock(NOW, speed=0)
    first, *_ = await _feeds(store)
    feeds = Odd(store.feeds, first)
    news = _news(store, people, feeds, clock)
    for _ in range(2):
        await news.look()
    assert [name for name in ("Перша", "Друга", "Третя") if any(name in card for card in people.cards)] == [
        "Друга",
        "Третя",
    ]
    assert len(people.cards) == 2
    feeds.fails = False
    clock.advance(minutes=1)
    for _ in range(2):
        await news.look()
    assert (len(people.cards), "Перша" in people.cards[-1]) == (3, True)


async def test_what_a_stop_cuts_off_is_told_after_the_next_start(database: Database) -> None:
    store, people, clock = Store(database, "me"), People(breaks=asyncio.CancelledError()), TestClock(NOW, speed=0)
    await _feeds(store)
    news = _news(store, people, store.feeds, clock)
    with pytest.raises(asyncio.CancelledError):
        await news.look()
    await news.look()
    assert len(people.cards) == 3


async def test_owners_hear_of_every_listener_though_telling_of_one_fails(database: Database) -> None:
    store, people, clock = Store(database, "me"), People(breaks=OSError("away")), TestClock(NOW, speed=0)
    for number in range(2):
        address = f"https://{number}.example/hook"
        added = await store.listeners.add(address, "whsec_", EVERYTHING, 20, NOW)
        assert added is not None
    over = {"state": ListenerState.DISABLED, "reason": "gone", "news": ListenerNews.DISABLED, "news_at": NOW}
    async with database.write() as connection:
        await connection.execute(update(listener).values(over))
    alarm = ListenerAlarm(listeners=store.listeners, owners=cast("Any", people), turn=_turn(store, clock))
    for _ in range(3):
        await alarm.look()
        clock.advance(minutes=1)
    assert len(people.cards) == 2
