"""What relevance costs as the archive grows: made-up articles of real sentences, through the product's own import."""

import random
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.importing import Ready, prepared
from bot.model.news import Incoming
from bot.related.finding import Finder
from bot.related.searching import Searcher
from storage.articles import Articles
from storage.database import Database
from storage.imports import Imports
from storage.indexing import trim_hot
from storage.migrate import migrate
from storage.words import Words
from tests.bench.relevance_data import lines

_BATCH = 500
_ASKED = 60
_START = datetime(2026, 1, 1, tzinfo=UTC)


def made_up(data: Path, number: int, first: int) -> list[Ready]:
    """Return `number` articles: a real headline, and sentences of real posts up to about a hundred words."""
    dice = random.Random(first)
    titles = [line["title"] for line in lines(data / "headlines-uk.jsonl")]
    sentences = [s for line in lines(data / "posts-uk.jsonl") for s in line["text"].split(". ") if 40 < len(s) < 200]
    ready = []
    for n in range(first, first + number):
        body = "</p><p>".join(dice.sample(sentences, 8))
        at = _START + timedelta(minutes=n)
        title = f"{dice.choice(titles)} {n}"
        ready.append(
            prepared(Incoming(title=title, body=f"<p>{body}</p>", identity=f"n:{n}", published_at=at, source="В"))
        )
    return ready


async def cost(url: str, data: Path, sizes: Sequence[int], say: object) -> None:
    """Grow a database to each size and tell what inserting, related items and searching take there."""
    assert callable(say)
    database = Database(url)
    await migrate(database)
    articles, words, clock = Articles(database), Words(database), SystemClock()
    finder, searcher = Finder(words, articles, clock), Searcher(words, articles, clock)
    imports, there = Imports(database), 0
    engine = "SQLite" if database.is_sqlite else "PostgreSQL"
    say(f"\nCOST on {engine}, CPU ms         insert   related p50/p95   search p50/p95   one common word p95   RSS MB")
    for size in sizes:
        spent = 0.0
        began = there
        while there < size:
            ready = made_up(data, min(_BATCH, size - there), there)
            start = time.process_time()
            await imports.add([replace(one) for one in ready], clock.now(), push=False)
            spent += time.process_time() - start
            there += len(ready)
        await trim_hot(database)
        dice = random.Random(size)
        related, search, common = [], [], []
        for _ in range(_ASKED):
            number = dice.randint(max(1, there - 20_000), there)
            related.append(await _timed(finder.related(number)))
            title = (await articles.get(number)).title.split()
            search.append(await _timed(searcher.search(" ".join(dice.sample(title, min(2, len(title)))) + " україна")))
            common.append(await _timed(searcher.search(dice.choice(["україна", "росія", "військовий", "область"]))))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        say(
            f"{there:>10} articles              {1000 * spent / max(1, there - began):6.2f}   "
            f"{_at(related, 0.5):6.1f}/{_at(related, 0.95):<6.1f}    {_at(search, 0.5):6.1f}/{_at(search, 0.95):<6.1f}   "
            f"{_at(common, 0.95):10.1f}          {memory:8.0f}"
        )
    await database.close()


async def _timed(work: object) -> float:
    start = time.process_time()
    await work  # type: ignore[misc]
    return time.process_time() - start


def _at(seconds: list[float], part: float) -> float:
    return 1000 * sorted(seconds)[min(len(seconds) - 1, int(part * len(seconds)))]
