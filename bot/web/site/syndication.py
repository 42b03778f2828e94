"""The latest as feeds: RSS 2.0 and JSON Feed 1.1."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

import orjson
import regex

from bot.model.news import Headline
from bot.web.site.pages import Frame, web_body

_NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_NO_XML = regex.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
for _prefix, _space in _NAMES.items():
    ET.register_namespace(_prefix, _space)


def feed_paths(topic: str = "") -> tuple[str, str]:
    """Return where the feeds of a topic are, of everything for "": RSS and JSON Feed."""
    folder = f"/topics/{topic}" if topic else ""
    return f"{folder}/feed.xml", f"{folder}/feed.json"


@dataclass(frozen=True, slots=True)
class Item:
    """One article in a feed: its headline, its lead as text, its body as canonical HTML."""

    headline: Headline
    lead: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: what it is called, where it is, and what is in it, the newest first.

    `hub` tells whoever subscribes there when it changes, "" for none.
    """

    title: str
    address: str
    language: str
    items: Sequence[Item]
    hub: str = ""

    @property
    def changed_at(self) -> datetime | None:
        """When something in it was last published or corrected."""
        times = (t for one in self.items for t in (one.headline.published_at, one.headline.corrected_at) if t)
        return max(times, default=None)


def as_rss(feed: Feed, frame: Frame) -> bytes:
    """Return a feed as RSS 2.0."""
    rss = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(rss, "channel")
    _put(channel, "title", feed.title)
    _put(channel, "link", frame.root)
    _put(channel, "description", feed.title)
    _put(channel, "language", feed.language)
    ET.SubElement(
        channel,
        f"{{{_NAMES['atom']}}}link",
        {"href": feed.address, "rel": "self", "type": "application/rss+xml"},
    )
    if feed.hub:
        ET.SubElement(channel, f"{{{_NAMES['atom']}}}link", {"href": feed.hub, "rel": "hub"})
    if feed.changed_at is not None:
        _put(channel, "lastBuildDate", format_datetime(feed.changed_at))
    for item in feed.items:
        _rss_item(channel, item, frame)
    written: bytes = ET.tostring(rss, encoding="utf-8", xml_declaration=True)
    return written


def _rss_item(channel: ET.Element, item: Item, frame: Frame) -> None:
    entry, headline = ET.SubElement(channel, "item"), item.headline
    address = frame.address(headline.id)
    _put(entry, "title", headline.title)
    _put(entry, "link", address)
    _put(entry, "guid", address)
    if headline.published_at is not None:
        _put(entry, "pubDate", format_datetime(headline.published_at))
    if item.lead:
        _put(entry, "description", item.lead)
    if headline.source:
        _put(entry, f"{{{_NAMES['dc']}}}creator", headline.source)
    if item.body:
        _put(entry, f"{{{_NAMES['content']}}}encoded", web_body(item.body))


def _put(parent: ET.Element, name: str, text: str) -> None:
    # One article with a character that XML has no place for would take the whole feed from everybody.
    ET.SubElement(parent, name).text = _NO_XML.sub("", str(text))


def as_json(feed: Feed, frame: Frame) -> bytes:
    """Return a feed as JSON Feed 1.1."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": frame.root,
            "feed_url": feed.address,
            "language": feed.language,
            **({"hubs": [{"type": "WebSub", "url": feed.hub}]} if feed.hub else {}),
            "items": [_json_item(item, frame) for item in feed.items],
        }
    )


def _json_item(item: Item, frame: Frame) -> dict[str, object]:
    headline = item.headline
    entry: dict[str, object] = {
        "id": frame.address(headline.id),
        "url": frame.address(headline.id),
        "title": headline.title,
        "content_html": str(web_body(item.body)),
        "language": headline.language,
    }
    if item.lead:
        entry["summary"] = item.lead
    if headline.source:
        entry["authors"] = [{"name": headline.source}]
    if headline.published_at is not None:
        entry["date_published"] = headline.published_at.isoformat()
    if headline.corrected_at is not None:
        entry["date_modified"] = headline.corrected_at.isoformat()
    return entry
