"""Telling owners of listeners that take nothing, are told nothing any more, or are well again: once each."""

from dataclasses import dataclass
from functools import partial

import structlog

from bot.model.listeners import Listener
from bot.operations.owner_alerts import OwnerAlerts
from bot.operations.turns import Turn
from bot.ports import ListenerStore
from bot.screens.listeners import listener_card

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerAlarm:
    """Looks by and by for what is to be told; one of several processes tells it."""

    listeners: ListenerStore
    owners: OwnerAlerts
    turn: Turn

    async def look(self) -> None:
        """Tell what owners were not told of yet; what reaches none of them, or cannot be told, is tried again."""
        if not any(map(self._is_due, await self.listeners.untold())):
            return
        async with self.turn.taken() as mine:
            for listener in await self.listeners.untold() if mine else ():
                if not self._is_due(listener) or not await self.turn.goes_on():
                    continue
                if await self._tell(listener):
                    await self.listeners.settle(listener)
                    self.turn.settled(listener.id)
                else:
                    self.turn.failed(listener.id)

    def _is_due(self, listener: Listener) -> bool:
        return self.turn.is_due(listener.id)

    async def _tell(self, listener: Listener) -> bool:
        try:
            return await self.owners.tell(partial(listener_card, listener))
        except Exception:
            log.exception("the owners could not be told of a listener; it is tried again", listener=listener.id)
            return False
