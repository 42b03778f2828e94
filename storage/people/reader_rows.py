"""Readers out of rows: one by one, and by the hundred as a claim reads them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from bot.model.frozen import unfrozen
from bot.model.readers import Address, ChatKind, Quiet, Reader
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

_Reader, _Address = unfrozen(Reader), unfrozen(Address)


def reader_of(row: Sequence[Any]) -> Reader:
    """Return the reader in a row of COLUMNS."""
    number, chat, thread, kind, name = row[: _ALIKE.start]
    return _made(number, chat, thread, kind, name, row[-1], _settings(row[_ALIKE]))


class ReaderRows:
    """Makes readers of rows as the driver has them. What is alike in many of them is read once, and kept."""

    def __init__(self, database: Database) -> None:
        read = [reading(column, database.dialect) for column in COLUMNS]

        @lru_cache(maxsize=_KEPT)
        def settings(values: Sequence[Any]) -> Sequence[Any]:
            return _settings([read_one(value) for read_one, value in zip(read[_ALIKE], values, strict=True)])

        self._read_kind, self._read_instant, self._settings = read[_KIND], read[-1], settings

    def readers_of(self, rows: Iterable[Sequence[Any]], place: int) -> Iterator[Reader]:
        """Yield the readers whose COLUMNS end rows, tuples of the driver's values, from that place on."""
        read_kind, read_instant, settings = self._read_kind, self._read_instant, self._settings
        own, alike = slice(place, place + _ALIKE.start), slice(place + _ALIKE.start, place + _ALIKE.stop)
        for row in rows:
            number, chat, thread, kind, name = row[own]
            yield _made(number, chat, thread, read_kind(kind), name, read_instant(row[-1]), settings(row[alike]))


def _made(
    number: int, chat: int, thread: int, kind: ChatKind, name: str, due: datetime | None, settings: Sequence[Any]
) -> Reader:
    where, one = _Address(), _Reader()
    where.chat_id, where.thread_id = chat, thread
    where.__class__ = Address
    one.id, one.address, one.kind, one.name, one.next_digest_at = number, where, kind, name, due
    (
        one.language, one.zone, one.state, one.schedule, one.quiet, one.news_language,
        one.plain, one.titles_only, one.urgent_breaks, one.fold_sources,
    ) = settings  # fmt: skip
    one.__class__ = Reader
    made: Reader = one
    return made


def _settings(values: Sequence[Any]) -> Sequence[Any]:
    """Return the fields of a reader that are alike in many; schedule and quiet hours are not stored as such."""
    schedule, start, end = values[_SCHEDULE : _SCHEDULE + 3]
    quiet = None if start is None else Quiet(_time(start), _time(end))
    return (*values[:_SCHEDULE], parse_schedule(schedule), quiet, *values[_SCHEDULE + 3 :])


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
