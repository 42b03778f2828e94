"""Statements that run thousands of times a minute: compiled once, and their rows read as they come.

SQLAlchemy makes the text, so a statement stays one statement for both engines; what it does anew at each execution
costs more than the database's own work on a batch of deliveries, and on SQLite four thread hops instead of one.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, Update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.compiler import SQLCompiler

from storage.engine.database import Database

_Processor = Callable[[Any], Any]


class Prepared:
    """A statement whose parameters are bound by name (`bindparam`); it may have no list that grows with a value."""

    def __init__(self, database: Database, statement: ClauseElement, columns: Sequence[ColumnElement[Any]]) -> None:
        """`columns` are those that the statement returns."""
        dialect = database.dialect
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self._is_sqlite = database.is_sqlite
        self._text = str(compiled)
        self._order = compiled.positiontup
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

    def _bound(self, name: str, value: Any) -> Any:
        processor = self._bind.get(name)
        return value if processor is None else processor(value)

    async def rows(self, connection: AsyncConnection, **values: Any) -> list[Sequence[Any]]:
        """Run it in a transaction and return its rows; raises the driver's own errors."""
        bound = {**self._fixed, **{name: self._bound(name, value) for name, value in values.items()}}
        assert connection.sync_connection is not None
        driver: Any = connection.sync_connection.connection.driver_connection
        if self._is_sqlite:
            found = await driver.execute_fetchall(self._text, [bound[name] for name in self._order or ()])
        else:
            found = await (await driver.execute(self._text, bound)).fetchall()
        return [self._decoded(row) for row in found] if self._read else found

    def _decoded(self, row: Sequence[Any]) -> list[Any]:
        decoded = list(row)
        for place, processor in self._read:
            decoded[place] = processor(decoded[place])
        return decoded


def prepared_update(database: Database, change: Update, *columns: ColumnElement[Any]) -> Prepared:
    """Return an UPDATE that returns columns of the rows it changed."""
    return Prepared(database, change.returning(*columns), columns)
