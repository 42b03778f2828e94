"""Telling the owners of uncertain deliveries that no send's progress shows: digests, and notes of corrections."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.operations.owner_alerts import OwnerAlerts
from bot.operations.turns import Turn
from bot.ports import FactStore, UncertainStore
from bot.screens.sends import loose_doubts_card
from bot.timing.clock import Clock

MOST_LISTED = 20
SELDOM = timedelta(minutes=10)  # a connection that breaks all evening is told of a few times, not a hundred
_TOLD = "doubts-told"


@dataclass(slots=True, kw_only=True)
class DoubtAlarm:
    """Looks for such deliveries by and by."""

    uncertain: UncertainStore
    facts: FactStore
    owners: OwnerAlerts
    turn: Turn
    clock: Clock

    async def look(self) -> None:
        """Tell the owners when there are new ones since they were told last; one of several processes does."""
        if not await self._is_due():
            return
        async with self.turn.taken() as mine:
            if mine and await self._is_due():  # another one may have told them meanwhile
                await self._tell()

    async def _is_due(self) -> bool:
        counts = await self.uncertain.loose()
        if counts.newest is None or not self.turn.is_due(_TOLD):
            return False
        before = await self.facts.get(_TOLD)
        return before is None or _due(datetime.fromisoformat(before), counts.newest, self.clock.now())

    async def _tell(self) -> None:
        now = self.clock.now()  # what becomes uncertain from here on may not be in it
        counts = await self.uncertain.loose()
        doubts = await self.uncertain.listed(None, MOST_LISTED)
        if await self.owners.tell(lambda look: loose_doubts_card(counts.number, doubts, look)):
            await self.facts.put(_TOLD, now.isoformat(), now)
            self.turn.settled(_TOLD)
        else:
            self.turn.failed(_TOLD)


def _due(told: datetime, newest: datetime, now: datetime) -> bool:
    """Tell whether it is time to tell again; a clock that was set back does not silence it."""
    return told > now or (newest > told and now - told >= SELDOM)
