"""Conditions on a row's state, for tables that index only the rows that something still happens to."""

from collections.abc import Callable
from enum import IntEnum

from sqlalchemy import ColumnElement, FromClause, and_, literal_column

from bot.model.ledger import DeliveryKind, KindTraits


def in_states(rows: FromClause, *states: IntEnum) -> ColumnElement[bool]:
    """Return the condition that a row is in one of these states.

    Written to the letter of the partial indexes' conditions: with a bound value neither engine would use them, and
    every claim would read the whole table.
    """
    numbers = [str(int(state)) for state in states]
    is_one = f"= {numbers[0]}" if len(numbers) == 1 else f"IN ({', '.join(numbers)})"
    return literal_column(f"{rows.description}.state {is_one}")


def still_in(rows: FromClause, *states: IntEnum) -> ColumnElement[bool]:
    """Return the same condition for rows that are found by their numbers: no index of what is in these states is used.

    Without statistics, or with those of another day, either engine thinks few rows are, and reads all that wait instead
    of the hundred it is to change.
    """
    return literal_column(f"+{in_states(rows, *states)}")


def of_kinds(rows: FromClause, trait: Callable[[KindTraits], bool]) -> ColumnElement[bool]:
    """Return the condition that a delivery is of a kind with this trait; without bound values, for statements kept.

    Where that says that it holds or mentions an article, it says so to the letter of the index by article and reader
    as well: SQLite sees no other way that it may look there, and would read the whole ledger.
    """
    kinds = [kind for kind in DeliveryKind if trait(kind.traits)]
    one_of = rows.c.kind.in_([literal_column(str(int(kind))) for kind in kinds])
    return one_of if max(kinds) > DeliveryKind.ITEM else and_(literal_column(f"{rows.description}.kind <= 2"), one_of)


def whatever(number: ColumnElement[int]) -> ColumnElement[int]:
    """Return a bound number for a comparison that is to be planned alike whatever its value is.

    SQLite estimates by statistics how many rows lie beyond a value that is bound, and takes another index for some
    values, however bad; of a sum it knows nothing.
    """
    return literal_column("0", number.type) + number
