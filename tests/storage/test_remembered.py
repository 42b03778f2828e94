"""Answers that are remembered: they hold until the index changes, in whichever process it was changed."""

import itertools
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bot.feeds.files import Item
from bot.feeds.importer import Importing, Report
from bot.model.news import ArticleState, Incoming
from bot.relevance.answers import Sure
from bot.relevance.related import Finder
from bot.relevance.threading import Threader
from bot.timing.clock import SystemClock
from storage.articles.imports import Imports
from storage.articles.stories import Stories
from storage.delivery.corrections import Corrections
from storage.engine.database import Database
from storage.index.newest import Newest
from storage.index.reading import Words
from storage.index.writing import unindex
from storage.schema.tables import article, tie
from tests.support.rows import NOW

TITLES = (
    "Київрада ухвалила бюджет столиці", "Опозиція критикує бюджет Київради", "У Львові відкрили музей археології",
    "Київрада скоротила бюджет на дороги", "Мости столиці ремонтуватимуть узимку", "Погода у Львові: сніг і ожеледиця",
)  # fmt: skip


async def _imported(database: Database, *titles: str) -> None:
    importing = Importing(
        store=Imports(database),
        corrections=Corrections(database),
        placing=Threader(Stories(database)),
        clock=SystemClock(),
    )
    items = [
        Item("", 0, Incoming(title=title, identity=f"id:{title}", published_at=NOW + timedelta(hours=n)))
        for n, title in enumerate(titles)
    ]
    await importing.take_batch(items, Report(), push=False)


def _finder(database: Database) -> Finder:
    return Finder(Words(database))


async def _related(finder: Finder, **options: int) -> list[int]:
    return [found.id for found in await finder.related(1, **options)]


async def test_an_answer_is_remembered_and_a_newer_article_enters_it(database: Database) -> None:
    await _imported(database, *TITLES)
    finder, other = _finder(database), Database(_url(database))
    assert set(await _related(finder)) >= {2, 4}
    remembered = finder._answers[1, ""]
    assert set(await _related(finder)) >= {2, 4}
    assert finder._answers[1, ""] is remembered
    await _imported(other, "Бюджет столиці: Київрада ухвалила зміни")  # as another process does
    asked = await _related(finder)
    assert asked[0] == 7
    assert finder._answers[1, ""] is not remembered
    await other.close()


class _Counting:
    """The word index, which notes what it is asked."""

    def __init__(self, words: Words) -> None:
        self.asked: list[str] = []
        self._words = words

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Any]:
        async with self._words.reading() as index:
            yield _CountingIndex(index, self.asked)

    async def vocabulary(self, most: int) -> list[str]:
        return await self._words.vocabulary(most)


class _CountingIndex:
    def __init__(self, index: Any, asked: list[str]) -> None:
        self._index, self._asked = index, asked

    def __getattr__(self, name: str) -> Any:
        self._asked.append(name)
        return getattr(self._index, name)


async def test_an_answer_by_words_takes_four_statements_and_a_remembered_one_a_single_one(database: Database) -> None:
    await _imported(database, *TITLES)
    words = _Counting(Words(database))
    finder = Finder(words, None, Sure(words=0.46))
    found = await finder.related(1)
    assert {one.id for one in found} >= {2, 4}
    assert all(one.certain < 1 for one in found), "how certain it is has been worked out as well"
    assert words.asked == ["subject", "families", "sharing", "candidates"]
    assert await finder.related(1) == found
    assert words.asked[4:] == ["subject"]


def _url(database: Database) -> str:
    url = database._writer.url
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)


async def test_a_retracted_article_leaves_what_is_remembered(database: Database) -> None:
    await _imported(database, *TITLES)
    finder = _finder(database)
    assert set(await _related(finder)) >= {2, 4}
    async with database.write() as connection:
        gone = update(article).where(article.c.id == 2).values(state=ArticleState.RETRACTED)
        await connection.execute(gone)
        await unindex(database, connection, 2)
    left = await _related(finder)
    assert 4 in left
    assert 2 not in left


async def test_what_an_editor_ties_shows_at_once(database: Database) -> None:
    await _imported(database, *TITLES)
    finder = _finder(database)
    assert set(await _related(finder)) >= {2, 4}
    async with database.write() as connection:
        ties = [(3, True), (2, False)]
        await connection.execute(tie.insert(), [{"article_id": 1, "other_id": b, "pinned": p} for b, p in ties])
    tied = await _related(finder)
    assert tied[0] == 3
    assert 2 not in tied


async def test_a_longer_list_than_the_remembered_one_is_looked_for_anew(database: Database) -> None:
    await _imported(
        database, *(f"{title} {word}" for title in TITLES[:2] for word in ("нині", "знову", "учора", "зранку"))
    )
    finder = _finder(database)
    short = await _related(finder, limit=1)
    long = await _related(finder, limit=8)
    assert len(short) == 1
    assert long[:1] == short
    assert long == await _related(_finder(database), limit=8)


BRIDGES = [f"Столиця {'ремонтує' if n % 3 else 'фарбує'} міст номер {n}" for n in range(60)]
MENDED = [n + 1 for n in reversed(range(60)) if n % 3]


async def test_common_words_are_found_in_every_article_that_has_them_newest_first(database: Database) -> None:
    await _imported(database, *BRIDGES)
    groups = [["міст"], ["ремонтувати", "5:ремон"]]
    async with Words(database).reading() as index:
        assert await index.matching(groups, 60) == MENDED


async def test_the_hot_table_of_postgresql_finds_the_same_as_the_archive(postgres_url: str) -> None:
    database = Database(postgres_url)
    await _imported(database, *BRIDGES)
    groups = [["міст"], ["ремонтувати", "5:ремон"]]
    async with database.read() as connection:
        newest = Newest(database)
        assert await newest.matching(connection, groups, 20, ()) == MENDED[:20]
        assert await newest.matching(connection, groups, 20, ["59"]) == [n for n in MENDED if n != 60][:20]
        assert await newest.matching(connection, groups, 60, ()) is None  # there are not that many
        # Only what is surely in the hot table counts, whatever else is.
        assert await Newest(database, keep=30).matching(connection, groups, 15, ()) == MENDED[:15]
    await database.close()


THINGS = ("дах", "парк", "вокзал", "музей", "театр", "стадіон", "ринок", "завод", "фонтан", "собор", "палац", "тунель",
          "канал", "готель", "ліцей", "басейн", "цирк", "зоопарк", "архів", "госпіталь", "причал", "млин", "сквер")  # fmt: skip


NAMED = ["Київрада", "бюджет", "столиця", "депутат", "дорога", "лікарня", "школа", "метро"]


async def test_of_many_related_items_as_many_are_worked_out_as_are_asked_for(database: Database) -> None:
    near = [" ".join([*NAMED[n:], *NAMED[:n], thing][1:]) for n, thing in enumerate(THINGS[:3])]
    pairs = list(itertools.combinations(THINGS[3:], 2))
    far = [" ".join([*random.Random(n).sample(NAMED, 4), *pairs[n]]) for n in range(40)]
    others = [" ".join(pair) for pair in pairs[40:140]]
    await _imported(database, " ".join(NAMED), *near, *far, *others)
    finder = _finder(database)
    assert len(await _related(finder, limit=1)) == 1
    assert finder._answers[1, ""].most == 1  # the surest of them, and no more
    long = await _related(finder, limit=12)
    assert len(long) == 12
    assert long == await _related(_finder(database), limit=12)
