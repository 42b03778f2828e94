"""Guarding: after a long stop or a restored backup nothing goes out before the owner has said so.

A backup remembers as waiting what has been sent since; after a long stop readers would get a flood of old news. Both
look the same from inside: the last heartbeat in the database is old, and deliveries from before it are waiting.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.delivery.owner_alerts import OwnerAlerts
from bot.errors import Stale
from bot.ports import FactStore, SendStore
from bot.screens.sends import backlog_card
from bot.timing.clock import Clock

LONG_STOP = timedelta(minutes=15)
HEARTBEAT = "heartbeat"
_HELD = "held-since"

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class RestartGuard:
    """Decides at the start whether sending has to wait, and lets it go on; `wake` has whoever sends look at once."""

    facts: FactStore
    sends: SendStore
    owners: OwnerAlerts
    clock: Clock
    wake: Callable[[], None]

    async def held(self) -> bool:
        """Tell whether sending waits for the owner; asked again and again, as another process may have the answer."""
        return await self.facts.get(_HELD) is not None

    async def check(self) -> bool:
        """Look at the heartbeat of before this start; returns whether sending has to wait."""
        if await self.held():
            return True
        before = await self.facts.get(HEARTBEAT)
        now = self.clock.now()
        if before is None or now - datetime.fromisoformat(before) < LONG_STOP:
            return False
        waiting = await self.sends.backlog(now)
        if not waiting:
            return False
        await self.facts.put(_HELD, now.isoformat(), now)
        log.warning("nobody ran for long; sending waits for the owner", since=before, waiting=waiting)
        return True

    async def ask(self) -> None:
        """Ask the owners what to do with what waits."""
        held_since = await self.facts.get(_HELD)
        if held_since is None:
            return
        waiting = await self.sends.backlog(datetime.fromisoformat(held_since))
        stopped = await self.facts.get(HEARTBEAT)
        await self.owners.tell(lambda look: backlog_card(waiting, datetime.fromisoformat(stopped or held_since), look))

    async def beat(self) -> None:
        """Note that somebody runs, unless the owner has still to answer."""
        if not await self.held():
            await self.facts.put(HEARTBEAT, self.clock.now().isoformat(), self.clock.now())

    async def release(self, *, drop: bool) -> int:
        """Let sending go on, without what waited if `drop`; returns how many deliveries were cancelled.

        Raises:
            Stale: somebody has answered already.

        """
        held_since = await self.facts.get(_HELD)
        if held_since is None:
            raise Stale
        dropped = 0
        while drop and (number := await self.sends.drop_backlog(datetime.fromisoformat(held_since), self.clock.now())):
            dropped += number
        await self.facts.take(_HELD)
        await self.beat()
        self.wake()
        return dropped
