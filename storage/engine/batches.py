"""Many rows in one bound value: a statement over a batch stays one statement, of one text, on both engines."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Cast,
    ColumnElement,
    Select,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
)
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


def pairs(database: Database, parameter: str = "pairs") -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return the columns of a batch of two integers each, the first of them different in each row; see `paired`."""
    value = bindparam(parameter, type_=Text)
    function = func.json_each(value) if database.is_sqlite else func.jsonb_each_text(cast(value, JSONB))
    each = function.table_valued("key", "value", name=f"{parameter}_each")
    return cast(each.c.key, BigInteger), each.c.value if database.is_sqlite else cast(each.c.value, BigInteger)


def paired(rows: Mapping[int, int | None]) -> str:
    """Return a batch as the value that `pairs` reads."""
    return orjson.dumps(rows, option=orjson.OPT_NON_STR_KEYS).decode()


def listed(database: Database, parameter: str = "numbers") -> Select[Any]:
    """Return the select of a batch of integers, for IN; see `as_list`."""
    value = bindparam(parameter, type_=Text)
    function = func.json_each(value) if database.is_sqlite else func.jsonb_array_elements_text(cast(value, JSONB))
    each = function.table_valued("value", name=f"{parameter}_each")
    return select(each.c.value if database.is_sqlite else cast(each.c.value, BigInteger))


def as_list(numbers: Sequence[int]) -> str:
    """Return a batch as the value that `listed` reads."""
    return orjson.dumps(numbers).decode()


def packed(rows: Sequence[Mapping[str, object]]) -> str:
    """Return a batch as the value that `rowset` reads."""
    return orjson.dumps(rows).decode()
