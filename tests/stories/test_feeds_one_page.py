"""Several pieces of news on one page: a live report, a list of alerts. Each is told, and one that comes again is not."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.model.feeds import Feed, FeedMode, NoticeKind
from tests.support.feeds import FedRoom, a_fed_room
from tests.support.site import an_item, rss

TOLD = {
    "Міст через річку відкрили після ремонту": "Рух відновили о восьмій ранку, затори зникли до полудня.",
    "Паром не ходитиме до понеділка": "Судно стоїть у доку, а пасажирів везуть автобуси міської служби.",
    "У школі №5 запрацював новий стадіон": "Перший матч зіграли учні старших класів проти команди випускників.",
}


@pytest.fixture
async def fed(sqlite_url: str) -> AsyncIterator[FedRoom]:
    async with a_fed_room(sqlite_url) as opened:
        yield opened


@pytest.mark.parametrize("place", ["#n{n}", ""])
@pytest.mark.parametrize("at_once", [True, False])
async def test_what_stands_on_one_page_is_not_one_article(fed: FedRoom, place: str, at_once: bool) -> None:
    now = fed.room.clock.now()
    items = [
        an_item(title, n, text, at=now - timedelta(minutes=n)).replace(
            f"news.example/{n}<", f"news.example/live{place.format(n=n)}<"
        )
        for n, (title, text) in enumerate(TOLD.items())
    ]
    fed.site.pages["/feed"] = rss(an_item("Стара новина", "old"))
    await fed.feed(mode=FeedMode.PUBLISH)
    await fed.poll()
    for first in (0,) if at_once else (2, 1, 0):
        fed.site.pages["/feed"] = rss(*items[first:], an_item("Стара новина", "old"))
        await fed.poll()
    titles = [one.title for one in (await fed.room.store.articles.latest(limit=20)).items]  # of copies none is there
    assert [one for one in titles if one in TOLD] == [*TOLD]


@pytest.mark.parametrize("at_once", [True, False])
async def test_what_another_feed_tells_again_of_that_page_is_sent_to_nobody(fed: FedRoom, at_once: bool) -> None:
    now = fed.room.clock.now() - timedelta(seconds=7)
    items = [
        an_item(title, n, text, at=now - timedelta(minutes=n)).replace(f"news.example/{n}<", "news.example/live<")
        for n, (title, text) in enumerate(TOLD.items())
    ]
    old = an_item("Стара новина", "old")
    fed.site.pages["/feed"] = fed.site.pages["/other"] = rss(old)
    await fed.feed(mode=FeedMode.PUBLISH)
    other = await fed.feed("/other", mode=FeedMode.PUBLISH)
    await fed.poll()
    for first in (0,) if at_once else (2, 1, 0):
        fed.site.pages["/feed"] = rss(*items[first:], old)
        await fed.poll()
    before = [one.title for one in (await fed.room.store.articles.latest(limit=20)).items]
    corrected = [
        one.replace(">n-", ">x-").replace("доку", "порту").replace("зникли", "щезли").replace("команди", "збірної")
        for one in items
    ]
    fed.site.pages["/other"] = rss(*corrected, old)
    await fed.poll(other)
    assert [one.title for one in (await fed.room.store.articles.latest(limit=20)).items] == before


@pytest.mark.parametrize("at_once", [True, False])
async def test_alerts_of_one_page_are_each_sent_however_alike_they_read(fed: FedRoom, at_once: bool) -> None:
    now = fed.room.clock.now() - timedelta(seconds=7)
    alarm, clear = "Повітряна тривога у Києві", "Відбій повітряної тривоги у Києві"
    told = [(clear, 10), (alarm, 30), (clear, 130), (alarm, 190)]  # minutes ago, the newest first
    items = [
        an_item(title, n, "Стежте за повідомленнями.", at=now - timedelta(minutes=ago)).replace(
            f"news.example/{n}<", "news.example/alerts<"
        )
        for n, (title, ago) in enumerate(told)
    ]
    fed.site.pages["/feed"] = rss(an_item("Стара новина", "old"))
    await fed.feed(mode=FeedMode.PUBLISH)
    await fed.poll()
    for first in (0,) if at_once else (3, 2, 1, 0):
        fed.site.pages["/feed"] = rss(*items[first:], an_item("Стара новина", "old"))
        await fed.poll()
    sent = (await fed.room.store.articles.latest(limit=20)).items
    assert [one.title for one in sent if one.title in {alarm, clear}] == [title for title, _ in told]
    assert all(one.resembles for one in sent if one.title in {alarm, clear} and one.title != alarm)


def _nameless(title: str, text: str, at: datetime | None, page: str = "live") -> str:
    dated = f"<pubDate>{format_datetime(at)}</pubDate>" if at else ""
    link = f"<link>https://news.example/{page}</link>"
    return f"<item><title>{title}</title><description>{text}</description>{link}{dated}</item>"


async def _articles(fed: FedRoom, feed: Feed) -> list[str]:
    """Return the titles of what a feed brought, as they are now."""
    items = (await fed.room.store.feed_items.of(feed.id)).values()
    found = await fed.room.store.articles.several([one.article_id for one in items if one.article_id is not None])
    return sorted(one.title for one in found.values())


@pytest.mark.parametrize(("mode", "dated"), [(FeedMode.PUBLISH, True), (FeedMode.APPROVE, False)])
@pytest.mark.parametrize("lengths", [(1, 1, 1, 1), (2, 1, 3, 1)])
async def test_of_items_without_ids_on_one_page_none_takes_the_place_of_another(
    fed: FedRoom, mode: FeedMode, dated: bool, lengths: tuple[int, ...]
) -> None:
    """However many of them the feed holds at once: alone, they are known by nothing but the page."""
    begin = fed.room.clock.now() - timedelta(hours=2, seconds=7)
    told = [*TOLD.items(), ("Повітряна тривога у Києві", "Усім в укриття."), ("Відбій повітряної тривоги у Києві", "")]
    items = [
        _nameless(title, text, begin + timedelta(minutes=20 * n) if dated else None)
        for n, (title, text) in enumerate(told)
    ]
    fed.site.pages["/feed"] = rss(*items[:1])
    feed = await fed.feed(mode=mode)
    await fed.poll()
    for last, length in enumerate(lengths, 2):
        fed.site.pages["/feed"] = rss(*items[max(0, last - length) : last][::-1])
        await fed.poll()
        await fed.poll()
    assert await _articles(fed, feed) == sorted(title for title, _ in told)
    assert len(await fed.room.store.feed_items.of(feed.id)) == len(told)
    assert await fed.notices() == []


@pytest.mark.parametrize("dated", [True, False])
async def test_an_item_without_an_id_at_its_own_address_is_followed_as_it_changes(fed: FedRoom, dated: bool) -> None:
    at = fed.room.clock.now() - timedelta(minutes=20, seconds=7) if dated else None
    title, text = "Міст через річку відкрили після ремонту", "Рух відновили о восьмій ранку, затори зникли до полудня."
    old = _nameless("Стара новина", "Текст.", at, "old")
    fed.site.pages["/feed"] = rss(old)
    feed = await fed.feed(mode=FeedMode.APPROVE)
    await fed.poll()
    for headline, body in ((title, text), (title, text.replace("затори", "черги")), (f"{title} опор", text)):
        fed.site.pages["/feed"] = rss(_nameless(headline, body, at, "1"), old)
        await fed.poll()
    changed = [f"{title} опор"] if dated else [title, f"{title} опор"]  # whose moment is not known may be other news
    assert await _articles(fed, feed) == sorted([*changed, "Стара новина"])
    # Nobody is asked where it surely is the same item, of which nobody has worked on the draft.
    assert [one.kind for one in await fed.notices()] == ([] if dated else [NoticeKind.CHANGED])


async def test_what_gave_its_address_to_another_piece_is_not_called_taken_away(fed: FedRoom) -> None:
    reader = fed.room.person()
    await reader.says("/start")
    names = ("Театр показав прем’єру", "Паром не ходитиме", "Стадіон запрацював", "Бібліотека зачинена")
    older = [_nameless(name, f"{name}, і місто про це говорить.", None, f"p{n}") for n, name in enumerate(names)]
    fed.site.pages["/feed"] = rss(older[0])
    await fed.feed(mode=FeedMode.PUBLISH)
    await fed.poll()
    fed.site.pages["/feed"] = rss(*older)
    await fed.poll()
    for title, text in (
        ("Підтоплено 11 вулиць", "Вода піднялася на 40 см за ніч."),
        ("На Заплавній евакуювали 230 людей", "Рятувальники вивезли їх човнами о 9 ранку."),
    ):
        fed.site.pages["/feed"] = rss(_nameless(title, text, None, "flood"), *older)
        for _ in range(3):
            await fed.poll()
        await reader.sees(title)
    assert [one.kind for one in await fed.notices()] == []
    fed.site.pages["/feed"] = rss(*older)
    for _ in range(2):
        await fed.poll()
    assert [one.kind for one in await fed.notices()] == [NoticeKind.VANISHED], "a page that is gone is still told"
