"""A site moves, and all its items are called otherwise: they stay the same items, for as long as they are there."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from bot.model.feeds import FeedMode, ItemState, NoticeKind
from tests.support.feeds import FedRoom, a_fed_room
from tests.support.site import an_item, rss


@pytest.fixture
async def fed(sqlite_url: str) -> AsyncIterator[FedRoom]:
    async with a_fed_room(sqlite_url) as opened:
        yield opened


@pytest.mark.parametrize("mode", [FeedMode.APPROVE, FeedMode.PUBLISH])
async def test_the_last_items_of_a_site_that_moved_do_not_come_again(fed: FedRoom, mode: FeedMode) -> None:
    begin = fed.room.clock.now() - timedelta(hours=8)
    events = ("міст", "паром", "школа", "театр", "ринок", "стадіон", "вокзал", "музей", "парк", "басейн")

    def items(first: int, last: int, site: str) -> list[str]:
        def one(n: int) -> str:
            at = begin + timedelta(minutes=20 * n)
            whole = an_item(f"Подія {n}: {events[n]}", n, f"Що відомо про {events[n]}.", at=at)
            return whole.replace("news.example", site).replace(f"n-{n}<", f"{site}-{n}<")

        return [one(n) for n in range(last - 1, first - 1, -1)]

    fed.site.pages["/feed"] = rss(*items(0, 5, "old.example"))
    feed = await fed.feed(mode=mode)
    await fed.poll()
    for first in range(6):
        fed.site.pages["/feed"] = rss(*items(first, first + 5, "new.example"))
        await fed.poll()
    store = fed.room.store
    titles = [one.title for one in (await store.articles.latest(limit=50)).items]
    titles += [one.title for one, _ in await store.feed_items.drafts(begin)]
    assert sorted(titles) == [f"Подія {n}: {events[n]}" for n in range(10)]
    known = (await store.feed_items.of(feed.id)).values()
    assert len(known) == 10
    assert {one.state for one in known} == {ItemState.TAKEN}
    assert await fed.notices() == []


async def test_what_a_site_calls_as_at_first_again_is_not_taken_away_though_its_title_changed(fed: FedRoom) -> None:
    begin = fed.room.clock.now() - timedelta(hours=8)

    def items(site: str, title: str = "Міст відкриють") -> list[str]:
        told = ["Паром стоїть", "Школу добудували", "Театр їде на гастролі", title]
        whole = [
            an_item(one, n, f"Що відомо про подію {n}.", at=begin + timedelta(minutes=20 * n))
            for n, one in enumerate(told)
        ]
        return [one.replace("news.example", site).replace(">n-", f">{site}-") for one in whole[::-1]]

    fed.site.pages["/feed"] = rss()
    feed = await fed.feed(mode=FeedMode.APPROVE)
    await fed.poll()
    for now in (items("old.example"), items("new.example"), items("old.example", "Міст через річку відкрили в суботу")):
        fed.site.pages["/feed"] = rss(*now)
        await fed.poll()
        await fed.poll()
    known = (await fed.room.store.feed_items.of(feed.id)).values()
    assert [one.state for one in known] == [ItemState.TAKEN] * 4
    assert await fed.notices() == []
    titles = [one.title for one, _ in await fed.room.store.feed_items.drafts(begin)]
    assert "Міст через річку відкрили в суботу" in titles  # its change is followed as any other


async def test_an_item_whose_address_changes_and_whose_title_changes_later_is_the_same(fed: FedRoom) -> None:
    """An id is another article's when address and title both are: both as they were the last time, not at first."""
    others = [an_item(f"Подія {n}", n) for n in range(3)]
    title, text = "Міст через річку відкриють у суботу після ремонту", "Рух відновлять о восьмій ранку."
    await fed.feed(mode=FeedMode.APPROVE)
    fed.site.pages["/feed"] = rss(*others)
    await fed.poll()
    fed.site.pages["/feed"] = rss(an_item(title, 100, text), *others)
    await fed.poll()
    moved = an_item(title, 100, text).replace("news.example/100", "news.example/mist")
    for item in (moved, moved.replace("відкриють", "відкрили")):
        fed.site.pages["/feed"] = rss(item, *others)
        await fed.poll()
    drafts = await fed.room.store.feed_items.drafts(fed.room.clock.now() - timedelta(days=1))
    assert [one.title for one, _ in drafts] == [title.replace("відкриють", "відкрили")]


async def test_what_new_items_push_off_the_end_is_not_taken_away_though_an_old_one_stays(fed: FedRoom) -> None:
    """Some feeds keep one item above all others, or bring an old one up again when it is changed."""
    now = fed.room.clock.now()
    dated = [an_item(f"Подія {n}", n, at=now - timedelta(hours=20 - n)) for n in range(12)]
    pinned = an_item("Як надіслати нам новину", "pinned", at=now - timedelta(days=300))
    feed = await fed.feed(mode=FeedMode.ARCHIVE)
    for newest in range(4, 12):
        fed.site.pages["/feed"] = rss(pinned, *dated[newest : newest - 5 : -1])
        await fed.poll()
    assert await fed.notices() == []
    fed.site.pages["/feed"] = rss(pinned, *dated[11:9:-1], *dated[8:6:-1])
    for _ in range(2):
        await fed.poll()
    assert [one.kind for one in await fed.notices()] == [NoticeKind.VANISHED]
    assert (await fed.room.store.feeds.get(feed.id)).failures == 0


async def test_an_item_whose_bytes_were_damaged_is_not_called_taken_away(fed: FedRoom) -> None:
    now = fed.room.clock.now()
    dated = [
        an_item(f"Подія {n}", n, f"Зібрали 1{n}0 тисяч гривень.", at=now - timedelta(hours=n)) for n in range(1, 6)
    ]
    fed.site.pages["/feed"] = rss(*dated)
    feed = await fed.feed(mode=FeedMode.ARCHIVE)
    await fed.poll()
    damaged = rss(*dated).encode().replace(b"120 ", b"1\xff0 ")
    fed.site.pages["/feed"] = web.Response(body=damaged, content_type="application/xml")
    for _ in range(3):
        await fed.poll()
    assert [one.kind for one in await fed.notices()] == [NoticeKind.DAMAGED]
    fed.site.pages["/feed"] = rss(*dated[:2], *dated[3:])
    for _ in range(2):
        await fed.poll()
    assert [one.kind for one in await fed.notices()] == [NoticeKind.VANISHED], "what is gone is still told"
    assert len(await fed.room.store.feed_items.of(feed.id)) == len(dated)


async def test_an_item_that_breaks_what_reads_it_is_not_called_taken_away(fed: FedRoom) -> None:
    now = fed.room.clock.now()
    dated = [an_item(f"Подія {n}", n, at=now - timedelta(hours=n)) for n in range(1, 6)]
    fed.site.pages["/feed"] = rss(*dated)
    await fed.feed(mode=FeedMode.ARCHIVE)
    await fed.poll()
    place = '<gml:pos xmlns:gml="http://www.opengis.net/gml" srsDimension="x">1 2</gml:pos>'
    fed.site.pages["/feed"] = rss(*dated[:2], dated[2].replace("</item>", f"{place}</item>"), *dated[3:])
    for _ in range(3):
        await fed.poll()
    assert await fed.notices() == []
    fed.site.pages["/feed"] = rss(*dated)
    await fed.poll()
    assert await fed.notices() == []
