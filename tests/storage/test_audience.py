"""The SQL that chooses readers says the same as the rule, on both engines."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from bot.model.ledger import DeliveryKind, DeliveryState
from bot.model.matching import EVERYTHING, MatchKey, Route, Targeting, story_key
from bot.model.readers import AtHours, Choices, Hourly, Instantly, Quiet, Reader, ReaderState
from bot.readers.audience import wants
from bot.timing.schedules import is_quiet
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.people.audience import Audiences, wanting
from storage.people.readers import Readers
from storage.schema.tables import article, delivery, reader, story, subscription
from tests.support.depth import depth
from tests.support.rows import NOW, a_matter, a_publication, a_reader

# Drawn so that most people would get the article but for one thing: what keeps them from it decides something.
_keys = tuple(map(MatchKey.parse, ("*", "t1", "t2", "t3", "s1", "s2", "y1", "k1")))
_times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
_quiet = st.builds(Quiet, _times, _times)
_chosen = st.tuples(st.sampled_from(_keys), st.sampled_from([False] * 4 + [True]), st.sampled_from([None, -1, 1]))
_reader = st.fixed_dictionaries(
    {
        "state": st.sampled_from([ReaderState.ACTIVE] * 9 + [ReaderState.PAUSED]),
        "schedule": st.sampled_from([Instantly()] * 3 + [Hourly(), AtHours((time(8), time(19)))]),
        "quiet": st.sampled_from([None, None, Quiet(time(9), time(9))]) | _quiet | _quiet,
        "zone": st.sampled_from(["Europe/Kyiv", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]),
        "news_language": st.sampled_from(["", "", "", "uk", "en"]),
        "urgent_breaks": st.booleans(),
    }
)
_choices = st.lists(_chosen, min_size=2, max_size=3, unique_by=lambda choice: choice[0])
_population = st.lists(st.tuples(_reader, _choices), min_size=3, max_size=12)
_matters = st.builds(
    Targeting,
    st.sets(st.sampled_from(_keys), min_size=2, max_size=5).map(lambda keys: frozenset(keys | {EVERYTHING})),
    st.sampled_from(["uk", "en"]),
    st.sampled_from([False, False, False, True]),
)
_post_of_one_of_them = st.none() | st.integers(0, 11)


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
                if person.id % 2:  # what is muted may be subscribed to
                    await readers.choose(person.id, [key])
                await readers.exclude(person.id, key, NOW + timedelta(hours=hours) if hours else None)
            else:
                await readers.choose(person.id, [key])
        stored.append(person)
    return stored


def _moment(data: st.DataObject, people: list[Reader]) -> datetime:
    """Draw an instant of a day: half of them are the minute at which somebody's quiet hours begin or end, or the one before."""
    now = NOW + timedelta(minutes=data.draw(st.integers(0, 24 * 60)))
    edges = [(ZoneInfo(one.zone), at) for one in people if one.quiet for at in (one.quiet.start, one.quiet.end)]
    if not edges or data.draw(st.booleans()):
        return now
    zone, edge = data.draw(st.sampled_from(edges))
    there = now.astimezone(zone).replace(hour=edge.hour, minute=edge.minute)
    return there.astimezone(UTC) - timedelta(minutes=data.draw(st.integers(0, 1)))


async def _put_into_story(database: Database, article_id: int) -> None:
    """Put an article into story 1: the fan-out goes by the story that it is in then."""
    async with database.write() as connection:
        if await connection.scalar(select(story.c.id)) is None:
            await connection.execute(story.insert().values(id=1, updated_at=NOW))
        await connection.execute(update(article).where(article.c.id == article_id).values(story_id=1))


@pytest.mark.thorough
@pytest.mark.timeout(900)  # a database of another process, a hundred times
@settings(
    max_examples=depth(200, 15),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
async def test_the_statement_equals_the_rule(database: Database, data: st.DataObject) -> None:
    people = await _store(database, data.draw(_population))
    matter, source = data.draw(_matters), data.draw(_post_of_one_of_them)
    if source is not None:
        matter = replace(matter, channel_id=people[source % len(people)].address.chat_id)
    now = _moment(data, people)
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


async def _routes(database: Database, matter: Targeting, now: datetime) -> tuple[Route, Route]:
    """Return what counting says of the only reader there is, and what the fan-out does."""
    counted = await Audiences(database).count(matter, now)
    assert counted.now + counted.later <= 1
    publications = Publications(database)
    _, number = await a_publication(database)
    while await publications.fan_out(number, matter, 1000, now, timedelta(hours=1)):
        pass
    tally = (await publications.get(number)).tally
    held = Route.LATER if tally.held else Route.NOW
    said = Route.NOW if counted.now else Route.LATER if counted.later else Route.NOT
    return said, held if tally.total else Route.NOT


NIGHT, NOON = Quiet(time(22, 30), time(7, 30)), Quiet(time(12, 30), time(14, 30))


@pytest.mark.parametrize(
    ("quiet", "clock", "route"),
    [
        (NIGHT, "22:29", Route.NOW), (NIGHT, "22:30", Route.LATER), (NIGHT, "00:00", Route.LATER),
        (NIGHT, "07:29", Route.LATER), (NIGHT, "07:30", Route.NOW), (NIGHT, "12:00", Route.NOW),
        (NOON, "12:29", Route.NOW), (NOON, "12:30", Route.LATER), (NOON, "14:29", Route.LATER), (NOON, "14:30", Route.NOW),
        (Quiet(time(9), time(9)), "09:00", Route.LATER), (Quiet(time(9), time(9)), "08:59", Route.LATER),
        (None, "03:00", Route.NOW),
    ],
)  # fmt: skip
async def test_quiet_hours_begin_and_end_to_the_minute(
    database: Database, quiet: Quiet | None, clock: str, route: Route
) -> None:
    person = await a_reader(database, quiet=quiet, zone="Europe/Kyiv", urgent_breaks=True)
    hour, minute = map(int, clock.split(":"))
    now = datetime(2026, 11, 23, hour, minute, 59, tzinfo=ZoneInfo("Europe/Kyiv"))
    assert await _routes(database, a_matter(), now) == (route, route)
    choices = await Readers(database).choices(person.id, now)
    assert wants(person, choices, a_matter(), now) is route
    assert await _routes(database, a_matter(urgent=True), now) == (Route.NOW, Route.NOW)


@pytest.mark.parametrize(
    ("settings_", "matter", "route"),
    [
        ({"news_language": "uk"}, a_matter(language="uk"), Route.NOW),
        ({"news_language": "en"}, a_matter(language="uk"), Route.NOT),
        ({"news_language": ""}, a_matter(language="en"), Route.NOW),
        ({"state": ReaderState.PAUSED}, a_matter(), Route.NOT),
        ({"state": ReaderState.BLOCKED}, a_matter(), Route.NOT),
        ({"schedule": Hourly()}, a_matter(), Route.LATER),
        ({"schedule": AtHours((time(8),))}, a_matter(), Route.LATER),
        ({"schedule": Hourly(), "urgent_breaks": True}, a_matter(urgent=True), Route.NOW),
        ({"schedule": Hourly(), "urgent_breaks": False}, a_matter(urgent=True), Route.LATER),
        ({"schedule": Instantly(), "urgent_breaks": False}, a_matter(urgent=True), Route.NOW),
    ],
)
async def test_each_setting_decides(
    database: Database, settings_: dict[str, object], matter: Targeting, route: Route
) -> None:
    person = await a_reader(database, **settings_)
    assert await _routes(database, matter, NOW) == (route, route)
    assert wants(person, await Readers(database).choices(person.id, NOW), matter, NOW) is route


@pytest.mark.parametrize(
    ("wanted", "unwanted", "hours", "route"),
    [
        ("t1", "", 0, Route.NOW),
        ("t3", "", 0, Route.NOT),
        ("*", "t1", 0, Route.NOT),
        ("*", "t3", 0, Route.NOW),
        ("t1 t2", "t2", 0, Route.NOT),
        ("*", "t1", 1, Route.NOT),  # for an hour
        ("*", "t1", -1, Route.NOW),  # until an hour ago
        ("", "t1", 0, Route.NOT),
        ("", "t1", -1, Route.NOT),  # what was muted and never chosen does not come by itself
        ("t1", "t1", 0, Route.NOT),
        ("t1", "t1", 1, Route.NOT),
        ("t1", "t1", -1, Route.NOW),  # what was muted for a while comes again
    ],
)
async def test_what_is_chosen_decides_and_an_exclusion_most(
    database: Database, wanted: str, unwanted: str, hours: int, route: Route
) -> None:
    person, readers = await a_reader(database, "t99"), Readers(database)
    await readers.choose(person.id, list(map(MatchKey.parse, wanted.split())))
    for key in unwanted.split():
        await readers.exclude(person.id, MatchKey.parse(key), NOW + timedelta(hours=hours) if hours else None)
    assert await _routes(database, a_matter(1, 2), NOW) == (route, route)
    assert wants(person, await readers.choices(person.id, NOW), a_matter(1, 2), NOW) is route


async def test_a_channel_gets_none_of_its_own_posts_back_in_any_thread_and_everybody_else_does(
    database: Database,
) -> None:
    channel, reader = await a_reader(database, chat_id=-1_001_000_000_777), await a_reader(database)
    matter, none = replace(a_matter(urgent=True), channel_id=channel.address.chat_id), Choices(frozenset({EVERYTHING}))
    assert [wants(one, none, matter, NOW) for one in (channel, reader)] == [Route.NOT, Route.NOW]
    assert [wants(one, none, a_matter(), NOW) for one in (channel, reader)] == [Route.NOW, Route.NOW]
    assert await _routes(database, matter, NOW) == (Route.NOW, Route.NOW)
    async with database.read() as connection:
        assert (await connection.execute(select(delivery.c.reader_id))).scalars().all() == [reader.id]


async def test_an_exclusion_of_one_reader_is_no_other_s(database: Database) -> None:
    one, other = await a_reader(database), await a_reader(database)
    await Readers(database).exclude(one.id, MatchKey.parse("t1"), None)
    await Readers(database).exclude(other.id, MatchKey.parse("t9"), None)
    assert (await Audiences(database).count(a_matter(1), NOW)).now == 1


async def test_each_reader_is_in_one_stretch(database: Database) -> None:
    people = [await a_reader(database) for _ in range(5)]
    async with database.read() as connection:
        for first in range(6):
            for last in range(first, 6):
                span = (people[0].id - 1 + first, people[0].id - 1 + last)
                found = await connection.execute(wanting(a_matter(), NOW, *span))
                assert sorted(row.id for row in found) == [one.id for one in people[first:last]]
