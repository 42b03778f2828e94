"""Telling the owners of uncertain deliveries that no send's progress shows: digests, and notes of corrections."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.operations.owner_alerts import OwnerAlerts
from bot.ports import FactStore, UncertainStore
from bot.screens.sends import loose_doubts_card
from bot.timing.clock import Clock

MOST_LISTED = 20
SELDOM = timedelta(minutes=10)  # a connection that breaks all evening is told of a few times, not a hundred
_TOLD = "doubts-told"
_AGAIN_SECONDS = 60.0  # after a try that reached nobody


@dataclass(slots=True, kw_only=True)
class DoubtAlarm:
    """Looks for such deliveries by and by."""

    uncertain: UncertainStore
    facts: FactStore
    owners: OwnerAlerts
    clock: Clock
    _not_before: float = 0.0

    async def look(self) -> None:
        """Tell the owners when there are new ones since they were told last; one of several processes does."""
        counts, now = await self.uncertain.loose(), self.clock.now()
        if counts.newest is None or self.clock.monotonic() < self._not_before:
            return
        before = await self.facts.get(_TOLD)
        if before is not None and not _due(datetime.fromisoformat(before), counts.newest, now):
            return
        if await self.facts.swap(_TOLD, before, now.isoformat(), now):
            doubts = await self.uncertain.listed(None, MOST_LISTED)
            if not await self.owners.tell(lambda look: loose_doubts_card(counts.number, doubts, look)):
                self._not_before = self.clock.monotonic() + _AGAIN_SECONDS
                untold = before or (counts.newest - SELDOM).isoformat()
                await self.facts.swap(_TOLD, now.isoformat(), untold, now)


def _due(told: datetime, newest: datetime, now: datetime) -> bool:
    """Tell whether it is time to tell again; a clock that was set back does not silence it."""
    return told > now or (newest > told and now - told >= SELDOM)
