"""Storage of sends as somebody controls them: paused, stopped, held after a long stop, of unknown end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model.backlog import Backlog, InDoubt, Waterline
from bot.model.ledger import (
    Policy,
    UncertainCounts,
    UncertainDelivery,
)


class SendStore(Protocol):
    """Halting and ending sends that run."""

    async def pause(self, publication_id: int, reason: str, by: int | None, now: datetime) -> None:
        """Halt a running send; `reason` is a phrase's key. Not to be repeated: the second call raises Stale.

        Raises:
            Stale: it does not run.

        """

    async def resume(self, publication_id: int, by: int, now: datetime) -> None:
        """Let a halted send go on. Not to be repeated: the second call raises Stale.

        Raises:
            Stale: it is not halted.

        """

    async def stop(self, publication_id: int, by: int, now: datetime) -> None:
        """End a send for good: what has not left yet never does. Not to be repeated: the second call raises Stale.

        Raises:
            Stale: it neither runs nor is halted.

        """


class BacklogStore(Protocol):
    """What waits from before a restart: deliveries, plans, sends that are not all written."""

    async def newest(self) -> int:
        """Return the number of the newest publication, 0 if there is none."""
        ...

    async def size(self, line: Waterline) -> Backlog:
        """Return how much waits: everything that would go out, digests' lines included."""
        ...

    async def take_back(self, line: Waterline, by: int | None, now: datetime) -> Backlog:
        """Make planned articles drafts again, and end sends that are not all written, where they are.

        Returns how many those were. May be repeated.
        """
        ...

    async def in_doubt(self) -> Sequence[InDoubt]:
        """Return how many uncertain deliveries each send has, the newest send first; those of no send stand last."""
        ...

    async def drop(self, line: Waterline, now: datetime, most: int = 500) -> int:
        """Drop up to `most` of each kind of what waits; returns how many rows that were.

        What is uncertain and would be sent again by its policy is among them. May be repeated; 0 says that nothing was
        left, or that somebody else was quicker: `size` tells which.
        """
        ...


class UncertainStore(Protocol):
    """Deliveries of which nobody knows whether they arrived."""

    async def listed(self, publication_id: int | None, limit: int) -> Sequence[UncertainDelivery]:
        """Return up to `limit` deliveries of a publication that somebody has to decide about, oldest first.

        Those that are uncertain and that Telegram has been asked about in vain; None: of no publication.
        """
        ...

    async def decide(self, publication_id: int | None, policy: Policy, by: int, now: datetime) -> int:
        """Send what is `listed` of a publication again (RESEND), or let it go (DROP); None: of no publication.

        Returns how many that were; what is still to be found out is left alone. May be repeated: a decided row is
        uncertain no more.
        """
        ...

    async def loose(self) -> UncertainCounts:
        """Return how many uncertain deliveries belong to no publication, and since when the newest is uncertain."""
        ...
