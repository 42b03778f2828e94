"""Statements that run thousands of times a minute: compiled once, and their rows read as they come.

SQLAlchemy makes the text, so a statement stays one statement for both engines; what it does anew at each execution
costs more than the database's own work on a batch of deliveries, and on SQLite four thread hops instead of one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, Dialect, Update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler

from storage.engine.database import Database
from storage.engine.hops import driver_of

_Processor = Callable[[Any], Any]


def as_is(value: Any) -> Any:
    """Return the value."""
    return value


def reading(column: ColumnElement[Any], dialect: Dialect) -> _Processor:
    """Return what makes of a driver's value of a column what the program knows."""
    return column.type.dialect_impl(dialect).result_processor(dialect, None) or as_is


class Prepared:
    """A statement whose parameters are bound by name (`bindparam`); it may have no list that grows with a value."""

    def __init__(self, database: Database, statement: ClauseElement, columns: Sequence[ColumnElement[Any]]) -> None:
        """`columns` are those that the statement returns."""
        self._database = database
        self._statement = statement
        self._columns = columns

    @cached_property
    def _plan(self) -> "_Plan":
        return _Plan(self._statement, self._columns, self._database.dialect)  # most of a start would be compiling

    @property
    def text(self) -> str:
        """The statement as the driver takes it."""
        return self._plan.text

    def bound(self, values: Mapping[str, Any]) -> Any:
        """Return all parameters as the driver takes them."""
        return self._plan.bound(values)

    def decoded(self, rows: list[Sequence[Any]]) -> list[Sequence[Any]]:
        """Return rows of the driver's with each value as the program knows it."""
        return self._plan.decoded(rows)

    async def rows(self, connection: AsyncConnection, **values: Any) -> list[Sequence[Any]]:
        """Run it in a transaction and return its rows; raises the driver's own errors."""
        driver = driver_of(connection)
        if self._database.is_sqlite:
            found = await driver.execute_fetchall(self.text, self.bound(values))
        else:
            found = await (await driver.execute(self.text, self.bound(values))).fetchall()
        return self.decoded(found)


class _Plan:
    """What a statement is on one engine: its text, and how values go in and out."""

    def __init__(self, statement: ClauseElement, columns: Sequence[ColumnElement[Any]], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self.text = str(compiled)
        self._order = (compiled.positiontup or []) if dialect.positional else None
        self._bind: dict[str, _Processor] = {}
        self._fixed: dict[str, Any] = {}
        for parameter, name in compiled.bind_names.items():
            processor = parameter.type.dialect_impl(dialect).bind_processor(dialect)
            if processor is not None:
                self._bind[name] = processor
            if not parameter.required:
                self._fixed[name] = self._bound(name, parameter.effective_value)
        self._read = [
            (place, processor)
            for place, column in enumerate(columns)
            if (processor := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]

    def bound(self, values: Mapping[str, Any]) -> Any:
        """Return all parameters as the driver takes them: in their order, or by name."""
        named = {**self._fixed, **{name: self._bound(name, value) for name, value in values.items()}}
        return named if self._order is None else [named[name] for name in self._order]

    def _bound(self, name: str, value: Any) -> Any:
        processor = self._bind.get(name)
        return value if processor is None else processor(value)

    def decoded(self, rows: list[Sequence[Any]]) -> list[Sequence[Any]]:
        """Return rows of the driver's with each value as the program knows it."""
        if not self._read:
            return rows
        # Column by column: a call for each value, and nothing else.
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for place, processor in self._read if columns else ():
            columns[place] = map(processor, columns[place])
        return list(zip(*columns, strict=True))


def prepared_update(database: Database, change: Update, *columns: ColumnElement[Any]) -> Prepared:
    """Return an UPDATE that returns columns of the rows it changed."""
    return Prepared(database, change.returning(*columns), columns)
