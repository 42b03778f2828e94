"""Storage of copies whose deliveries are long over. See `bot.ports` for how to read this."""

from datetime import datetime
from typing import Protocol

from bot.model.ledger import Compacted


class KeptCopyStore(Protocol):
    """The compact form of old deliveries: what a correction needs of each copy that somebody holds."""

    async def oldest(self) -> datetime | None:
        """Return when the oldest row of the ledger was written; None when there is none."""
        ...

    async def compact(self, after: int, until: datetime, most: int) -> Compacted | None:
        """Make up to `most` rows of the ledger compact, those after a number, written before an instant.

        Rows of sends that go on, of groups and channels, and uncertain ones stay as they are. Counts of publications do
        not change, and corrections find every copy. Returns what was done; None when what follows is newer.

        May be repeated, and by several processes at once.
        """
        ...
