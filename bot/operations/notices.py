"""Telling people of the desk something they did not ask for: each in their own language, without a sound at night."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.delivery.messenger import Messenger
from bot.model.readers import Address, ChatKind
from bot.ports import ReaderStore
from bot.screens.card import Card
from bot.screens.look import Locale, Look
from bot.timing.schedules import is_quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Writes to one person at a time, if they have ever written to the bot."""

    readers: ReaderStore
    messenger: Messenger
    locale: Locale

    async def tell(self, user_id: int, draw: Callable[[Look], Card]) -> bool:
        """Send somebody a card, drawn for how they see, silently in their quiet hours; returns whether it arrived."""
        address = Address(user_id)
        reader = await self.readers.find(address)
        look = self.locale.look(reader)
        card = draw(look)
        if reader is not None and is_quiet(reader.quiet, reader.zone, look.now):
            card = replace(card, silent=True)
        return bool(await self.messenger.reply(address, card, ChatKind.PRIVATE))

    async def redraw(self, user_id: int, message_id: int, draw: Callable[[Look], Card]) -> None:
        """Have an older message to somebody show another card, where it can still be changed. May be repeated."""
        address = Address(user_id)
        reader = await self.readers.find(address)
        card = draw(self.locale.look(reader))
        await self.messenger.change(address, message_id, card, plain=reader is not None and reader.plain)
