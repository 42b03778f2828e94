"""`python -m tests.bench judge`: what is related and what is not, graded by somebody who does not know who proposed it.

    python -m tests.bench judge pool [--fresh N] [--database URL]   draw queries, and pool what each way finds for them
    python -m tests.bench judge grade PASS [--half HALF]            show each query with its items, and read a digit for each
    python -m tests.bench judge agree                               how far the two passes agree

The grades: 2 the same event, 1 another matter that a reader of the query would like to be shown, 0 neither. Kept are
names and grades (`judgements.json` beside this file), none of the texts: those are read from ../shared/data. Each pass
has an order of its own. Half of the queries are for choosing, half for reporting: `half` says which. With `--fresh` so
many of the newest headlines that nobody has judged come beside them, as a third part ("fresh") on which nothing is chosen;
what is pooled for those are the newest headlines alone.
"""

import argparse
import asyncio
import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.relevance.embeddings import cosine_to
from bot.relevance.ranking import freshness
from bot.relevance.related import Finder
from storage.articles.articles import Articles
from storage.engine.database import Database
from storage.index.embeddings import Embeddings
from storage.index.reading import Words
from tests.bench.relevance_data import Judged, data_folder, imported, lines, mean
from tests.bench.relevance_meaning import NOT_INSTALLED, embedder, finder, read_all

HALVES = ("choose", "report", "fresh")
KEPT = Path(__file__).with_name("judgements.json")
FILES = ("headlines-uk.jsonl", "articles-ukrnet-2015.jsonl")
NEWEST = "2025-07-01"
_FRESHEST = "2025-11-01"
_DRAWN = (("headlines-uk.jsonl", 48), ("articles-ukrnet-2015.jsonl", 12))
_DEPTH = 6  # of each way's list; what is shown in the bot are five
_SHOWN_LETTERS = 220


@dataclass(frozen=True, slots=True)
class Shown:
    """An article of the data as a judge sees it."""

    title: str
    text: str
    day: str

    def line(self, since: str) -> str:
        """Return it on one line, with the days between it and the query."""
        apart = ""
        if self.day and since:
            apart = f"[{(date.fromisoformat(self.day[:10]) - date.fromisoformat(since[:10])).days:+d} d] "
        return apart + f"{self.title} — {self.text}"[:_SHOWN_LETTERS].strip(" —").replace("\n", " ")


def main(arguments: list[str]) -> int:
    """Draw, grade or compare; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench judge")
    parser.add_argument("act", choices=("pool", "grade", "agree"))
    parser.add_argument("number", nargs="?", type=int, choices=(1, 2), default=1, metavar="PASS")
    parser.add_argument("--database", default="", help="one that has all of the data; default: import it")
    parser.add_argument("--fresh", type=int, default=0, metavar="N", help="so many queries beside those that are there")
    parser.add_argument("--half", default="", choices=("", *HALVES), help="grade these queries only; default: all")
    parser.add_argument("--data", default="", help="default: ../shared/data")
    options = parser.parse_args(arguments)
    if options.act == "agree":
        agree()
    elif options.act == "pool":
        asyncio.run(_pool(data_folder(options.data), options.database, options.fresh))
    else:
        _grade(data_folder(options.data), options.number, options.half)
    return 0


def articles_of(data: Path) -> dict[str, Shown]:
    """Return the articles of the data by name: the id, or the file and the line where there is none."""
    found: dict[str, Shown] = {}
    for file in FILES:
        for n, line in enumerate(lines(data / file)):
            name = line.get("id") or f"ukrnet/{n}"
            found[name] = Shown(line.get("title", ""), line.get("text", ""), line.get("published_at") or "")
    return found


def judgements(half: str = "") -> list[Judged]:
    """Return the judged queries of a half that have anything related: where the passes disagree, the lower grade."""
    return [
        Judged(one["query"], {name: grade for name, grade in _settled(one).items() if grade})
        for one in _kept()
        if half in {"", one["half"]} and any(_settled(one).values())
    ]


def pools(half: str = "") -> dict[str, dict[str, int]]:
    """Return what was judged for each query of a half, with its grades: also for those that nothing is related to."""
    return {one["query"]: _settled(one) for one in _kept() if half in {"", one["half"]}}


def _settled(one: Mapping[str, Any]) -> dict[str, int]:
    return {name: min(grades) for name, grades in one["grades"].items() if grades}


def _kept() -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = json.loads(KEPT.read_text(encoding="utf-8"))
    return kept


def _keep(queries: Sequence[Mapping[str, Any]]) -> None:
    rows = ",\n".join(json.dumps(one, ensure_ascii=False) for one in queries)
    KEPT.write_text(f"[\n{rows}\n]\n", encoding="utf-8")


def _order(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def _fresh(data: Path, number: int, judged: Collection[str]) -> list[str]:
    """Return the names of queries among the very newest headlines that are not among those judged."""
    named = ((one["id"], one["published_at"]) for one in lines(data / FILES[0]))
    fit = [name for name, day in named if day >= _FRESHEST and name not in judged]
    return sorted(fit, key=_order)[:number]


def _queries(data: Path) -> Iterator[str]:
    """Yield the names of the queries: of the newest headlines, and of articles with their full texts."""
    for file, number in _DRAWN:
        named = [(one.get("id") or f"ukrnet/{n}", one) for n, one in enumerate(lines(data / file))]
        fit = [name for name, one in named if file != FILES[0] or one["published_at"] >= NEWEST]
        yield from sorted(fit, key=_order)[:number]


async def _pool(data: Path, url: str, fresh: int) -> None:
    """Pool what is found for the queries: for all of them anew, or for fresh ones beside those that are kept."""
    kept = _kept() if fresh else []
    drawn = _fresh(data, fresh, {one["query"] for one in kept}) if fresh else list(_queries(data))
    model = embedder()
    if model is None:
        sys.exit(NOT_INSTALLED)
    dice, there = random.Random(13), articles_of(data)
    async with _opened(data, url) as database:
        await read_all(database, model, print)
        names = await names_of(database, data)
        numbers = {name: number for number, name in names.items()}
        words, meant = Finder(Words(database)), finder(database)
        vectors = await _vectors(database)
        queries = []
        for place, query in enumerate(drawn):
            number = numbers[query]
            found = {one.id for way in (words, meant) for one in await way.related(number, limit=_DEPTH)}
            found |= set(await _nearest(database, vectors, number))
            items = sorted({names[one] for one in found if one in names} - {query})
            items = [name for name in items if not fresh or there[name].day >= NEWEST]
            dice.shuffle(items)
            half = "fresh" if fresh else HALVES[(place + 1) % 2]
            queries.append({"query": query, "half": half, "grades": {item: [] for item in items}})
    _keep([*kept, *queries])
    print(f"{len(queries)} queries, {sum(len(one['grades']) for one in queries)} pairs")


@asynccontextmanager
async def _opened(data: Path, url: str) -> Any:
    if url:
        database = Database(url)
        yield database
        await database.close()
        return
    with TemporaryDirectory() as folder:
        async with imported(f"sqlite:///{folder}/visnyk.db", *(data / file for file in FILES)) as database:
            yield database


async def names_of(database: Database, data: Path) -> dict[int, str]:
    """Return what each article of a database is called in the data; those without an id are known by their titles."""
    titled = {one.title: name for name, one in articles_of(data).items() if name.startswith("ukrnet/")}
    articles, names = Articles(database), {}
    total = await Words(database).size()
    for one in await articles.headlines(range(1, 2 * total + 1)):
        if name := one.external_id or titled.get(one.title, ""):
            names[one.id] = name
    return names


async def _vectors(database: Database) -> dict[int, tuple[bytes, Any]]:
    articles, store = Articles(database), Embeddings(database)
    total = await Words(database).size()
    numbers = range(1, 2 * total + 1)
    at = {one.id: one.published_at for one in await articles.headlines(numbers)}
    return {n: (one.vector, at.get(n)) for n, one in (await store.vectors(numbers)).items()}


async def _nearest(database: Database, vectors: Mapping[int, tuple[bytes, Any]], number: int) -> list[int]:
    """Return the closest by the cosine alone, time counted, whatever words they share."""
    own, at = vectors[number]
    cosine = cosine_to(own)
    scores = {n: cosine(vector) * freshness(at, other) for n, (vector, other) in vectors.items() if n != number}
    return sorted(scores, key=lambda n: -scores[n])[:_DEPTH]


def _grade(data: Path, number: int, half: str) -> None:
    """Show the queries of a pass in its order, and read a digit for each item; an empty line leaves a query."""
    there, queries = articles_of(data), _kept()
    for one in sorted(queries, key=lambda query: _order(f"{number} {query['query']}")):
        if half not in {"", one["half"]}:
            continue
        items = sorted(one["grades"], key=lambda name: _order(f"{number} {one['query']} {name}"))
        about = there[one["query"]]
        print(f"\n== {about.day[:10]} {about.title} — {about.text[: 2 * _SHOWN_LETTERS]}".replace("\n", " "))
        for place, name in enumerate(items, 1):
            print(f"{place:2}. {there[name].line(about.day)}")
        given = sys.stdin.readline().strip().replace(" ", "")
        if not given:
            continue
        if len(given) != len(items) or set(given) - set("012"):
            sys.exit(f"{len(items)} digits of 0, 1 and 2, one for each item, not {given!r}")
        for name, digit in zip(items, given, strict=True):
            grades = one["grades"][name]
            one["grades"][name] = [*grades[: number - 1], int(digit), *grades[number:]]
    _keep(queries)


def agree() -> None:
    """Print how far the passes agree: of all grades, on relevant or not, and what chance would give (kappa)."""
    pairs = [tuple(grades) for one in _kept() for grades in one["grades"].values() if len(grades) == 2]
    if not pairs:
        sys.exit("There is no second pass yet.")
    both = [(bool(a), bool(b)) for a, b in pairs]
    print(f"{len(pairs)} pairs judged twice; the same grade {mean(float(a == b) for a, b in pairs):.3f}")
    print(f"relevant or not: the same {mean(float(a == b) for a, b in both):.3f}, kappa {_kappa(both):.3f}")
    table = Counter(pairs)
    for a in range(3):
        print(f"first {a}: " + "  ".join(f"then {b}: {table[a, b]:3}" for b in range(3)))


def _kappa(pairs: Sequence[tuple[bool, bool]]) -> float:
    first, second = (mean(float(pair[n]) for pair in pairs) for n in (0, 1))
    chance = first * second + (1 - first) * (1 - second)
    return (mean(float(a == b) for a, b in pairs) - chance) / (1 - chance)
