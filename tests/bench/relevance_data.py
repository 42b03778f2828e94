"""What the relevance benchmark reads and measures with: the data, the plain ways, the measures."""

import json
import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.feeds.files import read_items, sources
from bot.feeds.importer import Importing, Report, batches
from bot.relevance.lemmas import tokens
from bot.relevance.threading import Threader
from bot.text.languages import stop_words
from bot.timing.clock import SystemClock
from storage.articles.imports import Imports
from storage.articles.stories import Stories
from storage.delivery.corrections import Corrections
from storage.engine.database import Database
from storage.engine.sqlite import LIBRARY
from storage.schema.migrate import migrate

Ranking = Callable[[str], list[str]]


def data_folder(named: str) -> Path:
    """Return where the data is: as named, or `../shared/data` from the project's root or from its worktrees'."""
    root = Path(__file__).parents[2]
    for folder in (Path(named) if named else root.parent / "shared" / "data", root.parents[1] / "shared" / "data"):
        if (folder / "headlines-uk.jsonl").exists():
            return folder
    raise SystemExit("relevance: there is no ../shared/data; nothing was measured")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@asynccontextmanager
async def imported(url: str, *files: Path) -> Any:
    """Open a database with these files imported as the product imports them."""
    database = Database(url)
    await migrate(database)
    clock, zone, report = SystemClock(), ZoneInfo("Europe/Kyiv"), Report()
    importing = Importing(
        store=Imports(database), corrections=Corrections(database), placing=Threader(Stories(database)), clock=clock
    )
    found, _ = sources([str(path) for path in files])
    for source in found:
        for batch in batches(read_items(source, zone, clock.now())):
            await importing.take_batch(batch, report, push=False)
    try:
        yield database
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class Judged:
    """A query of related-uk-dev.json: grades of what is related (2 same story, 1 same topic)."""

    query: str
    grades: Mapping[str, int]


def dev_queries(data: Path) -> list[Judged]:
    raw = json.loads((data / "related-uk-dev.json").read_text(encoding="utf-8"))
    return [Judged(one["query"], one["relevant"]) for one in raw if one["relevant"]]


def dev_pools(data: Path) -> dict[str, dict[str, int]]:
    """Return what was judged for each query of related-uk-dev.json, with its grades."""
    raw = json.loads((data / "related-uk-dev.json").read_text(encoding="utf-8"))
    return {one["query"]: {**dict.fromkeys(one["judged"], 0), **one["relevant"]} for one in raw}


def gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades))


def measure(ranking: Ranking, queries: Sequence[Judged]) -> list[tuple[float, float, float | None]]:
    """Return nDCG@5, recall@10 and the reciprocal rank of the first same-story article, for each query."""
    measured = []
    for one in queries:
        found = ranking(one.query)
        best = gain(sorted(one.grades.values(), reverse=True)[:5])
        ndcg = gain([one.grades.get(name, 0) for name in found[:5]]) / best
        recall = len(set(found[:10]) & set(one.grades)) / len(one.grades)
        rank = next((1 / (n + 1) for n, name in enumerate(found[:50]) if one.grades.get(name) == 2), 0.0)
        measured.append((ndcg, recall, rank if 2 in one.grades.values() else None))
    return measured


def mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known)


def interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """Return the 95% bootstrap interval of a mean."""
    dice = random.Random(seed)
    means = sorted(mean(dice.choices(values, k=len(values))) for _ in range(1000))
    return means[25], means[975]


class Plain:
    """The plain way: SQLite's FTS5 over the text as it is, `bm25`, any of the words."""

    def __init__(self, tokenizer: str, texts: Mapping[str, str]) -> None:
        self._names = list(texts)
        self._texts = texts
        self._database = LIBRARY.connect(":memory:")
        self._database.execute(f"CREATE VIRTUAL TABLE plain USING fts5(words, tokenize='{tokenizer}')")
        rows = enumerate(text.replace("’", "").replace("'", "") for text in texts.values())
        self._database.executemany("INSERT INTO plain (rowid, words) VALUES (?, ?)", rows)

    def _ask(self, words: Sequence[str], joined: str, most: int) -> list[str]:
        expression = f" {joined} ".join(f'"{word}"' for word in words)
        if not expression:
            return []
        asked = "SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY bm25(plain), rowid DESC LIMIT ?"
        return [self._names[row[0]] for row in self._database.execute(asked, (expression, most))]

    def related(self, name: str) -> list[str]:
        words = [word for word in tokens(self._texts[name]) if word not in stop_words() and len(word) > 2]
        return [found for found in self._ask(list(dict.fromkeys(words)), "OR", 51) if found != name]

    def search(self, query: str) -> list[str]:
        words = [word for word in tokens(query) if len(word) > 2]
        found = self._ask(words, "AND", 10)
        return found if len(found) >= 10 else list(dict.fromkeys([*found, *self._ask(words, "OR", 10)]))


# Endings of one Ukrainian paradigm each: nouns, adjectives, verbs. No dictionary, so that no lemmatiser is favoured.
_PARADIGMS = [
    group.split()
    for group in (
        "- а у ом ові ом і и ів ам ами ах", "а и і у ою ам ами ах -", "я і ю єю ею ям ями ях ь", "ь я ю ем ем і ів ей ям ями ях",
        "ія ії ію ією іям іями іях ій", "ння нню нням нні нь нням ннями", "ість ості істю остей остям остями",
        "ий ого ому им ім а ої ій у ою е і их ими", "ій ього ьому ім я ьої ю ьою є і іх іми",
        "ти в ла ло ли ють є ємо", "увати ував увала ували ує ують", "ити ив ила или ить ять", "ець ця цю цем ці ців цям цями",
        "о а у ом і ам ами ах", "ок ку ком ка ки ків кам ками",
    )
]  # fmt: skip


def forms(vocabulary: Iterable[str]) -> dict[str, list[str]]:
    """Return for each word the other words of a vocabulary that differ from it by an ending of the same paradigm."""
    known = set(vocabulary)
    other: dict[str, set[str]] = defaultdict(set)
    for word in known:
        for paradigm in _PARADIGMS:
            for ending in paradigm:
                bare = ending.strip("-")
                stem = word[: len(word) - len(bare)]
                if not word.endswith(bare) or len(stem) < 4:
                    continue
                other[word] |= {stem + end.strip("-") for end in paradigm if stem + end.strip("-") in known}
        other[word].discard(word)
    return {word: sorted(found) for word, found in other.items() if found}


def known_items(texts: Mapping[str, str], number: int, seed: int = 1) -> Iterator[tuple[str, str, str]]:
    """Yield articles to look for: the name, three words of it as they stand, and each of them in another form."""
    dice = random.Random(seed)
    words = {name: [w for w in tokens(text) if len(w) > 4 and w.isalpha()] for name, text in texts.items()}
    counted: dict[str, int] = defaultdict(int)
    for own in words.values():
        for word in set(own):
            counted[word] += 1
    other = forms(word for word in counted if word not in stop_words())
    names = sorted(texts)
    while number:
        name = dice.choice(names)
        fit = sorted({w for w in words[name] if w in other and w not in stop_words()})
        if len(fit) >= 3:
            number -= 1
            three = dice.sample(fit, 3)
            yield name, " ".join(three), " ".join(dice.choice(other[word]) for word in three)
