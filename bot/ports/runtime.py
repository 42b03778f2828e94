"""Storage of what running processes have to remember or to share. See `bot.ports` for how to read this."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.model.backups import BackupRecord, Contents
from bot.model.chats import RelatedUse, Shown
from bot.model.load import Load
from bot.model.trouble import Trouble
from bot.model.vitals import Blocker, DatabaseVitals


class LeaseStore(Protocol):
    """What only one process may do at a time, by name."""

    async def take(self, name: str, now: datetime, until: datetime) -> bool:
        """Take a lease, or keep it, until an instant; returns whether it is this process's now. May be repeated."""
        ...

    async def give_back(self, name: str) -> None:
        """End this process's lease, so that another one need not wait for its end. May be repeated."""


class PaceStore(Protocol):
    """The limits that all processes of one bot share, by name."""

    async def take(self, name: str, slots: int, slot_us: int) -> float:
        """Take slots that follow each other, each of so many microseconds; returns the seconds until the first begins.

        Instants are the database's own, so processes' clocks need not agree. Not to be repeated: every call takes
        further slots.
        """
        ...

    async def spend(self, name: str, number: int, most: int) -> int:
        """Spend up to `number` of what is left of `most`; returns how many were left to spend, 0 at the end.

        Not to be repeated: every call spends more.
        """
        ...

    async def give_back(self, name: str, number: int) -> None:
        """Have so many not been spent under a name. Not to be repeated: every call gives back more."""

    async def pause(self, name: str, seconds: float) -> None:
        """Give out no slot for that long from now on, whoever asks. May be repeated: the later end counts."""


class ThrottleStore(Protocol):
    """What Telegram asked us to wait for, over a restart."""

    async def put(self, scope: str, until: datetime) -> None:
        """Store until when a scope waits, "bot" or a chat's id, instead of an older instant. May be repeated."""


class MomentStore(Protocol):
    """What is planned, when the clock it was planned by has been set back."""

    async def bring_orders_forward(self, now: datetime, instead: datetime, since: datetime | None = None) -> None:
        """Let orders due, or nearly, at `instead` keep the seconds they had; shorten leases. Not to be repeated.

        Of those for a moment before `since`, if that is given, none is changed.
        """

    async def bring_forward(self, after: int, now: datetime, instead: datetime, most: int = 500) -> int | None:
        """Let up to `most` deliveries, behind number `after`, be due now that were so, or about to be, at `instead`.

        Returns the last that was looked at, or None at the end. May be repeated.
        """

    async def plan_digests(self, after: int, now: datetime, most: int = 500) -> int | None:
        """Plan anew the digests of up to `most` readers, behind reader `after`, whose times now come sooner.

        Returns the last of the readers that were looked at, or None at the end. May be repeated.
        """


class FactStore(Protocol):
    """Small facts of this installation, by name: values that JSON knows."""

    async def get(self, name: str) -> Any:
        """Return a fact's value, or None."""

    async def named(self, beginning: str) -> Mapping[str, Any]:
        """Return the facts whose names begin so, by their names."""
        ...

    async def put(self, name: str, value: object, now: datetime) -> None:
        """Store a fact, over an older one of that name. May be repeated."""

    async def swap(self, name: str, before: object, value: object, now: datetime) -> bool:
        """Store a fact if its value is still `before`, or if there is none and that is None; returns whether it was.

        Not to be repeated: of several callers who saw the same value, one gets it.
        """
        ...

    async def take(self, name: str) -> Any:
        """Delete a fact; returns its value, or None if there is none.

        Not to be repeated for one value: of several callers one gets it.
        """


class ContinuityStore(Protocol):
    """Whether the database is the one that the process before left, or was put back from a copy."""

    async def unbroken(self) -> bool:
        """Tell whether it is; of one that has no mark yet nothing speaks against it."""
        ...

    async def unmoved(self) -> bool:
        """Tell whether the server is the one that was marked: it may have been exchanged while this process ran."""
        ...

    async def renew(self, now: datetime) -> None:
        """Mark the database anew, and, with SQLite, the folder beside it: copies made until then are known by it.

        May be repeated. Raises OSError when the folder cannot be written to; the database is then left as it is.
        """


class LoadStore(Protocol):
    """What waits and what was done, by all processes."""

    async def updates(self) -> tuple[int, datetime | None]:
        """Return how many updates wait to be handled, and since when the oldest of them does: None when none waits.

        It may be asked every second: it costs the same however much the newsroom has done.
        """
        ...

    async def now(self) -> Load:
        """Return how the newsroom stands. All that was ever sent is summed up for it."""
        ...


class BackupStore(Protocol):
    """Backups of the database. Each is begun, read through, and only then finished: half of one never counts."""

    async def begin(self, folder: str, now: datetime, passphrase: str = "") -> str:
        """Write one state of the database into a folder, which is made, under a name that no backup has.

        With a passphrase it is encrypted, and nothing that is not gets into the folder.

        Returns its path. May be repeated: each call writes another.

        Raises:
            BackupFailed: it could not be written; nothing is left of it.

        """
        ...

    async def contents(self, path: str, passphrase: str = "") -> Contents:
        """Return what a backup holds, finished or not, encrypted or not, after reading all of it.

        Raises:
            BackupFailed: it is damaged, no backup, of a newer program, or encrypted with another passphrase.

        """
        ...

    async def finish(self, part: str, keep: int) -> str:
        """Give what was begun the name of a backup, and delete all but the newest `keep` of its folder.

        Returns its path. Not to be repeated: the second call finds nothing that was begun.

        Raises:
            BackupFailed: the disk does not take it; nothing is left of it.

        """
        ...

    async def forget(self, part: str) -> None:
        """Delete what was begun and is not to be finished. May be repeated."""

    async def record(self) -> BackupRecord:
        """Return what is remembered of backups; nothing of the kind as a record of nothing."""
        ...

    async def remember(self, record: BackupRecord, now: datetime) -> None:
        """Remember how it stands with backups, over what was remembered before. May be repeated."""


class HealthStore(Protocol):
    """The disk under an SQLite database. PostgreSQL looks after its own: nothing is ever found there."""

    async def look(self, now: datetime, *, thoroughly: bool = False) -> Trouble | None:
        """Look whether the file is there, whole and can be written to, and tidy up its log; `thoroughly` reads it all.

        Returns what is wrong, None when nothing is. May be repeated: the mark of `ContinuityStore` is renewed by it.
        """

    async def rescue(self) -> str:
        """Save what the open connections still have of a file that was lost; returns the path of the copy.

        May be repeated: the copy is made anew. Raises whatever keeps it from being made.
        """
        ...


class DialogStore(Protocol):
    """Which question is open with whom, and what belongs to it. A key stands for a person in a chat."""

    async def get(self, key: str) -> tuple[str | None, Mapping[str, Any]]:
        """Return the open question and its data; None and nothing when no question is open."""
        ...

    async def put(self, key: str, values: Mapping[str, object], now: datetime) -> None:
        """Change the question (`state`), its `data`, or both; what is not among the values stays. May be repeated."""

    async def lapse(self, before: datetime) -> list[tuple[str, Mapping[str, Any]]]:
        """Close the questions that have stood as they are since before an instant; returns the keys and data of them.

        Each is returned once, also where several ask; may be repeated. The data stays.
        """
        ...


class MessageScreenStore(Protocol):
    """What messages show, where that is not what they were sent as; and the words people searched for, by number."""

    async def get(self, chat_id: int, message_id: int) -> Shown | None:
        """Return what a message shows, or None when it shows what it was sent as."""

    async def put(
        self,
        chat_id: int,
        message_id: int,
        screen: str,
        article_id: int | None,
        tail: list[int],
        now: datetime,
        *,
        opened: int | None = None,
    ) -> None:
        """Store what a message shows now: an encoded screen, perhaps of an article. May be repeated.

        `tail` are the further messages it goes on in, `opened` the article that was opened in it by this, if one was.
        """

    async def fold(self, chat_id: int, message_id: int, before: Shown, then: Shown, now: datetime) -> None:
        """Store that a message that showed `before` shows something else then. May be repeated.

        Nothing is changed where its screen or its tail is another one by now.
        """

    async def drop(self, chat_id: int, message_id: int) -> None:
        """Store that a message shows what it was sent as. May be repeated."""

    async def count_use(self, use: RelatedUse) -> None:
        """Count that a list was shown, or that something in it was opened. Not to be repeated: it counts again."""

    async def opened(self, chat_id: int, since: datetime, before: datetime) -> list[int]:
        """Return the articles last opened in a chat, some at most, from one instant and up to another; in no order."""
        ...

    async def remember_query(self, chat_id: int, words: str, now: datetime) -> int:
        """Store the words of a search; returns their number, for a button has no room for them.

        May be repeated: the same words get another number, and both are good.
        """
        ...

    async def query(self, number: int, chat_id: int) -> str | None:
        """Return the words of a search made in this chat; None when they are forgotten, or another chat's."""


class VitalStore(Protocol):
    """How the database is, for whoever looks after it."""

    async def now(self, now: datetime, *, thoroughly: bool = False) -> DatabaseVitals:
        """Return how it is, after reading an SQLite file through if `thoroughly`; of other tables, little is known."""
        ...

    async def blocker(self) -> Blocker | None:
        """Return another program for which a process of this one waits for seconds now; None on SQLite."""
        ...

    async def ahead(self, wall: Callable[[], datetime]) -> float | None:
        """Return by how many seconds a clock is certainly ahead of the server's, while other processes go by that.

        Below zero where it is behind; what asking takes does not count. None where there are none of them: on SQLite,
        and as long as this process is alone.
        """

    async def keep_slow(self, now: datetime) -> None:
        """Write down which statements took SQLite long since the last call, so that `now` tells of them for an hour.

        May be repeated.
        """
