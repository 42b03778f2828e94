"""`python -m tests.bench cost [N…]`: what relevance costs as the archive grows, on both engines.

The archive is made up (tests/bench/cost_corpus.py) and poured into the tables; the last articles of each size come
through the product's own import, and those are timed. Milliseconds are CPU time: of this process and, on PostgreSQL, of
the backends that serve it. docs/RELEVANCE.md tells what was measured.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import func, select

from storage.engine.database import Database
from storage.index.statistics import count_up
from storage.index.writing import trim_hot
from storage.schema.migrate import migrate
from storage.schema.tables import article, embedding
from tests.bench.cost_corpus import Corpus, pour
from tests.bench.cost_meaning import meaning_costs, pour_vectors
from tests.bench.cost_measures import GOALS, IMPORTED, Figures, Meter, answers, index_bytes, insert
from tests.bench.cost_picture import CHARTS
from tests.bench.databases import ENGINES, servers
from tests.bench.picture import picture
from tests.bench.relevance_data import data_folder
from tests.bench.tables import show

_ROOT = Path(__file__).parents[2]
_QUESTIONS = ("related", "any age", "cached", "search", "two words", "common word")


def main(arguments: list[str]) -> int:
    """Run the benchmark; returns how many goals were missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench cost")
    parser.add_argument("sizes", type=int, nargs="*", default=[10_000], help="numbers of articles (default: 10000)")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--on", nargs="+", default=[], metavar="URL", help="databases poured before, instead of sizes")
    parser.add_argument("--meaning", action="store_true", help="what the optional model costs, too")
    parser.add_argument("--data", default="", help="default: ../shared/data")
    parser.add_argument("--figures", type=Path, help="a file where figures are kept from run to run")
    parser.add_argument("--picture", type=Path, help="draw the growth of all kept figures as SVG")
    options = parser.parse_args(arguments)
    corpus = Corpus(data_folder(options.data))
    found = [asyncio.run(_measured(url, corpus, options.meaning)) for url in options.on]
    if not options.on:
        with tempfile.TemporaryDirectory() as folder, servers(Path(folder), tuple(options.engines)) as there:
            for name, place in there.items():
                url = f"sqlite:///{place}/cost.db" if isinstance(place, Path) else place.create("cost")
                for size in options.sizes:
                    print(f"… {name}: {size} articles", file=sys.stderr)
                    asyncio.run(_grown(url, corpus, size - IMPORTED))
                    found.append(asyncio.run(_measured(url, corpus, options.meaning)))
    kept = _kept(options.figures, found)
    if options.picture:
        options.picture.write_text(picture(CHARTS, kept, "articles in the archive"), encoding="utf-8")
    return _told(found)


async def _grown(url: str, corpus: Corpus, size: int) -> None:
    database = Database(url)
    await migrate(database)
    there = await _articles(database)
    await pour(database, corpus, there + 1, size - there)
    await trim_hot(database)
    await count_up(database)
    await database.close()


async def _articles(database: Database) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(select(func.max(article.c.id))) or 0)


async def _measured(url: str, corpus: Corpus, by_meaning: bool) -> Figures:
    database = Database(url)
    meter = Meter(database)
    words, place, store = await insert(database, meter, corpus, await _articles(database) + 1)
    await database.checkpoint()
    times = await answers(database, meter)
    size = await index_bytes(database, url)
    total = await _articles(database)
    idle, busy = _memory(url)
    meaning: Mapping[str, float] = {}
    if by_meaning:
        await pour_vectors(database, await _unread_from(database), total - IMPORTED)
        meaning = await meaning_costs(database, meter, url, total - IMPORTED)
    await database.close()
    engine = "SQLite" if database.is_sqlite else "PostgreSQL"
    return Figures(engine, total, words, place, store, times, busy, idle, size, meaning)


async def _unread_from(database: Database) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(select(func.max(embedding.c.article_id))) or 0) + 1


def _memory(url: str) -> tuple[int, int]:
    """Return the memory of a process of its own with the whole product in it, before and after answering; bytes."""
    command = [sys.executable, "-m", "tests.bench.cost_memory", url]
    done = subprocess.run(command, cwd=_ROOT, env=os.environ, check=True, capture_output=True, text=True)
    idle, busy = json.loads(done.stdout.splitlines()[-1])
    return idle, busy


def _kept(path: Path | None, found: list[Figures]) -> list[Figures]:
    """Return the figures with those of earlier runs, the newer in the place of the older, and keep them."""
    if path is None:
        return found
    there = [Figures(**one) for one in json.loads(path.read_text())] if path.exists() else []
    every = {(one.engine, one.articles): one for one in (*there, *found)}
    kept = [every[key] for key in sorted(every)]
    path.write_text(json.dumps([asdict(one) for one in kept], indent=1), encoding="utf-8")
    return kept


def _told(found: list[Figures]) -> int:
    costs = [
        (
            f"{one.engine}, {one.articles}",
            *(f"{part:.2f}" for part in (one.words, one.place, one.store)),
            *(f"{size / 1e6:.0f}" for size in (one.memory, one.idle, one.index)),
        )
        for one in found
    ]
    times = [(f"{one.engine}, {one.articles}", *(one.both(name) for name in _QUESTIONS)) for one in found]
    show("Import of an article, CPU ms; MB", ("", "words", "place", "store", "process", "of it idle", "index"), costs)
    show("Answers, CPU ms, median / 95th percentile", ("", *_QUESTIONS), times)
    with_it = [one for one in found if one.meaning]
    if with_it:
        names = sorted({name for one in with_it for name in one.meaning})
        rows = [
            (f"{one.engine}, {one.articles}", *(f"{one.meaning.get(n, float('nan')):.1f}" for n in names))
            for one in with_it
        ]
        show("By meaning, CPU ms; MB", ("", *names), rows)
    missed = [f"{one.engine} {one.articles}: {goal.what}" for one in found for goal in GOALS if goal.missed(one)]
    for line in missed:
        print(f"goal missed: {line}")
    return len(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
