"""Chains: statements of which each may need what the one before returned, in one hop to SQLite's thread.

A hop costs as much as two dozen rows of a batch, and a batch is several statements. What stands between the statements
of a chain runs in SQLite's thread there: it may only work on values of its own.
"""

import time
from collections.abc import Generator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.hops import OneHopConnection, driver_of
from storage.engine.prepared import Prepared
from storage.engine.slow import SlowStatements

T = TypeVar("T")
Chain = Generator[tuple[Prepared, Mapping[str, Any]], list[Sequence[Any]], T]
"""Yields a statement and its values, is sent the rows, and returns what came of all."""


async def run_chain(connection: AsyncConnection, chain: Chain[T]) -> T:
    """Run a chain in a transaction; raises the driver's own errors."""
    driver = driver_of(connection)
    if isinstance(driver, OneHopConnection):
        return await driver.run(lambda sqlite: _run(sqlite, chain, driver.slow))
    try:
        statement, values = next(chain)
        while True:
            found = await driver.execute(statement.text, statement.bound(values))
            rows = await found.fetchall() if found.pgresult.nfields else []  # psycopg fetches none where none can be
            statement, values = chain.send(statement.decoded(rows))
    except StopIteration as end:
        result: T = end.value
        return result


async def run_last(connection: AsyncConnection, chain: Chain[None]) -> None:
    """Run a chain as the last of its transaction: on SQLite in the hop of the commit, which then raises its errors."""
    driver = driver_of(connection)
    if isinstance(driver, OneHopConnection):
        driver.with_next(lambda sqlite: _run(sqlite, chain, driver.slow))
    else:
        await run_chain(connection, chain)


def _run(sqlite: Any, chain: Chain[T], slow: SlowStatements | None) -> T:
    try:
        statement, values = next(chain)
        while True:
            began = time.monotonic()
            rows = sqlite.execute(statement.text, statement.bound(values)).fetchall()
            if slow is not None:
                slow.note(statement.text, time.monotonic() - began)
            statement, values = chain.send(statement.decoded(rows))
    except StopIteration as end:
        result: T = end.value
        return result
