"""Telling the owners: of trouble they learn from the bot, not from their readers."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.delivery.messenger import Messenger
from bot.model.desk import Role
from bot.model.readers import Address, ChatKind
from bot.ports import EditorStore, ReaderStore
from bot.screens.card import Card
from bot.screens.look import Locale, Look


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerAlerts:
    """Writes to every owner, each in their own language."""

    editors: EditorStore
    readers: ReaderStore
    messenger: Messenger
    locale: Locale

    async def tell(self, card: Callable[[Look], Card]) -> bool:
        """Send every owner a card, drawn for how they see; returns whether one got it, or there is none to get it."""
        heard = []
        for person in await self.editors.all():
            if person.role < Role.OWNER:
                continue
            reader = await self.readers.find(Address(person.user_id))
            shown = card(self.locale.look(reader))
            heard.append(bool(await self.messenger.reply(Address(person.user_id), shown, ChatKind.PRIVATE)))
        return any(heard) or not heard
