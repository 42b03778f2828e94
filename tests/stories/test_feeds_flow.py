"""News flows in from feeds: once, as the desk chose, never as a flood, and what changes at its source changes here."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import delete, update

from bot.inflow.inflow import FLOOD
from bot.model.feeds import FeedMode, FeedState, ItemState, NoticeKind
from bot.model.news import ArticleState
from storage.schema.tables import feed as feed_table
from storage.schema.tables import feed_item
from tests.support.feeds import FedRoom, a_fed_room
from tests.support.people import Somebody
from tests.support.site import Answer, an_item, rss
from tests.support.waiting import until

pytestmark = pytest.mark.wide

OLD = [an_item(f"Стара новина {n}", n, f"Те, що сталося тижнями раніше, номер {n}.") for n in range(4)]
BRIDGE = "Міст через річку відкрили після ремонту"
FERRY = "Паром не ходитиме до понеділка"
TEXT = "Рух відновили о восьмій ранку. Ремонт тривав пів року, і весь цей час містяни їздили в об’їзд через греблю."


@pytest.fixture
async def fed(sqlite_url: str) -> AsyncIterator[FedRoom]:
    async with a_fed_room(sqlite_url) as opened:
        yield opened


async def _reader(fed: FedRoom) -> Somebody:
    reader = fed.room.person()
    await reader.says("/start")
    return reader


async def test_a_new_feed_fills_the_archive_and_pushes_nothing_then_each_item_goes_out_once(fed: FedRoom) -> None:
    reader = await _reader(fed)
    fed.site.pages["/feed"] = rss(*OLD)
    await fed.feed()
    await fed.poll()
    assert await reader.lacks("Стара новина")
    await reader.says("/search стара новина")
    assert "Стара новина" in reader.screen
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), *OLD)
    for _ in range(3):
        await fed.poll()
    assert await reader.count(BRIDGE) == 1
    article = (await fed.room.store.articles.latest(limit=1)).items[0]
    assert (article.title, article.source, article.urgent) == (BRIDGE, "Новини міста", False)


async def test_the_same_holds_on_both_engines(database_url: str) -> None:
    async with a_fed_room(database_url) as fed:
        reader = await _reader(fed)
        fed.site.pages["/feed"] = rss(*OLD)
        await fed.feed()
        await fed.poll()
        for text in (TEXT, TEXT.replace("пів року", "7 років")):
            fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, text), *OLD)
            await fed.poll()
            await reader.sees(BRIDGE)
        assert await reader.count(BRIDGE) == 1
        assert [one.kind for one in await fed.notices()] == [NoticeKind.CHANGED]
        flood = [an_item(f"Потік {n}", f"f{n}", f"Подія номер {n}.") for n in range(FLOOD + 1)]
        fed.site.pages["/feed"] = rss(*flood, *OLD)
        await fed.poll()
        assert await reader.lacks("Потік")


async def test_the_first_push_leaves_with_the_answer_and_waits_for_no_tick(fed: FedRoom) -> None:
    reader = await _reader(fed)
    fed.site.pages["/feed"] = rss(*OLD)
    await fed.feed()
    await fed.poll()
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), *OLD)
    await fed.poll()
    await reader.sees(BRIDGE)  # nobody called a tick


async def test_what_reads_feeds_is_ready_after_a_start_before_the_first_is_asked(fed: FedRoom) -> None:
    assert fed.room.app.parts.feeds.parser.pids == []  # nobody has a feed, and nothing is started for one
    await fed.feed(every=3600)
    fed.site.pages["/feed"] = rss(*OLD)
    await fed.poll()
    asked = fed.site.times("/feed")
    await fed.room.restart()
    parser = fed.room.app.parts.feeds.parser
    await until(lambda: len(parser.pids) == 1, "nothing was made ready")
    assert fed.site.times("/feed") == asked


async def test_what_editors_approve_is_a_draft_until_one_does(fed: FedRoom) -> None:
    owner, reader = fed.room.owner(), await _reader(fed)
    await owner.says("/start")
    fed.site.pages["/feed"] = rss(*OLD)
    await fed.feed(mode=FeedMode.APPROVE)
    await fed.poll()
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), *OLD)
    await fed.poll()
    await fed.room.tick()
    await owner.sees("Нова чернетка: Новини міста")
    assert await reader.lacks(BRIDGE)
    await owner.taps("Відкрити")
    await owner.taps("Опублікувати")
    await owner.taps("Так, опублікувати")
    await fed.room.tick()
    assert await reader.count(BRIDGE) == 1
    await fed.poll()
    assert await reader.count(BRIDGE) == 1


async def test_what_goes_into_the_archive_only_is_found_and_not_sent(fed: FedRoom) -> None:
    reader = await _reader(fed)
    fed.site.pages["/feed"] = rss(*OLD)
    await fed.feed(mode=FeedMode.ARCHIVE)
    await fed.poll()
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), *OLD)
    await fed.poll()
    assert await reader.lacks(BRIDGE)
    await reader.says("/search міст ремонт")
    assert BRIDGE in reader.screen
    await reader.says("/latest")
    assert BRIDGE in reader.screen, "it has no date of its own, and appeared now"
    assert "Стара новина" not in reader.screen, "what was there at first has none, and nobody knows when it appeared"


async def test_a_flood_is_held_and_asked_about(fed: FedRoom) -> None:
    reader = await _reader(fed)
    fed.site.pages["/feed"] = rss(*OLD)
    feed = await fed.feed()
    await fed.poll()
    flood = [an_item(f"Потік {n}", f"f{n}", f"Подія номер {n} у потоці подій.") for n in range(FLOOD + 1)]
    fed.site.pages["/feed"] = rss(*flood, *OLD)
    for _ in range(2):
        await fed.poll()
    assert await reader.lacks("Потік")
    (notice,) = await fed.notices()
    assert (notice.kind, notice.detail) == (NoticeKind.FLOOD, {"n": FLOOD + 1})
    assert len(await fed.room.store.feed_items.held(feed.id)) == FLOOD + 1


async def test_what_is_older_than_a_day_is_no_news_any_more(fed: FedRoom) -> None:
    reader = await _reader(fed)
    fed.site.pages["/feed"] = rss(*OLD)
    await fed.feed()
    await fed.poll()
    late = an_item(BRIDGE, 100, TEXT, at=fed.room.clock.now() - timedelta(days=3))
    fed.site.pages["/feed"] = rss(late, *OLD)
    await fed.poll()
    assert await reader.lacks(BRIDGE)
    await reader.says("/search міст ремонт")
    assert BRIDGE in reader.screen


async def test_the_same_in_two_feeds_comes_once(fed: FedRoom) -> None:
    reader = await _reader(fed)
    for path in ("/feed", "/other"):
        fed.site.pages[path] = rss(an_item("Перша новина", 1, "Зовсім про інше."), title=path)
        await fed.feed(path)
    await fed.poll()
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), title="А")
    fed.site.pages["/other"] = rss(an_item(BRIDGE, "x100", TEXT), title="Б")
    await fed.poll()
    await fed.poll()
    assert await reader.count(BRIDGE) == 1
    article = (await fed.room.store.articles.latest(limit=1)).items[0]
    first = await fed.room.store.articles.get(article.same_as or article.id)
    reports = await fed.room.store.articles.reports(first)
    assert {first.source, *(one.source for one in reports.others)} == {"А", "Б"}


async def test_two_sites_that_are_called_alike_and_number_alike_lose_nothing(fed: FedRoom) -> None:
    """Each numbers from one, with addresses or without; the same of one site in two of its feeds is still one."""
    reader, store = await _reader(fed), fed.room.store
    pool, water, road = "Рівне відкрило басейн після ремонту", "Луцьк шукає витік на водогоні", "Дорогу здано"

    def item(number: int, title: str, host: str) -> str:
        link = f"<link>https://{host}.example/{number}</link>" if host else ""
        text = f"{title}. Подробиці обіцяють назвати увечері, о сьомій."
        return f"<item><title>{title}</title>{link}<guid>{number}</guid><description>{text}</description></item>"

    for path in ("/rivne", "/lutsk", "/dubno", "/rivne/culture"):
        fed.site.pages[path] = rss(
            item(1, f"Те, що було давно: {path}", path.strip("/").replace("/", "-")), title="Новини"
        )
        await fed.feed(path)
    await fed.poll()
    for path, number, title, host in (
        ("/rivne", 2, pool, "rivne"), ("/lutsk", 2, water, "lutsk"), ("/dubno", 2, road, ""), ("/rivne/culture", 2, pool, "rivne"),
    ):  # fmt: skip
        fed.site.pages[path] = rss(item(number, title, host), title="Новини")
        await fed.poll()
    assert [await reader.count(title) for title in (pool, water, road)] == [1, 1, 1]
    numbers = [
        one.article_id for feed in await store.feeds.all() for one in (await store.feed_items.of(feed.id)).values()
    ]
    assert (len(numbers), len(set(numbers)), None in numbers) == (8, 7, False)
    fed.site.pages["/lutsk"] = rss(item(2, water.replace("витік", "вытік"), "lutsk"), title="Новини")
    await fed.poll()
    assert await store.articles.titled([pool], fed.room.clock.now() - timedelta(days=1)), (
        "a change is its own article’s"
    )


async def test_a_slip_that_is_mended_at_its_source_is_mended_in_what_readers_have(fed: FedRoom) -> None:
    reader = await _reader(fed)
    fed.site.pages["/feed"] = rss(*OLD)
    await fed.feed()
    await fed.poll()
    fed.site.pages["/feed"] = rss(an_item("Міст через річьку відкрили після ремонту", 100, TEXT), *OLD)
    await fed.poll()
    await reader.sees("річьку")
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), *OLD)
    await fed.poll()
    await fed.room.tick()
    await reader.sees_now(BRIDGE)
    assert await reader.count(BRIDGE) == 1
    assert await fed.notices() == []


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("восьмій", "дев’ятій"),
        TEXT.replace("пів року", "7 років"),
        TEXT + " " + "Мер подякував будівельникам і пообіцяв ще один міст. " * 4,
    ],
)
async def test_what_changes_the_news_is_asked_about_and_changes_nothing_by_itself(fed: FedRoom, text: str) -> None:
    await _reader(fed)
    fed.site.pages["/feed"] = rss(*OLD)
    await fed.feed()
    await fed.poll()
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), *OLD)
    await fed.poll()
    await fed.room.delivered()
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, text), *OLD)
    for _ in range(2):
        await fed.poll()
    (notice,) = await fed.notices()
    assert notice.kind is NoticeKind.CHANGED
    article = await fed.room.store.articles.get(notice.article_id or 0)
    assert (article.revision, "восьмій" in article.body) == (1, True)


async def test_a_draft_follows_its_source_until_somebody_works_on_it(fed: FedRoom) -> None:
    owner, store = fed.room.owner(), fed.room.store
    await owner.says("/start")
    fed.site.pages["/feed"] = rss(*OLD)
    feed = await fed.feed(mode=FeedMode.APPROVE)
    await fed.poll()
    for title in (BRIDGE, FERRY):
        fed.site.pages["/feed"] = rss(an_item(title, 100, TEXT), *OLD)
        await fed.poll()
    items = await store.feed_items.of(feed.id)
    (number,) = [
        one.article_id for one in items.values()
        if one.article_id and (await store.articles.get(one.article_id)).state is ArticleState.DRAFT
    ]  # fmt: skip
    assert (await store.articles.get(number)).title == FERRY
    await fed.room.tick()
    await owner.taps("Відкрити")
    await owner.taps("Заголовок")
    await owner.says("Мій заголовок")
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), *OLD)
    await fed.poll()
    assert (await store.articles.get(number)).title == "Мій заголовок"
    assert [one.kind for one in await fed.notices()] == [NoticeKind.CHANGED]


async def test_what_vanishes_at_its_source_is_told_once_and_what_only_grew_old_is_not(fed: FedRoom) -> None:
    store, now = fed.room.store, fed.room.clock.now()
    dated = [an_item(f"Новина {n}", n, f"Про подію номер {n}.", at=now - timedelta(hours=n)) for n in range(1, 10)]
    fed.site.pages["/feed"] = rss(*dated)
    feed = await fed.feed()
    await fed.poll()
    fed.site.pages["/feed"] = rss(*dated[:2], *dated[3:8])  # the third was taken away, the last fell off the end
    await fed.poll()
    assert await fed.notices() == []  # it may be back the next time
    await fed.poll()
    await fed.poll()
    (notice,) = await fed.notices()
    assert notice.kind is NoticeKind.VANISHED
    assert (await store.articles.get(notice.article_id or 0)).title == "Новина 3"
    states = [one.state for one in (await store.feed_items.of(feed.id)).values()]
    assert states.count(ItemState.VANISHED) == 1
    fed.site.pages["/feed"] = rss(*dated)
    await fed.poll()
    assert await fed.notices() == []


def _tagged(feed: str, tag: str) -> Answer:
    """Return a page that is known by its tag, and not sent again to who has it."""

    async def page(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        return web.Response(text=feed, content_type="application/rss+xml", headers={"ETag": tag})

    return page


async def test_a_feed_is_asked_whether_it_changed_and_not_read_when_it_did_not(fed: FedRoom) -> None:
    feed = rss(*OLD[:1])
    fed.site.pages["/feed"] = _tagged(feed, '"1"')
    await fed.feed()
    for _ in range(3):
        await fed.poll()
    (found,) = await fed.room.store.feeds.all()
    assert [one.headers.get("If-None-Match") for one in fed.site.asked] == [None, '"1"', '"1"']
    assert (found.failures, found.etag, found.succeeded_at == found.polled_at) == (0, '"1"', True)


async def test_a_server_that_only_says_that_nothing_changed_is_asked_the_same_way_again(fed: FedRoom) -> None:
    feed, date = rss(*OLD[:1]), "Mon, 23 Nov 2026 10:00:00 GMT"

    async def page(request: web.Request) -> web.Response:
        if "If-Modified-Since" in request.headers:
            return web.Response(status=304)
        return web.Response(text=feed, content_type="application/rss+xml", headers={"Last-Modified": date})

    fed.site.pages["/feed"] = page
    await fed.feed()
    for _ in range(4):
        await fed.poll()
    assert [one.headers.get("If-Modified-Since") for one in fed.site.asked] == [None, date, date, date]


async def test_what_is_dated_too_far_ahead_comes_when_its_day_has_though_the_feed_says_nothing_new(
    fed: FedRoom,
) -> None:
    reader = await _reader(fed)
    fed.site.pages["/feed"] = rss(*OLD)
    await fed.feed()
    await fed.poll()
    feed = rss(an_item(BRIDGE, 100, TEXT, at=fed.room.clock.now() + timedelta(hours=30)), *OLD)
    fed.site.pages["/feed"] = _tagged(feed, '"2"')
    await fed.poll()
    assert await reader.lacks(BRIDGE)
    fed.room.clock.advance(hours=31)
    await fed.poll()
    await fed.poll()
    assert await reader.count(BRIDGE) == 1
    assert fed.site.asked[-1].headers.get("If-None-Match") == '"2"'


@pytest.mark.parametrize(
    ("headers", "head"),
    [
        ({"Cache-Control": "max-age=7200"}, ""),
        ({}, "<ttl>120</ttl>"),
        ({}, "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>daily</sy:updatePeriod>"),
        ({}, "<skipHours><hour>12</hour><hour>13</hour></skipHours>"),
        ({}, "<skipDays><day>Monday</day></skipDays>"),  # the newsroom's clock begins on one
    ],
)
async def test_a_feed_that_wants_to_be_left_alone_is(fed: FedRoom, headers: dict[str, str], head: str) -> None:
    body = rss(*OLD[:2], head=head).encode()
    fed.site.pages["/feed"] = web.Response(body=body, headers={"Content-Type": "text/xml", **headers})
    feed = await fed.feed(every=300)
    await fed.poll()
    found = await fed.room.store.feeds.get(feed.id)
    assert found.next_at - fed.room.clock.now() > timedelta(minutes=58)


async def test_a_feed_that_fails_is_left_alone_in_the_hours_it_wants_to_be(fed: FedRoom) -> None:
    now = fed.room.clock.now()
    hours = "".join(f"<hour>{(now.hour + n) % 24}</hour>" for n in range(6))
    fed.site.pages["/feed"] = rss(*OLD, head=f"<skipHours>{hours}</skipHours>")
    feed = await fed.feed(every=300)
    await fed.poll()
    fed.site.pages["/feed"] = web.Response(status=500)
    await fed.poll()
    found = await fed.room.store.feeds.get(feed.id)
    assert (found.failures, found.next_at.hour) == (1, (now.hour + 6) % 24)


async def test_feeds_that_were_late_together_come_again_apart(fed: FedRoom) -> None:
    store, clock = fed.room.store, fed.room.clock
    for n in range(8):
        fed.site.pages[f"/{n}"] = rss(an_item(f"Стара новина {n}", n), title=f"Газета {n}")
        await fed.feed(f"/{n}", every=600)
    await fed.poll()
    stopped = clock.now()
    async with fed.room.database.write() as connection:
        await connection.execute(update(feed_table).values(next_at=stopped - timedelta(hours=1)))

    async def all_asked() -> bool:
        clock.advance(seconds=3)
        fed.room.app.parts.feeds.poller.wake()
        return all(one.next_at > stopped for one in await store.feeds.all())

    await until(all_asked, "not every feed was asked")
    waits = [(one.next_at - one.polled_at).total_seconds() for one in await store.feeds.all() if one.polled_at]
    # The next turn is chosen a moment before it is noted that the feed was asked: here the clock may have gone on since.
    assert min(waits) >= 600 - 60, waits
    assert max(waits) > 600 * 1.15, waits


async def test_a_feed_that_moved_for_good_is_asked_where_it_is(fed: FedRoom) -> None:
    fed.site.pages["/feed"] = web.Response(status=301, headers={"Location": "/new"})
    fed.site.pages["/new"] = rss(*OLD[:1])
    feed = await fed.feed()
    await fed.poll()
    assert (await fed.room.store.feeds.get(feed.id)).address == f"{fed.site.root}/new"


async def test_a_feed_that_moves_to_what_is_no_feed_stays_where_it_was(fed: FedRoom) -> None:
    fed.site.pages["/feed"] = web.Response(status=301, headers={"Location": "/sold"})
    fed.site.pages["/sold"] = "<!DOCTYPE html><html><body>Домен продається</body></html>"
    feed = await fed.feed()
    await fed.poll()
    found = await fed.room.store.feeds.get(feed.id)
    assert (found.address, found.reason) == (feed.address, "no-feed")


async def test_a_feed_that_is_gone_for_good_is_asked_no_more(fed: FedRoom) -> None:
    fed.site.pages["/feed"] = web.Response(status=410)
    feed = await fed.feed()
    await fed.poll()
    found = await fed.room.store.feeds.get(feed.id)
    assert (found.state, found.reason) == (FeedState.ENDED, "gone")
    assert [one.kind for one in await fed.notices()] == [NoticeKind.ENDED]


async def test_owners_hear_once_that_a_feed_fails_and_once_that_it_is_well_again(fed: FedRoom) -> None:
    fed.site.pages["/feed"] = web.Response(status=503, headers={"Retry-After": "36000"})
    feed = await fed.feed()
    waits = []
    for _ in range(5):
        await fed.poll()
        waits.append((await fed.room.store.feeds.get(feed.id)).next_at - fed.room.clock.now())
    assert min(waits) > timedelta(hours=9), waits
    assert [one.kind for one in await fed.notices()] == [NoticeKind.FAILING]
    fed.site.pages["/feed"] = rss(*OLD[:1])
    await fed.poll()
    await fed.poll()
    assert [one.kind for one in await fed.notices()] == [NoticeKind.RECOVERED]
    found = await fed.room.store.feeds.get(feed.id)
    assert (found.failures, found.reason, found.told) == (0, "", False)


async def test_a_new_id_each_time_makes_no_new_news(fed: FedRoom) -> None:
    """Some feeds make the ids up: at the same address and moment it is the same item."""
    reader, now = await _reader(fed), fed.room.clock.now()
    fed.site.pages["/feed"] = rss(*OLD[:3])
    feed = await fed.feed()
    await fed.poll()
    for number in range(3):
        item = an_item(BRIDGE, 100, TEXT, at=now).replace("n-100", f"made-up-{number}")
        fed.site.pages["/feed"] = rss(item, *OLD[:3])
        await fed.poll()
    assert await reader.count(BRIDGE) == 1
    assert len(await fed.room.store.feed_items.of(feed.id)) == 4


@pytest.mark.parametrize("mode", [FeedMode.PUBLISH, FeedMode.APPROVE])
@pytest.mark.parametrize(
    ("guid", "link"),
    [("", "https://news.example/{n}?sid={time}{n}"), ("{time}-{n}", "https://news.example/{n}"), ("{time}-{n}", "https://news.example/{time}/{n}")],
)  # fmt: skip
async def test_items_without_a_date_that_are_called_otherwise_each_time_are_the_same(
    fed: FedRoom, mode: FeedMode, guid: str, link: str
) -> None:
    """Sites that write a session into their addresses, or number their items anew; and none of it has a date."""
    reader = await _reader(fed)

    def a_feed(time: int, *more: str) -> str:
        def one(n: int, title: str) -> str:
            own = f"<guid isPermaLink='false'>{guid.format(n=n, time=time)}</guid>" if guid else ""
            return f"<item>{own}<title>{title}</title><link>{link.format(n=n, time=time)}</link><description>{title}. {TEXT}</description></item>"

        old = [one(n, f"Подія {n}: {what}") for n, what in enumerate(("міст", "паром", "школа", "театр", "ринок"))]
        return rss(*[one(9 + n, title) for n, title in enumerate(more)], *old)

    fed.site.pages["/feed"] = a_feed(0)
    await fed.feed(mode=mode)
    await fed.poll()
    for time in range(1, 4):
        fed.site.pages["/feed"] = a_feed(time, *([FERRY] if time > 1 else []))
        await fed.poll()
    drafts = await fed.room.store.feed_items.drafts(fed.room.clock.now() - timedelta(days=1))
    assert [one.title for one, _ in drafts] == ([FERRY] if mode is FeedMode.APPROVE else [])
    assert await reader.lacks("Подія")
    assert await reader.count(FERRY) == (1 if mode is FeedMode.PUBLISH else 0)


@pytest.mark.parametrize("date", ["", "<pubDate>{day}</pubDate>"])
async def test_a_single_item_that_says_what_the_last_one_did_is_news_again(fed: FedRoom, date: str) -> None:
    day = date.format(day=fed.room.clock.now().date().isoformat())
    fed.site.pages["/feed"] = rss(*OLD)
    await fed.feed(mode=FeedMode.APPROVE)
    await fed.poll()
    for number in (100, 101):
        fed.site.pages["/feed"] = rss(an_item("Повітряна тривога", number, more=day), *OLD)
        await fed.poll()
    drafts = await fed.room.store.feed_items.drafts(fed.room.clock.now() - timedelta(days=1))
    assert [one.title for one, _ in drafts] == ["Повітряна тривога"] * 2


@pytest.mark.parametrize("left", [range(100, 108), range(0)])
async def test_items_without_a_date_that_say_what_others_did_are_news_while_their_feed_goes_on(
    fed: FedRoom, left: range
) -> None:
    """Alarms: the same few sentences, of other places each time, by turns."""
    places = ("Київ", "Харків", "Одеса")

    def alarms(begin: int) -> list[str]:
        return [an_item(f"Повітряна тривога: {place}", n) for n, place in enumerate(places, begin)]

    between = [an_item(f"Подія {n}", n) for n in left]
    fed.site.pages["/feed"] = rss(*between, *alarms(1))
    await fed.feed(mode=FeedMode.APPROVE)
    await fed.poll()
    fed.site.pages["/feed"] = rss(*alarms(200), *(between or [an_item(f"Інше {n}", n) for n in range(300, 308)]))
    await fed.poll()
    drafts = await fed.room.store.feed_items.drafts(fed.room.clock.now() - timedelta(days=1))
    assert {f"Повітряна тривога: {place}" for place in places} <= {one.title for one, _ in drafts}


async def test_a_feed_never_makes_news_urgent_and_brings_no_new_topics(fed: FedRoom) -> None:
    before, now = await fed.room.store.topics.all(), fed.room.clock.now()
    more = "<category>Зовсім нова рубрика</category><category>Спорт</category><urgent>true</urgent>"
    fed.site.pages["/feed"] = rss(
        *[an_item(f"ТЕРМІНОВО: новина {n}", n, f"Про подію {n}.", at=now, more=more) for n in range(9)]
    )
    feed = await fed.feed(topics={"зовсім нова рубрика": "society"})
    await fed.poll()
    assert [one.slug for one in await fed.room.store.topics.all()] == [one.slug for one in before]
    article = await fed.room.store.articles.get((await fed.room.store.articles.latest(limit=1)).items[0].id)
    assert (article.urgent, sorted(topic.slug for topic in article.topics)) == (False, ["society", "sport"])
    found = await fed.room.store.feeds.get(feed.id)
    assert found.categories == {"Зовсім нова рубрика": 9, "Спорт": 9}


async def test_while_everything_is_held_after_a_long_stop_no_feed_is_asked(fed: FedRoom) -> None:
    fed.site.pages["/feed"] = rss(*OLD)
    fed.room.sender.held = True
    await fed.feed()
    poller = fed.room.app.parts.feeds.poller
    assert poller.held()
    poller.wake()
    await fed.room.clock.sleep(5)
    assert fed.site.times("/feed") == 0


async def test_a_process_that_dies_after_sending_and_before_noting_it_sends_nothing_again(fed: FedRoom) -> None:
    reader = await _reader(fed)
    fed.site.pages["/feed"] = rss(*OLD)
    feed = await fed.feed()
    await fed.poll()
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), *OLD)
    await fed.poll()
    assert await reader.count(BRIDGE) == 1
    async with fed.room.database.write() as connection:
        await connection.execute(delete(feed_item).where(feed_item.c.feed_id == feed.id))
        await connection.execute(update(feed_table).values(print="", etag=""))
    await fed.room.restart()
    await fed.poll()
    assert await reader.count(BRIDGE) == 1
    assert len(await fed.room.store.feed_items.of(feed.id)) == len(OLD) + 1


async def test_what_was_forgotten_long_ago_and_comes_back_is_no_news(fed: FedRoom) -> None:
    reader = await _reader(fed)
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), *OLD)
    feed = await fed.feed()
    await fed.poll()
    fed.site.pages["/feed"] = rss(*OLD)
    await fed.poll()
    await fed.room.store.feed_items.forget(fed.room.clock.now() + timedelta(days=1))
    assert len(await fed.room.store.feed_items.of(feed.id)) == len(OLD)
    fed.site.pages["/feed"] = rss(an_item(BRIDGE, 100, TEXT), *OLD)
    await fed.poll()
    assert await reader.lacks(BRIDGE)


async def test_what_falls_off_the_end_and_comes_back_is_the_same_item(fed: FedRoom) -> None:
    reader = await _reader(fed)
    for items in ((*OLD, an_item(BRIDGE, 100, TEXT)), OLD, (*OLD, an_item(BRIDGE, 100, TEXT))):
        fed.site.pages["/feed"] = rss(*items)
        (feed,) = await fed.room.store.feeds.all() or [await fed.feed()]
        await fed.poll()
    assert await reader.lacks(BRIDGE)
    assert all(one.missing_since is None for one in (await fed.room.store.feed_items.of(feed.id)).values())
