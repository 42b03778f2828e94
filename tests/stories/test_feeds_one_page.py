"""Several pieces of news on one page: a live report, a list of alerts. Each is told, and one that comes again is not."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.model.feeds import FeedMode
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
    now = fed.room.clock.now()
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
        one.replace(">n-", ">x-").replace("доку", "порту").replace("восьмій", "сьомій").replace("старших", "молодших")
        for one in items
    ]
    fed.site.pages["/other"] = rss(*corrected, old)
    await fed.poll(other)
    assert [one.title for one in (await fed.room.store.articles.latest(limit=20)).items] == before
