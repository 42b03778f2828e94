"""Storage for asking Telegram what became of uncertain deliveries. See `bot.ports` for how to read this."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.model.asking import Doubt, Findings, KnownIds, Sighting, UnderWay, Verdict


class DoubtStore(Protocol):
    """Uncertain deliveries that Telegram can be asked about, and what it says of them."""

    async def open(self) -> Sequence[Doubt]:
        """Return the uncertain deliveries that nobody has asked about, oldest first; when they are many, the first."""
        ...

    async def past(self) -> Sequence[Doubt]:
        """Return the uncertain deliveries of which Telegram could not tell what became of them."""
        ...

    async def under_way(self) -> UnderWay:
        """Return what may get a message's id at this moment that is not recorded yet."""
        ...

    async def evidence(self, first: int, last: int) -> Sequence[Sighting]:
        """Return messages to private chats of about the time of two deliveries, by their numbers; the newest first."""
        ...

    async def settle(self, verdicts: Mapping[Doubt, Verdict], now: datetime) -> Findings:
        """Store verdicts, all by one commit; returns what they came to.

        What was found is SENT and owed the corrections made since; what did not arrive is queued; where a reader cannot
        be reached any more it failed; the rest is left to the publication's policy. A row that was decided meanwhile,
        or is uncertain in another try by now, keeps what it is. May be repeated.
        """
        ...


class MessageIdStore(Protocol):
    """The numbers of messages that are known, and the chats where one may be whose number nobody has.

    A *counter* is 0 for all private chats and basic groups together, and its own id for each other chat.
    """

    async def begin(self, chat_id: int, now: datetime) -> int:
        """Store that a message is about to be sent to a chat; returns what `end` is told. Not to be repeated."""
        ...

    async def end(self, begun: int, sent: Sequence[tuple[int, int]], now: datetime) -> None:
        """Store what became of a message that was begun: the ids it got, as (chat, message id). May be repeated.

        0 stands for one that may be there and whose id nobody has; none at all for one that went nowhere.
        """

    async def known(self, counter: int, low: int, high: int) -> KnownIds:
        """Return which ids above `low` and below `high` are known of a counter."""
        ...

    async def vague(self, since: datetime) -> Sequence[int]:
        """Return the chats where a message of ours may be whose id nobody has, since an instant; 0 is any chat."""
        ...
