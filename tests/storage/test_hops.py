"""Transactions on SQLite's one writing connection: what is asked in them, in one go or not, is all there or not at all."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import text

from storage.engine.database import Database
from storage.engine.hops import driver_of
from storage.engine.slow import SlowStatements

_T = TypeVar("_T")
_PUT = "INSERT INTO thing VALUES (1)"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/things.db")
    async with opened.write() as connection:
        await connection.execute(text("CREATE TABLE thing (id INTEGER)"))
    yield opened
    await opened.close()


async def _things(database: Database) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM thing")) or 0)


async def test_a_transaction_in_which_nothing_is_asked_takes_no_lock(database: Database) -> None:
    assert database.file is not None
    other = sqlite3.connect(database.file.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # whoever wants to write now waits for ten seconds, and fails
    async with database.write():
        pass
    other.close()
    assert await _things(database) == 0


class _Hops(SlowStatements):
    """Counts what SQLite's thread is asked to do."""

    number = 0

    def timed(self, work: Callable[[], _T], statement: object) -> _T:
        self.number += 1
        return super().timed(work, statement)


async def test_what_is_read_costs_one_hop_and_leaving_none(database: Database) -> None:
    hops = _Hops()
    async with database.read() as connection:
        driver_of(connection).slow = hops
        assert await connection.scalar(text("SELECT count(*) FROM thing")) == 0
    assert hops.number == 1


@pytest.mark.parametrize("through", ["SQLAlchemy", "the driver"])
async def test_an_error_of_what_goes_with_the_commit_undoes_all_of_it(database: Database, through: str) -> None:
    async def put(last: Any) -> None:
        async with database.write() as connection:
            driver = driver_of(connection)
            if through == "SQLAlchemy":
                await connection.execute(text(_PUT))
            else:
                await driver.run(lambda sqlite: sqlite.execute(_PUT))
            driver.with_next(last)

    with pytest.raises(ZeroDivisionError):
        await put(lambda _: 1 // 0)
    assert await _things(database) == 0
    await put(lambda sqlite: sqlite.execute(_PUT))
    assert await _things(database) == 2


@pytest.mark.parametrize("begun", [False, True])
async def test_who_is_cancelled_while_a_statement_is_on_its_way_leaves_nothing_of_it(
    database: Database, *, begun: bool
) -> None:
    """SQLite's thread goes on with what it was given, its BEGIN among it, after the caller has gone."""
    there, go_on = asyncio.Event(), threading.Event()
    async with database.write() as connection:
        driver = driver_of(connection)

    async def put() -> None:
        async with database.write() as connection:
            if begun:
                await connection.execute(text(_PUT))
            there.set()
            await driver.run(lambda sqlite: go_on.wait(10) and sqlite.execute(_PUT))

    busy = asyncio.create_task(driver.run(lambda _: begun or go_on.wait(10)))
    task = asyncio.create_task(put())
    await there.wait()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await busy
    async with database.write() as connection:
        await connection.execute(text(_PUT))
    assert await _things(database) == 1


async def test_what_was_not_done_yet_when_a_transaction_failed_is_not_done_in_the_next(database: Database) -> None:
    async def fails() -> None:
        async with database.write() as connection:
            driver_of(connection).with_next(lambda sqlite: sqlite.execute(_PUT))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    async with database.write() as connection:
        await connection.execute(text(_PUT))
    assert await _things(database) == 1
