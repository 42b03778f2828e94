"""Many rows in one bound value: a statement over a batch stays one statement, of one text, on both engines."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Cast, ColumnElement, Text, bindparam, cast, column, func, literal_column
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from storage.engine.database import Database

Columns = Mapping[str, TypeEngine[Any] | type[TypeEngine[Any]]]


def rowset(database: Database, columns: Columns, parameter: str = "rows") -> dict[str, ColumnElement[Any]]:
    """Return the columns of a batch that is bound as `parameter`; use `packed` for its value.

    In an UPDATE, naming one of them in the conditions is enough: both engines understand UPDATE … FROM.
    """
    if database.is_sqlite:
        each = func.json_each(bindparam(parameter)).table_valued(column("value"), name=f"{parameter}_each")
        return {
            name: func.json_extract(each.c.value, literal_column(f"'$.{name}'"), type_=kind)
            for name, kind in columns.items()
        }
    typed = [column(name, kind) for name, kind in columns.items()]
    records: Cast[Any] = cast(bindparam(parameter, type_=Text), JSONB)
    table = (
        func.jsonb_to_recordset(records).table_valued(*typed, name=f"{parameter}_each").render_derived(with_types=True)
    )
    return {name: table.c[name] for name in columns}


def packed(rows: Sequence[Mapping[str, object]]) -> str:
    """Return a batch as the value that `rowset` reads."""
    return orjson.dumps(rows).decode()
