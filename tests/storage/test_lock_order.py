"""PostgreSQL: who wants several rows wants them in the order in which everybody does, so that no two wait for each other.

The other one's locks are taken by hand here: what it has first, and, when the change waits for that, what it wants next.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.asking import Found, Unclear
from bot.model.desk import PublicationState
from bot.model.ledger import Delivery, DeliveryState, Finish
from bot.model.readers import Hourly
from storage.engine.database import Database
from storage.schema.migrate import migrate, move, revision_of
from storage.schema.migrations import HEAD
from storage.schema.tables import delivery, publication, shown
from storage.store import Store
from tests.support.rows import NOW, a_crowd, a_matter, a_publication, a_reader, claimed
from tests.support.together import through_or_blocked

SHELF = timedelta(hours=6)


@pytest.fixture
async def server(postgres_url: str) -> AsyncIterator[Database]:
    database = Database(postgres_url)
    yield database
    await database.close()


async def _fanned(store: Store, database: Database, title: str) -> int:
    _, number = await a_publication(database, title)
    await store.publications.fan_out(number, a_matter(), 1000, NOW, SHELF)
    return number


async def _beside(
    database: Database, other: AsyncConnection, change: Coroutine[Any, Any, Any], first: Select[Any], then: Select[Any]
) -> "asyncio.Task[Any]":
    """Make a change beside another one, which has its first row and wants its next when the change waits."""
    await other.execute(first.with_for_update())
    making = asyncio.ensure_future(change)
    await through_or_blocked(making, database)
    await other.execute(then.with_for_update())
    return making


def _send(number: int) -> Select[Any]:
    return select(publication.c.id).where(publication.c.id == number)


async def test_whoever_leaves_beside_sends_that_are_stopped(server: Database) -> None:
    store, anna = Store(server, "me"), await a_reader(server, schedule=Hourly())
    for title in ("Міст відкрили", "Ринок закрили"):
        await _fanned(store, server, title)
    row = select(delivery.c.id)
    async with server.turn() as stopping:
        leaving = store.readers.drop_held(anna.id)
        made = await _beside(server, stopping, leaving, row.where(delivery.c.id == 2), row.where(delivery.c.id == 1))
    await made
    async with server.read() as connection:
        states = (await connection.execute(select(delivery.c.state))).scalars().all()
    assert states == [DeliveryState.DROPPED] * 2


async def _in_doubt(store: Store, database: Database) -> tuple[list[int], list[int]]:
    """Return two sends, and a delivery of each of which nobody knows; the other readers' wait."""
    await a_crowd(database, (501, 502))
    sends = [await _fanned(store, database, title) for title in ("Міст відкрили", "Ринок закрили")]
    (first, _) = await claimed(store.ledger)
    await store.ledger.finish([(first.id, Finish(DeliveryState.UNCERTAIN, "reset"))], NOW)
    async with database.write() as connection:  # its chat has nothing in flight by now
        rows = (
            await connection.execute(select(delivery.c.id).order_by(delivery.c.publication_id, delivery.c.id))
        ).all()
        lost = [rows[0].id, rows[2].id]
        gone = {"state": DeliveryState.UNCERTAIN, "holder": "me", "attempts": 1, "reason": "crash"}
        await connection.execute(update(delivery).where(delivery.c.id.in_(lost)).values(gone))
    return sends, lost


async def test_what_telegram_says_of_two_sends_beside_outcomes_of_both(server: Database) -> None:
    store = Store(server, "me")
    (one, two), lost = await _in_doubt(store, server)
    doubts = {doubt.id: doubt for doubt in await store.doubts.open()}
    verdicts = {doubts[lost[0]]: Unclear(), doubts[lost[1]]: Found(77)}
    async with server.write() as recording:
        settling = store.doubts.settle(verdicts, NOW)
        made = await _beside(server, recording, settling, _send(one), _send(two))
    findings = await made
    assert (findings.found, findings.unclear) == (1, 1)


async def test_answers_that_came_late_beside_outcomes_of_their_sends(server: Database) -> None:
    store = Store(server, "me")
    (one, two), lost = await _in_doubt(store, server)
    async with server.write() as connection:
        stopped = update(publication).where(publication.c.id == two).values(state=PublicationState.STOPPED)
        await connection.execute(stopped)
    late = [(number, Finish(DeliveryState.SENT, message_id=70 + number)) for number in lost]
    async with server.write() as recording:
        made = await _beside(server, recording, store.ledger.finish(late, NOW), _send(one), _send(two))
    await made
    async with server.read() as connection:
        sent = await connection.execute(select(delivery.c.id).where(delivery.c.state == DeliveryState.SENT))
        assert sorted(sent.scalars()) == sorted(lost)


async def test_the_newest_tables_beside_a_stretch_of_a_correction(server: Database, postgres_url: str) -> None:
    _, number = await a_publication(server)
    async with server.write() as connection:
        await move(connection, "0034")
    newer = Database(postgres_url)
    async with server.write() as stretch:  # which reads what messages show, and has its place in the end
        await stretch.execute(_send(number).with_for_update())
        await stretch.execute(select(shown.c.chat_id))
        migrating = asyncio.ensure_future(migrate(newer))
        await through_or_blocked(migrating, server)
        await stretch.execute(update(publication).where(publication.c.id == number).values(total=1))
    await migrating
    assert await revision_of(newer) == HEAD
    await newer.close()


async def _a_digest_of_the_second(store: Store, database: Database) -> tuple[list[int], list[Delivery]]:
    """Return two sends, a headline of the first, and a digest with a line of the second."""
    await a_reader(database, chat_id=501)
    one = await _fanned(store, database, "Міст відкрили")
    await a_reader(database, chat_id=502, schedule=Hourly())
    two = await _fanned(store, database, "Ринок закрили")
    later = NOW + timedelta(hours=2)
    await store.digests.build(later)
    return [one, two], await claimed(store.ledger, at=later)


async def test_a_digest_that_fails_beside_outcomes_of_the_sends_of_its_lines(server: Database) -> None:
    store = Store(server, "me")
    (one, two), taken = await _a_digest_of_the_second(store, server)
    steps = [
        (row.id, Finish(DeliveryState.FAILED, "bad") if row.digest_id else Finish(DeliveryState.SENT, message_id=70))
        for row in taken
    ]
    assert {row.digest_id is None for row in taken} == {True, False}
    async with server.write() as recording:
        made = await _beside(server, recording, store.ledger.finish(steps, NOW), _send(one), _send(two))
    await made
    counts = [(await store.publications.get(number)).tally for number in (one, two)]
    assert (counts[0].sent, counts[1].failed) == (1, 1)


@pytest.mark.parametrize("order", [1, -1])
async def test_digests_that_fail_beside_a_correction_of_their_lines(server: Database, order: int) -> None:
    store = Store(server, "me")
    for chat_id in (501, 502):
        await a_reader(server, chat_id=chat_id, schedule=Hourly())
    await _fanned(store, server, "Міст відкрили")
    later = NOW + timedelta(hours=2)
    await store.digests.build(later)
    steps = [(row.id, Finish(DeliveryState.FAILED, "bad")) for row in await claimed(store.ledger, at=later)]
    of_lines = select(delivery.c.id).where(delivery.c.state == DeliveryState.BUNDLED).order_by(delivery.c.id)
    async with server.read() as connection:
        lines = (await connection.execute(of_lines)).scalars().all()
    first, then = (select(delivery.c.id).where(delivery.c.id == line) for line in lines[::order])
    async with server.turn() as correcting:
        made = await _beside(server, correcting, store.ledger.finish(steps, NOW), first, then)
    await made
    async with server.read() as connection:
        states = (await connection.execute(select(delivery.c.state))).scalars().all()
    assert states == [DeliveryState.FAILED] * 4
