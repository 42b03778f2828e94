"""Feeds from the shell: added, listed, tried and removed, one by one or by a list."""

from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from aiohttp import web

from bot.cli import feeds
from bot.model.feeds import FeedMode, FeedSettings, FeedState, channel_address
from bot.timing.clock import SystemClock
from storage.engine.database import Database
from storage.store import Store
from tests.support.site import Site, a_site, an_item, rss

pytestmark = pytest.mark.wide

ITEMS = [an_item(f"Новина {n}", n) for n in range(7)]
Out = pytest.CaptureFixture[str]


@pytest.fixture
async def site(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("FETCH_ALLOW", "127.0.0.1")
    monkeypatch.setenv("LANGUAGE", "en")
    async with a_site() as opened:
        opened.pages["/feed"] = rss(*ITEMS)
        yield opened


@pytest.fixture
async def store(sqlite_url: str) -> AsyncIterator[Store]:
    database = Database(sqlite_url)
    yield Store(database, "test")
    await database.close()


async def test_a_feed_is_added_listed_and_removed(site: Site, store: Store, capsys: Out) -> None:
    address = f"{site.root}/feed"
    assert await feeds.add([address], "publish") == 0
    assert await feeds.add([address], "archive") == 0
    (feed,) = await store.feeds.all()
    assert (feed.mode, feed.state, feed.address) == (FeedMode.PUBLISH, FeedState.ACTIVE, address)
    assert await feeds.list_() == 0
    assert await feeds.remove([address]) == 0
    assert await feeds.remove([address]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [f"added: Новини міста ({address})", f"there already: {address}"]
    assert said[2].split("\t")[:5] == [address, "Новини міста", "publish", "active", "by activity"]
    assert said[3:] == [f"removed: {address}", f"there is no such feed: {address}"]
    assert await store.feeds.all() == []


async def test_an_address_is_tried_without_adding_anything(site: Site, store: Store, capsys: Out) -> None:
    assert await feeds.check([f"{site.root}/feed", "http://10.0.0.1/feed"]) == 1
    shown = capsys.readouterr()
    assert shown.out.splitlines()[:3] == [
        f"{site.root}/feed\tНовини міста",
        "items: 7, could not be taken: 0",
        "  –\tНовина 0",
    ]
    assert "http://10.0.0.1/feed: This address leads into an internal network." in shown.err
    assert await store.feeds.all() == []


async def test_a_list_of_feeds_is_added_spread_out_and_its_slips_are_named(
    site: Site, store: Store, tmp_path: Path, capsys: Out
) -> None:
    outlines = "".join(f'<outline text="Ф{n}" xmlUrl="https://{n}.example/feed"/>' for n in range(30))
    path = tmp_path / "list.opml"
    path.write_text(f'<opml><body>{outlines}<outline xmlUrl="ftp://x.example"/></body></opml>', encoding="utf-8")
    assert await feeds.add([str(path)], "approve") == 1
    found = await store.feeds.all()
    assert len(found) == 30
    assert len({one.next_at for one in found}) == 30
    assert site.asked == []
    assert "this is not the address of a feed: ftp://x.example" in capsys.readouterr().err


async def test_the_list_may_be_taken_elsewhere_and_back(site: Site, store: Store, tmp_path: Path, capsys: Out) -> None:
    now = SystemClock().now()
    for number, name in enumerate(["Вісті «Порту» & Ко <1>", "Їжак"]):
        await store.feeds.add(
            f"https://{number}.example/feed?a=1&b=2", name, FeedMode.PUBLISH, FeedState.ACTIVE, 1, now
        )
    await store.feeds.add(channel_address(-1001), "Канал", FeedMode.PUBLISH, FeedState.ACTIVE, 1, now)
    assert await feeds.list_(opml=True) == 0
    written = capsys.readouterr().out
    path = tmp_path / "out.opml"
    path.write_text(written, encoding="utf-8")
    before = [(one.address, one.name) for one in await store.feeds.all() if not one.is_channel]
    for one in await store.feeds.all():
        await store.feeds.remove(one.id, None, now)
    assert await feeds.add([str(path)], "approve") == 0
    assert [(one.address, one.name) for one in await store.feeds.all()] == before
    assert ET.fromstring(written).find("head/title") is not None


async def test_what_is_asked_no_more_has_no_next_turn(site: Site, store: Store, capsys: Out) -> None:
    number = await store.feeds.add(f"{site.root}/feed", "x", FeedMode.PUBLISH, FeedState.ACTIVE, 1, SystemClock().now())
    await store.feeds.change(number, FeedSettings(state=FeedState.ENDED), 1, SystemClock().now())
    assert await feeds.list_() == 0
    assert capsys.readouterr().out.split("\t")[7] == "–"


async def test_of_a_feed_of_thirty_megabytes_no_more_is_taken_than_may_be(
    site: Site, store: Store, capsys: Out
) -> None:
    taken = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal taken
        answer = web.StreamResponse(headers={"Content-Type": "application/rss+xml"})
        await answer.prepare(request)
        item = an_item("Новина " + "довга " * 10_000, 1).encode()
        with suppress(ConnectionError):
            await answer.write(rss()[: rss().index("</channel>")].encode())
            while taken < 30_000_000:
                await answer.write(item)
                taken += len(item)
        return answer

    site.pages["/large"] = endless
    address = f"{site.root}/large"
    assert await feeds.check([address]) == 1
    assert await feeds.add([address], "publish") == 1
    shown = capsys.readouterr()
    sentence = f"{address}: The feed is too large: more than 10 MB. Look for a shorter one on the site\n"
    assert (shown.out, shown.err) == ("", sentence * 2)
    assert taken < 30_000_000, "the rest is not even read"
    assert await store.feeds.all() == []
