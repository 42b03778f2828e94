"""Readers out of rows: one by one, and by the hundred as a claim reads them."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import time
from functools import lru_cache
from typing import Any

from bot.model.frozen import maker
from bot.model.readers import Address, Quiet, Reader
from bot.timing.schedules import parse_schedule
from storage.engine.database import Database
from storage.engine.prepared import reading
from storage.schema.tables import reader

# Fields of `Reader` without a column of the same name.
_OWN = {"address": ("chat_id", "thread_id"), "quiet": ("quiet_from", "quiet_to")}
_NAMES = [name for f in fields(Reader) for name in _OWN.get(f.name, (f.name,))]
_KIND = _NAMES.index("kind")
_ALIKE = slice(_NAMES.index("language"), _NAMES.index("next_digest_at"))  # the settings: many have the same
_SCHEDULE = _NAMES.index("schedule") - _ALIKE.start
_KEPT = 4096

COLUMNS = tuple(reader.c[name] for name in _NAMES)

_reader, _address = maker(Reader), maker(Address)


def reader_of(row: Sequence[Any]) -> Reader:
    """Return the reader in a row of COLUMNS."""
    return _reader(row[0], _address(row[1], row[2]), *row[_KIND : _ALIKE.start], *_settings(row[_ALIKE]), row[-1])


class ReaderRows:
    """Makes readers of rows as the driver has them. What is alike in many of them is read once, and kept."""

    def __init__(self, database: Database) -> None:
        read = [reading(column, database.dialect) for column in COLUMNS]

        @lru_cache(maxsize=_KEPT)
        def settings(values: Sequence[Any]) -> Sequence[Any]:
            return _settings([read_one(value) for read_one, value in zip(read[_ALIKE], values, strict=True)])

        self._read_kind, self._read_instant, self._settings = read[_KIND], read[-1], settings

    def reader_of(self, row: Sequence[Any]) -> Reader:
        """Return the reader in a row of COLUMNS, a tuple of the driver's values."""
        number, chat, thread, kind, name = row[: _ALIKE.start]
        where, due = _address(chat, thread), self._read_instant(row[-1])
        return _reader(number, where, self._read_kind(kind), name, *self._settings(row[_ALIKE]), due)


def _settings(values: Sequence[Any]) -> Sequence[Any]:
    """Return the fields of a reader that are alike in many; schedule and quiet hours are not stored as such."""
    schedule, start, end = values[_SCHEDULE : _SCHEDULE + 3]
    quiet = None if start is None else Quiet(_time(start), _time(end))
    return (*values[:_SCHEDULE], parse_schedule(schedule), quiet, *values[_SCHEDULE + 3 :])


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
