"""What a process was telling when it was killed is told by another, or the next one; two beside each other tell it once.

A kill is one that nothing runs after: no `finally`, no shutdown. What the killed one had is left as it stands.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import insert, update

from bot.model.desk import Editor, PublicationState, Role
from bot.model.feeds import FeedMode, FeedState, NoticeKind
from bot.model.ledger import DeliveryKind, DeliveryState, Priority
from bot.model.listeners import EVERYTHING, ListenerNews, ListenerState
from bot.model.trouble import Happening, Matter
from bot.operations.clock_guard import ClockGuard
from bot.operations.doubts import DoubtAlarm
from bot.operations.feed_news import FeedNews
from bot.operations.listener_alarm import ListenerAlarm
from bot.operations.new_drafts import NewDrafts
from bot.operations.restart_guard import RestartGuard
from bot.operations.send_alarm import SendAlarm
from bot.operations.telegram_alarm import TelegramAlarm
from bot.operations.troubles import Troubles
from bot.operations.turns import Turn
from bot.timing.jumps import JumpWatch
from storage.engine.database import Database
from storage.schema.tables import article, delivery, listener, publication
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.rows import NOW, a_draft, a_publication, a_reader
from tests.support.told import People
from tests.support.waiting import until

EDITOR, AUTHOR = 100, 200
Look_ = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Process:
    """What one process tells unasked, each thing as it is wired."""

    store: Store
    people: People
    clock: TestClock
    troubles: Troubles = field(init=False)

    def __post_init__(self) -> None:
        self.troubles = Troubles(
            owners=cast("Any", self.people),
            facts=self.store.facts,
            turn=self.turn("troubles"),
            clock=self.clock,
            wake=lambda: None,
        )

    def turn(self, name: str) -> Turn:
        return Turn(name=name, clock=self.clock, leases=self.store.leases)

    def looks(self) -> dict[str, Look_]:
        store, people, clock = self.store, cast("Any", self.people), self.clock
        common = {"owners": people, "clock": clock}
        news = FeedNews(
            feeds=store.feeds, notices=store.feed_notices, articles=store.articles, editors=store.editors,
            people=people, turn=self.turn("feeds"), **common,
        )  # fmt: skip
        drafts = NewDrafts(
            articles=store.articles, feed_items=store.feed_items, editors=store.editors, facts=store.facts,
            notices=people, turn=self.turn("drafts"), clock=clock,
        )  # fmt: skip
        sends = SendAlarm(
            throttles=store.throttles, sends=store.sends, publications=store.publications, articles=store.articles,
            facts=store.facts, turn=self.turn("sends"), wake=lambda: None, **common,
        )  # fmt: skip
        guard = RestartGuard(
            facts=store.facts, backlogs=store.backlogs, continuity=store.continuity, turn=self.turn("backlog"),
            wake=lambda: None, **common,
        )  # fmt: skip
        unread = TelegramAlarm(
            troubles=self.troubles, turn=self.turn("unread"), inbox=store.inbox, facts=store.facts,
            count_soon=lambda: None, **common,
        )  # fmt: skip
        doubts = DoubtAlarm(uncertain=store.uncertain, facts=store.facts, turn=self.turn("doubts"), **common)
        listeners = ListenerAlarm(listeners=store.listeners, owners=people, turn=self.turn("listeners"))
        return {
            "a flood of a feed": news.look,
            "new drafts": drafts.look,
            "a halted send": sends.look,
            "what waits after a stop": guard.ask,
            "what could not be read": unread.count_unread,
            "uncertain digests": doubts.look,
            "a listener": listeners.look,
            "a trouble with Telegram": self.troubles.tell,
        }


async def _all_there_is(store: Store, database: Database) -> None:
    """Have something of each kind to tell."""
    for user_id, role in ((EDITOR, Role.OWNER), (AUTHOR, Role.AUTHOR)):
        await store.editors.appoint(Editor(user_id, role, "Леся"), None, NOW)
    feed = await store.feeds.add("https://1.example/feed", "Стрічка", FeedMode.PUBLISH, FeedState.ACTIVE, EDITOR, NOW)
    await store.feed_notices.add(feed, NoticeKind.FLOOD, {"n": 30}, NOW)
    draft = await a_draft(database)
    _, number = await a_publication(database, "Рада ухвалила бюджет")
    known = await a_reader(database)
    lost = {
        "kind": DeliveryKind.NOTE,
        "lane": Priority.INSTANT,
        "state": DeliveryState.UNCERTAIN,
        "asked_at": NOW,
        "finished_at": NOW,
    }
    added = await store.listeners.add("https://1.example/hook", "whsec_", EVERYTHING, 20, NOW)
    over = {"state": ListenerState.DISABLED, "reason": "gone", "news": ListenerNews.DISABLED, "news_at": NOW}
    async with database.write() as connection:
        await connection.execute(update(article).where(article.c.id == draft).values(author_id=AUTHOR, created_at=NOW))
        halted = update(publication).where(publication.c.id == number)
        await connection.execute(halted.values(state=PublicationState.PAUSED, reason="spike"))
        row = {"reader_id": known.id, "article_id": 1, "not_before": NOW, "created_at": NOW, **lost}
        await connection.execute(insert(delivery).values(row))
        await connection.execute(update(listener).where(listener.c.id == added).values(over))
    await store.inbox.store_poisoned(7, "{}", "RecursionError", NOW)
    await store.facts.put("held-since", {"since": NOW.isoformat(), "newest": 9, "planned_to": None}, NOW)


async def test_what_a_killed_process_was_telling_is_told_by_another_one(database: Database) -> None:
    clock = TestClock(NOW, speed=0)
    dies = Process(Store(database, "dies"), People(hang=True), clock)
    lives = Process(Store(database, "lives"), People(), clock)
    await _all_there_is(dies.store, database)
    dies.troubles.note(Happening(matter=Matter.WEBHOOK))
    async with _hanging(dies):
        for name, look in lives.looks().items():
            await look()
            assert lives.people.cards == [], f"two tell at once: {name}"
        clock.advance(minutes=4)
        for name, look in lives.looks().items():
            for _ in range(2):
                await look()
            assert len(lives.people.cards) == 1, name
            lives.people.cards.clear()
    clock.advance(minutes=4)
    for look in Process(Store(database, "later"), lives.people, clock).looks().values():
        await look()
    assert lives.people.cards == [], "it is told once"


@asynccontextmanager
async def _hanging(process: Process) -> AsyncIterator[None]:
    """Have a process stand in the middle of telling each thing, for whoever looks meanwhile."""
    begun: list[asyncio.Future[None]] = []
    try:
        for name, look in process.looks().items():
            process.people.begun.clear()
            begun.append(asyncio.ensure_future(look()))
            await until(process.people.begun.is_set, name)
        yield
    finally:
        for one in begun:
            one.cancel()
        await asyncio.wait(begun)


async def test_a_jump_of_the_clock_that_a_killed_process_saw_is_told_by_the_next_one(database: Database) -> None:
    clock = TestClock(NOW, speed=0)
    dies = Process(Store(database, "dies"), People(hang=True), clock)
    await dies.store.editors.appoint(Editor(EDITOR, Role.OWNER, "Леся"), None, NOW)
    guard = ClockGuard(
        watch=JumpWatch(clock),
        moments=dies.store.moments,
        facts=dies.store.facts,
        vitals=dies.store.vitals,
        troubles=dies.troubles,
        clock=clock,
        look_again=lambda: None,
    )
    await guard.start()
    clock.jump(hours=2)
    await guard.look()
    telling = asyncio.ensure_future(dies.troubles.tell())
    await until(dies.people.begun.is_set, "nobody is told")
    lives = Process(Store(database, "lives"), People(), clock)
    clock.advance(minutes=4)
    await lives.troubles.tell()
    await lives.troubles.tell()
    telling.cancel()
    await asyncio.wait([telling])
    assert len(lives.people.cards) == 1
    assert "14:00" in lives.people.cards[0]
    assert "16:00" in lives.people.cards[0]


async def test_two_processes_beside_each_other_tell_each_thing_once(database: Database) -> None:
    clock, people = TestClock(NOW, speed=0), People()
    one, other = (Process(Store(database, name), people, clock) for name in ("one", "other"))
    await _all_there_is(one.store, database)
    for process in (one, other):
        process.troubles.note(Happening(matter=Matter.WAIT, until=NOW))
    for _ in range(5):
        pairs = zip(one.looks().values(), other.looks().values(), strict=True)
        await asyncio.gather(*(look() for pair in pairs for look in pair))
        clock.advance(seconds=10)
    assert len(people.cards) == len(set(people.cards)) == len(one.looks())


async def test_two_looks_of_one_process_at_once_tell_each_thing_once(database: Database) -> None:
    clock, people = TestClock(NOW, speed=0), People()
    process = Process(Store(database, "me"), people, clock)
    await _all_there_is(process.store, database)
    looks = process.looks()
    await asyncio.gather(*(look() for look in [*looks.values(), *looks.values()]))
    assert len(people.cards) == len(set(people.cards)) == len(looks) - 1  # of Telegram there is no trouble


async def test_what_reaches_nobody_is_tried_again_seldom_and_then_told_once(database: Database) -> None:
    clock, people = TestClock(NOW, speed=0), People(reached=False)
    process = Process(Store(database, "me"), people, clock)
    await _all_there_is(process.store, database)
    process.troubles.note(Happening(matter=Matter.RIVAL, since=NOW))
    looks = process.looks()
    for turn in range(40):
        people.reached = turn > 20
        for look in looks.values():
            await look()
        clock.advance(minutes=1)
    assert len(people.cards) == len(set(people.cards)) == len(looks)


async def test_a_newer_trouble_that_comes_while_an_older_one_is_told_is_told_after_it(database: Database) -> None:
    clock, people = TestClock(NOW, speed=0), People()
    process = Process(Store(database, "me"), people, clock)
    tell = people.tell

    async def slowly(*about: Any) -> bool:
        if not people.cards:
            process.troubles.note(Happening(matter=Matter.FAILS, reason="Connection refused", number=2))
        return await tell(*about)

    process.troubles.owners = cast("Any", type("Slow", (), {"tell": staticmethod(slowly)})())
    process.troubles.note(Happening(matter=Matter.FAILS, reason="Wrong certificate", number=1))
    for _ in range(3):
        await process.troubles.tell()
    assert [("Wrong" in card, "refused" in card) for card in people.cards] == [(True, False), (False, True)]
    process.troubles.note(Happening(matter=Matter.FAILS, reason="Once more", number=3))
    await process.troubles.tell()
    assert len(people.cards) == 2, "not again for a quarter of an hour"


async def test_a_send_that_is_halted_again_is_told_again(database: Database) -> None:
    clock, people = TestClock(NOW, speed=0), People()
    process = Process(Store(database, "me"), people, clock)
    _, number = await a_publication(database, "Рада ухвалила бюджет")
    running = update(publication).where(publication.c.id == number).values(state=PublicationState.RUNNING)
    look = process.looks()["a halted send"]
    alarm = cast("SendAlarm", look.__self__)  # type: ignore[attr-defined]
    for turn in range(2):
        async with database.write() as connection:
            await connection.execute(running)
        await alarm.spiked(number, "Bad Request: odd")
        for _ in range(2):
            await look()
        assert len(people.cards) == turn + 1
        assert "Bad Request: odd" in people.cards[-1]
