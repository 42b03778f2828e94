"""Fan-out when one publication cannot begin or go on: the others do, and it is not tried again every second."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from bot.delivery.fan_out import FanOut
from bot.delivery.pacing import ChatPacer
from bot.delivery.sieve import Sieve
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction, Order, PublicationState
from bot.model.ledger import DeliveryKind, DeliveryState, Finish
from bot.model.news import ArticleState, RevisionKind
from bot.model.readers import AtHours, Quiet
from storage.engine.database import Database
from storage.schema.tables import article, publication, reader, story
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.rows import LEASE, NO_TERMS, NOW, a_draft, a_matter, a_publication, a_reader, claimed


@dataclass(slots=True)
class Broken:
    """A store whose method raises for one number; counts how often it was tried."""

    store: Any
    method: str
    number: int
    tries: list[int] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.store, name)
        if name != self.method:
            return found

        async def call(number: int, *arguments: Any) -> Any:
            if number == self.number:
                self.tries.append(number)
                raise RuntimeError("nobody thought of this")
            return await found(number, *arguments)

        return call


def _fan_out(store: Store, clock: TestClock, publications: Any, woken: list[int] | None = None) -> FanOut:
    return FanOut(
        articles=store.articles,
        publications=publications,
        corrections=store.corrections,
        stories=store.stories,
        keywords=store.keywords,
        clock=clock,
        wake_sender=lambda: (woken if woken is not None else []).append(1),
        held=lambda: False,
    )


async def _ordered(store: Store, *titles: str) -> list[int]:
    return [
        await store.publications.order(Order(await a_draft(store.database, title), 0, NOW, 100), NOW)
        for title in titles
    ]


async def _state(database: Database, number: int) -> tuple[PublicationState, int, bool]:
    p = publication.c
    async with database.read() as connection:
        row = (await connection.execute(select(p.state, p.total, p.fan_end).where(p.id == number))).one()
    return row.state, row.total, row.fan_end is None


@pytest.mark.parametrize("method", ["start", "fan_out"])
async def test_one_that_cannot_go_on_holds_up_no_other_and_is_tried_once_a_minute(
    method: str, database: Database
) -> None:
    store, clock = Store(database, "me"), TestClock(NOW, speed=0)
    await a_reader(database)
    first, second = await _ordered(store, "Рада ухвалила бюджет", "Міст відкрили")
    broken = Broken(store.publications, method, first)
    fan_out = _fan_out(store, clock, broken)
    for _ in range(5):
        await fan_out.run_due()
        clock.advance(seconds=1)
    assert await _state(database, second) == (PublicationState.RUNNING, 1, True)
    assert len(broken.tries) == 1
    clock.advance(minutes=1)
    broken.method = ""
    await fan_out.run_due()
    assert await _state(database, first) == (PublicationState.RUNNING, 1, True), "it goes on by itself"


async def test_an_order_whose_article_was_put_away_is_cancelled(database: Database) -> None:
    store, clock = Store(database, "me"), TestClock(NOW, speed=0)
    (number,) = await _ordered(store, "Міст відкрили")
    async with database.write() as connection:
        await connection.execute(update(article).values(state=ArticleState.DISCARDED))
    assert await _fan_out(store, clock, store.publications).run_due() == 0
    assert (await _state(database, number))[0] is PublicationState.CANCELLED
    assert await store.publications.due(clock.now()) == []


async def test_an_order_whose_article_has_just_changed_waits_for_the_next_look(database: Database) -> None:
    store = Store(database, "me")
    (number,) = await _ordered(store, "Міст відкрили")
    assert not await store.publications.start(number, 0, NO_TERMS, NOW)
    assert (await _state(database, number))[0] is PublicationState.SCHEDULED
    assert await store.publications.start(number, 1, NO_TERMS, NOW)


async def test_a_correction_reaches_every_copy_by_itself_and_the_sender_hears_of_it(database: Database) -> None:
    store, clock, woken = Store(database, "me"), TestClock(NOW, speed=0), list[int]()
    await a_reader(database)
    (number,) = await _ordered(store, "Міст відкрили")
    fan_out = _fan_out(store, clock, store.publications, woken)
    assert await fan_out.run_due() == 1
    assert woken, "a send begins"
    (one,) = await claimed(store.ledger)
    await store.ledger.finish([(one.id, Finish(DeliveryState.SENT, message_id=5))], NOW)
    correction = Correction(
        article_id=(await store.publications.get(number)).article_id, version=2, kind=RevisionKind.TYPO, by=1,
        changes=ArticleChanges(title="Міст відкрито"), terms=NO_TERMS,
    )  # fmt: skip
    fix = await store.corrections.correct(correction, NOW)
    woken.clear()
    assert await fan_out.run_due() == 0, "nothing begins"
    assert woken, "copies are to be changed"
    assert await _state(database, fix) == (PublicationState.RUNNING, 1, True)
    assert [row.kind for row in await claimed(store.ledger)] == [DeliveryKind.EDIT]


BRIDGE = "Новий міст через Дніпро відкрили в Києві після десяти років будівництва"


async def _stories(database: Database) -> list[int | None]:
    async with database.read() as connection:
        return list((await connection.execute(select(article.c.story_id).order_by(article.c.id))).scalars())


@pytest.mark.parametrize(
    ("dated", "together"),
    [(None, True), (NOW - timedelta(hours=3), True), (NOW - timedelta(days=30), False)],
    ids=["it has no time of its own", "of this day", "of a month ago"],
)
async def test_what_begins_goes_on_with_a_story_of_its_own_time(
    dated: datetime | None, together: bool, database: Database
) -> None:
    store, clock = Store(database, "me"), TestClock(NOW, speed=0)
    await _ordered(store, BRIDGE)
    fan_out = _fan_out(store, clock, store.publications)
    await fan_out.run_due()
    draft = await a_draft(database, f"{BRIDGE}, перші автобуси вже їдуть", source="Інші", published_at=dated)
    await store.publications.order(Order(draft, 0, NOW, 100), NOW)
    await fan_out.run_due()
    first, second = await _stories(database)
    assert (first is not None and first == second) is together


async def test_what_an_editor_put_into_a_story_stays_there(database: Database) -> None:
    store, clock = Store(database, "me"), TestClock(NOW, speed=0)
    await _ordered(store, BRIDGE)
    fan_out = _fan_out(store, clock, store.publications)
    await fan_out.run_due()
    await _ordered(store, BRIDGE)
    async with database.write() as connection:
        own = await connection.scalar(story.insert().values(updated_at=NOW).returning(story.c.id))
        await connection.execute(update(article).where(article.c.id == 2).values(story_id=own))
    await fan_out.run_due()
    assert (await _stories(database))[1] == own


async def test_what_a_stretch_asks_is_put_together_once(database: Database) -> None:
    """To put its statements together anew takes as long as a thousand rows, and stretches follow one another."""
    store, asked = Store(database, "me"), list[str]()
    for _ in range(3):
        await a_reader(database, quiet=Quiet(time(22), time(7)))
    article_id, number = await a_publication(database)
    await store.stories.begin(article_id, NOW)
    assert await store.publications.fan_out(number, a_matter(), 1, NOW, timedelta(hours=6))
    event.listen(database._writer.sync_engine, "before_execute", lambda _, what, *__: asked.append(str(what)))
    assert await store.publications.fan_out(number, a_matter(), 1, NOW, timedelta(hours=6))
    assert not await store.publications.fan_out(number, a_matter(), 1, NOW, timedelta(hours=6))
    assert not asked
    assert (await _state(database, number))[1:] == (3, True)


async def test_a_reader_in_a_zone_that_this_machine_does_not_know_keeps_no_news_from_anybody(
    database: Database,
) -> None:
    """Some machines know “right/UTC”, and whoever chose it there would stop all sending on another one."""
    store = Store(database, "me")
    quiet = Quiet(time(22), time(7))
    odd = await a_reader(database, quiet=quiet)
    later = await a_reader(database, quiet=quiet, schedule=AtHours((time(14, 5),)))
    other = await a_reader(database)
    async with database.write() as connection:
        strange = update(reader).where(reader.c.id.in_((odd.id, later.id)))
        await connection.execute(strange.values(zone="Mars/Phobos"))
    _, number = await a_publication(database)
    await store.publications.fan_out(number, a_matter(), 1000, NOW, timedelta(hours=6))
    sieve = Sieve(ChatPacer(TestClock(NOW, speed=0)), TestClock(NOW, speed=0))
    got = (await store.ledger.claim(9, NOW, LEASE, sieve.aside)).deliveries
    assert {one.reader.id for one in got} == {odd.id, other.id}
    due = NOW + timedelta(days=1)
    while await store.digests.build(due):
        pass
    (digest,) = await claimed(store.ledger, at=due)
    assert digest.reader.id == later.id
    assert await store.readers.save(digest.reader, due)
