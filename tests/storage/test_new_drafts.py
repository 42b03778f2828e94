"""Telling editors of new drafts, of any number of them: over real rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import insert

from bot.model.desk import Editor, Role
from bot.model.news import ArticleState
from bot.operations.new_drafts import LATELY, NewDrafts
from bot.operations.turns import Turn
from bot.screens.card import Card
from bot.screens.look import Look
from storage.engine.database import Database
from storage.schema.tables import article
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.rows import NOW

AUTHOR, EDITOR = 200, 100


@dataclass(slots=True)
class Told:
    """What editors were told, in titles of cards."""

    cards: list[str] = field(default_factory=list)
    reached: bool = True

    async def tell(self, user_id: int, draw: Callable[[Look], Card]) -> bool:
        assert user_id == EDITOR
        if not self.reached:
            return False
        self.cards.append(draw(Look("uk", "Europe/Kyiv", NOW)).text.text.partition("\n")[0])
        return True


async def _writes(database: Database, number: int, clock: TestClock) -> None:
    at = clock.now()
    row = {
        "state": ArticleState.DRAFT, "title": "Міст", "lead": "", "body": "", "language": "uk", "url": "", "url_key": "",
        "author_id": AUTHOR, "created_at": at, "updated_at": at, "minutes": 1, "urgent": False,
    }  # fmt: skip
    async with database.write() as connection:
        await connection.execute(insert(article), [row for _ in range(number)])


async def _newsroom(database: Database, told: Told, clock: TestClock) -> NewDrafts:
    store = Store(database, "me")
    for user_id, role in ((EDITOR, Role.OWNER), (AUTHOR, Role.AUTHOR)):
        await store.editors.appoint(Editor(user_id, role, "Леся"), None, NOW)
    return NewDrafts(
        articles=store.articles,
        feed_items=store.feed_items,
        editors=store.editors,
        facts=store.facts,
        notices=cast("Any", told),
        turn=Turn(name="drafts", clock=clock, leases=store.leases),
        clock=clock,
    )


async def test_what_reached_no_editor_is_told_a_quarter_of_an_hour_later(database: Database) -> None:
    told, clock = Told(), TestClock(NOW, speed=0)
    new = await _newsroom(database, told, clock)
    for reached, writes, says in (
        (True, 2, ["📝 2 нові чернетки"]),
        (False, 2, []),  # Telegram is away
        (True, 3, ["📝 5 нових чернеток"]),
        (True, 0, []),
    ):
        told.cards.clear()
        told.reached = reached
        if writes:
            await _writes(database, writes, clock)
        for _ in range(2):
            await new.look()
        assert told.cards == says, writes
        clock.advance(minutes=16)


async def test_of_more_drafts_than_are_remembered_each_is_told_once_all_the_same(database: Database) -> None:
    told, clock = Told(), TestClock(NOW, speed=0)
    new = await _newsroom(database, told, clock)
    for number, says in ((700, ["📝 700 нових чернеток"]), (0, []), (2, ["📝 2 нові чернетки"]), (0, [])):
        told.cards.clear()
        if number:
            await _writes(database, number, clock)
        await new.look()
        assert told.cards == says, number
        clock.advance(minutes=16)
    assert clock.now() - NOW < LATELY, "all of them are still looked at"
