"""What the optional model costs: reading an archive, related items by meaning, memory of the bot and of the model.

The model reads a sample of what came through the product's import: made-up articles of ten sentences, of which it is
given the title and 300 characters. What it would make of the rest is made up here: reading a hundred thousand articles
takes hours.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.relevance.embeddings import MODEL, SIZE, signs_of
from bot.relevance.model import installed
from bot.relevance.model_process import ModelProcess
from bot.relevance.related import Finder
from bot.relevance.semantic import SemanticIndex
from bot.timing.clock import SystemClock
from storage.engine.database import Database
from storage.index.embeddings import Embeddings
from storage.index.reading import Words
from storage.index.statistics import count_up
from storage.schema.tables import embedding
from tests.bench.cost_measures import RECENT, Meter, at

_ROOT = Path(__file__).parents[2]
_TOPICS, _NOISES = 40, 4000
_SAMPLE = 160  # articles that the model reads
_ASKED = 100
_CHUNK = 5000
_TICKS = os.sysconf("SC_CLK_TCK")


async def pour_vectors(database: Database, first: int, last: int) -> None:
    """Give made-up articles made-up vectors: those of a topic alike by a third, those of a story by two thirds."""
    made = _Vectors()
    for start in range(first, last + 1, _CHUNK):
        rows = []
        for number in range(start, min(start + _CHUNK, last + 1)):
            vector = made.of(number)
            signs = signs_of(vector).to_bytes(SIZE // 8, "big")
            rows.append({"article_id": number, "revision": 1, "model": MODEL, "vector": vector, "signs": signs})
        async with database.write() as connection:
            await connection.execute(embedding.insert(), rows)
    await Embeddings(database).turn_on(SystemClock().now())
    await count_up(database)


class _Vectors:
    """Vectors as the model's are kept: 384 numbers about 128, of length 400."""

    def __init__(self) -> None:
        dice = random.Random(7)
        self._topics = [self._some(dice, 11.5) for _ in range(_TOPICS)]
        self._noises = [self._some(dice, 11.5) for _ in range(_NOISES)]

    @staticmethod
    def _some(dice: random.Random, spread: float) -> list[float]:
        return [dice.gauss(0, spread) for _ in range(SIZE)]

    def of(self, number: int) -> bytes:
        story = number - number % 40 + number % 8  # as tests/bench/cost_corpus.py makes stories
        topic, event = self._topics[story % _TOPICS], self._noises[story * 31 % _NOISES]
        own = random.Random(number)
        noise, other = own.choice(self._noises), own.choice(self._noises)
        # Squares add up to .33 + .33 + .34: a topic's articles have a cosine of a third, a story's of two thirds.
        parts = zip(topic, event, noise, other, strict=True)
        return bytes(
            128 + max(-127, min(127, round(1.02 * (0.575 * (a + b) + 0.41 * (c + d))))) for a, b, c, d in parts
        )


async def meaning_costs(database: Database, meter: Meter, url: str, total: int) -> Mapping[str, float]:
    """Return what was measured by name: milliseconds, of CPU unless it says otherwise, and megabytes."""
    found = await _asked(database, meter, total)
    bot = await asyncio.to_thread(_bot_memory, url)
    return {**found, **await _read(database), "bot MB": bot / 1e6}


async def _asked(database: Database, meter: Meter, total: int) -> dict[str, float]:
    meaning = SemanticIndex(Embeddings(database), SystemClock())
    loaded = await meter.milliseconds(meaning.state())
    finder, dice = Finder(Words(database), meaning), random.Random(total)
    await finder.related(dice.randint(1, total))
    await meter.find_backends()
    anew: list[float] = []
    cached: list[float] = []
    for _ in range(_ASKED):
        number = dice.randint(max(1, total - RECENT), total)
        anew.append(await meter.milliseconds(finder.related(number)))
        cached.append(await meter.milliseconds(finder.related(number)))
    return {
        "signs": loaded,
        "median": at(sorted(anew), 0.5),
        "p95": at(sorted(anew), 0.95),
        "cached p95": at(sorted(cached), 0.95),
    }


async def _read(database: Database) -> dict[str, float]:
    """Have the model read the newest unread articles, and throw away what it makes of them."""
    if not installed():
        return {}
    unread, _ = await Embeddings(database).unread(2**62, _SAMPLE, _SAMPLE)
    texts: Sequence[str] = [one.text for one in unread]
    model = ModelProcess()
    await model.embed(texts[:8])  # it starts, and takes its memory
    process = getattr(model, "_process", None)
    assert process is not None
    folder = Path(f"/proc/{process.pid}")
    before, began = _ticks(folder), time.monotonic()
    await model.embed(texts[8:])
    took, wall = _ticks(folder) - before, time.monotonic() - began
    most = next(line for line in (folder / "status").read_text(encoding="utf-8").splitlines() if "VmHWM" in line)
    await model.close()
    number = max(1, len(texts) - 8)
    return {
        "read": 1000 * took / _TICKS / number,
        "read, wall": 1000 * wall / number,
        "model MB": int(most.split()[1]) * 1024 / 1e6,
    }


def _ticks(folder: Path) -> int:
    """Return the processor time of a process (proc(5): utime and stime)."""
    fields = (folder / "stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])


def _bot_memory(url: str) -> int:
    command = [sys.executable, "-m", "tests.bench.cost_memory", url, "meaning"]
    done = subprocess.run(command, cwd=_ROOT, env=os.environ, check=True, capture_output=True, text=True)
    return int(json.loads(done.stdout.splitlines()[-1])[1])
