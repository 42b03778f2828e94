"""PostgreSQL: who wants several rows wants them in the order in which everybody does, so that no two wait for each other.

The other one's locks are taken by hand here: what it has first, and, when the change waits for that, what it wants next.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.asking import Found, Unclear
from bot.model.backlog import Waterline
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction, PublicationState
from bot.model.ledger import Delivery, DeliveryKind, DeliveryState, Finish, Policy
from bot.model.news import ArticleState, RevisionKind
from bot.model.readers import Hourly
from storage.engine.database import Database
from storage.schema.migrate import migrate, move, revision_of
from storage.schema.migrations import HEAD
from storage.schema.tables import article, delivery, publication, shown
from storage.store import Store
from tests.support.rows import NO_TERMS, NOW, a_crowd, a_matter, a_publication, a_reader, claimed
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


@pytest.mark.parametrize("act", ["moves", "is erased"])
async def test_the_newest_tables_beside_a_chat_that(server: Database, postgres_url: str, act: str) -> None:
    """What messages show comes before the counters of what ends with the chat."""
    store, one = Store(server, "me"), await a_reader(server, chat_id=-5)
    _, number = await a_publication(server)
    edit = {"reader_id": one.id, "publication_id": number, "kind": DeliveryKind.EDIT, "lane": 2}
    edit |= {"state": DeliveryState.QUEUED, "not_before": NOW, "created_at": NOW, "target_message": 9}
    async with server.write() as connection:
        await connection.execute(delivery.insert().values(edit))
    changing = store.readers.move_chat(-5, -1005, NOW) if act == "moves" else store.personal_data.erase(-5, NOW)
    async with server.write() as migrating:  # in its order: what messages show, then sends
        await migrating.execute(text("LOCK TABLE shown IN ACCESS EXCLUSIVE MODE"))
        made = asyncio.ensure_future(changing)
        await through_or_blocked(made, server)
        await migrating.execute(text("LOCK TABLE publication IN SHARE MODE"))
    await made
    assert (await store.publications.get(number)).tally.dropped == 1


async def _owing(store: Store, database: Database) -> tuple[int, int, list[int]]:
    """Return a correction, a send that came behind it, and a delivery in doubt of that and of what is corrected."""
    (_, two), lost = await _in_doubt(store, database)
    async with database.write() as connection:  # the correction has its number before the second send
        moved = update(publication).where(publication.c.id == two).values(id=two + 10)
        await connection.execute(moved)
        await connection.execute(
            update(delivery).where(delivery.c.publication_id == two).values(publication_id=two + 10)
        )
        of_first = select(delivery.c.article_id).where(delivery.c.id == lost[0]).scalar_subquery()
        number = await connection.scalar(select(article.c.id).where(article.c.id == of_first))
    changes = ArticleChanges(title="Мости")
    wanted = Correction(article_id=number, version=2, kind=RevisionKind.TYPO, by=1, changes=changes, terms=NO_TERMS)
    return await store.corrections.correct(wanted, NOW), two + 10, lost


async def _edits_owed(database: Database) -> int:
    edits = select(func.count()).select_from(delivery).where(delivery.c.kind == DeliveryKind.EDIT)
    async with database.read() as connection:
        return int(await connection.scalar(edits) or 0)


async def test_answers_that_came_late_and_are_owed_an_edit_beside_outcomes_of_its_send(server: Database) -> None:
    store = Store(server, "me")
    correction, later, lost = await _owing(store, server)
    late = [(number, Finish(DeliveryState.SENT, message_id=70 + number)) for number in lost]
    async with server.write() as recording:
        made = await _beside(server, recording, store.ledger.finish(late, NOW), _send(correction), _send(later))
    await made
    assert await _edits_owed(server) == 1


async def test_what_telegram_says_and_is_owed_an_edit_beside_outcomes_of_its_send(server: Database) -> None:
    store = Store(server, "me")
    correction, later, lost = await _owing(store, server)
    verdicts = {doubt: Found(70 + doubt.id) for doubt in await store.doubts.open()}
    assert {doubt.id for doubt in verdicts} >= set(lost)
    async with server.write() as recording:
        made = await _beside(server, recording, store.doubts.settle(verdicts, NOW), _send(correction), _send(later))
    await made
    assert await _edits_owed(server) >= 1


async def test_lines_that_are_no_news_any_more_beside_outcomes_of_their_sends(server: Database) -> None:
    store = Store(server, "me")
    await a_reader(server, schedule=Hourly())
    one, two = [await _fanned(store, server, title) for title in ("Міст відкрили", "Ринок закрили")]
    async with server.write() as connection:
        away = update(article).where(article.c.title == "Міст відкрили").values(state=ArticleState.RETRACTED)
        await connection.execute(away)
        old = update(delivery).where(delivery.c.publication_id == two).values(created_at=NOW - timedelta(days=3))
        await connection.execute(old)
    building = store.digests.build(NOW + timedelta(hours=2))
    async with server.write() as recording:
        made = await _beside(server, recording, building, _send(one), _send(two))
    await made
    tallies = [(await store.publications.get(number)).tally for number in (one, two)]
    assert [(tally.dropped, tally.expired) for tally in tallies] == [(1, 0), (0, 1)]


async def test_what_waits_from_before_a_stop_beside_outcomes_of_its_sends(server: Database) -> None:
    store = Store(server, "me")
    (one, two), _ = await _in_doubt(store, server)
    async with server.write() as connection:  # of the first what waits, of the second what is in doubt and was asked of
        gone = {"state": DeliveryState.SENT, "message_id": 1}
        doubtful = delivery.c.state == DeliveryState.UNCERTAIN
        await connection.execute(update(delivery).where(delivery.c.publication_id == one, doubtful).values(gone))
        await connection.execute(update(delivery).where(delivery.c.publication_id == two, ~doubtful).values(gone))
        waits = {"state": DeliveryState.QUEUED, "holder": None}
        still = delivery.c.state == DeliveryState.SENDING
        await connection.execute(update(delivery).where(delivery.c.publication_id == one, still).values(waits))
        await connection.execute(update(delivery).where(doubtful).values(asked_at=NOW))
        resends = update(publication).where(publication.c.id == two).values(policy=Policy.RESEND)
        await connection.execute(resends)
    dropping = store.backlogs.drop(Waterline(since=NOW + SHELF, newest=two), NOW)
    async with server.write() as recording:
        made = await _beside(server, recording, dropping, _send(one), _send(two))
    assert await made == 2


async def test_what_was_chosen_for_doubts_beside_outcomes_of_their_sends(server: Database) -> None:
    store = Store(server, "me")
    (one, two), _ = await _in_doubt(store, server)
    async with server.write() as connection:
        await connection.execute(update(delivery).where(delivery.c.holder == "me").values(asked_at=NOW))
        for number, policy in ((one, Policy.DROP), (two, Policy.RESEND)):
            chosen = update(publication).where(publication.c.id == number).values(policy=policy)
            await connection.execute(chosen)
    async with server.write() as recording:
        made = await _beside(server, recording, store.uncertain.follow_policies(NOW), _send(one), _send(two))
    await made
    tallies = [(await store.publications.get(number)).tally for number in (one, two)]
    assert tallies[0].dropped == 1


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
