"""Telling the owners: of trouble they learn from the bot, not from their readers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from bot.delivery.messenger import Messenger
from bot.model.desk import Role
from bot.model.readers import Address, ChatKind, Reader
from bot.ports import EditorStore, ReaderStore
from bot.screens.card import Card
from bot.screens.look import Locale, Look

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class OwnerAlerts:
    """Writes to every owner, each in their own language."""

    editors: EditorStore
    readers: ReaderStore
    messenger: Messenger
    locale: Locale
    _known: Sequence[tuple[int, Reader | None]] = field(default=())

    async def tell(self, card: Callable[[Look], Card]) -> bool:
        """Send every owner a card, drawn for how they see; where the database is lost, those known before.

        Returns whether it arrived with one of them, or there is nobody to tell.
        """
        try:
            await self.remember()
        except Exception:
            if not self._known:
                raise
            log.exception("the owners cannot be looked up; those known before are told")
        return bool(await self._sent(card)) or not self._known

    async def post(self, card: Callable[[Look], Card]) -> list[tuple[int, Reader | None, int]]:
        """Send every owner a card; returns whom it reached, with the number of the message that shows it."""
        await self.remember()
        return await self._sent(card)

    async def _sent(self, card: Callable[[Look], Card]) -> list[tuple[int, Reader | None, int]]:
        arrived = []
        for user_id, reader in self._known:
            ids = await self.messenger.reply(Address(user_id), card(self.locale.look(reader)), ChatKind.PRIVATE)
            arrived += [(user_id, reader, ids[0])] if ids else []
        return arrived

    async def remember(self) -> None:
        """Look up who the owners are, for when they cannot be looked up any more."""
        owners = [person.user_id for person in await self.editors.all() if person.role >= Role.OWNER]
        self._known = [(user_id, await self.readers.find(Address(user_id))) for user_id in owners]
