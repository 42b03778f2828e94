"""Telling the owners: of trouble they learn from the bot, not from their readers."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.delivery.messenger import Messenger
from bot.model.desk import Role
from bot.model.readers import Address, ChatKind
from bot.ports import EditorStore, ReaderStore
from bot.screens.card import Card
from bot.screens.look import Look, look_of
from bot.timing.clock import Clock


@dataclass(frozen=True, slots=True)
class OwnerAlerts:
    """Writes to every owner, each in their own language."""

    editors: EditorStore
    readers: ReaderStore
    messenger: Messenger
    clock: Clock
    language: str
    zone: str

    async def tell(self, card: Callable[[Look], Card]) -> None:
        """Send every owner a card, drawn for how they see."""
        for person in await self.editors.all():
            if person.role < Role.OWNER:
                continue
            reader = await self.readers.find(Address(person.user_id))
            now = self.clock.now()
            look = look_of(reader, now) if reader else Look(self.language, self.zone, now)
            await self.messenger.reply(Address(person.user_id), card(look), ChatKind.PRIVATE)
