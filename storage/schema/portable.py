"""Rows in a form that both engines share, read and written in batches by the drivers themselves.

A value is what SQLite stores: an instant is milliseconds, a switch 0 or 1, JSON its text. A million rows go through
here; SQLAlchemy's rows would take several times as long.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import Boolean, Column, LargeBinary, Table, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.columns import Instant, Json

Row = tuple[Any, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LONG, _SHORT = 1_000, 10_000  # rows of a batch: of tables with texts, of the others
_SUM = 2**128


@dataclass(slots=True)
class Tally:
    """How many rows there are, and a sum over what is in them, in whatever order they come."""

    rows: int = 0
    total: int = 0

    def add(self, batch: Sequence[Row], documents: Sequence[int]) -> None:
        """Count rows in; `documents` are the places of their JSON, which has no one way to be written down."""
        for row in batch:
            one = row
            if documents:
                values = list(row)
                for place in documents:
                    if values[place] is not None:
                        values[place] = orjson.dumps(orjson.loads(values[place]), option=orjson.OPT_SORT_KEYS)
                one = tuple(values)
            digest = blake2b(repr(one).encode(errors="backslashreplace"), digest_size=16).digest()
            self.total = (self.total + int.from_bytes(digest)) % _SUM
        self.rows += len(batch)


@dataclass(frozen=True, slots=True)
class Portable:
    """A table, its rows in the order of its key."""

    table: Table
    key: tuple[int, ...] = field(init=False)
    documents: tuple[int, ...] = field(init=False)
    batch: int = field(init=False)

    def __post_init__(self) -> None:
        columns = list(self.table.columns)
        primary = {column.name for column in self.table.primary_key}
        texts = any(isinstance(column.type, (Text, LargeBinary)) or _is(column, Json) for column in columns)
        object.__setattr__(self, "key", tuple(n for n, column in enumerate(columns) if column.name in primary))
        object.__setattr__(self, "documents", tuple(n for n, column in enumerate(columns) if _is(column, Json)))
        object.__setattr__(self, "batch", _LONG if texts else _SHORT)

    def key_of(self, row: Row) -> list[Any]:
        """Return the key of a row."""
        return [row[place] for place in self.key]

    async def after(self, connection: AsyncConnection, last: Sequence[Any] | None, most: int) -> Sequence[Row]:
        """Return the rows whose key comes after one, in order; None for the first ones."""
        sqlite = connection.dialect.name == "sqlite"
        columns = list(self.table.columns)
        read = ", ".join(_named(column) if sqlite else _read_from_postgres(column) for column in columns)
        keys = ", ".join(_named(columns[place]) for place in self.key)
        marks = ", ".join(["?" if sqlite else "%s"] * len(self.key))
        where = f" WHERE ({keys}) > ({marks})" if last is not None else ""
        statement = f'SELECT {read} FROM "{self.table.name}"{where} ORDER BY {keys} LIMIT {most}'  # noqa: S608  names of our own
        driver = await driver_of(connection)
        if sqlite:
            rows: Sequence[Row] = await driver.execute_fetchall(statement, tuple(last or ()))
            return rows
        return list(await (await driver.execute(statement, tuple(last or ()))).fetchall())

    async def insert(self, connection: AsyncConnection, rows: Sequence[Row]) -> None:
        """Write rows, inside the caller's transaction."""
        columns = list(self.table.columns)
        names = ", ".join(_named(column) for column in columns)
        driver = await driver_of(connection)
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(columns))
            statement = f'INSERT INTO "{self.table.name}" ({names}) VALUES ({marks})'  # noqa: S608  names of our own
            written = [self._as_sqlite_has_it(row) for row in rows] if self.documents else rows
            await (await driver.executemany(statement, written)).close()
            return
        instants = [n for n, column in enumerate(columns) if isinstance(column.type, Instant)]
        switches = [n for n, column in enumerate(columns) if isinstance(column.type, Boolean)]
        async with (
            driver.cursor() as cursor,
            cursor.copy(f'COPY "{self.table.name}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                values = list(row)
                for place in instants:
                    if values[place] is not None:
                        values[place] = _EPOCH + values[place] * _MILLISECOND
                for place in switches:
                    values[place] = bool(values[place]) if values[place] is not None else None
                await copy.write_row(values)

    def _as_sqlite_has_it(self, row: Row) -> Row:
        """Return a row whose JSON is written as SQLAlchemy writes it: what is compared, is compared as text there."""
        values = list(row)
        for place in self.documents:
            if values[place] is not None:
                values[place] = json.dumps(json.loads(values[place]))
        return tuple(values)


def _is(column: Column[Any], kind: object) -> bool:
    return column.type is kind


def _named(column: Column[Any]) -> str:
    return f'"{column.name}"'


def _read_from_postgres(column: Column[Any]) -> str:
    if isinstance(column.type, Instant):
        return f"(extract(epoch from {_named(column)}) * 1000)::bigint"
    if isinstance(column.type, Boolean):
        return f"{_named(column)}::int"
    return f"{_named(column)}::text" if _is(column, Json) else _named(column)


async def driver_of(connection: AsyncConnection) -> Any:
    """Return the driver's own connection."""
    return (await connection.get_raw_connection()).driver_connection
