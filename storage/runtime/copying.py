"""Copying every row of one database into another, of either engine: ids, numbers of messages and texts stay.

Each batch is committed together with how far it came, so that a copy which was cut off goes on where it was. Until all
of it is there and was compared, no program takes the target for a newsroom's database: its tables are at no revision.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, MetaData, String, Table, Text, delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import ConfigError
from storage.engine.database import Database, refuse_others
from storage.engine.locks import AdvisoryLock
from storage.runtime.continuity import Continuity
from storage.schema.migrate import FILLING, migrate, revision_of
from storage.schema.migrations import HEAD
from storage.schema.portable import Portable, Tally, driver_of
from storage.schema.tables import lemma, metadata

TABLES = tuple(Portable(table) for table in metadata.sorted_tables)
Refill = Callable[[Database, Callable[[int], None]], Awaitable[None]]
Progress = Callable[[str, int], None]

_SOURCE = " source"
_progress = Table(
    "copy_progress",
    MetaData(),
    Column("table_name", String(64), primary_key=True),
    Column("last", Text, nullable=False),
    Column("rows", BigInteger, nullable=False),
)


@asynccontextmanager
async def snapshot(database: Database, *, alone: bool) -> AsyncIterator[AsyncConnection]:
    """Open a connection that sees one state of the database for as long as it is open, whatever others write.

    With `alone`, no bot runs or starts on a PostgreSQL database meanwhile; `Database.hold` is for that on SQLite.

    Raises:
        ConfigError: a bot runs on it.

    """
    if database.is_sqlite:
        async with database.read() as connection:
            driver = await driver_of(connection)
            await driver.execute_fetchall("BEGIN")
            try:
                yield connection
            finally:
                await driver.rollback()
        return
    async with database.write() as connection:
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        if alone:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({AdvisoryLock.COPIED})"))
            await refuse_others(connection)  # one may have started just before the lock
        yield connection


class Copying:
    """A copy from one database into an empty one, or into one where a copy of the same was cut off."""

    def __init__(self, source: Database, target: Database, refill: Refill, now: datetime) -> None:
        """Take both, and `refill`, which makes the archive's index anew: no engine can read the other's."""
        self._source, self._target, self._refill, self._now = source, target, refill, now

    async def prepare(self) -> None:
        """Make the target's tables and mark them as being filled; one that is being filled stays as it is.

        Raises:
            ConfigError: there is something in it, another copy was cut off there, or the source has other tables.

        """
        if await revision_of(self._source) != HEAD:
            raise ConfigError("copy-other-version")
        name = await self._name_of_source()
        if await revision_of(self._target) == FILLING:
            async with self._target.read() as connection:
                begun = await connection.scalar(select(_progress.c.last).where(_progress.c.table_name == _SOURCE))
            if begun != name:
                raise ConfigError("copy-of-another")
            return
        await migrate(self._target)
        if await Continuity(self._target).copied_from() == name:
            raise ConfigError("copy-whole")  # its last commit was done, and nobody heard of it
        async with self._target.write() as connection:
            for one in TABLES:
                if one.table is lemma:
                    continue  # the tables are made with the two rows of it that are no words
                if (await connection.execute(select(one.table).limit(1))).first() is not None:
                    raise ConfigError("copy-not-empty", table=one.table.name)
            await connection.execute(delete(lemma))
            await connection.run_sync(_progress.metadata.create_all)
            await connection.execute(insert(_progress).values(table_name=_SOURCE, last=name, rows=0))
            await connection.execute(text("UPDATE alembic_version SET version_num = :name"), {"name": FILLING})

    async def fill(self, told: Progress, most: int | None = None, *, alone: bool = True) -> Mapping[str, Tally]:
        """Copy what is missing, in batches of `most` rows at most, and compare; returns what there is, by table.

        `told` hears, again and again, of the table and of how many of its rows are there. `alone`: see `snapshot`.

        Raises:
            ConfigError: a table is not what it is at the source.

        """
        async with snapshot(self._source, alone=alone) as source:
            for one in TABLES:
                await self._fill_table(one, source, told, most or one.batch)
            await self._refill(self._target, lambda number: told("archive", number))
            found = {}
            for one in TABLES:
                found[one.table.name] = await self._compared(one, source, most or one.batch)
                told(f"= {one.table.name}", found[one.table.name].rows)
            await self._take_over_numbers(source)
        await self._finish()
        return found

    async def _fill_table(self, one: Portable, source: AsyncConnection, told: Progress, most: int) -> None:
        name, last, done = one.table.name, None, 0
        async with self._target.read() as connection:
            before = (await connection.execute(select(_progress).where(_progress.c.table_name == name))).first()
        if before is not None:
            last, done = orjson.loads(before.last), before.rows
        while rows := await one.after(source, last, most):
            last, done = one.key_of(rows[-1]), done + len(rows)
            values = {"table_name": name, "last": orjson.dumps(last).decode(), "rows": done}
            note = self._target.insert(_progress).values(values)
            async with self._target.write() as connection:
                await one.insert(connection, rows)
                await connection.execute(note.on_conflict_do_update(index_elements=["table_name"], set_=values))
            told(name, done)

    async def _compared(self, one: Portable, source: AsyncConnection, most: int) -> Tally:
        async with snapshot(self._target, alone=False) as target:
            here, there = await tally(one, source, most), await tally(one, target, most)
        if here != there:
            raise ConfigError("copy-differs", table=one.table.name, there=there.rows, here=here.rows)
        return here

    async def _take_over_numbers(self, source: AsyncConnection) -> None:
        """Have new rows numbered from where the source would: a number that was used is not given again."""
        for one in TABLES:
            column = one.table.autoincrement_column
            if column is None:
                continue
            async with self._target.write() as target:
                newest = int(await target.scalar(select(func.max(column))) or 0)
                last = max(newest, await _last_number(source, one.table.name))
                if not last:
                    continue
                if not self._target.is_sqlite:
                    where = f"pg_get_serial_sequence('{one.table.name}', '{column.name}')"
                    await target.execute(text(f"SELECT setval({where}, {last})"))
                elif one.table.dialect_options["sqlite"]["autoincrement"]:
                    driver = await driver_of(target)
                    await driver.execute_fetchall("DELETE FROM sqlite_sequence WHERE name = ?", (one.table.name,))
                    await driver.execute_fetchall("INSERT INTO sqlite_sequence VALUES (?, ?)", (one.table.name, last))

    async def _finish(self) -> None:
        async with self._target.write() as connection:
            await connection.run_sync(_progress.metadata.drop_all)
            await connection.execute(text("UPDATE alembic_version SET version_num = :name"), {"name": HEAD})
            # With the same commit: a copy that is whole and not known as one would send without asking.
            await Continuity(self._target).disown(self._now, await self._name_of_source(), connection)
            if not self._target.is_sqlite:
                await connection.execute(text("ANALYZE"))

    async def _name_of_source(self) -> str:
        engine = "sqlite" if self._source.is_sqlite else "postgresql"
        return f"{engine} {await Continuity(self._source).home()}"


async def _last_number(source: AsyncConnection, table: str) -> int:
    """Return the last number a table gave out, 0 where the source keeps none."""
    driver = await driver_of(source)
    if source.dialect.name == "sqlite":
        rows: Any = await driver.execute_fetchall("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
    else:
        found = await driver.execute("SELECT pg_get_serial_sequence(%s, 'id')", (table,))
        [(sequence,)] = await found.fetchall()
        rows = await (await driver.execute(f"SELECT last_value FROM {sequence} WHERE is_called")).fetchall()  # noqa: S608
    return int(next(iter(rows), (0,))[0])


async def tally(one: Portable, connection: AsyncConnection, most: int) -> Tally:
    """Return how many rows a table has and the sum over them."""
    found, last = Tally(), None
    while rows := await one.after(connection, last, most):
        last = one.key_of(rows[-1])
        found.add(rows, one.documents)
    return found
