"""What a day's sources tell, and when: real news where they lie beside the clone, else those of the sample newsroom."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from itertools import islice
from random import Random
from typing import Any

from bot.sandbox.newsroom import read_articles
from tests.support.process import ROOT

_PLACES = (ROOT.parent / "shared" / "data", ROOT.parents[1] / "shared" / "data")
DATA = next((place for place in _PLACES if place.is_dir()), _PLACES[0])
"""Where real news lies, beside the clone or beside the worktrees; it may be absent."""
LONGEST_TITLE = 130  # a digest shows all of it
_SHORTEST_TITLE = 25
_TAG = re.compile(r"<[^>]+>")
_DAY = "2025-12-09"  # of which most headlines are there


class Way(Enum):
    """How news comes in: from two feeds that are published at once, one that editors approve, an archive, a CMS."""

    WIRE = "wire"
    PAPER = "paper"
    CHANNEL = "channel"
    BLOG = "blog"
    CMS = "cms"


class Verdict(Enum):
    """What editors do with a draft."""

    PUBLISH = "publish"
    BOTH = "both"  # two of them press the button
    PLAN = "plan"
    DISCARD = "discard"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Change:
    """What a source says from a moment on."""

    at: datetime
    title: str
    text: str


@dataclass(slots=True, kw_only=True)
class News:
    """One piece of news. `public_from` is when readers may have it at the earliest, None for never."""

    key: str
    way: Way
    title: str
    text: str
    at: datetime
    change: Change | None = None
    copies: str = ""
    verdict: Verdict | None = None
    embargo: datetime | None = None
    retracted_at: datetime | None = None
    urgent: bool = False
    public_from: datetime | None = None

    def told(self, now: datetime) -> tuple[str, str]:
        """Return the title and the text that its source has for it now."""
        change = self.change
        return (change.title, change.text) if change is not None and change.at <= now else (self.title, self.text)

    @property
    def titles(self) -> set[str]:
        """Every title it ever has."""
        return {self.title} | ({self.change.title} if self.change is not None else set())


@dataclass(slots=True)
class Day:
    """The news of a day, and what its sources held before it began."""

    begins: datetime
    ends: datetime
    news: list[News] = field(default_factory=list)
    old: list[News] = field(default_factory=list)

    def of(self, way: Way) -> list[News]:
        """Return what comes this way, the oldest first."""
        return sorted((one for one in [*self.old, *self.news] if one.way is way), key=lambda one: one.at)

    def moments(self) -> list[datetime]:
        """Return the moments at which something has to happen, or must not have happened yet."""
        exact = [one.embargo for one in self.news if one.embargo is not None]
        return sorted([*exact, *(at - timedelta(seconds=2) for at in exact), *(one.at for one in self.of(Way.CMS))])


Story = tuple[str, str]


def a_day(begins: datetime, *, real: bool, share: float = 1.0) -> Day:
    """Return a day that begins then; of a `real` one a share of its news."""
    chance = Random(14)
    streams = _real(chance) if real else _made()
    old = {
        way: [streams[way].pop() for _ in range(min(4, len(streams[way]) // 5))] for way in Way if way is not Way.CMS
    }
    # Until half past nine in New York, when the last digest with something of this day comes.
    day = Day(begins, begins + timedelta(hours=35))
    for way, stories in streams.items():
        some = stories[: max(4, round(len(stories) * share))]
        times = sorted(begins + timedelta(minutes=20 + chance.random() * 16 * 60) for _ in some)
        for number, (at, (title, text)) in enumerate(zip(times, some, strict=True)):
            day.news.append(_planned(News(key=f"{way.value}-{number}", way=way, title=title, text=text, at=at), number))
        for number, (title, text) in enumerate(old.get(way, ())):
            before = begins - timedelta(hours=3 + number)
            day.old.append(News(key=f"{way.value}-old-{number}", way=way, title=title, text=text, at=before))
    _retell(day)
    return day


def _planned(one: News, number: int) -> News:
    """Give a piece of news its fate, by its number: what changes, what editors make of it, what has an embargo."""
    match one.way:
        case Way.WIRE | Way.PAPER:
            one.public_from = one.at
            if number % 4 == 1:  # a letter too many, and mended soon
                right, at = one.title, one.at + timedelta(minutes=50)
                one.title, one.change = _misspelt(right), Change(at, right, one.text)
            elif number % 7 == 2:  # other news than before
                said = f"{one.title[: LONGEST_TITLE - 14]}: уточнено"
                text = f"{one.text} За уточненими даними, йдеться про 17 випадків, а не про 12."
                one.change = Change(one.at + timedelta(hours=2), said, text)
        case Way.CHANNEL:
            one.verdict = list(Verdict)[number % len(Verdict)]
        case Way.CMS:
            _posted(one, number)
        case Way.BLOG:
            pass
    return one


def _posted(one: News, number: int) -> None:
    match number % 6:
        case 0:
            one.embargo = one.public_from = one.at + timedelta(hours=1, minutes=7, seconds=20)
        case 1:
            one.verdict = Verdict.PUBLISH
        case 2:
            one.verdict = Verdict.LEAVE
        case 3:
            one.public_from, one.urgent = one.at, number % 4 == 3
            changed = f"{one.title[: LONGEST_TITLE - 14]}: уточнено"
            one.change = Change(one.at + timedelta(hours=1), changed, f"{one.text} Число постраждалих уточнено: 3.")
        case 4:
            one.public_from, one.retracted_at = one.at, one.at + timedelta(hours=3)
        case _:
            one.public_from = one.at


def _misspelt(title: str) -> str:
    """Double a letter in the middle of the longest word."""
    word = max(title.split(), key=lambda one: (one.isalpha(), len(one)))
    at = title.index(word) + len(word) // 2
    return title[:at] + title[at - 1 : at] + title[at:]


def _retell(day: Day) -> None:
    """Let the paper copy some of what the wire tells, word for word."""
    for number, one in enumerate(day.of(Way.WIRE)[4::6]):
        if one.change is None and one in day.news:
            at = one.at + timedelta(minutes=35)
            copy = News(key=f"copy-{number}", way=Way.PAPER, title=one.title, text=one.text, at=at, copies=one.key)
            copy.public_from = at
            day.news.append(copy)


def _made() -> dict[Way, list[Story]]:
    """Return the sample newsroom's own stories, dealt to the ways in turn."""
    stories: list[Story] = []
    for fields, body in read_articles():
        if fields["language"] == "uk":
            paragraphs = [html.unescape(_TAG.sub("", one)) for one in body.split("</p>")]
            stories.append((fields["title"], " ".join([fields.get("lead", ""), *paragraphs[:2]]).strip()))
    ways = [Way.WIRE, Way.PAPER, Way.CHANNEL, Way.CMS, Way.BLOG, Way.WIRE, Way.CMS]
    dealt: dict[Way, list[Story]] = {way: [] for way in Way}
    for number, story in enumerate(story for story in stories if len(story[0]) <= LONGEST_TITLE):
        dealt[ways[number % len(ways)]].append(story)
    return dealt


def _real(chance: Random) -> dict[Way, list[Story]]:
    """Return the real day: two outlets' headlines of one day, a channel's posts, full articles, edited texts."""
    headlines = [one for one in _lines("headlines-uk.jsonl") if one["published_at"] == _DAY]
    posts = [_told(one["text"]) for one in islice(_lines("posts-uk.jsonl"), 260)]
    articles = [(one["title"], one["text"]) for one in _lines("articles-ukrnet-2015.jsonl")]
    edited = [_told(one["before"]) for one in islice(_lines("light-edits-uk.jsonl"), 30)]
    dealt = {
        Way.WIRE: [(one["title"], "") for one in headlines if one["source"] == "up"] + edited,
        Way.PAPER: [(one["title"], "") for one in headlines if one["source"] == "susp"],
        Way.CHANNEL: posts[:45],
        Way.BLOG: posts[60:90],
        Way.CMS: articles,
    }
    seen: set[str] = set()
    for stories in dealt.values():
        chance.shuffle(stories)
        good = [one for one in stories if _SHORTEST_TITLE <= len(one[0]) <= LONGEST_TITLE and one[0] not in seen]
        stories[:] = dict(good).items()
        seen |= {title for title, _ in stories}
    return dealt


def _told(text: str) -> Story:
    """Return a post's first sentence as its title, and the rest."""
    title, end, rest = text.partition(". ")
    return f"{title}{end}".strip(), rest.strip()


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8") as file:
        yield from map(json.loads, file)
