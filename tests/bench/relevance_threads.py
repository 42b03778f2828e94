"""How stories thread: the pairs of labelled titles that end up in one story, by words, then with what meaning adds."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bot.relevance.embedder import Embedder
from storage.engine.database import Database
from storage.schema.tables import article
from tests.bench.relevance_data import imported, lines
from tests.bench.relevance_meaning import NOT_INSTALLED, read_all

_SIZES = ((2, 3), (4, 9), (10, 29), (30, 99), (100, 10**9))
_GROUPS = 20  # of the labelled stories, left out one by one for the interval


async def threads(data: Path, model: Embedder | None, say: Callable[[str], None]) -> None:
    """Import the labelled titles as the product does, then have them read, and tell how far the stories are right."""
    file = data / "stories-en.jsonl"
    labels = {line["id"]: line["story"] for line in lines(file)}
    say(
        f"\nSTORIES ({len(labels)} titles of {len(set(labels.values()))} stories)   pair precision [95 %]   pair recall [95 %]"
    )
    with TemporaryDirectory() as folder:
        bare = Path(folder) / file.name  # an import that names stories is believed
        told = [{key: value for key, value in line.items() if key != "story"} for line in lines(file)]
        bare.write_text("\n".join(map(json.dumps, told)), encoding="utf-8")
        async with imported(f"sqlite:///{folder}/visnyk.db", bare) as database:
            _tell("by words", await _stories(database), labels, say)
            if model is None:
                say(NOT_INSTALLED)
                return
            await read_all(database, model, say)
            _tell("by words and by meaning", await _stories(database), labels, say)


async def _stories(database: Database) -> dict[str, int | None]:
    async with database.read() as connection:
        rows = await connection.execute(
            select(article.c.external_id, article.c.story_id, article.c.same_as, article.c.id)
        )
        found = {row.id: row for row in rows}
    return {
        row.external_id: row.story_id if row.same_as is None else found[row.same_as].story_id for row in found.values()
    }


def _tell(way: str, threaded: Mapping[str, int | None], labels: Mapping[str, str], say: Callable[[str], None]) -> None:
    precision, recall = pairs_right(threaded, labels)
    low, high = _interval(threaded, labels)
    say(f"{way:<44} {precision:.3f} [{low[0]:.3f}, {high[0]:.3f}]   {recall:.3f} [{low[1]:.3f}, {high[1]:.3f}]")
    say("    purity by size: " + "  ".join(purity(threaded, labels)))


def pairs_right(threaded: Mapping[str, int | None], labels: Mapping[str, str]) -> tuple[float, float]:
    """Return the share of the threaded pairs that belong together, and of those that do the share that is threaded."""
    inside = {name: story for name, story in threaded.items() if story is not None and name in labels}
    made = _pairs(Counter(inside.values()).values())
    right = _pairs(Counter((story, labels[name]) for name, story in inside.items()).values())
    true = _pairs(Counter(labels.values()).values())
    return right / max(1, made), right / max(1, true)


def _pairs(sizes: Sequence[int] | object) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)  # type: ignore[attr-defined]


def _interval(
    threaded: Mapping[str, int | None], labels: Mapping[str, str]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the jackknife's 95 % interval: what is left when each twentieth of the stories is left out."""
    stories = sorted(set(labels.values()))
    left = []
    for group in range(_GROUPS):
        out = set(stories[group::_GROUPS])
        left.append(pairs_right(threaded, {name: story for name, story in labels.items() if story not in out}))
    whole = pairs_right(threaded, labels)
    spreads = [
        ((_GROUPS - 1) / _GROUPS * sum((one[n] - sum(x[n] for x in left) / _GROUPS) ** 2 for one in left)) ** 0.5
        for n in (0, 1)
    ]
    low, high = ([whole[n] + sign * 1.96 * spreads[n] for n in (0, 1)] for sign in (-1, 1))
    return (low[0], low[1]), (min(1.0, high[0]), min(1.0, high[1]))


def purity(threaded: Mapping[str, int | None], labels: Mapping[str, str]) -> list[str]:
    """Return, for each size of threaded stories, the share of articles that are of their story's main event."""
    inside: dict[int, Counter[str]] = defaultdict(Counter)
    for name, story in threaded.items():
        if story is not None and name in labels:
            inside[story][labels[name]] += 1
    told = []
    for least, most in _SIZES:
        fit = [own for own in inside.values() if least <= own.total() <= most]
        if fit:
            share = sum(max(own.values()) for own in fit) / sum(own.total() for own in fit)
            told.append(f"{least}+: {share:.3f} ({len(fit)})")
    return told
