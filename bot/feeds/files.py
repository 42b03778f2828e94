"""Files that carry news: RSS, Atom, JSON Lines, and the text of an agency's page. Read as a stream, item by item."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import feedparser
import orjson
import regex
from feedparser.encodings import convert_to_utf8

from bot.feeds.items import Rejected, item_of
from bot.model.news import Incoming

_MOST_FEED = 50_000_000  # bytes of one feed file
_MOST_LINE = 5_000_000
_BOM = b"\xef\xbb\xbf"
_DANGEROUS = regex.compile(rb"<!ENTITY|<!DOCTYPE[^>]*\[", regex.IGNORECASE)
_SUFFIXES = {".xml": "feed", ".rss": "feed", ".atom": "feed", ".jsonl": "lines", ".ndjson": "lines", ".txt": "page"}


@dataclass(frozen=True, slots=True)
class Item:
    """An item that was read, or the reason why not. `end` is how many bytes of the file are behind it."""

    place: str
    end: int
    incoming: Incoming | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read. `kind` is feed, lines or page."""

    path: Path
    kind: str

    @property
    def size(self) -> int:
        """The size in bytes."""
        return self.path.stat().st_size


def sources(names: Iterable[str]) -> tuple[list[Source], list[Item]]:
    """Return the files to read, folders opened, and what is left out, with the reasons."""
    found: list[Source] = []
    left_out: list[Item] = []
    for name in names:
        path = Path(name)
        if not path.exists():
            left_out.append(Item(name, 0, problem="import-no-file"))
            continue
        for file in sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]:
            kind = _kind(file)
            if kind:
                found.append(Source(file, kind))
            else:
                left_out.append(Item(str(file), 0, problem="import-unknown-kind"))
    return found, left_out


def _kind(path: Path) -> str:
    known = _SUFFIXES.get(path.suffix.lower())
    if known:
        return known
    with path.open("rb") as file:
        start = file.read(500).removeprefix(_BOM).lstrip()
    if start.startswith((b"<?xml", b"<rss", b"<feed")):
        return "feed"
    return ""


def read_items(source: Source, zone: ZoneInfo, now: datetime) -> Iterator[Item]:
    """Yield what is in a file."""
    with source.path.open("rb") as file:
        match source.kind:
            case "feed":
                yield from _feed(source, file, zone, now)
            case "lines":
                yield from _lines(source, file, zone, now)
            case _:
                yield _page(source, file, zone, now)


def read_lines(file: IO[bytes], zone: ZoneInfo, now: datetime) -> Iterator[Item]:
    """Yield what is in a stream of JSON Lines, standard input for example."""
    yield from _lines(Source(Path("-"), "lines"), file, zone, now)


def _lines(source: Source, file: IO[bytes], zone: ZoneInfo, now: datetime) -> Iterator[Item]:
    end = 0
    for number, line in enumerate(iter(lambda: file.readline(_MOST_LINE), b""), 1):
        end += len(line)
        if number == 1:
            line = line.removeprefix(_BOM)  # noqa: PLW2901  an editor on Windows puts one there
        if line.strip():
            yield _record(f"{source.path}:{number}", end, line, zone, now)


def _record(place: str, end: int, line: bytes, zone: ZoneInfo, now: datetime) -> Item:
    try:
        fields = orjson.loads(line)
    except ValueError:
        return Item(place, end, problem="import-not-json")
    if not isinstance(fields, dict):
        return Item(place, end, problem="import-not-object")
    return _item(place, end, fields, zone, now)


def _item(place: str, end: int, fields: dict[str, Any], zone: ZoneInfo, now: datetime) -> Item:
    try:
        return Item(place, end, item_of(fields, zone, now))
    except Rejected as problem:
        return Item(place, end, problem=problem.reason)


def _feed(source: Source, file: IO[bytes], zone: ZoneInfo, now: datetime) -> Iterator[Item]:
    content = file.read(_MOST_FEED + 1)
    if len(content) > _MOST_FEED:
        yield Item(str(source.path), len(content), problem="import-too-large")
        return
    if _declares_entities(content):
        # A kilobyte of nested entities keeps a parser busy for seconds; no feed needs them.
        yield Item(str(source.path), len(content), problem="import-entities")
        return
    feed = feedparser.parse(content, sanitize_html=False, resolve_relative_uris=True)
    if not feed.entries:
        yield Item(str(source.path), len(content), problem="import-no-items")
        return
    name = feed.feed.get("title", "")
    for number, entry in enumerate(feed.entries, 1):
        end = len(content) * number // len(feed.entries)
        yield _item(f"{source.path}#{number}", end, _entry_fields(entry, name), zone, now)


def _declares_entities(content: bytes) -> bool:
    """Tell whether a feed does, in whatever encoding the parser would read it: a file says itself which one."""
    return any(_DANGEROUS.search(text) for text in (content, convert_to_utf8({}, content, {})))


def _entry_fields(entry: Any, feed_name: str) -> dict[str, Any]:
    content = max((part.get("value", "") for part in entry.get("content", ())), key=len, default="")
    pictures = [m.get("url") for m in entry.get("media_content", ()) if str(m.get("medium", "image")) == "image"]
    pictures += [e.get("href") for e in entry.get("enclosures", ()) if str(e.get("type", "")).startswith("image/")]
    source = entry.get("source", {})
    return {
        "id": entry.get("id", ""),
        "title": entry.get("title", ""),
        "lead": entry.get("summary", "") if content else "",
        "html": content or entry.get("summary", ""),
        "url": entry.get("link", ""),
        "source": source.get("title", "") or feed_name,
        "published_at": entry.get("published", "") or entry.get("updated", ""),
        "topics": [tag.get("term") for tag in entry.get("tags", ()) if tag.get("term")],
        **({"photo": pictures[0]} if pictures and pictures[0] else {}),
    }


_CLOCK = regex.compile(r"^(\d{1,2}):(\d{2}) (\d{1,2})\.(\d{1,2})\.(\d{4})$")
_READING = regex.compile(r"^\d+ (хв|мин|min)\b.{0,20}$")
_BEYOND = frozenset({"ще за темою", "останнє", "реклама", "читайте також", "more on this topic", "latest"})


def _page(source: Source, file: IO[bytes], zone: ZoneInfo, now: datetime) -> Item:
    """Read an article as it is copied from an agency's page: source, time, title, reading time, text, lists."""
    text = file.read(_MOST_LINE).decode("utf-8", "replace")
    lines = [line.strip() for line in text.replace("\ufeff", "").splitlines()]
    lines = [line for line in lines if line]
    clock = next((n for n, line in enumerate(lines[:6]) if _CLOCK.match(line)), None)
    if clock is None or clock + 1 >= len(lines):
        return Item(str(source.path), source.size, problem="import-not-a-page")
    when = _CLOCK.match(lines[clock])
    assert when is not None
    title = lines[clock + 1]
    body: list[str] = []
    for line in lines[clock + 2 :]:
        if line.casefold() in _BEYOND:
            break
        if line != title and not _READING.match(line):
            body.append(line)
    fields = {
        "title": title,
        "text": "\n\n".join(body),
        "source": lines[clock - 1] if clock else "",
        "published_at": f"{when[5]}-{int(when[4]):02}-{int(when[3]):02} {int(when[1]):02}:{when[2]}",
    }
    return _item(str(source.path), source.size, fields, zone, now)
