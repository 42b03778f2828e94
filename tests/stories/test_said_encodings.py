"""Feeds and pages in an encoding that only their server names, beside the media type."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.inflow.finder import FeedFinder
from bot.model.feeds import FeedMode
from bot.text.document import document_text
from bot.text.markup import stored_document
from tests.support.feeds import FedRoom, a_fed_room
from tests.support.site import an_item, rss

POLISH = "Most przez rzekę jest już otwarty, a łódź wróciła do portu"
PAGE = (
    "<html><head><title>Most</title></head><body><article><h1>Most otwarty</h1>"
    + f"<p>{POLISH}, mówi zarząd dróg. Żaden samochód nie musi już czekać.</p>" * 4
    + "</article></body></html>"
)


@pytest.fixture
async def fed(sqlite_url: str) -> AsyncIterator[FedRoom]:
    async with a_fed_room(sqlite_url) as opened:
        yield opened


def _said(text: str, kind: str) -> web.Response:
    head = {"Content-Type": f"{kind}; Charset='windows-1250'"}
    return web.Response(body=text.replace(' encoding="utf-8"', "").encode("cp1250"), headers=head)


async def test_what_only_a_server_names_is_read(fed: FedRoom) -> None:
    poller = fed.room.app.parts.feeds.poller
    finder = FeedFinder(fetcher=poller.fetcher, parser=poller.parser, clock=poller.clock, zone=poller.zone)
    old = an_item("Stara wiadomość o żółtej łodzi", "old", "Tak było.")
    fed.site.pages["/feed"] = _said(rss(old, title="Wiadomości żeglarskie"), "text/xml")
    offered = await finder.find(f"{fed.site.root}/feed")
    assert isinstance(offered, list)
    assert [one.parsed.head.name for one in offered] == ["Wiadomości żeglarskie"]
    await fed.feed(mode=FeedMode.PUBLISH, full_text=True)
    await fed.poll()
    news = an_item(POLISH, 7, "Tak jest.").replace("https://news.example/7", f"{fed.site.root}/7")
    fed.site.pages["/7"] = _said(PAGE, "text/html")
    fed.site.pages["/feed"] = _said(rss(news, old, title="Wiadomości żeglarskie"), "text/xml")
    await fed.poll()
    (newest, *_) = (await fed.room.store.articles.latest(limit=5)).items
    article = await fed.room.store.articles.get(newest.id)
    assert article.title == POLISH
    assert "Żaden samochód" in document_text(stored_document(article.body))
