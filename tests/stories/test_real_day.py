"""A day of a newsroom: four feeds and a CMS bring news, two editors work, readers have it once, in time, as it is now.

The news is that of a real day where it lies beside the clone, a quarter of it, else the sample newsroom's. `make day` has
all of it told to 2 000 readers, on both engines.
"""

import os
import time
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.desk.token_desk import fingerprint, new_secret
from bot.model.desk import Editor, Role
from bot.model.feeds import AUTOMATIC, FeedMode, FeedSettings, FeedState
from bot.model.tokens import Scope
from bot.sandbox.world import Person
from storage.schema.tables import feed as feed_table
from tests.support.day.crowd import let_in
from tests.support.day.editors import Editors
from tests.support.day.plan import DATA, Day, Way, a_day
from tests.support.day.record import Record
from tests.support.day.sources import NAMES, Cms, Feeds
from tests.support.depth import WHOLE, depth
from tests.support.newsroom import Desk, Newsroom, open_newsroom
from tests.support.site import a_site
from tests.support.waiting import until

pytestmark = pytest.mark.thorough

READERS = depth(int(os.environ.get("VISNYK_READERS", "2000")), 60)
STEP = timedelta(minutes=depth(5, 10))
EVENING, NIGHT_STEP = timedelta(hours=20), timedelta(minutes=30)  # then nothing comes any more, and editors are at home
ENGINES = ("sqlite", "postgresql")
_MODES = {Way.CHANNEL: FeedMode.APPROVE, Way.BLOG: FeedMode.ARCHIVE}
_EVERY = {Way.WIRE: 600 if WHOLE else 900, Way.PAPER: 900, Way.CHANNEL: 1200, Way.BLOG: AUTOMATIC}
_SECOND = 101
# At a hundred a second two thousand readers would be waited for most of the time.
_OPTIONS = {"fetch_allow": "127.0.0.1", "http_bind": "127.0.0.1:0", "send_rate": 1000}


async def _open_feeds(room: Newsroom, feeds: Feeds, root: str) -> None:
    """Add the four feeds; what they hold already goes to the archive."""
    store, now = room.store, room.clock.now()
    for way in Way:
        if way is not Way.CMS:
            mode = _MODES.get(way, FeedMode.PUBLISH)
            number = await store.feeds.add(f"{root}/{way.value}", NAMES[way], mode, FeedState.ACTIVE, 100, now)
            await store.feeds.change(number, FeedSettings(every=_EVERY[way], source=NAMES[way]), 100, now)
    await _polled(room)
    assert feeds.answers[200] == 4


async def _polled(room: Newsroom) -> None:
    """Wait until no feed is due; one server is asked again only after a while."""
    poller = room.app.parts.feeds.poller
    due = select(func.count()).where(feed_table.c.state == FeedState.ACTIVE, feed_table.c.host != "")

    async def quiet() -> bool:
        async with room.database.read() as connection:
            waiting = await connection.scalar(due.where(feed_table.c.next_at <= room.clock.now()))
        if waiting and poller.idle:
            room.clock.advance(seconds=2.5)
            poller.wake()
        return not waiting and poller.idle

    await until(quiet, "the feeds are never all polled", 300.0)


def _desk(room: Newsroom, number: int, name: str) -> Desk:
    person = Person(number, name)
    return Desk(room.world, person, room.world.add_person(person), room)


async def _pass(room: Newsroom, day: Day, feeds: Feeds, cms: Cms, editors: Editors, record: Record) -> None:
    """Let the day go by, in steps of which each ends when nothing is left to do."""
    moments = sorted(at for at in {*day.moments(), *_steps(day)} if at < day.ends)
    restarted, begun = False, time.monotonic()
    for at in moments:
        if not restarted and _hours(day, at) > 11:
            await room.restart()  # before the clock goes on: after a long stop everything would be held
            restarted = True
        if at > room.clock.now():
            room.clock.set(at)
        feeds.down = {Way.PAPER} if 8 <= _hours(day, at) < 9.5 else set()
        await cms.work(day)
        await _polled(room)
        if at.minute % 30 == 0 and at < day.begins + EVENING:
            await editors.look()
        else:
            await room.tick()
        await room.delivered()
        if at.minute == at.second == 0:
            print(f"hour {_hours(day, at):2.0f}: {time.monotonic() - begun:4.0f} s, {record.told()}", flush=True)


def _hours(day: Day, at: datetime) -> float:
    return (at - day.begins) / timedelta(hours=1)


def _steps(day: Day) -> list[datetime]:
    evening = day.begins + EVENING
    return [
        *(day.begins + STEP * number for number in range(EVENING // STEP)),
        *(evening + NIGHT_STEP * number for number in range((day.ends - evening) // NIGHT_STEP)),
    ]


@pytest.fixture(params=ENGINES if WHOLE else ENGINES[:1])
def url(request: pytest.FixtureRequest) -> str:
    """Return the address of a database: of both engines where all of the day is told, for it takes minutes."""
    return str(request.getfixturevalue(f"{request.param}_url".replace("postgresql", "postgres")))


@pytest.mark.timeout(7200 if WHOLE else 400)
async def test_on_a_whole_day_nothing_comes_twice_early_or_unapproved_and_what_changes_reaches_who_has_it(
    url: str,
) -> None:
    if WHOLE and not DATA.is_dir():
        pytest.skip(f"NOT TESTED ON REAL NEWS: there is no {DATA}")
    begun, readers = time.process_time(), READERS
    async with a_site() as site, open_newsroom(url, **_OPTIONS) as room:
        begins = room.clock.now().replace(hour=4, minute=0, second=0, microsecond=0) + timedelta(days=1)
        room.clock.set(begins)
        day = a_day(begins, real=WHOLE, share=1.0 if WHOLE else 0.25)
        feeds = Feeds(day, room)
        site.pages |= {f"/{way.value}": feeds.answer for way in Way}
        secret, now = new_secret(), room.clock.now()
        scope = Scope.DRAFT | Scope.PUBLISH | Scope.CORRECT
        assert await room.store.tokens.add("cms", NAMES[Way.CMS], scope, fingerprint(secret), now)
        people = [room.owner(), _desk(room, _SECOND, "Тарас")]
        await room.store.editors.appoint(Editor(_SECOND, Role.EDITOR, "Тарас"), 100, now)
        for person in people:
            await person.says("/start")
        await _open_feeds(room, feeds, site.root)
        record = Record(room, day)
        crowd = await let_in(room, readers)
        cms, editors = Cms(room, secret), Editors(room, day, people)
        await _pass(room, day, feeds, cms, editors, record)
        await room.settled()
        print(
            f"\n{len(day.news)} news, {readers} readers: {record.told()}, {editors.approved} approved, "
            f"{len(editors.asked)} questions, feeds answered {dict(feeds.answers)}, "
            f"{time.process_time() - begun:.0f} s of processor time"
        )
        articles = await record.articles()
        broken = await record.broken(crowd)
        assert not broken, "\n".join(broken)
        assert record.unasked(articles, "\n".join(editors.asked)) == []
        # Each kind of thing happened.
        assert all(feeds.answers[status] for status in (200, 304, 503)), feeds.answers
        assert min(editors.approved, len(editors.asked), record.edits, record.pushes, record.lines) > 2
        assert any(one.in_digest and one.at > day.begins + timedelta(hours=24) for one in record.seen)
