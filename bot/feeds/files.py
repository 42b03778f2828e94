"""Files that carry news: which there are, what they are, and their items, one by one."""

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from stat import S_ISREG
from tempfile import SpooledTemporaryFile
from typing import IO
from zoneinfo import ZoneInfo

from bot.feeds.encodings import Unreadable, is_wide
from bot.feeds.findings import Finding, Item, Record, Rejected
from bot.feeds.items import item_of
from bot.feeds.jsons import json_records, line_records
from bot.feeds.kinds import ROOT, beginning
from bot.feeds.outlines import outline_records
from bot.feeds.packed import ENDING, is_packed, unpacked
from bot.feeds.pages import page_records
from bot.feeds.survey import Survey
from bot.feeds.syndication import feed_records
from bot.feeds.tables import table_records
from bot.model.limits import TAGS_MOST

_MOST = {"feed": 50_000_000, "outlines": 5_000_000, "json": 100_000_000, "table": 50_000_000, "page": 5_000_000}
"""Bytes of one file, of a kind that is read as a whole."""
_HELD = 20_000_000  # bytes of standard input that are held in memory, the rest on the disk
_START = 4_000  # bytes that tell what a file is
_SUFFIXES = {
    ".xml": "feed", ".rss": "feed", ".atom": "feed", ".rdf": "feed", ".opml": "outlines", ".json": "json",
    ".jsonl": "lines", ".ndjson": "lines", ".csv": "table", ".tsv": "table", ".txt": "page",
}  # fmt: skip
_READERS = {
    "feed": feed_records,
    "outlines": outline_records,
    "json": json_records,
    "table": table_records,
    "page": page_records,
}
_NAMED_TAGS = 5  # of the tags that become no topics, so many are named


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read. `kind` is feed, outlines, json, lines, table or page."""

    path: Path
    kind: str

    @property
    def size(self) -> int:
        """The size in bytes; 0 when the file is gone."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0


def sources(names: Iterable[str]) -> tuple[list[Source], list[Item]]:
    """Return the files to read, folders opened, and what is left out, with the reasons.

    Only ordinary files are opened: to open a pipe is to wait for whoever writes into it.
    """
    found: list[Source] = []
    left_out: list[Item] = []
    for name in names:
        for path in _opened(Path(name)):
            try:
                kind = _kind(path)
            except Rejected as problem:
                left_out.append(Item(str(path), 0, problem=problem.reason))
            except OSError:
                left_out.append(Item(str(path), 0, problem="import-unreadable"))
            else:
                found.append(Source(path, kind))
    return found, left_out


def _opened(path: Path) -> Iterable[Path]:
    """Return the files of a folder, or the file itself."""
    try:
        return sorted(one for one in path.rglob("*") if not one.is_dir()) if path.is_dir() else [path]
    except (OSError, ValueError):
        return [path]


def _kind(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise Rejected("import-no-file") from None
    if not S_ISREG(mode):
        raise Rejected("import-not-a-file")
    with path.open("rb") as file:
        content = file.read(_START)
    packed = is_packed(content)
    content = unpacked(content, _START) if packed else content
    start = beginning(content)
    named_as = path.with_suffix("") if path.suffix.lower() == ENDING else path
    known = _SUFFIXES.get(named_as.suffix.lower(), "")
    root = ROOT.match(start)
    if root is not None and root["root"].lower() == "opml":
        return "outlines"
    if known == "lines" and (packed or start.startswith("[") or is_wide(content)):
        return "json"
    if known:
        return known
    if root is not None and (start.startswith("<?xml") or root["root"].lower() in {"rss", "feed", "rdf:rdf"}):
        return "feed"
    if start.startswith(("{", "[")):
        return "json"
    raise Rejected("import-unknown-kind")


def read_items(source: Source, zone: ZoneInfo, now: datetime, known: frozenset[str] = frozenset()) -> Iterator[Item]:
    """Yield what is in a file; `known` are the slugs of the topics there are, beside those a newsroom starts with."""
    place = str(source.path)
    try:
        if source.kind == "lines":
            with source.path.open("rb") as file:
                yield from _lines(place, file, zone, now, known)
            return
        most = _MOST[source.kind]
        with source.path.open("rb") as file:
            content = file.read(most + 1)
        if is_packed(content):
            content = unpacked(content, most + 1)
        if len(content) > most:
            yield Item(place, source.size, problem="import-too-large", values={"limit": most // 1_000_000})
            return
        records = list(_READERS[source.kind](place, content))
        del content
        yield from _taken(place, records, Survey(known), zone, now)
    except Unreadable:
        yield Item(place, source.size, problem="import-encoding")
    except OSError:
        yield Item(place, source.size, problem="import-unreadable")


def read_lines(file: IO[bytes], zone: ZoneInfo, now: datetime, known: frozenset[str] = frozenset()) -> Iterator[Item]:
    """Yield what is in a stream of JSON Lines, standard input for example, once it has ended."""
    with SpooledTemporaryFile(_HELD) as whole:
        shutil.copyfileobj(file, whole)
        whole.seek(0)
        yield from _lines("-", whole, zone, now, known)


def _lines(place: str, file: IO[bytes], zone: ZoneInfo, now: datetime, known: frozenset[str]) -> Iterator[Item]:
    """Yield the lines of a file that is gone through twice."""
    survey = Survey(known)
    survey.look(line_records(place, file))
    file.seek(0)
    items = iter(_items(place, line_records(place, file), survey, zone, now))
    first = next(items, Item(place, 0, problem="import-no-items"))
    yield first
    yield from items


def _taken(place: str, records: list[Record], survey: Survey, zone: ZoneInfo, now: datetime) -> Iterator[Item]:
    survey.look(records)
    yield from _items(place, records, survey, zone, now)


def _items(place: str, records: Iterable[Record], survey: Survey, zone: ZoneInfo, now: datetime) -> Iterator[Item]:
    if said := _said(survey):
        yield Item(place, 0, notes=said)
    for record in records:
        if not record.is_item:
            yield Item(
                record.place, record.end, None, record.problem, record.values, notes=record.notes, follow=record.follow
            )
        else:
            yield _item(record, survey, zone, now)


def _item(record: Record, survey: Survey, zone: ZoneInfo, now: datetime) -> Item:
    notes = list(record.notes)
    try:
        incoming = item_of(record.fields, zone, now, record.around, notes)
    except Rejected as problem:
        return Item(record.place, record.end, None, problem.reason, problem.values)
    incoming = survey.told_apart(record.fields, incoming)
    if survey.rare:
        common = tuple(name for name in incoming.topics if name not in survey.rare)
        rare = tuple(name for name in incoming.topics if name in survey.rare)
        incoming = replace(incoming, topics=common, tags=rare[:TAGS_MOST])
    return Item(record.place, record.end, incoming, notes=tuple(notes))


def _said(survey: Survey) -> tuple[Finding, ...]:
    """Return what is to be said of a file as a whole."""
    repeated = [
        Finding("import-repeated-id", {"id": own.rpartition("|")[2][:80], "n": times})
        for own, times in sorted(survey.repeated.items())
    ]
    repeated += [
        Finding("import-shared-address", {"address": address[:80], "n": times})
        for address, times in sorted(survey.shared.items())
    ]
    if not survey.rare:
        return tuple(repeated)
    named_ones = ", ".join(name for name, _ in survey.rare.most_common(_NAMED_TAGS))
    return (*repeated, Finding("import-rare-tags", {"n": len(survey.rare), "tags": named_ones}))
