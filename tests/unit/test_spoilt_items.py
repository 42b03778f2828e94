"""What one item of a feed or a file has wrong costs that item at most: the others are read, and so is the rest of it."""

import json
from datetime import UTC, datetime, timedelta
from html import escape
from zoneinfo import ZoneInfo

import pytest

from bot.feeds.items import item_of
from bot.feeds.outlines import outline_records
from bot.inflow.arrivals import item_key
from bot.inflow.discovery import Link, links_in
from bot.inflow.extractor import extracted
from bot.inflow.parsed import parsed
from bot.model.news import Incoming
from bot.text.urls import url_key

ZONE, NOW = ZoneInfo("Europe/Kyiv"), datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
AT = "https://news.example/feed"
WHOLE = "<item><title>Міст відкрили</title><guid>1</guid><link>https://news.example/1</link></item>"


def _feed(inside: str) -> dict[str, Incoming]:
    content = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Газета</title>{WHOLE}{inside}</channel></rss>'
    found = parsed(content.encode(), AT, ZONE, NOW)
    return {one.title: one for one in found.items}


@pytest.mark.parametrize(
    "html",
    [
        '<p>Один</p><a href="http://[host">тут</a>',
        '<p>Один</p><img src="http://[host]/a.jpg">',
        '<p>Один</p><iframe src="//[host"></iframe>',
        '<p>Один</p><ol start="--5"><li>два</li></ol>',
        '<p>Один</p><ol start="-">два</ol>',
        '<p>Один</p><![foo[x]]><img src="https://news.example/a.jpg">',
        '<p>Один</p><![ endif ]--><img src="https://news.example/a.jpg">',
        '<p>Один</p><base href="http://[host">',
        '<p>Один</p><video poster="http://[host" src="http://[host">',
    ],
)
def test_a_text_that_is_wrong_somewhere_is_read_but_for_that(html: str) -> None:
    found = _feed(f"<item><title>Паром</title><guid>2</guid><description>{escape(html)}</description></item>")
    assert [*found] == ["Міст відкрили", "Паром"]
    assert found["Паром"].body.startswith("<p>Один")
    assert item_of({"title": "Паром", "html": html}, ZONE, NOW).body.startswith("<p>Один"), "an agency sends it"


@pytest.mark.parametrize("address", ["http://[host", "http://[host]/1", "//[host", "http://news.example:port/2"])
def test_an_address_that_is_none_is_left_out(address: str) -> None:
    inside = f"<title>Паром</title><guid>2</guid><link>{address}</link><enclosure url='{address}' type='image/jpeg'/>"
    assert _feed(f"<item>{inside}</item>").keys() == {"Міст відкрили", "Паром"}
    whole = {"id": "1", "title": "Міст", "url": "https://news.example/1"}
    listed = [whole, {"id": "2", "title": "Паром", "url": address, "image": address}]
    found = parsed(json.dumps(listed).encode(), AT, ZONE, NOW)
    assert [(one.title, one.url, one.photo) for one in found.items] == [
        ("Міст", "https://news.example/1", None), ("Паром", "", None),
    ]  # fmt: skip
    assert url_key(address) != url_key("http://news.example/")


def test_what_breaks_the_parser_costs_one_item() -> None:
    place = '<gml:pos xmlns:gml="http://www.opengis.net/gml">49.8 24.0</gml:pos>'  # outside of a georss:where
    item = f"<item><title>Паром</title><guid>2</guid>{place}</item>"
    found = _feed(f"{item}<item><title>Трамвай</title><guid>3</guid></item>")
    assert [*found] == ["Міст відкрили", "Трамвай"]


def test_spaces_in_an_address_are_written_as_such() -> None:
    """As browsers do; news sites have pictures that are called as their photographers called them."""
    html = '<p><a href="https://news.example/a b">тут</a> <img src="https://news.example/фото 1.jpg"></p>'
    inside = "<title>Паром</title><guid>2</guid><link>https://news.example/a b\n c</link>"
    found = _feed(f"<item>{inside}<description>{escape(html)}</description></item>")["Паром"]
    assert found.url == "https://news.example/a%20b%20c"
    assert found.body == '<p><a href="https://news.example/a%20b">тут</a></p>'
    assert found.photo is not None
    assert found.photo.url == "https://news.example/фото%201.jpg"
    two = _feed("<item><title>Паром</title><link>https://news.example/1 https://news.example/2</link></item>")
    assert two["Паром"].url == "", "several are none"


def test_a_page_with_a_strange_declaration_or_spaces_is_read() -> None:
    head = '<![foo]><meta property="og:image" content="/фото 1.jpg"><link rel="alternate" type="application/rss+xml" href="/my feed">'
    page = f"<html><head>{head}</head><body><![ endif ]--><article><p>{'Міст відкрили після ремонту. ' * 9}</p></article></body></html>"
    assert links_in(page, "https://news.example/") == (Link("https://news.example/my%20feed", ""),)
    assert extracted(page.encode(), "https://news.example/1").picture == "https://news.example/фото%201.jpg"


def test_a_list_of_feeds_with_a_strange_declaration_is_read() -> None:
    body = '<![foo]><outline text="А" xmlUrl="http://[x"/><outline text="Б" xmlUrl="https://b.example/feed"/>'
    records = [*outline_records("list.opml", f"<opml><body>{body}</body></opml>".encode())]
    assert [record.follow.address for record in records if record.follow] == ["https://b.example/feed"]
    assert [record.problem for record in records if record.problem] == ["import-bad-feed"]


def test_what_is_attached_to_an_item_takes_no_text_and_no_picture_away() -> None:
    """Attachments are JSON Feed's; other systems have some, too, and their texts by names of their own."""
    item = {
        "id": "1",
        "title": "Міст",
        "html": "<p>Увесь текст</p>",
        "photo": "https://news.example/a.jpg",
        "attachments": [{"url": "https://news.example/x.pdf", "mime_type": "application/pdf"}],
    }
    (found,) = parsed(json.dumps([item]).encode(), AT, ZONE, NOW).items
    assert found.body == "<p>Увесь текст</p>"
    assert found.photo is not None
    assert found.photo.url == "https://news.example/a.jpg"


def test_a_texts_base_is_not_its_entrys() -> None:
    """xml:base holds for what is inside the element that has it (RFC 4287, 2)."""
    entry = (
        "<entry><id>urn:1</id><title>Паром</title><link href='/n/1'/>"
        "<content type='html' xml:base='https://cdn.example/x/'>&lt;p>&lt;a href='y'>тут&lt;/a>&lt;/p></content></entry>"
    )
    own = '<link rel="self" href="https://news.example/atom.xml"/>'
    content = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Г</title>{own}{entry}</feed>'
    (found,) = parsed(content.encode(), AT, ZONE, NOW).items
    assert found.url == "https://news.example/n/1"
    assert found.body == '<p><a href="https://cdn.example/x/y">тут</a></p>'


def test_long_ids_that_begin_alike_are_two() -> None:
    """Of addresses that lead through a counter only the end may be their own."""
    long = f"https://counter.example/?to={'x' * 300}"
    items = [f"<item><title>{name}</title><guid>{long}{n}</guid></item>" for n, name in enumerate(("Паром", "Трамвай"))]
    apart = [_feed(item) for item in items]
    keys = {item_key(apart[0]["Паром"]), item_key(apart[1]["Трамвай"])}
    together = _feed("".join(items))
    assert {item_key(together["Паром"]), item_key(together["Трамвай"])} == keys
    assert len(keys) == 2


def test_what_has_neither_an_id_nor_an_address_and_is_dated_ahead_is_the_same_the_next_day() -> None:
    item = "<item><title>Паром</title><pubDate>Sun, 29 Nov 2026 02:00:00 GMT</pubDate></item>"
    content = f"<rss><channel><title>Газета</title>{item}</channel></rss>".encode()
    evening, night, day = (datetime(2026, 11, n, hour, tzinfo=UTC) for n, hour in ((28, 22), (29, 1), (29, 9)))
    found = [parsed(content, AT, ZONE, now).items[0] for now in (evening, night, day)]
    assert len({one.identity for one in found}) == len({item_key(one) for one in found}) == 1
    assert [one.published_at for one in found] == [evening, night, night + timedelta(hours=1)]


def test_so_is_what_shares_its_address_with_others() -> None:
    items = "".join(
        f"<item><title>{name}</title><link>https://a.example/</link><pubDate>Sun, 29 Nov 2026 02:00:00 GMT</pubDate></item>"
        for name in ("Паром", "Трамвай")
    )
    content = f"<rss><channel><title>Газета</title>{items}</channel></rss>".encode()
    evening, night = (datetime(2026, 11, n, hour, tzinfo=UTC) for n, hour in ((28, 22), (29, 1)))
    found = [one for now in (evening, night) for one in parsed(content, AT, ZONE, now).items]
    assert len({one.identity for one in found}) == len({item_key(one) for one in found}) == 2
