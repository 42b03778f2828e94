"""The SQL that chooses readers says the same as the rule, on both engines."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from bot.model.ledger import DeliveryKind, DeliveryState
from bot.model.matching import EVERYTHING, MatchKey, Route, Targeting, story_key
from bot.model.readers import AtHours, Hourly, Instantly, Quiet, Reader, ReaderState
from bot.readers.audience import wants
from bot.timing.schedules import is_quiet
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.people.audience import Audiences
from storage.people.readers import Readers
from storage.schema.tables import article, delivery, reader, story, subscription
from tests.support.rows import NOW, a_matter, a_publication, a_reader

_keys = tuple(map(MatchKey.parse, ("*", "t1", "t2", "t3", "s1", "s2", "y1", "k1")))
_times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
_choice = st.tuples(st.sampled_from(_keys), st.booleans(), st.sampled_from([None, -1, 1]))
_reader = st.fixed_dictionaries(
    {
        "state": st.sampled_from([ReaderState.ACTIVE] * 3 + [ReaderState.PAUSED, ReaderState.BLOCKED]),
        "schedule": st.sampled_from([Instantly(), Instantly(), Hourly(), AtHours((time(8), time(19)))]),
        "quiet": st.none() | st.builds(Quiet, _times, _times),
        "zone": st.sampled_from(["Europe/Kyiv", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]),
        "news_language": st.sampled_from(["", "", "uk", "en"]),
        "urgent_breaks": st.booleans(),
    }
)
_population = st.lists(st.tuples(_reader, st.lists(_choice, max_size=5, unique_by=lambda c: c[0])), max_size=12)
_matters = st.builds(
    Targeting,
    st.sets(st.sampled_from(_keys), max_size=4).map(lambda keys: frozenset(keys | {EVERYTHING})),
    st.sampled_from(["uk", "en"]),
    st.booleans(),
)


async def _store(
    database: Database, population: list[tuple[dict[str, object], list[tuple[MatchKey, bool, int | None]]]]
) -> list[Reader]:
    async with database.write() as connection:
        for table in (delivery, subscription, reader):
            await connection.execute(delete(table))
    stored, readers = [], Readers(database)
    for fields, choices in population:
        person = await a_reader(database, "t99")
        person = await readers.save(replace(person, **fields), NOW)  # type: ignore[arg-type]
        for key, excluded, hours in choices:
            if excluded:
                await readers.exclude(person.id, key, NOW + timedelta(hours=hours) if hours else None)
            else:
                await readers.choose(person.id, [key])
        stored.append(person)
    return stored


async def _put_into_story(database: Database, article_id: int) -> None:
    """Put an article into story 1: the fan-out goes by the story that it is in then."""
    async with database.write() as connection:
        if await connection.scalar(select(story.c.id)) is None:
            await connection.execute(story.insert().values(id=1, updated_at=NOW))
        await connection.execute(update(article).where(article.c.id == article_id).values(story_id=1))


@pytest.mark.thorough
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_the_statement_equals_the_rule(database: Database, data: st.DataObject) -> None:
    people = await _store(database, data.draw(_population))
    matter = data.draw(_matters)
    now = NOW + timedelta(minutes=data.draw(st.integers(0, 24 * 60)))
    readers, publications = Readers(database), Publications(database)
    expected = {p.id: wants(p, await readers.choices(p.id, now), matter, now) for p in people}
    counted = await Audiences(database).count(matter, now)
    assert counted.now == sum(wish is Route.NOW for wish in expected.values())
    assert counted.later == sum(wish is Route.LATER for wish in expected.values())

    article_id, number = await a_publication(database)
    if story_key(1) in matter.keys:
        await _put_into_story(database, article_id)
    span = data.draw(st.integers(1, 30))
    while await publications.fan_out(number, matter, span, now, timedelta(hours=1)):
        pass
    async with database.read() as connection:
        rows = (await connection.execute(select(delivery.c.reader_id, delivery.c.state, delivery.c.kind))).all()
    written = {row.reader_id: Route.NOW if row.state is DeliveryState.QUEUED else Route.LATER for row in rows}
    assert written == {number: wish for number, wish in expected.items() if wish is not Route.NOT}
    assert all((row.kind is DeliveryKind.PUSH) == (row.state is DeliveryState.QUEUED) for row in rows)
    tally = (await publications.get(number)).tally
    assert (tally.total, tally.held) == (len(rows), sum(row.state is DeliveryState.HELD for row in rows))


@pytest.mark.parametrize(
    ("start", "end", "clock", "quiet"),
    [
        (time(22), time(7), "21:59", False),
        (time(22), time(7), "22:00", True),
        (time(22), time(7), "03:00", True),
        (time(22), time(7), "07:00", False),
        (time(13), time(15), "14:59", True),
        (time(13), time(15), "15:00", False),
        (time(0), time(0), "12:00", True),
    ],
)
def test_quiet_hours_run_over_midnight(start: time, end: time, clock: str, quiet: bool) -> None:
    hour, minute = map(int, clock.split(":"))
    at = datetime(2026, 11, 23, hour, minute, tzinfo=NOW.tzinfo) - timedelta(hours=2)  # Kyiv is two hours ahead
    assert is_quiet(Quiet(start, end), "Europe/Kyiv", at) is quiet


async def test_two_topics_are_one_delivery_and_a_repeated_fan_out_adds_nothing(database: Database) -> None:
    person = await a_reader(database, "t1", "t2")
    publications = Publications(database)
    _, number = await a_publication(database)
    for _ in range(2):
        await publications.fan_out(number, a_matter(1, 2), 1000, NOW, timedelta(hours=1))
    async with database.read() as connection:
        assert (await connection.execute(select(delivery.c.reader_id))).scalars().all() == [person.id]
    assert (await publications.get(number)).tally.total == 1


async def test_whoever_comes_while_the_rows_are_written_is_not_late_for_the_next_article(database: Database) -> None:
    first = await a_reader(database)
    publications = Publications(database)
    _, number = await a_publication(database)
    late = await a_reader(database)
    assert not await publications.fan_out(number, a_matter(), 1000, NOW, timedelta(hours=1))
    async with database.read() as connection:
        assert (await connection.execute(select(delivery.c.reader_id))).scalars().all() == [first.id]
    assert late.id > first.id
