"""Copying a database into another engine: every row arrives, cut off or not, and nothing half passes for whole."""

import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from bot.model.news import ArticleState
from storage.engine.database import Database
from storage.index.archive import fill_archive
from storage.runtime.continuity import Continuity
from storage.runtime.copying import TABLES, Copying, snapshot, tally
from storage.schema.migrate import FILLING, migrate, revision_of, wait_for_database
from storage.schema.migrations import HEAD
from storage.store import Store
from tests.support.life import begin
from tests.support.refusals import refused
from tests.support.rows import NOW, a_draft, a_reader

Told = Callable[[str, int], None]


def _silent(_: str, __: int) -> None:
    pass


async def _everything(database: Database) -> dict[str, tuple[int, int]]:
    async with snapshot(database, alone=False) as connection:
        found = {one.table.name: await tally(one, connection, 100) for one in TABLES}
    return {name: (one.rows, one.total) for name, one in found.items() if name != "note"}


async def _copied(source: Database, target: Database, told: Told = _silent, most: int = 25) -> None:
    copying = Copying(source, target, fill_archive, NOW)
    await copying.prepare()
    await copying.fill(told, most)


def _cut_off_after(calls: int) -> Told:
    left = iter(range(calls))

    def told(_: str, __: int) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    return told


@pytest.fixture(params=["sqlite to postgresql", "postgresql to sqlite", "sqlite to sqlite"])
def ends(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Database, Database]:
    first, _, second = request.param.split()
    shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "other.db")
    urls = {"sqlite": f"sqlite:///{tmp_path / 'other.db'}"}
    if "postgresql" in request.param:
        urls["postgresql"] = request.getfixturevalue("postgres_url")
    source = request.getfixturevalue("sqlite_url") if first == "sqlite" else urls[first]
    return Database(source), Database(urls[second])


@pytest.mark.thorough
async def test_every_row_arrives_although_it_is_cut_off_and_the_newsroom_goes_on_as_at_the_source(
    ends: tuple[Database, Database],
) -> None:
    source, target = ends
    life = await begin(source)
    before = await _everything(source)
    assert sum(rows for rows, _ in before.values()) > 150
    for calls in (4, 30):
        with pytest.raises(KeyboardInterrupt):
            await _copied(source, target, _cut_off_after(calls))
        assert await revision_of(target) == FILLING
        with refused("carries on where it stopped"):
            await migrate(target)  # what every start does first
    await _copied(source, target)
    assert await _everything(target) == before == await _everything(source)
    assert await revision_of(target) == HEAD
    # New rows have new numbers, and what is public is found.
    newest = max(life.names[name] for name in ("draft", "retelling", "ordered"))
    assert await a_draft(target, "Після переїзду") > newest
    assert (await a_reader(target)).id > max(one.id for one in life.readers.values())
    async with target.read() as connection:
        public = await connection.scalar(text("SELECT count(*) FROM article WHERE state = :state"), {"state": 2})
        assert await connection.scalar(text("SELECT count(*) FROM archive")) == public > 3
    assert ArticleState.PUBLISHED == 2
    # The promises hold on the copy: what was owed is done there, once.
    moved = life.again(target)
    await moved.go_on()
    assert await moved.broken() == []
    assert not await Continuity(target).unbroken()  # the owner is asked before anything leaves
    for database in ends:
        await database.close()


async def test_a_copy_whose_last_word_was_lost_is_known_as_whole_until_a_bot_has_run_on_it(
    sqlite_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "other.db")
    source, target = Database(sqlite_url), Database(f"sqlite:///{tmp_path / 'other.db'}")
    await a_draft(source, "Міст")
    await _copied(source, target)
    assert not await Continuity(target).unbroken()
    with refused("already been copied here and compared"):
        await _copied(source, target)
    target.hold()
    await Continuity(target).renew(NOW)  # as the first start does
    with refused("is not empty"):
        await _copied(source, target)
    for database in (source, target):
        await database.close()


async def test_a_copy_that_differs_by_one_word_is_not_taken_for_whole(sqlite_url: str, postgres_url: str) -> None:
    source, target = Database(sqlite_url), Database(postgres_url)
    await a_reader(source)

    async def refill(database: Database, heard: Callable[[int], None]) -> None:
        await fill_archive(database, heard)
        async with database.write() as connection:
            await connection.execute(text("UPDATE reader SET name = 'хтось' WHERE id = 1"))

    copying = Copying(source, target, refill, NOW)
    await copying.prepare()
    with refused("reader has"):
        await copying.fill(_silent)
    assert await revision_of(target) == FILLING
    await source.close()
    await target.close()


async def test_a_database_with_rows_is_not_copied_into(sqlite_url: str, postgres_url: str) -> None:
    source, target = Database(sqlite_url), Database(postgres_url)
    await a_reader(target)
    with refused("not empty"):
        await Copying(source, target, fill_archive, NOW).prepare()
    assert await revision_of(target) == HEAD
    await source.close()
    await target.close()


async def test_nothing_is_copied_while_another_process_has_the_database(sqlite_url: str, postgres_url: str) -> None:
    mine = Database(postgres_url)
    await mine.hold_alone()
    other = await psycopg.AsyncConnection.connect(postgres_url, application_name="visnyk of another machine")
    with refused("Stop every process"):
        await mine.hold_alone()
    await other.close()
    await mine.close()
    bot, copy = Database(sqlite_url), Database(sqlite_url)
    bot.hold()
    with refused("Another Visnyk"):
        await copy.hold_alone()
    await bot.close()
    await copy.close()


async def test_no_bot_starts_on_a_postgresql_that_is_being_copied(postgres_url: str) -> None:
    source, bot = Database(postgres_url), Database(postgres_url)
    async with snapshot(source, alone=True):
        with refused("is being copied"):
            await wait_for_database(bot)
    await wait_for_database(bot)
    await Store(bot, "one").facts.get("heartbeat")
    await source.close()
    await bot.close()
