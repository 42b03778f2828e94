"""What waits from before a restart: what counts, what is taken back, and what is left alone."""

from datetime import datetime, timedelta

from sqlalchemy import case, func, insert, literal, select, update

from bot.model.backlog import Waterline
from bot.model.ledger import DeliveryKind, DeliveryState
from storage.delivery.backlog import Backlogs
from storage.delivery.publications import Publications
from storage.engine.columns import Instant
from storage.engine.database import Database
from storage.schema.tables import delivery, publication
from tests.support.rows import NOW, a_matter, a_publication, a_reader

HOUR = timedelta(hours=1)


def _line(newest: int, since: datetime = NOW + HOUR) -> Waterline:
    return Waterline(since=since, newest=newest)


async def test_before_anything_was_published_nothing_waits(database: Database) -> None:
    backlogs = Backlogs(database)
    assert await backlogs.newest() == 0
    assert not await backlogs.size(_line(0))
    for _ in range(2):
        _, number = await a_publication(database)
    assert await backlogs.newest() == number


async def test_a_send_that_is_cut_shows_its_end_and_another_s_message_stays(database: Database) -> None:
    await a_reader(database)
    await a_reader(database)
    publications, numbers = Publications(database), []
    for _ in range(2):
        numbers.append((await a_publication(database))[1])
        assert await publications.fan_out(numbers[-1], a_matter(), 1, NOW, HOUR)
    async with database.write() as connection:
        await connection.execute(update(publication).values(reported=True))
    await Backlogs(database).take_back(_line(numbers[0]), 100, NOW)
    async with database.read() as connection:
        cut, other = (await connection.execute(select(publication).order_by(publication.c.id))).all()
    assert (cut.reported, cut.fan_from, cut.fan_end) == (False, None, None)
    assert (other.reported, other.fan_end is None) == (True, False)


async def test_what_waits_is_found_behind_ten_thousand_that_do_not(database: Database) -> None:
    reader = await a_reader(database)
    numbers = select(literal(1).label("n")).cte(recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < 10_002))
    state = case((numbers.c.n == 10_002, int(DeliveryState.QUEUED)), else_=int(DeliveryState.SENT))
    rows = select(
        literal(reader.id), numbers.c.n, literal(int(DeliveryKind.NOTE)), literal(2), state, literal(NOW, Instant),
        literal(NOW, Instant),
    )  # fmt: skip
    columns = ("reader_id", "article_id", "kind", "lane", "state", "not_before", "created_at")
    async with database.write() as connection:
        await connection.execute(insert(delivery).from_select(columns, rows))
    assert await Backlogs(database).drop(_line(0), NOW) == 1
    assert await Backlogs(database).drop(_line(0), NOW) == 0
    async with database.read() as connection:
        counted = await connection.execute(select(delivery.c.state, func.count()).group_by(delivery.c.state))
        assert {row[0]: row[1] for row in counted} == {DeliveryState.SENT: 10_001, DeliveryState.DROPPED: 1}


async def test_what_is_in_doubt_is_counted_by_send_the_newest_first_and_what_is_of_none_last(
    database: Database,
) -> None:
    for _ in range(2):
        await a_reader(database)
    assert await Backlogs(database).in_doubt() == []
    publications, numbers = Publications(database), []
    for _ in range(2):
        numbers.append((await a_publication(database))[1])
        await publications.fan_out(numbers[-1], a_matter(), 10, NOW, HOUR)
    async with database.write() as connection:
        await connection.execute(update(delivery).values(state=DeliveryState.UNCERTAIN))
        first = select(func.min(delivery.c.id)).where(delivery.c.publication_id == numbers[0]).scalar_subquery()
        await connection.execute(update(delivery).where(delivery.c.id == first).values(publication_id=None))
    found = await Backlogs(database).in_doubt()
    assert [(one.publication_id, one.number, bool(one.title)) for one in found] == [
        (numbers[1], 2, True),
        (numbers[0], 1, True),
        (None, 1, False),
    ]
