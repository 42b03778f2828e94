"""What is looked for again and again and is rarely there: both engines go by an index, however many rows have ended."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta

import pytest
from aiohttp.test_utils import make_mocked_request
from sqlalchemy import event, text

from bot.model.desk import PublicationState
from bot.model.feeds import FeedItem, FeedMode, FeedState, ItemState
from bot.model.ledger import Priority
from bot.model.news import Incoming
from bot.telegram.contact import Contact
from bot.web.health import HealthRoutes
from storage.articles.feed_items import FeedItems
from storage.articles.feeds import Feeds
from storage.delivery.waiting import Waiting
from storage.engine.database import Database
from storage.runtime.inbox import Inbox
from storage.runtime.loads import Loads
from storage.runtime.message_screens import MessageScreens
from storage.schema.tables import feed_item, inbox, publication, shown
from tests.support.clock import TestClock
from tests.support.rows import NOW, a_publication

_MANY = 10_000
_HELD = Incoming(title="Міст", identity="x")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of an empty database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    # One of its own: what a planner knows stays when a database is wiped.
    server, template = (request.getfixturevalue(name) for name in ("postgres", "postgres_template"))
    yield server.create("looks", template)
    server.drop("looks")


@pytest.fixture
async def grown(url: str) -> AsyncIterator[Database]:
    """Return a database with many rows that have ended, of which no planner knows anything."""
    database, rows = Database(url), range(_MANY)
    channel = await Feeds(database, "me").add("channel:1", "Канал", FeedMode.PUBLISH, FeedState.ACTIVE, 1, NOW)
    async with database.write() as connection:
        if not database.is_sqlite:
            for name in ("feed_item", "inbox", "shown", "publication"):
                await connection.execute(text(f"ALTER TABLE {name} SET (autovacuum_enabled = false)"))
        items = [{"feed_id": channel, "key": str(one), "state": ItemState.TAKEN, "seen_at": NOW} for one in rows]
        await connection.execute(feed_item.insert(), items)
        updates = [{"update_id": one, "chat_id": one % 50, "state": 2, "received_at": NOW} for one in rows]
        await connection.execute(inbox.insert(), updates)
        screen = {"screen": "any", "tail": [], "updated_at": NOW}
        opened = [{"chat_id": one % 50, "message_id": one, "article_id": one % 900, **screen} for one in rows]
        await connection.execute(shown.insert(), opened)
    yield database
    await database.close()


async def _plans(database: Database, asking: Callable[[], Awaitable[object]]) -> list[str]:
    """Return how each statement is gone about that a call comes to."""
    asked = []
    for engine in {database._reader.sync_engine, database._writer.sync_engine}:
        event.listen(engine, "before_cursor_execute", lambda *of: asked.append(of[2:4]))
    await asking()
    explain, statements = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN", list(asked)
    plans = []
    async with database.read() as connection:
        for statement, values in statements:
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                rows = await connection.exec_driver_sql(f"{explain} {statement}", values)
                plans.append(f"{statement}\n" + "\n".join(str(row[-1]) for row in rows))
    return plans


async def _go_by(database: Database, index: str, asking: Callable[[], Awaitable[object]], of: str = "") -> None:
    """Assert that all statements a call comes to, or those `of` a table, go by an index."""
    for known in ("nothing", "statistics"):
        if known == "statistics":
            async with database.write() as connection:
                await connection.execute(text("ANALYZE"))
        plans = [plan for plan in await _plans(database, asking) if of in plan]
        assert plans
        assert [plan for plan in plans if index not in plan] == [], known


async def test_albums_that_are_whole_are_found_among_all_that_channels_ever_brought(grown: Database) -> None:
    items, late = FeedItems(grown), NOW + timedelta(seconds=9)
    await _go_by(grown, "ix_feed_item_waiting", lambda: items.take_gathered(late, late))
    album = FeedItem(key="album", state=ItemState.GATHERED, seen_at=NOW, dated_at=NOW)
    await items.put(1, [album], {"album": _HELD})
    await _go_by(grown, "ix_feed_item_waiting", lambda: items.take_gathered(late, late))
    assert await items.take_gathered(late, late) == [(1, "album", _HELD)]


async def test_what_is_held_of_a_channel_is_found_among_all_that_it_ever_brought(grown: Database) -> None:
    items = FeedItems(grown)
    await _go_by(grown, "ix_feed_item_waiting", lambda: items.held(1))


async def test_whether_a_process_is_ready_is_found_among_all_updates_and_takes_nothing_else(grown: Database) -> None:
    ready = HealthRoutes(loads=Loads(grown), contact=Contact(), clock=TestClock(speed=0)).routes()[-1]
    assert ready.path == "/readyz"

    async def asked() -> None:
        assert (await ready.handler(make_mocked_request("GET", ready.path))).status == 200

    await _go_by(grown, "ix_inbox_open", asked)
    await Inbox(grown, "me").store([(_MANY, 7, "{}")], NOW)
    await _go_by(grown, "ix_inbox_open", Loads(grown).updates)
    assert await Loads(grown).updates() == (1, NOW)


async def test_lists_that_are_forgotten_are_found_among_all_articles_that_were_ever_opened(grown: Database) -> None:
    screens, late = MessageScreens(grown), NOW + timedelta(days=1)
    await screens.put(7, _MANY, "any", None, [], NOW)
    await _go_by(grown, "ix_shown_article_id_updated_at", lambda: screens.forget(late), "FROM shown")


async def test_updates_that_are_set_aside_are_found_among_all_that_came(grown: Database) -> None:
    aside = Inbox(grown, "me")
    await aside.store_poisoned(_MANY, "{", "no JSON", NOW)
    await _go_by(grown, "ix_inbox_aside", lambda: aside.set_aside(5))
    await _go_by(grown, "ix_inbox_aside", Loads(grown).now, "inbox.state = 3")
    assert (await Loads(grown).now()).set_aside == 1


async def test_sends_under_way_are_found_among_all_there_were(grown: Database) -> None:
    article_id, number = await a_publication(grown)
    async with grown.write() as connection:
        ended = {"article_id": article_id, "state": PublicationState.DONE, "at": NOW, "lane": 2}
        long_ago = {"finished_at": NOW - timedelta(days=9)}
        await connection.execute(publication.insert(), [{**ended, **long_ago}] * _MANY)
    await _go_by(grown, "ix_publication_", lambda: Loads(grown).now(), "GROUP BY publication.lane")
    await _go_by(grown, "ix_publication_finished_at", lambda: Waiting(grown).of_reader(1, NOW), "UNION SELECT")
    async with grown.write() as connection:
        await connection.execute(publication.update().values(total=5, started_at=NOW - timedelta(hours=1)))
        stopping = publication.update().where(publication.c.id == number + 1)
        await connection.execute(stopping.values(state=PublicationState.STOPPING, started_at=NOW - timedelta(hours=2)))
    load = await Loads(grown).now()
    assert (load.waiting, load.lanes[Priority.INSTANT], load.oldest_send) == (10, 10, NOW - timedelta(hours=2))


async def test_items_that_feeds_have_long_been_without_are_found_among_all_that_channels_brought(
    grown: Database,
) -> None:
    items, late = FeedItems(grown), NOW + timedelta(days=90)
    feed = await Feeds(grown, "me").add("https://a.example/rss", "А", FeedMode.PUBLISH, FeedState.ACTIVE, 1, NOW)
    gone = FeedItem(key="gone", state=ItemState.TAKEN, seen_at=NOW, missing_since=NOW + timedelta(days=1))
    here = FeedItem(key="here", state=ItemState.TAKEN, seen_at=NOW)
    await items.put(feed, [gone, here])
    await _go_by(grown, "ix_feed_item_feed_id_seen_at", lambda: items.forget(NOW), "DELETE FROM feed_item")
    await items.forget(late)
    assert (set(await items.of(feed)), len(await items.of(1))) == ({"here"}, _MANY)
