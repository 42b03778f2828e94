"""What the cost benchmark measures: importing, related items, search, and how large the index is."""

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.config import Settings
from bot.feeds.importer import BATCH
from bot.feeds.intake import placed
from bot.relevance.answers import Sure
from bot.relevance.related import Finder
from bot.relevance.search import Searcher
from bot.relevance.threading import Threader
from bot.timing.clock import SystemClock
from storage.articles.articles import Articles
from storage.articles.imports import Imports
from storage.articles.stories import Stories
from storage.engine.database import Database
from storage.index.reading import Words
from tests.bench.cost_corpus import Corpus

IMPORTED = 4 * BATCH  # articles of each size that come through the product's import; the first batch is not timed
_ASKED = 100
RECENT = 20_000  # readers ask about what is new
_COMMON = ("україна", "росія", "військовий", "область", "війна")
_INDEX = ("lemma", "words", "hot", "archive")


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured at one size. Times are CPU milliseconds: of an article, or (median, 95th percentile)."""

    engine: str
    articles: int
    words: float
    place: float
    store: float
    times: Mapping[str, tuple[float, float]]
    memory: int
    idle: int
    index: int
    meaning: Mapping[str, float] = field(default_factory=dict)  # as `tests/bench/cost_meaning.py` names it

    @property
    def size(self) -> int:
        """How many articles there were."""
        return self.articles

    def both(self, name: str) -> str:
        median, most = self.times[name]
        return f"{median:.1f} / {most:.1f}"


@dataclass(frozen=True, slots=True)
class CostGoal:
    """What a figure has to be at most, at a size."""

    what: str
    limit: Callable[[int], float]
    value: Callable[[Figures], float]

    def missed(self, figures: Figures) -> bool:
        return self.value(figures) > self.limit(figures.articles)


def _p95(name: str) -> Callable[[Figures], float]:
    return lambda figures: figures.times[name][1]


GOALS = (
    CostGoal("insert ≤ 1.5 ms", lambda _: 1.5, lambda figures: figures.store),
    CostGoal("related p95 ≤ 5 ms (20 ms at a million)", lambda n: 20.0 if n >= 1_000_000 else 5.0, _p95("related")),
    CostGoal("related, remembered, p95 ≤ 5 ms", lambda _: 5.0, _p95("cached")),
    CostGoal("search p95 ≤ 20 ms", lambda _: 20.0, _p95("search")),
    CostGoal("search, two words, p95 ≤ 20 ms", lambda _: 20.0, _p95("two words")),
    CostGoal("search, one common word, p95 ≤ 20 ms", lambda _: 20.0, _p95("common word")),
    CostGoal("memory ≤ 250 MB", lambda _: 250e6, lambda figures: float(figures.memory)),
)


class Meter:
    """CPU time of this process and of the PostgreSQL backends that serve it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._backends: list[Path] = []

    async def find_backends(self) -> None:
        """Look up which processes of PostgreSQL serve this one; to be called once connections are open."""
        if self._database.is_sqlite:
            return
        mine = text(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        async with self._database.read() as connection:
            pids = (await connection.execute(mine)).scalars().all()
        self._backends = [Path(f"/proc/{pid}/schedstat") for pid in pids]

    def now(self) -> float:
        """Return seconds."""
        theirs = sum(int(path.read_text().split()[0]) for path in self._backends if path.exists())
        return time.process_time() + theirs / 1e9

    async def milliseconds(self, work: Awaitable[Any]) -> float:
        begun = self.now()
        await work
        return 1000 * (self.now() - begun)


async def insert(database: Database, meter: Meter, corpus: Corpus, first: int) -> tuple[float, float, float]:
    """Import articles; returns what one takes: working out its words, finding its place, storing it."""
    imports, placing, clock = Imports(database), Threader(Stories(database)), SystemClock()
    parts: list[tuple[float, float, float]] = []
    for start in range(first, first + IMPORTED, BATCH):
        begun = meter.now()
        ready = corpus.ready(start, BATCH)
        worked_out = meter.now()
        items = await placed(ready, placing)
        found = meter.now()
        await imports.add(items, clock.now(), push=False)
        parts.append((worked_out - begun, found - worked_out, meter.now() - found))
        await meter.find_backends()
    words, place, store = (1000 * at(sorted(column), 0.5) / BATCH for column in zip(*parts[1:], strict=True))
    return words, place, store


async def answers(database: Database, meter: Meter) -> dict[str, tuple[float, float]]:
    """Ask for related items and search; returns the median and the 95th percentile of each kind of question."""
    words, articles, clock = Words(database), Articles(database), SystemClock()
    # As the bot asks: how certain each item is takes a part of the time.
    sure = Sure(words=Settings.model_fields["related_from_words"].default)
    finder, searcher = Finder(words, None, sure), Searcher(words, articles, clock)
    total = await words.size()
    dice = random.Random(total)
    for _ in range(3):
        await finder.related(dice.randint(1, total))
        await searcher.search("невідомеслово україна")
    await meter.find_backends()
    spent: dict[str, list[float]] = {}

    async def ask(name: str, work: Awaitable[Any]) -> None:
        spent.setdefault(name, []).append(await meter.milliseconds(work))

    for _ in range(_ASKED):
        number = dice.randint(max(1, total - RECENT), total)
        await ask("related", finder.related(number))
        await ask("cached", finder.related(number))
        await ask("any age", finder.related(dice.randint(1, total)))
        title = [word for word in (await articles.get(number)).title.split()[:-3] if len(word) > 3] or ["міст"]
        await ask("search", searcher.search(" ".join(dice.sample(title, min(3, len(title))))))
        await ask("two words", searcher.search(f"{dice.choice(title)} {dice.choice(_COMMON)}"))
        await ask("common word", searcher.search(dice.choice(_COMMON)))
    return {name: (at(sorted(times), 0.5), at(sorted(times), 0.95)) for name, times in spent.items()}


async def index_bytes(database: Database, url: str) -> int:
    """Return the size of the word index: its tables with their indexes."""
    if database.is_sqlite:
        names = " OR ".join(f"name GLOB '{name}*' OR name GLOB '*_{name}_*'" for name in _INDEX)
        sizes = f"SELECT SUM(pgsize) FROM dbstat WHERE aggregate = true AND ({names})"
        # Python's own library knows dbstat, the one that the product runs on does not.
        read = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])"
        command = [sys.executable, "-c", read, url.removeprefix("sqlite:///"), sizes]
        done = await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True, text=True)
        return int(done.stdout)
    sizes = " + ".join(f"pg_total_relation_size('{name}')" for name in _INDEX)
    async with database.read() as connection:
        return int(await connection.scalar(text(f"SELECT {sizes}")) or 0)


def at(times: list[float], part: float) -> float:
    """Return the time below which this part of them lies, of times in order."""
    return times[min(len(times) - 1, int(part * len(times)))]
