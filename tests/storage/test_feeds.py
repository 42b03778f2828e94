"""Feeds in storage: who polls one holds it, what it brought is known again, a question is answered once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import NotFound, Stale
from bot.model.feeds import (
    Feed,
    FeedItem,
    FeedMode,
    FeedSettings,
    FeedState,
    ItemState,
    NoticeKind,
    Polled,
    Skips,
)
from bot.model.news import Incoming, Photo
from storage.engine.database import Database
from storage.store import Store
from tests.support.life import SlowCommits
from tests.support.rows import NOW, a_draft
from tests.support.together import together

LEASE, CALM = timedelta(seconds=150), timedelta(seconds=2)


async def a_feed(store: Store, address: str = "https://a.example/feed", **settings: object) -> Feed:
    number = await store.feeds.add(address, "Стрічка", FeedMode.PUBLISH, FeedState.ACTIVE, 100, NOW)
    if settings:
        await store.feeds.change(number, FeedSettings(**settings), 100, NOW)  # type: ignore[arg-type]
    return await store.feeds.get(number)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "first")


@pytest.fixture
def other(database: Database) -> Store:
    return Store(database, "second")


async def _claim(store: Store, at: object = NOW) -> Feed | None:
    return await store.feeds.claim(at, at + LEASE, at - CALM)  # type: ignore[operator,arg-type]


async def test_two_processes_never_hold_the_same_feed(store: Store, other: Store) -> None:
    for number in range(20):
        await a_feed(store, f"https://{number}.example/feed")
    found = await asyncio.gather(*(_claim(one) for one in (store, other) for _ in range(12)))
    numbers = [feed.id for feed in found if feed is not None]
    assert len(numbers) == len(set(numbers)) == 20


async def test_a_lease_that_is_over_is_taken_and_who_lost_it_writes_nothing(store: Store, other: Store) -> None:
    feed = await a_feed(store)
    assert await _claim(store) is not None
    assert await _claim(other) is None
    later = NOW + LEASE + timedelta(seconds=1)
    assert await _claim(other, later) is not None
    assert not await store.feeds.renew(feed.id, later + LEASE)
    lost = Polled(next_at=later, succeeded=True, name="Хтось інший")
    assert not await store.feeds.polled(feed.id, lost, later)
    assert (await store.feeds.get(feed.id)).name == "Стрічка"
    assert await other.feeds.renew(feed.id, later + LEASE)


async def test_what_its_own_process_is_still_at_is_left_out(store: Store, other: Store) -> None:
    feed = await a_feed(store)
    assert await _claim(store) is not None
    later = NOW + LEASE + timedelta(seconds=1)
    assert await store.feeds.claim(later, later + LEASE, later - CALM, {feed.id}) is None
    assert await other.feeds.claim(later, later + LEASE, later - CALM, {feed.id + 1}) is not None


async def test_a_server_is_asked_for_one_feed_at_a_time_and_not_at_once_again(store: Store, other: Store) -> None:
    for path in ("politics", "sport"):
        await a_feed(store, f"https://a.example/{path}")
    await a_feed(store, "https://b.example/feed")
    first = await _claim(store)
    second = await _claim(other)
    assert first is not None
    assert second is not None
    assert {first.address.split("/")[2], second.address.split("/")[2]} == {"a.example", "b.example"}
    assert await _claim(store) is None
    mine = first if "a.example" in first.address else second
    holder = store if mine is first else other
    later = NOW + timedelta(seconds=1)
    assert await holder.feeds.polled(mine.id, Polled(next_at=NOW + timedelta(hours=1), succeeded=True), later)
    assert await _claim(store, later) is None  # a moment's rest
    third = await _claim(store, NOW + timedelta(seconds=4))
    assert third is not None
    assert third.address != mine.address


async def test_two_processes_that_look_at_once_ask_a_server_for_one_feed(database_url: str) -> None:
    database = SlowCommits(database_url)
    mine, theirs = Store(database, "me"), Store(database, "another")
    for path in ("politics", "sport"):
        await a_feed(mine, f"https://a.example/{path}")
    claimed = await together(database, lambda: _claim(mine), lambda: _claim(theirs))
    assert [one is not None for one in claimed] == [True, False]
    await database.close()


async def test_a_clock_that_was_set_back_leaves_no_feed_waiting_for_ever(store: Store, other: Store) -> None:
    feed = await a_feed(store)
    ahead = NOW + timedelta(days=400)
    assert await store.feeds.claim(ahead, ahead + LEASE, ahead - CALM) is not None
    assert await store.feeds.polled(feed.id, Polled(next_at=ahead, succeeded=True), ahead)
    assert await other.feeds.claim(NOW, NOW + LEASE, NOW - CALM) is not None


async def test_a_feed_comes_back_as_it_was_stored(store: Store) -> None:
    feed = await a_feed(store, source="Газета", every=600, topics={"спорт": "sport"})
    assert await _claim(store) is not None
    polled = Polled(
        next_at=NOW + timedelta(hours=1),
        succeeded=True,
        name="Нова назва",
        etag='"x"',
        modified="Thu",
        print="p",
        categories={"Спорт": 3},
        filled=True,
        fresh_for=600,
        skips=Skips(hours=(1, 2), days=(6,)),
    )
    assert await store.feeds.polled(feed.id, polled, NOW)
    found = await store.feeds.get(feed.id)
    assert (found.title, found.name, found.every, found.topics) == ("Газета", "Нова назва", 600, {"спорт": "sport"})
    assert (found.etag, found.print, found.categories, found.filled) == ('"x"', "p", {"Спорт": 3}, True)
    assert (found.skips, found.fresh_for, found.succeeded_at) == (polled.skips, 600, NOW)
    await store.feeds.remove(feed.id, 100, NOW)
    with pytest.raises(NotFound):
        await store.feeds.get(feed.id)


async def test_a_feed_moves_unless_another_one_is_there_and_ends_when_it_is_over(store: Store) -> None:
    await a_feed(store, "https://b.example/feed")
    feed = await a_feed(store, "https://a.example/feed", every=600)
    await store.feeds.change(1, FeedSettings(state=FeedState.PAUSED), 100, NOW)
    expected = "https://c.example/feed"
    for minute, address in enumerate((expected, "https://b.example/feed")):
        later = NOW + timedelta(minutes=minute)
        await store.feeds.ask_soon(feed.id, later)
        claimed = await _claim(store, later)
        assert claimed is not None
        await store.feeds.polled(feed.id, Polled(next_at=NOW, succeeded=True, address=address), later)
        assert (await store.feeds.get(feed.id)).address == expected
    later = NOW + timedelta(hours=3)
    assert await _claim(store, later) is not None
    ended = Polled(next_at=NOW, succeeded=False, state=FeedState.ENDED, reason="gone", failures=1)
    await store.feeds.polled(feed.id, ended, later)
    assert (await store.feeds.get(feed.id)).state is FeedState.ENDED
    assert await _claim(store, later + timedelta(days=1)) is None


async def test_who_pauses_a_feed_while_it_is_polled_has_it_paused(store: Store) -> None:
    feed = await a_feed(store)
    assert await _claim(store) is not None
    await store.feeds.change(feed.id, FeedSettings(state=FeedState.PAUSED), 100, NOW)
    assert await store.feeds.polled(feed.id, Polled(next_at=NOW, succeeded=True), NOW)
    assert (await store.feeds.get(feed.id)).state is FeedState.PAUSED


async def test_what_was_offered_becomes_a_feed_once_and_is_forgotten_otherwise(store: Store) -> None:
    add = store.feeds.add
    number = await add("https://a.example/feed", "А", FeedMode.APPROVE, FeedState.OFFERED, 100, NOW)
    assert await store.feeds.all() == []
    assert await _claim(store) is None
    assert await add("https://a.example/feed", "А", FeedMode.PUBLISH, FeedState.ACTIVE, 100, NOW) == number
    assert await add("https://a.example/feed", "А", FeedMode.ARCHIVE, FeedState.ACTIVE, 100, NOW) == number
    assert await add("https://a.example/feed", "А", FeedMode.ARCHIVE, FeedState.OFFERED, 100, NOW) == number
    (feed,) = await store.feeds.all()
    assert (feed.mode, feed.state) == (FeedMode.PUBLISH, FeedState.ACTIVE)
    await add("https://b.example/feed", "Б", FeedMode.APPROVE, FeedState.OFFERED, 100, NOW)
    await store.feeds.forget_offers(NOW + timedelta(days=1))
    assert await store.feeds.at("https://b.example/feed") is None
    assert await store.feeds.at("https://a.example/feed") is not None


async def test_what_is_held_comes_back_whole(store: Store) -> None:
    feed = await a_feed(store)
    incoming = Incoming(
        title="Міст", body="<p>Так</p>", topics=("А", "Б"), photo=Photo(url="https://x.example/a.jpg"),
        published_at=NOW, identity="id:1", external_id="1",
    )  # fmt: skip
    rows = [FeedItem(key=f"k{n}", state=ItemState.HELD, seen_at=NOW, dated_at=NOW - timedelta(hours=n)) for n in (1, 2)]
    held = {"k1": incoming, "k2": replace(incoming, photo=None, published_at=None)}
    await store.feed_items.put(feed.id, rows, held)
    await store.feed_items.put(feed.id, rows, held)
    assert list((await store.feed_items.held(feed.id)).items()) == [("k2", held["k2"]), ("k1", incoming)]
    assert (await store.feeds.activity(NOW - timedelta(days=7)))[feed.id].held == 2
    await store.feed_items.put(feed.id, [replace(rows[0], state=ItemState.DROPPED)])
    assert list(await store.feed_items.held(feed.id)) == ["k2"]


async def test_items_are_known_again_and_forgotten_long_after_they_were_gone(store: Store, database: Database) -> None:
    feed = await a_feed(store)
    article = await a_draft(database, "Міст", identity="id:1")
    rows = [
        FeedItem(key="a", article_id=article, print="p", url_key="u", seen_at=NOW, dated_at=NOW),
        FeedItem(key="b", seen_at=NOW, missing_since=NOW),
    ]
    await store.feed_items.put(feed.id, rows)
    assert await store.feed_items.of(feed.id) == {"a": rows[0], "b": rows[1]}
    assert await store.feed_items.articles(["id:1", "id:2"]) == {"id:1": article}
    await store.feed_items.rename(feed.id, {"a": "n", "gone": "m"})
    assert await store.feed_items.of(feed.id) == {"n": replace(rows[0], key="n"), "b": rows[1]}
    for _ in range(2):
        await store.feed_items.rename(feed.id, {"n": "a"})
    assert await store.feed_items.of(feed.id) == {"a": rows[0], "b": rows[1]}
    assert [(one.id, name) for one, name in await store.feed_items.drafts(NOW)] == [(article, "Стрічка")]
    await store.feed_items.forget(NOW + timedelta(seconds=1))
    assert list(await store.feed_items.of(feed.id)) == ["a"]
    await store.feeds.remove(feed.id, 100, NOW)
    await store.feed_items.put(feed.id, rows)  # a poll that ends after somebody removed the feed
    assert await store.feed_items.of(feed.id) == {}


async def test_a_notice_waits_until_it_was_told_and_a_question_is_answered_once(store: Store, other: Store) -> None:
    feed = await a_feed(store)
    first = await store.feed_notices.add(feed.id, NoticeKind.FLOOD, {"n": 21}, NOW)
    for one in (store, other):
        assert [notice.detail for notice in await one.feed_notices.untold()] == [{"n": 21}]
    await other.feed_notices.settle(first, NOW)
    assert await store.feed_notices.untold() == []
    second = await store.feed_notices.add(feed.id, NoticeKind.FLOOD, {"n": 30}, NOW)
    with pytest.raises(Stale):  # a newer one took its place
        await store.feed_notices.answer(first, 100, NOW)
    answers = await asyncio.gather(
        *(one.feed_notices.answer(second, 100, NOW) for one in (store, other)), return_exceptions=True
    )
    assert sorted(type(one) for one in answers if one is not None) == [Stale]
    failing = await store.feed_notices.add(feed.id, NoticeKind.FAILING, {}, NOW)
    with pytest.raises(Stale):
        await store.feed_notices.answer(failing, 100, NOW)
    with pytest.raises(NotFound):
        await store.feed_notices.get(10**6)


async def test_an_album_is_taken_by_one_process_when_nothing_more_of_it_comes(store: Store, other: Store) -> None:
    feed = await a_feed(store, "telegram:-1001")
    quiet, album = timedelta(seconds=3), Incoming(title="Альбом", photo=Photo(file_id="a", more=(Photo(file_id="b"),)))
    row = FeedItem(key="album:7", state=ItemState.GATHERED, seen_at=NOW)

    async def takes(one: Store, at: object) -> list[tuple[int, str, Incoming]]:
        return await one.feed_items.take_gathered(at - quiet, at)  # type: ignore[operator,arg-type]

    await store.feed_items.put(feed.id, [row], {row.key: album})
    assert await store.feed_items.gathered(feed.id, row.key) == album
    assert await store.feed_items.held(feed.id) == {}
    assert await takes(store, NOW + timedelta(seconds=2)) == []
    later = NOW + timedelta(seconds=4)
    taken = await asyncio.gather(*(takes(one, later) for one in (store, other) for _ in range(4)))
    assert [one for some in taken for one in some] == [(feed.id, row.key, album)]
    behind = later - timedelta(seconds=1)
    assert await takes(other, behind) == [], "a clock that is a little behind takes nothing from another process"
    assert len(await takes(other, later + timedelta(minutes=1))) == 1, "whoever took it has stored nothing"
    assert len(await takes(other, NOW - timedelta(hours=1))) == 1, "the clock was set back"
    await store.feed_items.put(feed.id, [FeedItem(key=row.key, seen_at=NOW)])
    assert await store.feed_items.gathered(feed.id, row.key) is None
    assert await takes(other, later + timedelta(hours=1)) == []


async def test_a_channel_is_nobodys_to_poll(store: Store) -> None:
    await a_feed(store, "telegram:-1001")
    assert await _claim(store, NOW + timedelta(hours=1)) is None
