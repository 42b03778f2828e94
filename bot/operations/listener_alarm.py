"""Telling owners of listeners that take nothing, are told nothing any more, or are well again: once each."""

from dataclasses import dataclass
from functools import partial

import structlog

from bot.model.listeners import Listener
from bot.operations.owner_alerts import OwnerAlerts
from bot.ports import ListenerStore
from bot.screens.listeners import listener_card
from bot.timing.clock import Clock

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerAlarm:
    """Looks by and by for what is to be told; one of several processes tells it."""

    listeners: ListenerStore
    owners: OwnerAlerts
    clock: Clock

    async def look(self) -> None:
        """Tell what owners were not told of yet; what reaches none of them, or cannot be told, is tried again."""
        left = list(await self.listeners.take_news())
        try:
            for listener in list(left):
                if await self._tell(listener):
                    left.remove(listener)
        finally:
            for listener in left:
                if listener.news is not None:
                    await self.listeners.put_back(listener.id, listener.news, self.clock.now())

    async def _tell(self, listener: Listener) -> bool:
        try:
            return await self.owners.tell(partial(listener_card, listener))
        except Exception:
            log.exception("the owners could not be told of a listener; it is tried again", listener=listener.id)
            return False
