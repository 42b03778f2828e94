"""Search and related items answer the same on SQLite and PostgreSQL, whatever was stored, changed and taken away."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.errors import BadQuery
from bot.feeds.files import Item
from bot.feeds.importer import Importing, Report
from bot.model.news import ArticleState, Incoming
from bot.relevance.lemmas import terms_of
from bot.relevance.related import Finder
from bot.relevance.search import Searcher
from bot.relevance.threading import Threader
from bot.relevance.written import written
from bot.timing.clock import SystemClock
from storage.articles.articles import Articles
from storage.articles.imports import Imports
from storage.articles.reindexing import Reindexing
from storage.articles.stories import Stories
from storage.delivery.corrections import Corrections
from storage.engine.database import Database
from storage.index.reading import Words
from storage.index.writing import index_articles, trim_hot, unindex
from storage.schema.tables import article
from tests.support.depth import depth

pytestmark = pytest.mark.thorough

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WORDS = [
    "міст",
    "мости",
    "моста",
    "мостами",
    "ремонт",
    "ремонту",
    "ремонтують",
    "бюджет",
    "бюджетом",
    "київрада",
    "київради",
    "депутат",
    "депутати",
    "пʼять",
    "п'ять",
    "п’ятий",
    "тролейбус",
    "тролейбуси",
    "Reuters",
    "café",
    "cafe",
    "NATO",
    "НАТО",
    "84",
    "2026",
    "їжак",
    "ґанок",
    "йорк",
    "за́мок",
    "мobіль",
    "straße",
    "naïve",
    "école",
    "election",
    "elections",
    "budget",
    "vote",
    "voted",
    "мобілізація",
    "мобілізацію",
    "мобільний",
    "і",
    "та",
    "the",
    "в",
]
word = st.sampled_from(WORDS)
sentence = st.lists(word, min_size=2, max_size=9).map(" ".join)
query = st.one_of(
    st.lists(word, min_size=1, max_size=4).map(" ".join),
    st.tuples(word, word).map(lambda pair: f"{pair[0]} -{pair[1]}"),
    st.tuples(word, word).map(lambda pair: f'"{pair[0]} {pair[1]}"'),
    st.tuples(word, st.sampled_from(["source:А", "after:2026-11-18", "topic:економіка", "source:б"])).map(" ".join),
    st.text(max_size=12),
)
step = st.one_of(
    st.tuples(st.just("add"), sentence, sentence),
    st.tuples(st.just("correct"), st.integers(1, 60), sentence),
    st.tuples(st.just("retract"), st.integers(1, 60), st.just("")),
    st.tuples(st.just("reindex"), st.just(0), st.just("")),
)


class Side:
    """One engine with everything over it."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.articles, clock = Articles(self.database), SystemClock()
        words = Words(self.database)
        self.finder = Finder(words)
        self.searcher = Searcher(words, self.articles, clock)
        self.importing = Importing(
            store=Imports(self.database),
            corrections=Corrections(self.database),
            placing=Threader(Stories(self.database)),
            clock=clock,
        )
        self.stored = 0

    async def does(self, what: str, which: Any, text: str) -> None:
        if what == "add":
            self.stored += 1
            at = NOW - timedelta(hours=13 * (self.stored % 9))
            source = "А" if self.stored % 2 else "Б"
            item = Incoming(
                title=which, body=f"<p>{text}</p>", identity=f"id:{self.stored}", published_at=at, source=source
            )
            await self.importing.take_batch([Item("", 0, item)], Report(), push=False)
        elif what == "reindex":
            rebuilding, last = Reindexing(self.database), 0
            while batch := await rebuilding.after(last, 7):
                await rebuilding.replace([(one, written(one).terms) for one in batch])
                last = batch[-1].id
            await rebuilding.finish()
            await trim_hot(self.database, keep=40)
        else:
            await self._change(what, which, text)

    async def _change(self, what: str, number: int, text: str) -> None:
        mine = update(article).where(article.c.id == number, article.c.state == ArticleState.PUBLISHED)
        values: dict[str, Any] = {"title": text} if what == "correct" else {"state": ArticleState.RETRACTED}
        async with self.database.write() as connection:
            changed = (await connection.execute(mine.values(values).returning(article.c.body))).first()
            if changed is None:
                return
            await unindex(self.database, connection, number)
            if what == "correct":
                await index_articles(self.database, connection, {number: terms_of(text, "", changed.body, "uk")})

    async def found(self, text: str) -> Any:
        try:
            return await self.searcher.search(text)
        except BadQuery:
            return "bad query"


async def _both(sides: list[Side], ask: Callable[[Side], Awaitable[Any]]) -> None:
    sqlite, postgres = [await ask(side) for side in sides]
    assert sqlite == postgres


@pytest.mark.timeout(600)
def test_both_engines_answer_generated_queries_alike(sqlite_url: str, postgres_url: str) -> None:
    # One loop and one pair of databases for all examples: what earlier ones stored makes later ones harder.
    with asyncio.Runner() as runner:
        sides = [Side(sqlite_url), Side(postgres_url)]
        asked = 0

        @settings(max_examples=depth(200, 15), deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.lists(step, min_size=1, max_size=6), st.lists(query, min_size=20, max_size=20))
        def compare(steps: list[tuple[str, Any, str]], queries: list[str]) -> None:
            async def example() -> None:
                nonlocal asked
                for one in steps:
                    for side in sides:
                        await side.does(*one)
                for text in queries:
                    asked += 1
                    await _both(sides, lambda side, text=text: side.found(text))  # type: ignore[misc]
                for number in range(1, sides[0].stored + 1, 7):
                    await _both(sides, lambda side, number=number: side.finder.related(number))  # type: ignore[misc]

            runner.run(example())

        compare()
        for side in sides:
            runner.run(side.database.close())
    assert asked >= depth(4000, 300)
