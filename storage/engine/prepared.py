"""Statements that run thousands of times a minute: compiled once, and their rows read as they come.

SQLAlchemy makes the text, so a statement stays one statement for both engines; what it does anew at each execution
costs more than the database's own work on a batch of deliveries, and on SQLite four thread hops instead of one.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, Dialect, Update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler

from storage.engine.database import Database

_Processor = Callable[[Any], Any]


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

    async def rows(self, connection: AsyncConnection, **values: Any) -> list[Sequence[Any]]:
        """Run it in a transaction and return its rows; raises the driver's own errors."""
        plan = self._plan
        bound = plan.bound(values)
        assert connection.sync_connection is not None
        driver: Any = connection.sync_connection.connection.driver_connection
        if self._database.is_sqlite:
            found = await driver.execute_fetchall(plan.text, [bound[name] for name in plan.order])
        else:
            found = await (await driver.execute(plan.text, bound)).fetchall()
        return [plan.decoded(row) for row in found] if plan.read else found


class _Plan:
    """What a statement is on one engine: its text, and how values go in and out."""

    def __init__(self, statement: ClauseElement, columns: Sequence[ColumnElement[Any]], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self.text = str(compiled)
        self.order = compiled.positiontup or ()
        self._bind: dict[str, _Processor] = {}
        self._fixed: dict[str, Any] = {}
        for parameter, name in compiled.bind_names.items():
            processor = parameter.type.dialect_impl(dialect).bind_processor(dialect)
            if processor is not None:
                self._bind[name] = processor
            if not parameter.required:
                self._fixed[name] = self._bound(name, parameter.effective_value)
        self.read = [
            (place, processor)
            for place, column in enumerate(columns)
            if (processor := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]

    def bound(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return all parameters as the driver takes them."""
        return {**self._fixed, **{name: self._bound(name, value) for name, value in values.items()}}

    def _bound(self, name: str, value: Any) -> Any:
        processor = self._bind.get(name)
        return value if processor is None else processor(value)

    def decoded(self, row: Sequence[Any]) -> list[Any]:
        """Return a row of the driver's with each value as the program knows it."""
        decoded = list(row)
        for place, processor in self.read:
            decoded[place] = processor(decoded[place])
        return decoded


def prepared_update(database: Database, change: Update, *columns: ColumnElement[Any]) -> Prepared:
    """Return an UPDATE that returns columns of the rows it changed."""
    return Prepared(database, change.returning(*columns), columns)
