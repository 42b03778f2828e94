"""What can happen to the disk under the database, to a database that a command works on, and on Telegram's side."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Trouble(Enum):
    """Why nothing may be sent; the value is the middle of its phrases' keys.

    GONE: the file is not there any more. REPLACED: another one is in its place. DAMAGED: it cannot be read rightly.
    UNWRITABLE: the file or its folder cannot be written to. FULL: there is no room. FAILING: the disk reports errors.
    """

    GONE = "gone"
    REPLACED = "replaced"
    DAMAGED = "damaged"
    UNWRITABLE = "unwritable"
    FULL = "full"
    FAILING = "failing"

    @property
    def can_pass(self) -> bool:
        """Whether it may end while the bot runs; after the others it has to be started anew."""
        return self in {Trouble.UNWRITABLE, Trouble.FULL, Trouble.FAILING}


class Loss(Enum):
    """How a database failed in the middle of a command; the value is a variant of the phrase `database-lost`.

    LOST: the connection broke, or the server ended it. GONE: the database, or a table of it, is not there any more.
    FORBIDDEN: the rights were taken away. READ_ONLY: nothing can be written any more. FULL: there is no room. BUSY: the
    server did not get to it, or has no room for one more connection. FAILING: the disk reports errors, or what is on it
    cannot be read.
    """

    LOST = "lost"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    READ_ONLY = "read-only"
    FULL = "full"
    BUSY = "busy"
    FAILING = "failing"


class Matter(Enum):
    """What owners are told of Telegram's side and of the machines, each seldom. The value names it in the database.

    WAIT, CHATS: Telegram wants nothing written for a while, to anybody or to some chats. RIVAL: another program asks
    for the updates. WEBHOOK: somebody had set one. REPLACED: somebody had changed ours. FAILS, WORKS: Telegram cannot
    bring updates, and can again. TOKEN: it was not accepted for a while. READ: the model has read every article.
    CLOCK: a machine's clock jumped, and shows one time where it would have shown the other. LOCKED: another program
    holds what the bot wants to write. APART: the clocks of machines that share the database differ.
    """

    WAIT = "wait"
    CHATS = "chats"
    RIVAL = "rival"
    WEBHOOK = "webhook"
    REPLACED = "replaced"
    FAILS = "fails"
    WORKS = "works"
    TOKEN = "token"  # noqa: S105  a name
    READ = "read"
    CLOCK = "clock"
    LOCKED = "locked"
    APART = "apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something owners are to hear of: since when, until when, how many it is about, and in whose words why.

    Of a clock: what it would have shown, and what it shows. Of tables that are held: by which process, and its name. Of
    clocks that differ: by how many seconds which machine's is ahead.
    """

    matter: Matter
    since: datetime | None = None
    until: datetime | None = None
    number: int = 0
    reason: str = ""
