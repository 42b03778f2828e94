"""Telling owners of listeners that take nothing, are told nothing any more, or are well again: once each."""

from dataclasses import dataclass
from functools import partial

from bot.operations.owner_alerts import OwnerAlerts
from bot.ports import ListenerStore
from bot.screens.listeners import listener_card
from bot.timing.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerAlarm:
    """Looks by and by for what is to be told; one of several processes tells it."""

    listeners: ListenerStore
    owners: OwnerAlerts
    clock: Clock

    async def look(self) -> None:
        """Tell what owners were not told of yet; what reaches none of them is tried again."""
        for listener in await self.listeners.take_news():
            if not await self.owners.tell(partial(listener_card, listener)) and listener.news is not None:
                await self.listeners.put_back(listener.id, listener.news, self.clock.now())
