"""The machine's clock jumps while the bot runs: nothing stands still, nothing is taken for lost, the owner hears of it."""

import asyncio
from datetime import datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg import AsyncConnection
from sqlalchemy import func, make_url, select, update

from bot.delivery.pacing import ChatPacer
from bot.delivery.sieve import Sieve
from bot.model.desk import Editor, Order, Role
from bot.model.ledger import DeliveryKind, DeliveryState
from bot.model.news import FromEditor, Incoming
from bot.model.readers import Hourly, Quiet
from bot.model.relevance import PreparedArticle, WrittenArticle
from bot.operations.clock_guard import ClockGuard
from bot.operations.troubles import Troubles
from bot.operations.turns import Turn
from bot.sandbox.world import Person
from bot.timing.clock import SystemClock
from bot.timing.jumps import JumpWatch
from storage.delivery.digests import Digests
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.schema.tables import delivery, digest, inbox, lease, publication, reader
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.process import Process
from tests.support.rows import LEASE, NO_TERMS, NOW, a_draft, a_matter, a_publication, a_reader, claimed
from tests.support.sending import Scripted, a_sender, running, settled
from tests.support.standin import TOKEN, open_standin
from tests.support.told import People
from tests.support.waiting import until

BACK = timedelta(hours=3)
SHELF = timedelta(hours=6)
READERS = 12


async def _a_send(database: Database, at: object = NOW) -> int:
    for number in range(READERS):
        await a_reader(database, chat_id=1000 + number)
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 1000, at, SHELF)  # type: ignore[arg-type]
    return number


async def test_what_was_due_when_the_clock_was_set_back_is_sent(database: Database) -> None:
    await _a_send(database)
    clock = TestClock(NOW)
    clock.jump(hours=-3)
    store = Store(database, "me")
    assert await claimed(store.ledger, at=clock.now()) == [], "by itself it would wait for three hours"
    place: int | None = 0
    while place is not None:
        place = await store.moments.bring_forward(place, clock.now(), NOW, 5)
    async with running(a_sender(database, Scripted(), clock=clock)):
        assert await settled(database) == {DeliveryState.SENT: READERS}


async def test_what_waits_for_the_morning_is_looked_at_once_and_waits_on(database: Database) -> None:
    store, night = Store(database, "me"), NOW.replace(hour=4, minute=58)  # two minutes before seven in Kyiv
    clock, rows = TestClock(night), {"kind": DeliveryKind.NOTE, "lane": 2, "state": DeliveryState.QUEUED}
    sieve = Sieve(ChatPacer(clock), clock)
    for number in range(3):
        whose = await a_reader(database, chat_id=1000 + number, quiet=Quiet(time(22), time(7)))
        async with database.write() as connection:
            at = {"reader_id": whose.id, "not_before": night, "created_at": night}
            await connection.execute(delivery.insert().values(**rows, **at))
    assert (await store.ledger.claim(10, night, LEASE, sieve.aside)).aside == 3
    clock.jump(hours=-3)
    place: int | None = 0
    for left in (2, 1, 0):
        assert place is not None
        place = await store.moments.bring_forward(place, clock.now(), night, 1)
        assert (await store.ledger.claim(10, clock.now(), LEASE, sieve.aside)).aside == 1, left
    assert place is not None
    assert await store.moments.bring_forward(place, clock.now(), night, 1) is None


async def test_orders_keep_their_seconds_and_moments_further_away_stay_moments(database: Database) -> None:
    store = Store(database, "me")
    times = {"due": NOW - timedelta(seconds=1), "undo": NOW + timedelta(seconds=30), "later": NOW + timedelta(hours=1)}
    orders = {}
    for name, at in times.items():
        orders[name] = await store.publications.order(Order(await a_draft(database, name), 0, at, 100), NOW)
    for _ in range(2):  # two processes notice it
        await store.moments.bring_orders_forward(NOW - BACK, NOW)
    async with database.read() as connection:
        found = {row.id: row.at for row in await connection.execute(select(publication.c.id, publication.c.at))}
    assert {name: found[number] for name, number in orders.items()} == {
        "due": NOW - BACK,
        "undo": NOW - BACK + timedelta(seconds=30),
        "later": NOW + timedelta(hours=1),
    }


async def test_an_hourly_digest_comes_within_the_hour_although_that_hour_had_one(database: Database) -> None:
    store = Store(database, "me")
    one = await a_reader(database, schedule=Hourly())
    hour = NOW - timedelta(hours=1)
    for at, title in ((hour, "Перша"), (NOW, "Друга")):
        _, number = await a_publication(database, title)
        await store.publications.fan_out(number, a_matter(), 1000, at, SHELF)
        async with database.write() as connection:
            await connection.execute(update(reader).where(reader.c.id == one.id).values(next_digest_at=at))
        assert await store.digests.build(at) == 1
    _, number = await a_publication(database, "Третя")
    await store.publications.fan_out(number, a_matter(), 1000, NOW, SHELF)
    now = hour - timedelta(minutes=10)
    assert await store.moments.plan_digests(0, now) is None
    assert await Digests(database).build(hour + timedelta(seconds=1)) == 1, "it waits for an hour of the old clock"
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(digest)) == 3
        bundled = select(func.count()).where(delivery.c.state == DeliveryState.BUNDLED)
        assert await connection.scalar(bundled) == 3


async def test_leases_of_the_old_clock_end_within_minutes(database: Database) -> None:
    gone, store = Store(database, "gone"), Store(database, "me")
    await _a_send(database)
    assert await claimed(gone.ledger)
    await gone.inbox.store([(1, 1, "{}")], NOW)
    assert await gone.inbox.claim(1, NOW, LEASE)
    assert await gone.leases.take("poll", NOW, NOW + LEASE)
    await store.moments.bring_orders_forward(NOW - BACK, NOW)
    soon = NOW - BACK + timedelta(minutes=4)
    assert (await store.ledger.recover(soon))[DeliveryState.UNCERTAIN] == 10
    assert await store.inbox.take_over(soon) == 1
    assert await store.leases.take("poll", soon, soon + LEASE)


@pytest.mark.parametrize("jump", [timedelta(hours=2), -BACK], ids=["forward", "back"])
async def test_a_living_process_never_takes_its_own_for_lost(jump: timedelta, database: Database) -> None:
    store = Store(database, "me")
    await _a_send(database)
    mine = await claimed(store.ledger)
    await store.inbox.store([(1, 1, "{}")], NOW)
    assert await store.inbox.claim(1, NOW, LEASE)
    assert await store.leases.take("poll", NOW, NOW + LEASE)
    now = NOW + jump
    assert not any((await store.ledger.recover(now)).values())
    assert await store.inbox.take_over(now) == 0
    assert await store.inbox.claim(1, now, LEASE) == [], "handled twice"
    assert await store.leases.take("poll", now, now + LEASE)
    async with database.read() as connection:
        sending = select(func.count()).where(delivery.c.state == DeliveryState.SENDING)
        assert await connection.scalar(sending) == len(mine)
        assert await connection.scalar(select(inbox.c.attempts)) == 1
        assert await connection.scalar(select(lease.c.holder)) == "me"


@pytest.mark.thorough
async def test_a_real_process_goes_on_and_says_so_when_its_clock_is_set_back(sqlite_url: str, tmp_path: Path) -> None:
    offset = tmp_path / "offset"
    offset.write_text("0", encoding="utf-8")
    async with open_standin() as standin:
        for number in (1, 1000):
            standin.world.add_person(Person(number, "Оля", "uk"))
        settings = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": standin.address, "DATABASE_URL": sqlite_url, "ADMINS": "1"}
        process = Process(settings, tmp_path / "bot.log", (str(offset),), "tests.support.jumping")
        await process.start()
        try:
            await until(lambda: bool(standin.api._poll), "it stands still")
            await asyncio.sleep(2.5)  # everything has been planned by then
            offset.write_text("-10800", encoding="utf-8")
            database = Database(sqlite_url)
            await a_reader(database, chat_id=1000)
            incoming = Incoming(title="Міст відкрили", source="Вісник", identity="test:jump")
            prepared = PreparedArticle(incoming, FromEditor(100), WrittenArticle("", NO_TERMS, 1), ())
            store = Store(database, "test")
            article_id = await store.articles.draft(prepared, NOW)
            await store.publications.order(Order(article_id, 0, NOW, 100), NOW)
            await until(lambda: standin.headlines("Міст відкрили") == [1000], "it stands still")
            await until(lambda: standin.headlines("🕒") == [1], "it stands still")
            await database.close()
            assert "jumped" in process.log.read_text(encoding="utf-8")
            assert await process.stop() == 0
        finally:
            await process.end()


class Machine(TestClock):
    """The clock of a machine that is ahead by seconds, and may get to its next step only after some."""

    def __init__(self, ahead: float = 0, waits: float = 0) -> None:
        super().__init__(SystemClock().now())
        self._ahead, self._waits = ahead, waits

    def wall(self) -> datetime:
        waits, self._waits = self._waits, 0.0
        return SystemClock().now() + timedelta(seconds=self._ahead - waits)


@pytest.mark.parametrize(("ahead", "words"), [(600, "поспішає на 600"), (-600, "відстає на 600"), (1, "")])
async def test_owners_hear_of_a_clock_that_is_not_that_of_the_machines_beside(
    postgres_url: str, ahead: int, words: str
) -> None:
    database, people = Database(postgres_url), People()
    store = Store(database, "me")
    await store.editors.appoint(Editor(100, Role.OWNER, "Леся"), None, NOW)
    clock = Machine(ahead)
    turn = Turn(name="troubles", clock=clock, leases=store.leases)
    parts: dict[str, Any] = {"owners": people, "facts": store.facts, "turn": turn}
    troubles = Troubles(clock=clock, wake=lambda: None, **parts)
    guard = ClockGuard(
        watch=JumpWatch(clock), moments=store.moments, facts=store.facts, vitals=store.vitals, troubles=troubles,
        clock=clock, look_again=lambda: None,
    )  # fmt: skip
    await guard.compare()
    await troubles.tell()
    assert people.cards == [], "nobody is beside it"
    address = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await AsyncConnection.connect(address, application_name="visnyk 0031 another"):
        for _ in range(3):
            await guard.compare()
            await troubles.tell()
            clock.advance(hours=1)
    assert [words in card for card in people.cards] == ([True] if words else [])
    await database.close()


async def test_a_clock_is_not_taken_for_another_where_asking_the_database_takes_seconds(postgres_url: str) -> None:
    database = Database(postgres_url)
    store, clock = Store(database, "me"), TestClock()
    noted: list[Any] = []
    parts: dict[str, Any] = {"troubles": SimpleNamespace(note=noted.append), "look_again": lambda: None}
    guard = ClockGuard(
        watch=JumpWatch(clock), moments=store.moments, facts=store.facts, vitals=store.vitals, clock=Machine(waits=9),
        **parts,
    )  # fmt: skip
    address = make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await AsyncConnection.connect(address, application_name="visnyk 0031 another"):
        await guard.compare()
    assert noted == []
    await database.close()
