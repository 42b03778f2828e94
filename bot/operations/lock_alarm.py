"""Telling the owners that another program holds what the bot wants to write: else it would wait without a word."""

from contextlib import suppress
from dataclasses import dataclass

import structlog

from bot.model.trouble import Happening, Matter
from bot.model.vitals import Blocker
from bot.operations.troubles import Troubles
from bot.ports import VitalStore
from bot.timing.clock import Clock

LOOK_SECONDS = 10.0
_START_LOOK_SECONDS = 4.0  # a statement of the start waits no longer than some seconds

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class LockAlarm:
    """Looks every LOOK_SECONDS. What is there at two looks, one after the other, does not pass by itself."""

    vitals: VitalStore
    troubles: Troubles
    clock: Clock
    _seen: Blocker | None = None

    async def look(self) -> None:
        """Have the owners told of who holds the tables for more than a moment; raises what the database raises."""
        found, before = await self.vitals.blocker(), self._seen
        self._seen = found
        if found is None:
            if before is not None:
                log.info("no other program holds the database's tables any more")
            return
        if before is None or before.process != found.process:
            log.warning("another program holds tables of the database", name=found.name, process=found.process)
            return
        since = found.since or self.clock.now()
        self.troubles.note(Happening(matter=Matter.LOCKED, since=since, number=found.process, reason=found.name))

    async def look_at_the_start(self) -> None:
        """Look until cancelled: a start that waits for a lock would say nothing to whoever started it."""
        while True:
            await self.clock.rest(_START_LOOK_SECONDS)
            with suppress(Exception):  # of a database that does not answer the start itself tells
                await self.look()
