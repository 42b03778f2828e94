"""What is waiting, and what has been done, for whoever watches a newsroom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.model.ledger import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How a newsroom stands, by all its processes.

    `updates` wait to be handled, the oldest since `oldest_update`; `set_aside` could not be. Of the sends under way
    `waiting` copies have no end yet, the oldest send since `oldest_send`. The others are counts since the beginning;
    of `uncertain` it is how many are so now. `lanes` is `waiting` by the priority of the sends; `held` copies wait for
    the digests of their readers. Of the feeds `feeds` are asked, `feeds_failing` of them in vain of late. `events` wait
    for listeners that are told, the oldest since `oldest_event`. `size` is how many bytes the database has.
    """

    updates: int
    oldest_update: datetime | None
    set_aside: int
    waiting: int
    oldest_send: datetime | None
    sent: int
    failed: int
    expired: int
    uncertain: int
    lanes: Mapping[Priority, int]
    held: int
    feeds: int
    feeds_failing: int
    events: int
    oldest_event: datetime | None
    size: int
