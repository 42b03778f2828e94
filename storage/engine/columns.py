"""Column types that mean the same on both engines."""

from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, SmallInteger, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from bot.model.matching import MatchKey

Key = BigInteger().with_variant(Integer, "sqlite")
"""A row's number. SQLite counts up by itself only in a column it calls INTEGER."""

Json = JSON().with_variant(JSONB, "postgresql")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# The first and the last that every zone has a local time for. What lies beyond is taken for these: it could be written
# and not be read again, and one such row would stop whatever reads rows.
_FIRST, _LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)

E = TypeVar("E", bound=IntEnum)


class Instant(TypeDecorator[datetime]):
    """An aware instant: `timestamptz` on PostgreSQL, whole milliseconds since 1970 on SQLite, which drops offsets.

    Both keep milliseconds, so that an instant compares equal to itself after a round trip on either.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the column type of the engine."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Integer())
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """Return what is stored.

        Raises:
            ValueError: the instant is naive: nobody could tell which instant it is.

        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        value = min(max(value, _FIRST), _LAST)
        whole = (value - _EPOCH) // _MILLISECOND
        return whole if dialect.name == "sqlite" else _EPOCH + whole * _MILLISECOND

    def process_result_value(self, value: object, dialect: Dialect) -> datetime | None:  # noqa: ARG002  the interface
        """Return an aware instant in UTC."""
        return value.astimezone(UTC) if isinstance(value, datetime) else _from_milliseconds(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what makes an instant of a stored value; a batch has thousands."""
        return _from_milliseconds if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


@lru_cache(maxsize=4096)
def _from_milliseconds(whole: object) -> datetime | None:
    return None if whole is None else _EPOCH + int(str(whole)) * _MILLISECOND  # many rows of a batch have one instant


class Number(TypeDecorator[E]):
    """A member of an IntEnum, stored as its number."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, members: type[E]) -> None:
        super().__init__()
        self.members = members
        self._by_number: dict[int | None, E | None] = {None: None, **{int(member): member for member in members}}

    def process_bind_param(self, value: E | int | None, dialect: Dialect) -> int | None:  # noqa: ARG002  the interface
        """Return the member's number."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> E | None:  # noqa: ARG002  the interface
        """Return the member."""
        return self._by_number[value]

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ARG002  the interface
        """Return what makes a member of a stored number; a batch has thousands."""
        return self._by_number.__getitem__


class MatchKeyText(TypeDecorator[MatchKey]):
    """A match key, stored as its text: "*" everything, "t3" a topic, "s7" a source, "y12" a story, "k5" a keyword."""

    impl = String(24)
    cache_ok = True

    def process_bind_param(self, value: MatchKey | None, dialect: Dialect) -> str | None:  # noqa: ARG002  the interface
        """Return the key as text."""
        return None if value is None else value.encode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> MatchKey | None:  # noqa: ARG002  the interface
        """Return the key."""
        return None if value is None else MatchKey.parse(value)
