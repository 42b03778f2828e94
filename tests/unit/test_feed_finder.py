"""Which feeds an address leads to."""

import json
from datetime import UTC, datetime

from aiohttp import web

from bot.fetch.fetcher import Fetcher
from bot.fetch.networks import allowed
from bot.inflow.finder import FeedFinder
from tests.support.clock import TestClock
from tests.support.feeds import ParserHere
from tests.support.site import a_site, an_item, rss

PAGE = """<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/feed">
<link rel="alternate" title="JSON" type="application/json" href="/wp-json/2"></head><body>Про нас</body></html>"""
ITSELF = {
    "id": 2,
    "link": "https://news.example/about",
    "title": {"rendered": "Про нас"},
    "content": {"rendered": "<p>Ми</p>"},
}


async def test_a_page_is_no_feed_of_itself() -> None:
    """WordPress links from each page to the page as JSON, in the way that others link to a JSON Feed."""
    clock = TestClock(datetime(2026, 11, 28, 12, 0, tzinfo=UTC))
    fetcher = Fetcher(clock=clock, agent="Visnyk/test", allowed=allowed("127.0.0.1"))
    finder = FeedFinder(fetcher=fetcher, parser=ParserHere(), clock=clock, zone="Europe/Kyiv")
    async with a_site() as site:
        itself = web.Response(body=json.dumps(ITSELF).encode(), content_type="application/json")
        site.pages |= {"/about": PAGE, "/feed": rss(an_item("Новина", 1)), "/wp-json/2": itself}
        found = await finder.find(f"{site.root}/about")
        assert isinstance(found, list)
        assert [one.address for one in found] == [f"{site.root}/feed"]
        alone = await finder.find(f"{site.root}/wp-json/2")
        assert isinstance(alone, list), "who types its address means it"
