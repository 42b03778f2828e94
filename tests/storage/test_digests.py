"""Digests: whose they are, what goes into them, and what stays out."""

from dataclasses import replace
from datetime import time, timedelta

from sqlalchemy import select, update

from bot.model.desk import PublicationState
from bot.model.ledger import Asked, DeliveryKind, DeliveryState, Priority
from bot.model.news import ArticleState
from bot.model.readers import Hourly, Quiet, Reader, ReaderState
from storage.delivery.digests import KEPT_FOR, Digests
from storage.delivery.publications import Publications
from storage.delivery.readers import LedgerReaders
from storage.engine.database import AnyRow, Database
from storage.schema.tables import article, delivery, publication, reader
from tests.support.rows import NOW, a_matter, a_publication, a_reader

LATER = NOW + timedelta(hours=1)


async def _held(database: Database, *people: Reader) -> tuple[int, int]:
    article_id, number = await a_publication(database)
    while await Publications(database).fan_out(number, a_matter(), 10**9, NOW, timedelta(hours=6)):
        pass
    return article_id, number


async def _rows(database: Database, *states: DeliveryState) -> list[AnyRow]:
    statement = select(delivery).where(delivery.c.state.in_(states)).order_by(delivery.c.id)
    async with database.read() as connection:
        return list((await connection.execute(statement)).all())


async def _hourly(database: Database, **settings: object) -> Reader:
    return await a_reader(database, schedule=Hourly(), **settings)


async def test_a_digest_is_of_one_reader_and_has_that_reader_s_articles(database: Database) -> None:
    digests = Digests(database)
    one, other = await _hourly(database), await _hourly(database)
    first, _ = await _held(database)
    second, _ = await _held(database)
    assert await digests.build(LATER) == 2
    made = {row.reader_id: row for row in await _rows(database, DeliveryState.QUEUED)}
    assert set(made) == {one.id, other.id}
    numbers = {row.digest_id for row in made.values()}
    assert len(numbers) == 2
    for person in (one, other):
        row = made[person.id]
        assert (row.kind, row.lane, row.not_before) == (DeliveryKind.DIGEST, Priority.DIGEST, LATER)
        assert await digests.items(row.digest_id) == (LATER, [first, second])
        assert await digests.reader_of(row.digest_id) == person.id
    assert await digests.items(max(numbers) + 1) is None
    assert await digests.reader_of(max(numbers) + 1) is None
    for row in await _rows(database, DeliveryState.BUNDLED):
        assert (row.digest_id, row.finished_at) == (made[row.reader_id].digest_id, LATER)


async def test_only_whose_time_has_come_and_who_is_there_gets_one(database: Database) -> None:
    digests = Digests(database)
    due, late, away = [await _hourly(database) for _ in range(3)]
    await _held(database)
    async with database.write() as connection:
        for person, values in (
            (late, {"next_digest_at": LATER + timedelta(seconds=1)}),
            (away, {"state": ReaderState.PAUSED}),
        ):
            await connection.execute(update(reader).where(reader.c.id == person.id).values(values))
    assert await digests.build(LATER - timedelta(seconds=1)) == 0
    assert await digests.build(LATER) == 1
    assert [row.reader_id for row in await _rows(database, DeliveryState.QUEUED)] == [due.id]
    assert {row.reader_id for row in await _rows(database, DeliveryState.HELD)} == {late.id, away.id}


async def test_who_has_waited_longest_is_served_first_and_everybody_in_the_end(database: Database) -> None:
    digests = Digests(database)
    people = [await _hourly(database) for _ in range(3)]
    await _held(database)
    async with database.write() as connection:
        for n, person in enumerate(reversed(people)):
            at = LATER - timedelta(minutes=n)
            await connection.execute(update(reader).where(reader.c.id == person.id).values(next_digest_at=at))
    assert await digests.build(LATER, limit=2) == 2
    served = {row.reader_id for row in await _rows(database, DeliveryState.QUEUED)}
    assert served == {people[0].id, people[1].id}
    assert await digests.build(LATER, limit=2) == 1
    assert await digests.build(LATER, limit=2) == 0


async def test_what_waited_too_long_is_no_news_and_what_waited_less_is(database: Database) -> None:
    digests = Digests(database)
    mine, other = await _hourly(database), await _hourly(database)
    await _held(database)
    _, number = await _held(database)
    async with database.write() as connection:
        old = delivery.c.publication_id == number
        values = {"created_at": NOW - KEPT_FOR + timedelta(hours=1) - timedelta(seconds=1)}
        await connection.execute(update(delivery).where(old).values(values))
        await connection.execute(update(reader).where(reader.c.id == other.id).values(next_digest_at=None))
    assert await digests.build(LATER) == 1
    (expired,) = await _rows(database, DeliveryState.EXPIRED)
    assert (expired.reader_id, expired.publication_id, expired.reason, expired.finished_at) == (
        mine.id,
        number,
        "expired",
        LATER,
    )
    (line,) = await _rows(database, DeliveryState.BUNDLED)
    assert line.reader_id == mine.id
    tally = (await Publications(database).get(number)).tally
    assert (tally.held, tally.expired) == (1, 1)
    assert {row.reader_id for row in await _rows(database, DeliveryState.HELD)} == {other.id}


async def test_what_was_retracted_before_its_digest_is_no_line_of_it(database: Database) -> None:
    digests = Digests(database)
    mine = await _hourly(database)
    gone, number = await _held(database)
    stays, _ = await _held(database)
    async with database.write() as connection:
        retracted = update(article).where(article.c.id == gone).values(state=ArticleState.RETRACTED)
        await connection.execute(retracted)
    assert await digests.build(LATER) == 1
    (dropped,) = await _rows(database, DeliveryState.DROPPED)
    assert (dropped.reader_id, dropped.article_id, dropped.reason) == (mine.id, gone, "retracted")
    (line,) = await _rows(database, DeliveryState.BUNDLED)
    assert line.article_id == stays
    tally = (await Publications(database).get(number)).tally
    assert (tally.held, tally.dropped) == (0, 1)


async def test_the_next_digest_is_planned_from_the_one_that_was_due(database: Database) -> None:
    digests, readers = Digests(database), LedgerReaders(database)
    mine, other = await _hourly(database), await _hourly(database)
    async with database.write() as connection:
        later = LATER + timedelta(minutes=30)
        await connection.execute(update(reader).where(reader.c.id == other.id).values(next_digest_at=later))
    # The clock is behind: what was due at the hour is not found due again at that hour.
    assert await digests.build(LATER) == 1
    found = [await readers.get(one.id) for one in (mine, other)]
    assert [one.next_digest_at for one in found if one is not None] == [LATER + timedelta(hours=1), later]


async def test_whoever_has_something_held_and_no_digest_planned_gets_one_planned(database: Database) -> None:
    digests, readers = Digests(database), LedgerReaders(database)
    forgotten, planned, away = [await _hourly(database) for _ in range(3)]
    await _held(database)
    idle = await a_reader(database, "t9")
    async with database.write() as connection:
        for person in (forgotten, away):
            await connection.execute(update(reader).where(reader.c.id == person.id).values(next_digest_at=None))
        await connection.execute(update(reader).where(reader.c.id == away.id).values(state=ReaderState.PAUSED))
    assert await digests.promise(NOW) == 1
    assert await digests.promise(NOW) == 0
    found = [await readers.get(one.id) for one in (forgotten, planned, away, idle)]
    assert [one.next_digest_at for one in found if one is not None] == [NOW, LATER, None, None]
    # What is held of a paused send goes into no digest: one that is planned for it would be made, and found empty, for ever.
    async with database.write() as connection:
        await connection.execute(update(reader).where(reader.c.id == forgotten.id).values(next_digest_at=None))
        await connection.execute(update(publication).values(state=PublicationState.PAUSED))
    assert await digests.promise(NOW) == 0


async def test_a_digest_that_is_asked_for_has_what_waits_and_is_one(database: Database) -> None:
    digests, other = Digests(database), await _hourly(database)
    mine, last = await _hourly(database, quiet=Quiet(time(0), time(0))), await _hourly(database)
    assert await digests.ask(mine.id, NOW) == Asked()
    first, _ = await _held(database)
    second, _ = await _held(database)
    assert await digests.ask(mine.id, NOW) == Asked(lines=2)
    assert await digests.ask(mine.id, NOW) == Asked(under_way=True)
    (row,) = await _rows(database, DeliveryState.QUEUED)
    assert (row.reader_id, row.kind, row.lane, row.not_before) == (mine.id, DeliveryKind.DIGEST, Priority.REPLY, NOW)
    assert await digests.items(row.digest_id) == (NOW, [first, second])
    assert {row.reader_id for row in await _rows(database, DeliveryState.HELD)} == {other.id, last.id}
    planned = await LedgerReaders(database).get(mine.id)
    assert planned is not None
    assert planned.next_digest_at == mine.next_digest_at  # those to come come when they were planned
    for person in (last, other):  # what one has asked for keeps nobody else waiting
        assert await digests.ask(person.id, NOW) == Asked(lines=2)


async def test_digests_may_be_asked_for_twice_in_one_instant(database: Database) -> None:
    digests, mine = Digests(database), await _hourly(database)
    made = []
    for _ in range(2):
        article_id, _ = await _held(database)
        assert await digests.ask(mine.id, NOW) == Asked(lines=1)
        (row,) = await _rows(database, DeliveryState.QUEUED)
        made.append((row.digest_id, article_id))
        async with database.write() as connection:
            sent = update(delivery).where(delivery.c.id == row.id)
            await connection.execute(sent.values(state=DeliveryState.SENT))
    for number, article_id in made:
        found = await digests.items(number)
        assert found is not None
        assert found[1] == [article_id]


async def test_who_is_away_asks_for_no_digest(database: Database) -> None:
    digests, mine = Digests(database), await _hourly(database)
    await _held(database)
    await LedgerReaders(database).save(replace(mine, state=ReaderState.PAUSED), NOW)
    assert await digests.ask(mine.id, NOW) == Asked()
    assert await digests.ask(10**6, NOW) == Asked()
    assert len(await _rows(database, DeliveryState.HELD)) == 1


async def test_whoever_has_had_everything_gets_no_empty_digest(database: Database) -> None:
    digests = Digests(database)
    await _hourly(database)
    await _held(database)
    assert await digests.build(LATER) == 1
    for hours in (1, 2):
        await digests.build(LATER + timedelta(hours=hours))
    assert len(await _rows(database, DeliveryState.QUEUED)) == 1
