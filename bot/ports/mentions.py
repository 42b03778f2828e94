"""Storage of mentions: what stands under a message that told the same. See `bot.ports` for how to read this."""

from collections.abc import Sequence
from typing import Protocol


class MentionStore(Protocol):
    """The mentions under readers' messages; they are deliveries, written by a fan-out."""

    async def under(self, reader_id: int, article_id: int) -> Sequence[int]:
        """Return the articles that stand under a reader's message of an article, in their order.

        Those whose edit is on its way are among them, those of a halted send are not.
        """
        ...
