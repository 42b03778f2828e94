"""`python -m tests.bench relevance`: how good related items, stories, duplicates and search are, beside plain ways.

What it measures, on which data and with what limits stands in docs/RELEVANCE.md. It imports through the product.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from bot.relevance.embedder import Embedder
from bot.relevance.fingerprints import Fingerprint, fingerprint
from bot.relevance.related import Finder
from bot.relevance.search import Searcher
from bot.relevance.similarity import THRESHOLD, features, is_duplicate, story_score
from bot.timing.clock import SystemClock
from storage.articles.articles import Articles
from storage.engine.database import Database
from storage.index.reading import Words
from tests.bench.relevance_data import (
    Judged,
    Plain,
    data_folder,
    dev_queries,
    imported,
    interval,
    known_items,
    lines,
    mean,
    measure,
)
from tests.bench.relevance_fitting import cross_validated
from tests.bench.relevance_judged import judged
from tests.bench.relevance_meaning import NOT_INSTALLED, across, embedder, finder, read_all, story_values
from tests.bench.relevance_threads import threads
from tests.bench.relevance_topics import topics

SEARCHES = 400


def main(arguments: list[str]) -> int:
    """Run the benchmark; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench relevance")
    parser.add_argument(
        "parts",
        nargs="*",
        default=["related", "meaning", "judged", "story", "threads", "topics", "duplicates", "search"],
        help="default: all",
    )
    parser.add_argument("--data", default="", help="default: ../shared/data")
    options = parser.parse_args(arguments)
    data = data_folder(options.data)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/visnyk.db"
        if {"related", "search"} & set(options.parts):
            asyncio.run(_on_database(url, data, options.parts))
        if "judged" in options.parts:
            asyncio.run(judged(f"sqlite:///{folder}/judged.db", data, embedder(), say))
    if "story" in options.parts:
        story(data)
    if "threads" in options.parts:
        asyncio.run(threads(data, embedder(), say))
    if "topics" in options.parts:
        asyncio.run(topics(data, embedder(), say))
    if "duplicates" in options.parts:
        duplicates(data)
    return 0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def _on_database(url: str, data: Path, parts: Sequence[str]) -> None:
    headlines, posts = data / "headlines-uk.jsonl", data / "posts-uk.jsonl"
    began = time.process_time()
    async with imported(url, headlines) as database:
        articles = await Words(database).size()
        say(f"imported {articles} headlines, {1000 * (time.process_time() - began) / articles:.2f} ms CPU each")
        if "related" in parts:
            await related(database, data, embedder() if "meaning" in parts else None)
    if "search" in parts:
        async with imported(url, posts) as database:
            await search(database, data)


async def related(database: Database, data: Path, model: Embedder | None) -> None:
    queries = dev_queries(data)
    titles = {line["id"]: line["title"] for line in lines(data / "headlines-uk.jsonl")}
    words = Finder(Words(database))
    found, spent = await _asked(database, words, queries)
    say(f"\nRELATED ({len(queries)} judged queries)        nDCG@5 [95 %]        recall@10   MRR same story")
    for name, ranking in (
        ("FTS5 unicode61, words OR, bm25", Plain("unicode61", titles).related),
        ("FTS5 trigram, words OR, bm25", Plain("trigram", titles).related),
        ("Visnyk", found.__getitem__),
    ):
        _tell_related(name, ranking, queries)
    say(f"related: CPU median {1000 * spent[len(spent) // 2]:.1f} ms, p95 {1000 * spent[-4]:.1f} ms")
    if model is None:
        say(NOT_INSTALLED)
        return
    await read_all(database, model, say)
    meant, spent = await _asked(database, finder(database), queries)
    _tell_related("Visnyk, by meaning too", meant.__getitem__, queries)
    pairs = zip(measure(meant.__getitem__, queries), measure(found.__getitem__, queries), strict=True)
    low, high = interval([with_it[0] - without[0] for with_it, without in pairs])
    say(f"by meaning, less by words: nDCG@5 [{low:+.3f}, {high:+.3f}]")
    say(f"by meaning: CPU median {1000 * spent[len(spent) // 2]:.1f} ms, p95 {1000 * spent[-4]:.1f} ms")
    await across(database, data, model, say)


async def _asked(
    database: Database, finder: Finder, queries: Sequence[Judged]
) -> tuple[dict[str, list[str]], list[float]]:
    """Return what is found for each query, and the processor seconds each took, in order."""
    articles = Articles(database)
    found: dict[str, list[str]] = {}
    spent = []
    for one in queries:
        number = await articles.number_of(one.query)
        assert number is not None
        began = time.process_time()
        items = await finder.related(number, limit=50)
        spent.append(time.process_time() - began)
        found[one.query] = [h.external_id for h in await articles.headlines([item.id for item in items])]
    return found, sorted(spent)


def _tell_related(name: str, ranking: Any, queries: Sequence[Judged]) -> None:
    measured = measure(ranking, queries)
    ndcg = [one[0] for one in measured]
    low, high = interval(ndcg)
    recall, rank = mean(one[1] for one in measured), mean(one[2] for one in measured)
    say(f"{name:<32} {mean(ndcg):.3f} [{low:.3f}, {high:.3f}]   {recall:.3f}       {rank:.3f}")


def story(data: Path) -> None:
    """Same story or not, on full texts: the decision as shipped, and the same model fitted without the pair's fold."""
    pairs = lines(data / "same-story-pairs-dev.jsonl")
    labels = [bool(pair["same_story"]) for pair in pairs]
    sketched = [(_sketch(pair["a"]), _sketch(pair["b"])) for pair in pairs]
    values = [list(features(a, b).values()) for a, b in sketched]
    say(f"\nSAME STORY ({len(pairs)} pairs, {sum(labels)} the same)            F1")
    say(f"{'always yes':<46} {f1([True] * len(labels), labels):.3f}")
    titles = [len({*a.title} & {*b.title}) / (len({*a.title} | {*b.title}) or 1) for a, b in sketched]
    say(f"{'shared title words, best threshold':<46} {best_f1(titles, labels):.3f}")
    say(f"{'cosine of words (no lemmas), best threshold':<46} {best_f1(_raw_cosines(pairs), labels):.3f}")
    say(f"{'Visnyk, cross-validated (10 x 10 folds)':<46} {_folded(values, labels):.3f}")
    shipped = [story_score(a, b) >= THRESHOLD or is_duplicate(a, b) for a, b in sketched]
    say(f"{'Visnyk as shipped (fitted to these pairs)':<46} {f1(shipped, labels):.3f}")
    model = embedder()
    if model is None:
        say(NOT_INSTALLED)
        return
    alike = asyncio.run(story_values(pairs, model))
    say(f"{'by meaning too, cross-validated':<46} {_folded(alike, labels):.3f}")
    say(f"{'the cosine of embeddings alone, cross-validated':<46} {_folded([row[-1:] for row in alike], labels):.3f}")


def _folded(values: Sequence[Sequence[float]], labels: Sequence[bool]) -> float:
    """Return F1 at the shipped bound, of models that have not seen the pair's fold."""
    scores = (cross_validated(values, labels, seed) for seed in range(10))
    return mean(f1([score >= THRESHOLD for score in fold], labels) for fold in scores)


def _sketch(article: dict[str, str]) -> Fingerprint:
    return fingerprint(article["title"], article["text"])


def _raw_cosines(pairs: Sequence[dict[str, Any]]) -> list[float]:
    from bot.relevance.similarity import cosine

    def bag(article: dict[str, str]) -> Counter[str]:
        return Counter(f"{article['title']} {article['text']}".casefold().split())

    return [cosine(bag(pair["a"]), bag(pair["b"])) for pair in pairs]


def f1(said: Sequence[bool], labels: Sequence[bool]) -> float:
    both = sum(a and b for a, b in zip(said, labels, strict=True))
    return 2 * both / (sum(said) + sum(labels))


def best_f1(scores: Sequence[float], labels: Sequence[bool]) -> float:
    return max(f1([score >= bound for score in scores], labels) for bound in set(scores))


def duplicates(data: Path) -> None:
    """Copies found among light edits, and different articles taken for copies among the most alike ones there are."""
    edits = lines(data / "light-edits-uk.jsonl")
    positive = [(fingerprint("", edit["before"]), fingerprint("", edit["after"])) for edit in edits]
    negative = alike_pairs(data)
    say(
        f"\nDUPLICATES ({len(positive)} light edits, {len(negative)} alike but different pairs)   recall   false positives"
    )
    for name, rule in (
        ("the same words in the same order", lambda a, b, _: a.triples == b.triples),
        ("word triples, containment >= .6", lambda a, b, _: _contained(a, b) >= 0.6),
        ("Visnyk", is_duplicate),
    ):
        recall = mean(float(rule(a, b, 0)) for a, b in positive)
        false = mean(float(rule(a, b, hours)) for a, b, hours in negative)
        say(f"{name:<52} {recall:.3f}    {100 * false:.2f} %")


def _contained(a: Fingerprint, b: Fingerprint) -> float:
    return len(a.triples & b.triples) / max(1, min(len(a.triples), len(b.triples)))


def alike_pairs(data: Path) -> list[tuple[Fingerprint, Fingerprint, float]]:
    """Return pairs of different articles that share at least 35 % of their word triples: bulletins of one series.

    Different means: a number in each that the other lacks, or over a week apart; or, for posts, which have no date,
    fewer than half of all triples in common. Posts that fail this are copies, and are left out.
    """
    titles = [(fingerprint(h["title"], ""), h["published_at"]) for h in lines(data / "headlines-uk.jsonl")]
    posts = [(fingerprint("", post["text"]), "") for post in lines(data / "posts-uk.jsonl")]
    every = titles + posts
    having: dict[tuple[str, ...], list[int]] = {}
    for number, (one, _) in enumerate(every):
        for triple in one.triples:
            having.setdefault(triple, []).append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in having.values():
        if 1 < len(numbers) <= 60:
            shared.update(combinations(numbers, 2))
    pairs = []
    for (x, y), common in shared.items():
        (a, at), (b, other) = every[x], every[y]
        if common / min(len(a.triples), len(b.triples)) >= 0.35 and (hours := _different(a, b, at, other)) is not None:
            pairs.append((a, b, hours))
    return pairs


def _different(a: Fingerprint, b: Fingerprint, at: str, other: str) -> float | None:
    from datetime import date

    if at and other:
        hours = 24.0 * abs((date.fromisoformat(at) - date.fromisoformat(other)).days)
        numbers = bool(a.numbers - b.numbers and b.numbers - a.numbers)
        return hours if numbers or hours > 168 else None
    return 0.0 if len(a.triples & b.triples) < 0.5 * len(a.triples | b.triples) else None


async def search(database: Database, data: Path) -> None:
    """Known-item search: three words of an article, as they stand and each in another form."""
    texts = {line["id"]: line["title"] for line in lines(data / "headlines-uk.jsonl")}
    texts |= {line["id"]: line["text"] for line in lines(data / "posts-uk.jsonl")}
    articles = Articles(database)
    searcher = Searcher(Words(database), articles, SystemClock())
    items = list(known_items(texts, SEARCHES))
    ways: dict[str, list[list[bool]]] = {}
    plain = {
        "FTS5 unicode61, AND then OR": Plain("unicode61", texts),
        "FTS5 trigram, AND then OR": Plain("trigram", texts),
    }
    spent = []
    for name, same, other in items:
        for way, index in plain.items():
            ways.setdefault(way, []).append([name in index.search(same), name in index.search(other)])
        hits = []
        for query in (same, other):
            began = time.process_time()
            found = (await searcher.search(query)).ids[:10]
            spent.append(time.process_time() - began)
            hits.append(name in [h.external_id for h in await articles.headlines(found)])
        ways.setdefault("Visnyk", []).append(hits)
    say(f"\nSEARCH ({len(items)} known items of {len(texts)}, three words)   same form   other form   recall@10")
    for way, hits in ways.items():
        say(f"{way:<52} {mean(float(h[0]) for h in hits):.3f}       {mean(float(h[1]) for h in hits):.3f}")
    say(
        f"search: CPU median {1000 * sorted(spent)[len(spent) // 2]:.1f} ms, p95 {1000 * sorted(spent)[-len(spent) // 20]:.1f} ms"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
