"""How good what the bot shows is, on the judgements of the project's own: by halves, and bound by bound."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.relevance.embedder import Embedder
from bot.relevance.related import MOST_RELATED, Finder, Sure
from storage.articles.articles import Articles
from storage.engine.database import Database
from storage.index.reading import Words
from tests.bench.judge import FILES, HALVES, NEWEST, agree, articles_of, judgements, names_of, pools
from tests.bench.relevance_data import Judged, imported, interval, mean, measure
from tests.bench.relevance_meaning import NOT_INSTALLED, finder, read_all

_BOUNDS = (0.0, 0.10, 0.12, 0.14, 0.16, 0.18, 0.20, 0.25, 0.30, 0.32, 0.35, 0.38, 0.40, 0.42, 0.45, 0.50)
Lists = dict[str, Sequence["Listed"]]
Say = Callable[[str], None]
_NOTHING = 1e-9  # a bound that only what is shown at no bound stays below


@dataclass(frozen=True, slots=True)
class Listed:
    """One item of a list: what it is called in the data, its score, and whether it is shown from its score on."""

    name: str
    score: float
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
    ways = (("by words", Finder(Words(database), sure=sure)), ("by words and by meaning", finder(database, sure)))
    for way, find in ways:
        lists = await _lists(database, find, names, pools())
        lists |= {query: [one for one in lists[query] if days[one.name] >= NEWEST] for query in pools("fresh")}
        for half in HALVES:
            _quality(f"{way}, {half}", lists, judgements(half), say)
        for half in HALVES:
            say(f"\nSHOWN {way}, {half}: wrong of what is shown [95 %], kept of what is right, lists that are empty")
            curve(lists, pools(half), say)


async def _lists(database: Database, find: Finder, names: Mapping[int, str], queries: Mapping[str, object]) -> Lists:
    articles = Articles(database)
    found: Lists = {}
    numbers = {name: number for number, name in names.items()}
    for query in queries:
        items = await find.related(numbers[query], limit=50)
        there = {one.id: names.get(one.id, "") for one in await articles.headlines([item.id for item in items])}
        found[query] = [Listed(there[item.id], item.score, item.sure) for item in items if item.id in there]
    return found


def _quality(name: str, lists: Lists, queries: Sequence[Judged], say: Say) -> None:
    measured = measure(lambda query: [item.name for item in lists[query]], queries)
    ndcg = [one[0] for one in measured]
    low, high = interval(ndcg)
    say(f"{name:<44} nDCG@5 {mean(ndcg):.3f} [{low:.3f}, {high:.3f}] ({len(queries)} queries)")


def curve(lists: Lists, grades: Mapping[str, Mapping[str, int]], say: Say) -> None:
    """Tell for each bound what share of the shown is wrong; what nobody has judged counts as wrong."""
    right = sum(bool(grades[query].get(item.name)) for query in grades for item in lists[query][:MOST_RELATED])
    for bound in _BOUNDS:
        shown = {query: _shown(lists[query], bound) for query in grades}
        kept = [bool(grades[query].get(item)) for query in grades for item in shown[query]]
        if not kept:
            break
        low, high = interval([float(not one) for one in kept])
        empty = sum(not items for items in shown.values())
        say(
            f"from {bound:.2f}: {1 - mean(map(float, kept)):.3f} [{low:.3f}, {high:.3f}] wrong of {len(kept)}, "
            f"{sum(kept) / max(1, right):.3f} kept, {empty} of {len(shown)} empty"
        )


def _shown(items: Sequence[Listed], bound: float) -> list[str]:
    return [item.name for item in items if not bound or (item.score >= bound and item.alike)][:MOST_RELATED]
