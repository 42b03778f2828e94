"""Guarding the disk: nothing is claimed over a database that may not keep it, and the owners hear of it in time."""

from dataclasses import dataclass, field

import structlog

from bot.model.trouble import Trouble
from bot.operations.owner_alerts import OwnerAlerts
from bot.ports import HealthStore
from bot.screens.disk import disk_card
from bot.timing.clock import Clock

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class DiskGuard:
    """Looks again and again; while there is `trouble`, nothing may be sent."""

    health: HealthStore
    owners: OwnerAlerts
    clock: Clock
    trouble: Trouble | None = None
    _saved: str = ""
    _told: Trouble | None = field(default=None)

    async def look(self, *, thoroughly: bool = False) -> None:
        """Look at the file, `thoroughly` at all of it; the owners are told of what has changed.

        What cannot pass by itself is not asked about again: only a new start helps.
        """
        if self.trouble is None or self.trouble.can_pass:
            found = await self.health.look(self.clock.now(), thoroughly=thoroughly)
            if found is None:
                await self.owners.remember()
            elif found is not self.trouble:
                log.critical("the database cannot be relied on; sending stops", trouble=found.value)
            self.trouble = found
        if self.trouble is not self._told:
            await self.save()
            told, saved = self.trouble, self._saved
            if await self.owners.tell(lambda look: disk_card(told, saved, look)):
                self._told = told

    async def save(self) -> None:
        """Save a copy of what a lost file held, as far as that can be; a later one takes the place of an earlier."""
        if self.trouble is None or self.trouble.can_pass:
            return
        try:
            self._saved = await self.health.rescue()
        except Exception:
            log.exception("what the lost database held cannot be saved")
        else:
            log.critical("what the lost database held was saved", copy=self._saved)
