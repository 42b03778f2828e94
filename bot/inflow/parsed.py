"""What was fetched, parsed: what a feed says of itself, and its items. Pure and slow: see bot/inflow/parser.py."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import regex

from bot.feeds.broken_json import loads
from bot.feeds.encodings import Unreadable, decoded, decoded_page
from bot.feeds.findings import Finding, Record, Rejected
from bot.feeds.items import DAMAGED, EARLY, SPOILT, TOO_LONG, item_of, name_of
from bot.feeds.jsons import is_one_item, json_records
from bot.feeds.kinds import kind_in
from bot.feeds.survey import Survey
from bot.feeds.syndication import feed_pieces, feed_records
from bot.feeds.titles import title_text
from bot.fetch.answers import Reason
from bot.inflow.discovery import Link, links_in
from bot.model.news import Incoming
from bot.text.cleaning import clean, clean_line

MOST_ITEMS = 5_000
"""Items of one feed that are taken, from its beginning: no feed that is alive has more."""
_LONGEST_NAME = 200
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_SAYS_NOTHING = frozenset({"import-no-items", "import-no-text", "import-not-out", "import-not-article"})
_PERIODS = {"hourly": _HOUR, "daily": _DAY, "weekly": 7 * _DAY, "monthly": 30 * _DAY, "yearly": 365 * _DAY}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SKIPPED = regex.compile(r"<skip(Hours|Days)\b[^>]*>(.{0,2000}?)</skip\1\s*>", regex.DOTALL | regex.IGNORECASE)
_SKIP = regex.compile(r"<(?:hour|day)\b[^>]*>\s*(\w{1,9})\s*<", regex.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a feed says of itself.

    `ttl` is for how many seconds nothing new is to be expected, 0 when it does not say; `skip_hours` (of UTC) and
    `skip_days` (0 is Monday) are when it wants not to be asked. `over` says that there will never be anything new.
    """

    name: str = ""
    link: str = ""
    language: str = ""
    ttl: int = 0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A feed and its items, or the feeds that a page links to, or why it is neither ("" when it is one).

    `left_out` is how many items could not be taken: they say nothing, or are dated far ahead, as `early` of them are.
    `damaged` are the titles of those that were taken without the bytes that make no characters, `spoilt` of those that
    lost too much by that. `unread` is how many items, or stretches of the feed, could not be read at all: what is not
    among `items` may be there. `alone` is whether what is there is one item, and no list of any.
    """

    problem: str = ""
    head: Head = Head()
    items: tuple[Incoming, ...] = ()
    left_out: int = 0
    early: int = 0
    damaged: tuple[str, ...] = ()
    spoilt: tuple[str, ...] = ()
    unread: int = 0
    links: tuple[Link, ...] = ()
    alone: bool = False


def parsed(content: bytes, address: str, zone: ZoneInfo, now: datetime) -> Parsed:
    """Return what a content is; `address` is where it was found, `zone` that of dates that have none."""
    try:
        match kind_in(content):
            case "feed":
                pieces, about = feed_pieces(content)
                records = feed_records(address, content)
                return _of(records, _head(about, f"{pieces.head}{pieces.tail}"), address, zone, now)
            case "json":
                whole = loads(decoded(content).text)
                found = _of(json_records(address, content), _json_head(whole), address, zone, now)
                empty = not found.items and b"jsonfeed.org/version/" not in content
                return Parsed(problem=Reason.NO_FEED) if empty else replace(found, alone=is_one_item(whole))
            case "page":
                return Parsed(problem=Reason.NO_FEED, links=links_in(decoded_page(content).text, address))
            case _:
                return Parsed(problem=Reason.NO_FEED)
    except Unreadable:
        return Parsed(problem=Reason.ENCODING)


def _of(records: Iterator[Record], head: Head, address: str, zone: ZoneInfo, now: datetime) -> Parsed:
    found = list(islice(records, MOST_ITEMS))
    if any(record.problem == "import-entities" for record in found):
        return Parsed(problem=Reason.ENTITIES)
    if any(record.problem.startswith("import-not-json") for record in found):
        return Parsed(problem=Reason.NO_FEED)
    survey = Survey()
    survey.look(found)
    items, left_out, early, unread = [], 0, 0, 0
    damaged: list[str] = []
    spoilt: list[str] = []
    for record in found:
        if not record.is_item:
            left_out += bool(record.problem and record.problem != "import-no-items")
            unread += bool(record.problem and record.problem not in _SAYS_NOTHING)
            continue
        around = replace(record.around, bases=(*record.around.bases, head.link, address), feed=True)
        notes: list[Finding] = []
        try:
            one = item_of(record.fields, zone, now, around, notes)
        except Rejected as why:
            left_out += 1
            early += why.reason == EARLY
            unread += why.reason in {SPOILT, TOO_LONG}
            if why.reason == SPOILT:
                spoilt.append(name_of(record.fields))
            continue
        if any(note.key == DAMAGED for note in notes):
            damaged.append(one.title)
        items.append(survey.told_apart(record.fields, one))
    told = Parsed(head=head, damaged=tuple(damaged), spoilt=tuple(spoilt))
    return replace(told, items=tuple(items), left_out=left_out, early=early, unread=unread)


def _head(about: Any, around: str) -> Head:
    skipped: dict[str, list[str]] = {"hours": [], "days": []}
    for found in _SKIPPED.finditer(around):
        skipped[found[1].lower()] += _SKIP.findall(found[2])
    hours = {int(hour) % 24 for hour in skipped["hours"] if hour.isascii() and hour.isdigit() and int(hour) <= 24}
    days = {_DAYS.index(day.lower()) for day in skipped["days"] if day.lower() in _DAYS}
    return Head(
        name=title_text(str(about.get("title", "")))[:_LONGEST_NAME],
        link=str(about.get("link", ""))[:2000],
        language=str(about.get("language", ""))[:20],
        ttl=max(_minutes(about.get("ttl")), _period(about)),
        skip_hours=tuple(sorted(hours)),
        skip_days=tuple(sorted(days)),
    )


def _json_head(found: object) -> Head:
    if not isinstance(found, Mapping):
        return Head()
    names = ("title", "home_page_url", "language")
    said = {name: clean(value) if isinstance(value := found.get(name), str) else "" for name in names}
    return Head(
        name=clean_line(said["title"])[:_LONGEST_NAME],
        link=said["home_page_url"][:2000],
        language=said["language"][:20],
        over=found.get("expired") is True,
    )


def _minutes(said: object) -> int:
    text = str(said or "").strip()
    return min(_DAY, int(text) * _MINUTE) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _period(about: Any) -> int:
    """Return how often a feed says it changes (the syndication module of RSS 1.0), in seconds; 0 for nothing.

    WordPress says "hourly" under every feed, unless somebody has it say something else: it is nobody's wish.
    """
    length = _PERIODS.get(str(about.get("sy_updateperiod", "")).strip().lower(), 0)
    times = str(about.get("sy_updatefrequency", "1")).strip()
    frequency = int(times) if times.isascii() and times.isdigit() and len(times) < 5 else 1
    said = min(_DAY, length // max(1, frequency))
    generator = str(about.get("generator") or about.get("admin_generatoragent", "")).lower()  # the latter in RSS 1.0
    by_default = said == _HOUR and any(f"://wordpress.{one}/" in generator for one in ("org", "com"))
    return 0 if by_default else said
