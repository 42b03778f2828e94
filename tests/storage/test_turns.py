"""Turns of the ledger are for changing: looking takes none, and much is changed in stretches."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.backlog import Waterline
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction
from bot.model.ledger import DeliveryState, Finish
from bot.model.news import RevisionKind
from storage.delivery.backlog import Backlogs
from storage.delivery.corrections import Corrections
from storage.delivery.digests import Digests
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.sends import Sends
from storage.engine.database import Database
from storage.schema.tables import delivery
from tests.support.rows import NO_TERMS, NOW, a_crowd, a_matter, a_publication, claimed

SHELF = timedelta(hours=6)
LATE = NOW + timedelta(hours=7)


class CountingTurns(Database):
    """A database that counts its turns."""

    turns = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[AsyncConnection]:
        self.turns += 1
        async with super().turn() as connection:
            yield connection


async def _fanned(database: Database, title: str) -> tuple[int, int]:
    article_id, number = await a_publication(database, title)
    await Publications(database).fan_out(number, a_matter(), 1000, NOW, SHELF)
    return article_id, number


async def _states(database: Database) -> list[DeliveryState]:
    async with database.read() as connection:
        return list((await connection.execute(select(delivery.c.state).order_by(delivery.c.id))).scalars())


async def test_looking_at_what_waits_takes_no_turn(database_url: str) -> None:
    database = CountingTurns(database_url)
    await a_crowd(database, range(501, 504))
    await _fanned(database, "Міст")
    assert await Ledger(database, "me").expire(NOW) == 0
    assert not await Sends(database).follow(NOW)
    assert await Digests(database).promise(NOW) == 0
    assert database.turns == 0
    await database.close()


async def test_what_is_paused_stopped_late_or_dropped_changes_in_stretches(database_url: str) -> None:
    database = CountingTurns(database_url)
    sends, ledger = Sends(database), Ledger(database, "me")
    await a_crowd(database, range(501, 506))
    _, first = await _fanned(database, "Міст")
    await sends.pause(first, "", 1, NOW)
    steps = [await sends.follow(NOW, 2) for _ in range(4)]
    assert (steps, set(await _states(database))) == ([True, True, True, False], {DeliveryState.PARKED})
    await sends.resume(first, 1, NOW)
    steps = [await sends.follow(NOW, 2) for _ in range(4)]
    assert (steps, set(await _states(database))) == ([True, True, True, False], {DeliveryState.QUEUED})
    assert [await ledger.expire(LATE, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert set(await _states(database)) == {DeliveryState.HELD}
    line = Waterline(since=LATE, newest=first)
    assert [await Backlogs(database).drop(line, LATE, 2) for _ in range(4)] == [2, 2, 1, 0]
    tally = (await Publications(database).get(first)).tally
    assert (tally.total, tally.dropped, tally.held, tally.left) == (5, 5, 0, 0)
    await database.close()


async def test_copies_that_arrive_at_a_corrections_end_are_renewed_in_stretches(database: Database) -> None:
    await a_crowd(database, range(501, 506))
    article_id, _ = await _fanned(database, "Міст")
    ledger, corrections = Ledger(database, "me"), Corrections(database)
    flying = await claimed(ledger)
    changes = ArticleChanges(title="Мости")
    wanted = Correction(article_id=article_id, version=2, kind=RevisionKind.TYPO, by=1, changes=changes, terms=NO_TERMS)
    number = await corrections.correct(wanted, NOW)
    while await corrections.spread(number, 1000, NOW):
        pass
    assert await Publications(database).fanning()  # copies of the old text are in the air
    await ledger.finish([(one.id, Finish(DeliveryState.SENT, message_id=one.id)) for one in flying], NOW)
    steps = [await corrections.spread(number, 2, NOW) for _ in range(4)]
    assert (steps, await Publications(database).fanning()) == ([True, True, True, False], [])
    assert (await Publications(database).get(number)).tally.total == 5
