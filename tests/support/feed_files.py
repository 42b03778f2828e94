"""Files that feeds come in, for the tests of reading them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.feeds.files import read_items, sources
from bot.feeds.findings import Item
from bot.model.news import Incoming

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
HEAD = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Гори</title><link>https://gory.example/</link>"""
END = "</channel></rss>"

Read = Callable[..., list[Item]]


def reader_in(folder: Path) -> Read:
    """Return a function that reads items out of a file of this content; a feed unless it has another name."""

    def reading(content: str | bytes, name: str = "feed.xml") -> list[Item]:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        found, left_out = sources([str(folder / name)])
        return [item for source in found for item in read_items(source, KYIV, NOW)] + left_out

    return reading


def articles_of(items: list[Item]) -> list[Incoming]:
    """Return the articles among items."""
    return [item.incoming for item in items if item.incoming is not None]


def keys_of(items: list[Item]) -> list[str]:
    """Return the keys of what is said of items."""
    return [key for item in items for key in (item.problem, *(note.key for note in item.notes)) if key]


def rss_item(inside: str, title: str = "Дуб упав") -> str:
    """Return an RSS item."""
    return f"<item><title>{title}</title>{inside}</item>"


def rss_feed(*items: str) -> str:
    """Return an RSS feed of items."""
    return f"{HEAD}{''.join(items)}{END}"


def json_lines(*records: object) -> str:
    """Return records as JSON lines."""
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
