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

RDF_PAGE = """<!DOCTYPE html><html><head><link rel="alternate" type="application/rdf+xml" title="RDF" href="/feed/rdf/" />
</head><body>Газета</body></html>"""
RDF = """<?xml version="1.0" encoding="UTF-8"?><rdf:RDF xmlns="http://purl.org/rss/1.0/"
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="https://news.example"><title>Газета</title><link>https://news.example</link><description>Новини</description>
<items><rdf:Seq><rdf:li rdf:resource="https://news.example/1/"/></rdf:Seq></items></channel>
<item rdf:about="https://news.example/1/"><title>Міст відкрили &#8211; нарешті</title><link>https://news.example/1/</link>
<dc:creator><![CDATA[Олена Гай]]></dc:creator><dc:date>2026-11-28T08:00:00Z</dc:date>
<dc:subject><![CDATA[Транспорт]]></dc:subject><dc:subject><![CDATA[Місто]]></dc:subject>
<description><![CDATA[Рух відновили [&#8230;]]]></description>
<content:encoded><![CDATA[<p>Рух відновили о восьмій.</p>]]></content:encoded></item></rdf:RDF>"""


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


async def test_a_feed_of_rss_1_0_is_found_by_its_address_and_by_a_page() -> None:
    """As WordPress has one at /feed/rdf, which it links to where a theme says so."""
    clock = TestClock(datetime(2026, 11, 28, 12, 0, tzinfo=UTC))
    fetcher = Fetcher(clock=clock, agent="Visnyk/test", allowed=allowed("127.0.0.1"))
    finder = FeedFinder(fetcher=fetcher, parser=ParserHere(), clock=clock, zone="Europe/Kyiv")
    async with a_site() as site:
        feed = web.Response(text=RDF, content_type="application/rdf+xml", charset="utf-8")
        site.pages |= {"/": RDF_PAGE, "/feed/rdf/": feed}
        site.pages["/feed/rdf"] = web.Response(status=301, headers={"Location": "/feed/rdf/"})
        for typed in ("/feed/rdf", "/feed/rdf/", "/"):
            found = await finder.find(f"{site.root}{typed}")
            assert isinstance(found, list)
            assert [one.address for one in found] == [f"{site.root}/feed/rdf/"]
            (item,) = found[0].parsed.items
            assert (item.title, item.body, item.lead) == (
                "Міст відкрили – нарешті",
                "<p>Рух відновили о восьмій.</p>",
                "",
            )
            assert (item.topics, item.published_at) == (("Транспорт", "Місто"), datetime(2026, 11, 28, 8, tzinfo=UTC))
