"""What the optional model adds: related items by meaning, across languages, the same story; and what it costs."""

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.feeds.files import Item
from bot.feeds.importer import Importing, Report, batches
from bot.model.news import Incoming
from bot.relevance.answers import Sure
from bot.relevance.embedder import Embedder, EmbeddingWorker
from bot.relevance.embeddings import cosine_to, embedded_text
from bot.relevance.fingerprints import fingerprint
from bot.relevance.model import installed
from bot.relevance.model_process import ModelProcess
from bot.relevance.related import Finder
from bot.relevance.semantic import SemanticIndex
from bot.relevance.similarity import features
from bot.relevance.threading import Threader
from bot.timing.clock import SystemClock
from storage.articles.articles import Articles
from storage.articles.imports import Imports
from storage.articles.stories import Stories
from storage.delivery.corrections import Corrections
from storage.engine.database import Database
from storage.index.embeddings import Embeddings
from storage.index.reading import Words
from storage.runtime.leases import Leases
from tests.bench.relevance_data import lines, mean

NOT_INSTALLED = "by meaning: NOT MEASURED, the model is not installed (it comes with make bench, or make semantic)"
_FOREIGN = 500  # English headlines of 2014: nothing Ukrainian of 2022 to 2025 is about the same


def embedder() -> Embedder | None:
    """Return the model in its process, or None when it is not installed."""
    return ModelProcess() if installed() else None


async def read_all(database: Database, model: Embedder, say: Any) -> None:
    """Turn the model on and let it read everything, as the bot does."""
    clock, store = SystemClock(), Embeddings(database)
    await store.turn_on(clock.now())
    study = EmbeddingWorker(
        store=store,
        stories=Stories(database),
        meaning=SemanticIndex(store, clock),
        embedder=model,
        leases=Leases(database, "bench"),
        clock=clock,
    )
    began, number = time.monotonic(), 0
    while done := await study.step():
        number += done
    cost = _cost(model, number)
    await study.finish()
    if number:
        say(f"read {number} headlines in {time.monotonic() - began:.0f} s; {cost}")


def _cost(model: Embedder, number: int) -> str:
    """Return what the model's process has taken so far (proc(5): utime and stime, VmHWM)."""
    process = getattr(model, "_process", None)
    if process is None or not number:
        return ""
    folder = Path(f"/proc/{process.pid}")
    fields = (folder / "stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    cpu = 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") / number
    memory = next(line for line in (folder / "status").read_text(encoding="utf-8").splitlines() if "VmHWM" in line)
    return f"the model's process: {cpu:.1f} ms CPU each, {int(memory.split()[1]) / 1024:.0f} MB"


def finder(database: Database, sure: Sure | None = None) -> Finder:
    """Return what finds by words and by meaning."""
    clock = SystemClock()
    return Finder(Words(database), SemanticIndex(Embeddings(database), clock), sure or Sure())


async def across(database: Database, data: Path, model: Embedder, say: Any) -> None:
    """Translations found among all headlines, and what is found for headlines that have none."""
    pairs = lines(Path(__file__).with_name("translations.jsonl"))
    foreign = lines(data / "stories-en.jsonl")[:: len(lines(data / "stories-en.jsonl")) // _FOREIGN][:_FOREIGN]
    at, old = datetime(2025, 3, 1, tzinfo=UTC), datetime(2014, 3, 10, tzinfo=UTC)
    incoming = [
        Incoming(title=pair[language], language=language, identity=f"x:{language}{n}", external_id=f"x:{language}{n}", published_at=at)
        for n, pair in enumerate(pairs) for language in ("uk", "en")
    ]  # fmt: skip
    incoming += [
        Incoming(title=one["title"], language="en", identity=f"f:{n}", external_id=f"f:{n}", published_at=old)
        for n, one in enumerate(foreign)
    ]
    importing = Importing(
        store=Imports(database),
        corrections=Corrections(database),
        placing=Threader(Stories(database)),
        clock=SystemClock(),
    )
    for batch in batches(Item("", n, one) for n, one in enumerate(incoming)):
        await importing.take_batch(batch, Report(), push=False)
    await read_all(database, model, say)
    articles, find = Articles(database), finder(database)
    words = Finder(Words(database))

    async def names(name: str, language: str, find: Finder = find) -> list[str]:
        number = await articles.number_of(name)
        assert number is not None
        found = await find.related(number, language=language)
        return [headline.external_id for headline in await articles.headlines([one.id for one in found])]

    hits = {
        way: mean([float(f"x:{way[1]}{n}" in await names(f"x:{way[0]}{n}", way[1])) for n in range(len(pairs))])
        for way in (("en", "uk"), ("uk", "en"))
    }
    false = mean([float(bool(await names(f"f:{n}", "uk"))) for n in range(len(foreign))])
    plain = mean([float(bool(await names(f"f:{n}", "uk", words))) for n in range(len(foreign))])
    say(f"\nACROSS LANGUAGES ({len(pairs)} headlines and their translations, among all the others)")
    say(f"the translation is among the five: English to Ukrainian {hits['en', 'uk']:.3f}, back {hits['uk', 'en']:.3f}")
    say(
        f"of {len(foreign)} English headlines of 2014, something Ukrainian is shown for {100 * false:.1f} % (by words alone {100 * plain:.1f} %)"
    )


async def story_values(pairs: Sequence[dict[str, Any]], model: Embedder) -> list[list[float]]:
    """Return the features of pairs with the cosine of their embeddings."""
    values = []
    for pair in pairs:
        a, b = await model.embed([embedded_text(pair[side]["title"], pair[side]["text"]) for side in ("a", "b")])
        sketched = (fingerprint(pair[side]["title"], pair[side]["text"]) for side in ("a", "b"))
        values.append([*features(*sketched).values(), cosine_to(a)(b)])
    await model.close()
    return values
