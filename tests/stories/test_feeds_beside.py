"""News that is quick to read does not wait for news that is slow to read, nor replies for what reads it to be ready."""

import sys
from pathlib import Path

import pytest

from bot.inflow.parser import FeedParser
from bot.inflow.timetable import LEASE
from tests.support.feeds import FedRoom, a_fed_room
from tests.support.site import an_item, rss
from tests.support.waiting import until

pytestmark = pytest.mark.wide

_SLOW = "Повільна"
# Reads feeds as ever, but what says that it is slow only once a file is there.
_SCRIPT = """
import sys, time
from pathlib import Path
from bot.inflow import parser
from bot.inflow.worker import serve

def work(said, content):
    while sys.argv[1].encode() in content and not Path(sys.argv[2]).exists():
        time.sleep(0.01)
    return parser._parse(said, content)

sys.exit(serve(work, parser._UNREADABLE))
"""


def slow_parser(until: Path) -> FeedParser:
    """Return a parser that does not end reading what is slow before that file is there."""
    return FeedParser(command=(sys.executable, "-c", _SCRIPT, _SLOW, str(until)))


async def _ask(fed: FedRoom) -> None:
    """Have all feeds asked at once, without waiting for what comes of it."""
    fed.room.clock.advance(minutes=1)
    for one in await fed.room.store.feeds.all():
        await fed.room.store.feeds.ask_soon(one.id, fed.room.clock.now())
    fed.room.app.parts.feeds.poller.wake()


async def test_one_slow_feed_does_not_hold_back_anothers_headline(sqlite_url: str, tmp_path: Path) -> None:
    done = tmp_path / "done"
    done.touch()
    async with a_fed_room(sqlite_url, fetch_allow="127.0.0.1,localhost") as fed:
        reader = fed.room.person()
        await reader.says("/start")
        fed.room.app.parts.feeds.poller.parser = parser = slow_parser(done)
        slow, quick = an_item(f"{_SLOW} стара", 1), an_item("Стара новина", 2)
        fed.site.pages |= {"/slow": rss(slow), "/quick": rss(quick)}
        await fed.feed("/slow")
        fed.site.root = f"http://localhost:{fed.site.port}"  # another server, as far as its name tells
        await fed.feed("/quick")
        await fed.poll()
        done.unlink()
        asked = fed.site.times("/slow")
        fed.site.pages["/slow"] = rss(an_item(f"{_SLOW}, але важлива новина", 10), slow)
        await _ask(fed)
        await until(lambda: fed.site.times("/slow") > asked, "the slow feed is not asked")
        fed.site.pages["/quick"] = rss(an_item("Швидка новина", 11), quick)
        await _ask(fed)
        await reader.sees("Швидка новина")
        assert not any(_SLOW in str(message) for message in reader.got)
        done.touch()
        await reader.sees(f"{_SLOW}, але важлива новина")
        await parser.close()


async def test_after_a_start_no_feed_is_asked_before_what_reads_it_is_ready(sqlite_url: str, tmp_path: Path) -> None:
    done = tmp_path / "done"
    async with a_fed_room(sqlite_url) as fed:
        reader = fed.room.person()
        await reader.says("/start")
        old = an_item("Стара новина", 1)
        fed.site.pages["/feed"] = rss(old)
        await fed.feed()
        await fed.poll()
        await fed.room.stop()
        fed.site.pages["/feed"] = rss(an_item("Новина за час зупинки", 2), old)
        fed.room.clock.advance(hours=2)  # it is due again
        asked = fed.site.times("/feed")
        await fed.room.start()
        parser = fed.room.app.parts.feeds.parser
        parser.command = (*slow_parser(done).command[:-2], "", str(done))  # whatever it reads, it waits
        await until(lambda: parser.pids, "what reads feeds does not begin")
        await fed.room.settled()
        await reader.says("/settings")
        assert fed.site.times("/feed") == asked
        done.touch()
        await reader.sees("Новина за час зупинки")
        assert await reader.count("Новина за час зупинки") == 1


async def test_a_feed_that_is_read_for_longer_than_it_is_held_is_asked_once(sqlite_url: str, tmp_path: Path) -> None:
    done = tmp_path / "done"
    async with a_fed_room(sqlite_url) as fed:
        fed.room.app.parts.feeds.poller.parser = parser = slow_parser(done)
        fed.site.pages["/slow"] = rss(an_item(f"{_SLOW} стара", 1))
        feed = await fed.feed("/slow")
        await _ask(fed)
        await until(lambda: fed.site.times("/slow") == 1, "the feed is not asked")
        for _ in range(3):
            fed.room.clock.advance(seconds=LEASE.total_seconds())
            fed.room.app.parts.feeds.poller.wake()
            await fed.room.settled()
        assert fed.site.times("/slow") == 1
        done.touch()
        await until(lambda: fed.room.app.parts.feeds.poller.idle, "the feed is still being read")
        assert (await fed.room.store.feeds.get(feed.id)).filled
        await parser.close()
