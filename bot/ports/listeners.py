"""Storage of listeners and of what they are to be told. See `bot.ports` for how to read this."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model.listeners import Event, EventKind, Failing, Listener


class ListenerStore(Protocol):
    """Listeners and events; for one process start, their holder. Whoever tells a listener something holds it meanwhile.

    Events are noted by the transactions they tell of, once for each listener there is then.
    """

    async def keep_hub(self, address: str, events: EventKind, now: datetime) -> None:
        """Have this hub of WebSub told of events, and no other; "" for none. May be repeated.

        What another one was still to be told is forgotten. One that was given up is told again.
        """

    async def claim(self, now: datetime, until: datetime) -> Listener | None:
        """Take the listener that has waited longest of those that have something to be told, and hold it until then.

        Returns it, None when there is none. Not to be repeated: a second call takes another.
        """
        ...

    async def renew(self, listener_id: int, until: datetime) -> bool:
        """Hold a claimed listener longer; returns whether it still is this process's. May be repeated."""
        ...

    async def give_back(self, listener_id: int) -> None:
        """Hold a listener no more; one that somebody else holds stays theirs. May be repeated."""

    async def waiting(self, listener_id: int, now: datetime, limit: int) -> Sequence[Event]:
        """Return what a listener is to be told now: what was tried least often first, then the oldest."""
        ...

    async def count(self, listener_id: int) -> int:
        """Return how many events a listener has not taken."""
        ...

    async def delivered(self, listener_id: int, event_id: int, now: datetime, *, relieved: bool) -> None:
        """Note that a listener has taken an event, which is forgotten; owners who knew of its failing are told.

        With `relieved` whatever else waits for it goes at once. May be repeated.
        """

    async def drop(self, listener_id: int, event_id: int) -> None:
        """Forget an event that there is nothing to tell of any more. May be repeated."""

    async def failed(self, listener_id: int, event_id: int, failing: Failing, now: datetime) -> None:
        """Store what follows from a try that failed, and give the listener back, if it still is this process's.

        Not to be repeated: the second call counts a second try.
        """

    async def untold(self) -> Sequence[Listener]:
        """Return the listeners of which something was not told, each with its `news`; they wait for `settle`."""
        ...

    async def settle(self, told: Listener) -> None:
        """Note that owners were told of a listener what it says; what came meanwhile counts. May be repeated."""

    async def forget(self, before: datetime) -> None:
        """Forget what was noted before then for listeners that are told nothing any more. May be repeated."""
