"""Fan-out when one publication cannot begin or go on: the others do, and it is not tried again every second."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.delivery.fan_out import FanOut
from bot.model.desk import Order, PublicationState
from bot.model.news import ArticleState
from storage.engine.database import Database
from storage.schema.tables import article, publication
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.rows import NO_TERMS, NOW, a_draft, a_reader


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


def _fan_out(store: Store, clock: TestClock, publications: Any) -> FanOut:
    return FanOut(
        articles=store.articles,
        publications=publications,
        corrections=store.corrections,
        stories=store.stories,
        keywords=store.keywords,
        clock=clock,
        wake_sender=lambda: None,
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
