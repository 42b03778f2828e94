"""The memory of a process that has the whole product loaded and answers: run in a process of its own."""

import asyncio
import json
import random
import sys
from pathlib import Path

import bot.app  # noqa: F401  everything that a running bot has imported
from bot.relevance.related import Finder
from bot.relevance.search import Searcher
from bot.relevance.semantic import SemanticIndex
from bot.timing.clock import SystemClock
from storage.articles.articles import Articles
from storage.engine.database import Database
from storage.index.embeddings import Embeddings
from storage.index.reading import Words

_ASKED = 300


def _resident() -> int:
    """Return how much memory this process holds now, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


async def _answer(url: str, *, by_meaning: bool) -> None:
    database = Database(url)
    words, articles, clock = Words(database), Articles(database), SystemClock()
    meaning = SemanticIndex(Embeddings(database), clock) if by_meaning else None
    finder, searcher = Finder(words, meaning), Searcher(words, articles, clock)
    total = await words.size()
    dice = random.Random(total)
    for _ in range(_ASKED):
        number = dice.randint(1, total)
        await finder.related(number)
        title = (await articles.get(number)).title.split()
        await searcher.search(" ".join(title[:3]) + " москва")
    # An unknown word of each language: the vocabulary for suggestions and all dictionaries are there afterwards.
    for query in ("пдприємство", "parliamant", "который объявил въезд"):
        await searcher.search(query)
    await database.close()


if __name__ == "__main__":
    idle = _resident()
    asyncio.run(_answer(sys.argv[1], by_meaning="meaning" in sys.argv[2:]))
    print(json.dumps([idle, _resident()]))
