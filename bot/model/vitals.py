"""How a newsroom and its machine are, as far as can be seen from outside: what `doctor` and `status` judge by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

RIVAL = "rival"
"""The fact since when another program has been asking for this bot's updates, written again whenever it is seen to."""
COMPACTED = "compacted"
"""The fact of how far the ledger is compact: the row's number as `place`, the instant as `until`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """A group or channel that receives news."""

    chat_id: int
    name: str
    is_channel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowStatement:
    """A statement that the database takes long for: how often of late, and the seconds it took, at worst or now."""

    statement: str
    seconds: float
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseVitals:
    """What the database says. `revision` is what its tables are at, None where there are none.

    `size` and `log` are bytes of SQLite's files, `free` those left on their disk (None of PostgreSQL). `rate` is
    messages a second over the last minute, `zones` are those of readers, `heard_at` is when a process last said that it
    runs, `compact_until` up to when deliveries are compact. `rival` is when another program began to ask for this bot's
    updates, and when it was last seen to. `is_filling` is whether another database is being copied here, or was and is
    not done. `overdue` publications should have begun ten minutes ago; `untold` are the addresses of webhooks that take
    nothing; `owners_away` is whether the bot can write to none of the owners. Of PostgreSQL: `is_safe` is whether it
    forces to the disk what it says is there, `encoding` its encoding, `connections` how many it takes from programs.
    """

    engine: str
    revision: str | None
    up_to_date: bool
    damaged: bool = False
    durable: bool = True
    size: int = 0
    log: int = 0
    free: int | None = None
    open_files: tuple[str, ...] = ()
    last_send: datetime | None = None
    rate: float = 0.0
    zones: tuple[str, ...] = ()
    chats: tuple[Receiving, ...] = ()
    owners: int = 0
    readers: int = 0
    heard_at: datetime | None = None
    is_held: bool = False
    rival: tuple[datetime, datetime] | None = None
    slow: tuple[SlowStatement, ...] = ()
    compact_until: datetime | None = None
    is_filling: bool = False
    overdue: int = 0
    untold: tuple[str, ...] = ()
    owners_away: bool = False
    is_safe: bool = True
    encoding: str = "UTF8"
    connections: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """Another program that holds what this one wants to write: the server's number for it, 0 where it has none.

    `name` is what it and its user are called, as far as this one may know, and `since` when its transaction began.
    """

    process: int
    name: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTrouble:
    """A chat that receives news and where the bot may not write."""

    name: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramVitals:
    """What Telegram says. Where it cannot be reached, `failed` says how; where the token is no good, `is_refused`.

    `ahead` is by how many seconds the machine's clock is before Telegram's.
    """

    failed: str = ""
    is_refused: bool = False
    username: str = ""
    webhook: str = ""
    webhook_error: str = ""
    waiting: int = 0
    missing_updates: tuple[str, ...] = ()
    ahead: float = 0.0
    chats: tuple[ChatTrouble, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong, by name, with what its sentence says; `grave` when news may not get through."""

    name: str
    grave: bool = False
    values: Mapping[str, str | int] = field(default_factory=dict)
