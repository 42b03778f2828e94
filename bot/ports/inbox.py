"""Storage of updates that came from Telegram. See `bot.ports` for how to read this."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.model.asking import SentMessages
from bot.model.chats import SetAside, StoredUpdate


class InboxStore(Protocol):
    """Updates from Telegram, kept before it is told that they arrived; for one process start, their holder."""

    async def store(
        self,
        updates: Sequence[tuple[int, int, str]],
        now: datetime,
        came: Mapping[int, tuple[int, int]] = ...,
        mark: str | None = None,
    ) -> None:
        """Store updates, as (number, the chat whose order they keep, JSON). After it they may be acknowledged.

        `came` are the messages that came with them, by the updates' numbers, as (chat, message id). `mark` is stored as
        the sign that everything is here that had come before these were asked for; each has to be another.

        May be repeated: a number that is known already is passed over.
        """

    async def store_poisoned(self, update_id: int, payload: str, error: str, now: datetime) -> None:
        """Store an update that cannot be read, with the reason; it may be acknowledged then, and is never claimed.

        May be repeated: a number that is known already is passed over.
        """

    async def claim(self, limit: int, now: datetime, lease: timedelta) -> Sequence[StoredUpdate]:
        """Claim up to `limit` updates in their order, each the oldest open one of its chat.

        Returns them. Not to be repeated for one result: what this holder has claimed, no other call of its own returns
        again. What it does not end before the lease is over, another holder may take over.
        """
        ...

    async def renew(self, now: datetime, lease: timedelta) -> Collection[int]:
        """Lengthen the leases of what this holder is handling; returns the numbers of those. May be repeated."""
        ...

    async def give_back(self, now: datetime, keep: Collection[int] = (), sent: Mapping[int, SentMessages] = ...) -> int:
        """Open again what this holder has claimed and not ended; returns how many updates those were.

        Not those that it keeps, by number: so it gets rid of what it claimed without hearing of it. `sent` is what was
        sent for some of them, which the next one is handed with the update. May be repeated.
        """
        ...

    async def done(self, update_id: int, sent: SentMessages | None = None) -> None:
        """Store that this holder has handled an update, and what it sent; its text is deleted. May be repeated.

        Also when it was taken for lost meanwhile, as long as nobody has begun to handle it again.
        """

    async def done_and_claim(
        self, update_id: int, limit: int, now: datetime, lease: timedelta, sent: SentMessages | None = None
    ) -> Sequence[StoredUpdate]:
        """Store that this holder has handled an update, with what it sent, and claim others as `claim` does.

        All or nothing; returns them. Not to be repeated, like `claim`: when it fails, `done` says the first half.
        """
        ...

    async def quarantine(self, update_id: int, error: str, sent: SentMessages | None = None) -> None:
        """Set an update of this holder aside, whole, with the reason why it cannot be handled, and what it sent.

        May be repeated.
        """

    async def try_again(
        self, update_id: int, error: str, sent: SentMessages | None = None, *, counts: bool = True
    ) -> bool:
        """Have an update of this holder handled again, or set it aside, as `quarantine` does, after the third try.

        A try that does not count is none of those. What was sent for it is kept for the next try.

        Returns whether it is set aside. May be repeated; then it answers that it is.
        """
        ...

    async def set_aside(self, limit: int) -> tuple[int, list[SetAside]]:
        """Return how many updates were set aside, by any process, and up to `limit` of them, the newest first."""
        ...
