"""How good what the bot shows is, on the judgements of the project's own: by halves, and bound by bound."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.relevance.answers import Sure
from bot.relevance.embedder import Embedder
from bot.relevance.related import MOST_RELATED, Finder
from storage.engine.database import Database
from storage.index.reading import Words
from tests.bench.judge import FILES, HALVES, NEWEST, agree, articles_of, judgements, names_of, pools
from tests.bench.relevance_data import Judged, dev_pools, dev_queries, imported, interval, mean, measure
from tests.bench.relevance_meaning import NOT_INSTALLED, finder, read_all

_BOUNDS = (0.0, 0.36, 0.38, 0.40, 0.42, 0.44, 0.46, 0.48, 0.50, 0.51, 0.52, 0.53, 0.54, 0.56, 0.60)
DEV = "dev"  # the 61 queries of ../shared/data
Lists = dict[str, Sequence["Listed"]]
Say = Callable[[str], None]
_NOTHING = 1e-9  # a bound that only what is shown at no bound stays below


@dataclass(frozen=True, slots=True)
class Listed:
    """One item of a list: what it is called in the data, how certain it is, and whether that is what decides."""

    name: str
    certain: float
    alike: bool


async def judged(url: str, data: Path, model: Embedder | None, say: Say) -> None:
    """Import what was judged, have it read, and tell what is shown of it."""
    if model is None:
        say(NOT_INSTALLED)
        return
    async with imported(url, *(data / file for file in FILES)) as database:
        await read_all(database, model, say)
        agree()
        await of_database(database, data, say)


async def of_database(database: Database, data: Path, say: Say) -> None:
    """Tell, for a database that has the headlines and the articles and has read them, what is shown by each way."""
    names = await names_of(database, data)
    days = {name: one.day for name, one in articles_of(data).items()}
    sure = Sure(_NOTHING, _NOTHING)
    sets = {half: pools(half) for half in HALVES} | {DEV: dev_pools(data)}
    ways = (("by words", Finder(Words(database), sure=sure)), ("by words and by meaning", finder(database, sure)))
    for way, find in ways:
        lists = {name: await _lists(database, find, names, pool) for name, pool in sets.items()}
        # What was pooled for these are the newest headlines, and headlines.
        lists["fresh"] = {query: [x for x in own if days[x.name] >= NEWEST] for query, own in lists["fresh"].items()}
        lists[DEV] = {query: [x for x in own if "ukrnet" not in x.name] for query, own in lists[DEV].items()}
        for name in sets:
            _quality(f"{way}, {name}", lists[name], dev_queries(data) if name == DEV else judgements(name), say)
        graded = {name: [(own, sets[name][query]) for query, own in lists[name].items()] for name in sets}
        for name, some in (*graded.items(), ("all", [one for part in graded.values() for one in part])):
            say(f"\nSHOWN {way}, {name}: wrong of what is shown [95 %], kept of what is right, lists that are empty")
            curve(some, say)


async def _lists(database: Database, find: Finder, names: Mapping[int, str], queries: Iterable[str]) -> Lists:
    found: Lists = {}
    numbers = {name: number for number, name in names.items()}
    for query in queries:
        items = await find.related(numbers[query], limit=50)
        found[query] = [Listed(names.get(item.id, ""), item.certain, item.sure) for item in items]
    return found


def _quality(name: str, lists: Lists, queries: Sequence[Judged], say: Say) -> None:
    measured = measure(lambda query: [item.name for item in lists[query]], queries)
    ndcg = [one[0] for one in measured]
    low, high = interval(ndcg)
    say(f"{name:<44} nDCG@5 {mean(ndcg):.3f} [{low:.3f}, {high:.3f}] ({len(queries)} queries)")


def curve(graded: Sequence[tuple[Sequence[Listed], Mapping[str, int]]], say: Say) -> None:
    """Tell for each bound what share of the shown is wrong; what nobody has judged counts as wrong."""
    right = sum(bool(grades.get(item.name)) for items, grades in graded for item in items[:MOST_RELATED])
    for bound in _BOUNDS:
        shown = [(_shown(items, bound), grades) for items, grades in graded]
        counted = [(sum(bool(grades.get(name)) for name in names), len(names)) for names, grades in shown]
        kept, all_ = map(sum, zip(*counted, strict=True))
        if not all_:
            break
        low, high = _interval(counted)
        empty = sum(not names for names, _ in shown)
        say(
            f"from {bound:.2f}: {1 - kept / all_:.3f} [{low:.3f}, {high:.3f}] wrong of {all_}, "
            f"{kept / max(1, right):.3f} kept, {empty} of {len(shown)} empty"
        )


def _interval(counted: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Return the 95 % interval of the share that is wrong: queries are drawn anew, each with what is right of its list."""
    dice = random.Random(0)
    drawn = [[sum(column) for column in zip(*dice.choices(counted, k=len(counted)), strict=True)] for _ in range(1000)]
    shares = sorted(1 - right / max(1, all_) for right, all_ in drawn)
    return shares[25], shares[975]


def _shown(items: Sequence[Listed], bound: float) -> list[str]:
    looked_at = items[: 2 * MOST_RELATED]  # as the bot does
    return [item.name for item in looked_at if not bound or (item.certain >= bound and item.alike)][:MOST_RELATED]
