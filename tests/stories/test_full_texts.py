"""Full texts: where a feed is short, its items' pages are read, as the site allows, and nothing breaks by it."""

import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from aiohttp import web
from multidict import CIMultiDict

from bot.feeds.encodings import in_utf_8
from bot.fetch.answers import Reason
from bot.inflow.extractor import Extracted, Extractor, extracted
from bot.inflow.pages import MOST
from bot.model.feeds import Feed, FeedMode, NoticeKind
from bot.model.news import Article
from tests.support.feeds import FedRoom, a_fed_room
from tests.support.site import an_item, rss

pytestmark = pytest.mark.wide

TITLE = "Міст через річку відкрили після ремонту"
SHORT = "Рух відновили о восьмій ранку."
BODY = """<p>Рух відновили о восьмій ранку, повідомили в міській раді. Ремонт тривав пів року.</p>
<p>Увесь цей час містяни їздили через греблю, і дорога на роботу забирала вдвічі більше часу.</p>
<h2>Що далі</h2><p>Навесні полагодять і другий міст, пообіцяла інженерка управління Зоряна Криничар.</p>"""
OLD = [an_item(f"Стара новина {n}", n, f"Те, що сталося тижнями раніше, номер {n}.") for n in range(3)]


class ExtractorHere(Extractor):
    """Reads pages in this process, which is quicker when it is only a few."""

    async def extract(self, page: bytes, address: str, charset: str = "") -> Extracted:
        return extracted(in_utf_8(page, charset), address)


@pytest.fixture
async def fed(sqlite_url: str) -> AsyncIterator[FedRoom]:
    async with a_fed_room(sqlite_url) as opened:
        opened.room.app.parts.feeds.inflow.pages.extractor = ExtractorHere()
        yield opened


def _page(body: str = BODY, head: str = '<meta property="og:image" content="/мост.jpg">') -> str:
    menu = "".join(f'<li><a href="/{n}">Розділ {n}</a></li>' for n in range(9))
    return (
        f"<!doctype html><html><head><title>{TITLE}</title>{head}</head><body><nav><ul>{menu}</ul></nav>"
        f"<main><article><h1>{TITLE}</h1>{body}</article></main><footer>Усі права застережено</footer></body></html>"
    )


def _item(fed: FedRoom, text: str = SHORT, number: int = 100) -> str:
    return an_item(TITLE if number == 100 else f"Подія {number}", number, text).replace(
        "https://news.example/", f"{fed.site.root}/n/"
    )


async def _polled(fed: FedRoom, *items: str, mode: FeedMode = FeedMode.PUBLISH) -> Feed:
    fed.site.pages["/feed"] = rss(*OLD)
    feed = await fed.feed(mode=mode, full_text=True)
    await fed.poll()
    fed.site.pages["/feed"] = rss(*items, *OLD)
    await fed.poll()
    return await fed.room.store.feeds.get(feed.id)


async def _article(fed: FedRoom) -> Article:
    newest = (await fed.room.store.articles.latest(limit=1)).items[0]
    return await fed.room.store.articles.get(newest.id)


@pytest.mark.parametrize(
    ("head", "link"),
    [
        ("", "https://a.example/n/m/5"),
        ('<base href="/y/">', "https://a.example/y/m/5"),
        ("<base " * 30_000 + '<base href="/y/">', "https://a.example/y/m/5"),
    ],
    ids=["without", "with one", "with many that are none"],
)
def test_links_of_a_page_are_completed_as_a_browser_completes_them(head: str, link: str) -> None:
    body = BODY.replace("міській раді", '<a href="m/5">міській раді</a>')
    assert f'<a href="{link}">міській раді</a>' in extracted(_page(body, head).encode(), "https://a.example/n/b").body


async def test_the_pages_text_and_picture_are_taken_and_its_menus_are_not(fed: FedRoom) -> None:
    fed.site.pages["/n/100"] = _page()
    feed = await _polled(fed, _item(fed))
    article = await _article(fed)
    assert article.title == TITLE
    assert "Зоряна Криничар" in article.body
    assert "Розділ 1" not in article.body
    assert "застережено" not in article.body
    assert TITLE not in article.body
    assert article.photo is not None
    assert (article.photo.url or "").startswith(f"{fed.site.root}/")
    assert feed.page_trouble == ""
    assert fed.site.times("/robots.txt") == 1
    for _ in range(2):
        await fed.poll()
    assert fed.site.times("/n/100") == 1, "a page is asked for once"


async def test_a_changed_item_is_asked_about_with_the_whole_text_and_a_lost_page_changes_nothing(fed: FedRoom) -> None:
    fed.site.pages["/n/100"] = _page()
    await _polled(fed, _item(fed))
    before = await _article(fed)
    reader = fed.room.person()
    await reader.says("/start")
    fed.site.pages["/n/100"] = web.Response(status=500)
    fed.site.pages["/feed"] = rss(_item(fed, f"{SHORT} Оновлено."), *OLD)
    await fed.poll()
    assert (await _article(fed)).body == before.body
    assert await fed.notices() == []
    fed.site.pages["/n/100"] = _page(BODY.replace("пів року", "9 років"))
    fed.site.pages["/feed"] = rss(_item(fed, f"{SHORT} Оновлено ще раз."), *OLD)
    await fed.poll()
    told = [one.detail for one in await fed.notices() if one.kind is NoticeKind.CHANGED]
    after = (await _article(fed)).body
    assert "9 років" in (str(told[0]["body"]) if told else after)
    assert "Зоряна Криничар" in (str(told[0]["body"]) if told else after)


@pytest.mark.parametrize(
    ("pages", "trouble"),
    [
        ({"/robots.txt": web.Response(text="User-agent: Visnyk\nDisallow: /n/")}, Reason.ROBOTS),
        ({"/robots.txt": web.Response(text="User-agent: *\nDisallow: /")}, Reason.ROBOTS),
        ({"/robots.txt": web.Response(status=503)}, Reason.ROBOTS),
        ({"/robots.txt": web.Response(text="User-agent: *\nAllow: /\nDisallow: /n/\n")}, Reason.ROBOTS),
        ({"/robots.txt": web.Response(text="User-agent: *\n\nDisallow: /*/100$\n")}, Reason.ROBOTS),
        ({"/n/100": _page(head='<meta name="robots" content="index"><meta name="ROBOTS" content="noarchive">')}, Reason.ROBOTS),
        ({"/n/100": web.Response(body=_page().encode(), content_type="text/html", headers={"X-Robots-Tag": "nosnippet"})}, Reason.ROBOTS),
        ({"/n/100": web.Response(body=_page().encode(), content_type="text/html", headers=CIMultiDict([("X-Robots-Tag", "googlebot: nofollow"), ("X-Robots-Tag", "noarchive")]))}, Reason.ROBOTS),
        ({"/n/100": web.Response(status=302, headers={"Location": "/closed/1"}), "/closed/1": _page(), "/robots.txt": web.Response(text="User-agent: *\nDisallow: /closed/")}, Reason.ROBOTS),
        ({"/n/100": _page(head='<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": "False"}</script>')}, Reason.PAID),
        ({"/n/100": _page(head='<meta property="article:content_tier" content="locked">')}, Reason.PAID),
        ({"/n/100": web.Response(status=404)}, Reason.MISSING),
        ({"/n/100": "<!doctype html><html><body><script>render()</script></body></html>"}, Reason.NO_TEXT),
    ],
)  # fmt: skip
async def test_without_a_page_there_is_the_feeds_text_and_its_card_says_why(
    fed: FedRoom, pages: dict[str, web.Response | str], trouble: Reason
) -> None:
    fed.site.pages |= {"/n/100": _page(), **pages}
    feed = await _polled(fed, _item(fed))
    article = await _article(fed)
    assert article.title == TITLE
    assert SHORT in f"{article.lead} {article.body}"
    assert feed.page_trouble == trouble
    owner = fed.room.owner()
    await owner.says("/feeds")
    await owner.taps("1")
    await owner.sees_now("Повний текст востаннє взяти не вдалося")
    await owner.taps("Повний текст зі сторінок")
    assert not (await fed.room.store.feeds.get(feed.id)).full_text


async def test_a_picture_alone_is_taken_where_the_feed_has_none_and_the_site_allows_it(fed: FedRoom) -> None:
    fed.site.pages |= {"/feed": rss(*OLD), "/n/100": _page(), "/n/102": web.Response(status=500)}
    fed.site.pages["/n/103"] = _page(head="")
    feed = await fed.feed()
    await fed.poll()
    owner = fed.room.owner()
    await owner.says("/feeds")
    await owner.taps("1")
    await owner.taps("Фото зі сторінок")
    own = _item(fed, number=101).replace(
        "</item>", '<enclosure url="https://news.example/a.jpg" type="image/jpeg"/></item>'
    )
    fed.site.pages["/feed"] = rss(*[_item(fed, number=n) for n in (100, 102, 103)], own, *OLD)
    for _ in range(2):
        await fed.poll()
    found = (await fed.room.store.articles.latest(limit=4)).items
    articles = [await fed.room.store.articles.get(one.id) for one in found]
    photos = {one.title: one.photo.url if one.photo else None for one in articles}
    assert photos == {
        TITLE: f"{fed.site.root}/мост.jpg",
        "Подія 101": "https://news.example/a.jpg",
        "Подія 102": None,
        "Подія 103": None,
    }
    assert all("Криничар" not in one.body for one in articles)
    assert [fed.site.times(f"/n/{n}") for n in (100, 101, 102)] == [1, 0, 1]
    assert (await fed.room.store.feeds.get(feed.id)).page_trouble == ""
    fed.site.pages |= {"/robots.txt": web.Response(text="User-agent: Visnyk\nDisallow: /n/104"), "/n/104": _page()}
    fed.room.clock.advance(hours=2)
    fed.site.pages["/feed"] = rss(_item(fed, number=104), *OLD)
    await fed.poll()
    assert (await _article(fed)).photo is None
    assert fed.site.times("/n/104") == 0


async def test_a_site_says_how_far_apart_its_pages_are_asked_for(fed: FedRoom) -> None:
    fed.site.pages["/robots.txt"] = web.Response(text="User-agent: *\nCrawl-delay: 20")
    asked: list[datetime] = []

    async def a_page(_: web.Request) -> web.Response:
        asked.append(fed.room.clock.now())
        return web.Response(text=_page(), content_type="text/html")

    fed.site.pages |= {f"/n/{n}": a_page for n in range(100, 104)}
    await _polled(fed, *[_item(fed, number=n) for n in range(100, 104)])
    assert len(asked) == 4
    assert all(after - before >= timedelta(seconds=20) for before, after in pairwise(asked))


async def test_a_process_that_dies_or_hangs_costs_nothing_but_the_full_text(fed: FedRoom) -> None:
    fed.site.pages["/n/100"] = _page()
    pages = fed.room.app.parts.feeds.inflow.pages
    pages.extractor = Extractor(command=(sys.executable, "-c", "import os; os._exit(9)"))
    feed = await _polled(fed, _item(fed))
    assert (await _article(fed)).title == TITLE
    assert feed.page_trouble == Reason.UNREADABLE
    await pages.extractor.close()
    hanging = Extractor(command=(sys.executable, "-c", "import time; time.sleep(60)"), seconds=0.3)
    assert (await hanging.extract(b"<p>x</p>", "https://a.example/")).problem


async def test_only_so_many_pages_are_asked_for_and_none_when_a_feed_is_new(fed: FedRoom) -> None:
    fed.site.pages |= {f"/n/{n}": _page() for n in range(100, 120)}
    fed.site.pages["/feed"] = rss(*[_item(fed, number=n) for n in range(100, 103)])
    await fed.feed(full_text=True)
    await fed.poll()
    assert not [one for one in fed.site.asked if one.path.startswith("/n/")]
    fed.site.pages["/feed"] = rss(*[_item(fed, number=n) for n in range(100, 116)])
    await fed.poll()
    assert len([one for one in fed.site.asked if one.path.startswith("/n/")]) == MOST


@pytest.mark.thorough
async def test_the_process_reads_a_page() -> None:
    reader = Extractor(seconds=120)  # a busy machine takes its time to start it
    found = await reader.extract(_page().encode(), "https://site.example/n/1")
    await reader.close()
    assert "Зоряна Криничар" in found.body
    assert found.picture.startswith("https://site.example/")
    assert not found.problem


@pytest.mark.parametrize("readable_at_first", [False, True])
async def test_an_article_of_the_feeds_own_text_follows_it_where_the_page_cannot_be_read(
    fed: FedRoom, readable_at_first: bool
) -> None:
    """What came from the page does not give way to the feed's shorter text."""
    closed = web.Response(text="User-agent: *\nDisallow: /n/")
    fed.site.pages |= {"/n/100": _page()} | ({} if readable_at_first else {"/robots.txt": closed})
    await _polled(fed, _item(fed, SHORT.replace("ранку", "ранкуу")))
    taken = await _article(fed)
    assert ("Криничар" in taken.body) == readable_at_first
    fed.site.pages["/n/100"] = web.Response(status=403)
    fed.site.pages["/feed"] = rss(_item(fed), *OLD)
    await fed.poll()
    assert (await _article(fed)).body == (taken.body if readable_at_first else f"<p>{SHORT}</p>")
