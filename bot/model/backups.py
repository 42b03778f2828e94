"""Backups: what one holds, and how it stands with those of a newsroom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.model.news import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup was found to hold: rows by table, when the bot last was known to run, some of its articles."""

    revision: str
    rows: Mapping[str, int]
    beat_at: datetime | None
    sample: tuple[Article, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was opened and checked; `rendered` is how many articles were drawn from it."""

    path: str
    at: datetime
    rows: Mapping[str, int]
    rendered: int
    beat_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupRecord:
    """What is remembered of backups: the newest good one, and why the newest try failed, if it did.

    `told`: the owners know that there is no backup as new as is wanted, and not yet that all is well again.
    """

    good_at: datetime | None = None
    path: str = ""
    failed_at: datetime | None = None
    why: str = ""
    told: bool = False
