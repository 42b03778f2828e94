"""Unread: the updates from Telegram that could not be read or handled, for the owners."""

from dataclasses import dataclass

from bot.model.chats import SetAside
from bot.ports import InboxStore

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Unread:
    """What was set aside while receiving went on."""

    inbox: InboxStore

    async def number(self) -> int:
        """Return how many updates are set aside."""
        return (await self.inbox.set_aside(0))[0]

    async def newest(self) -> tuple[int, list[SetAside]]:
        """Return how many updates are set aside, and the newest few of them."""
        return await self.inbox.set_aside(_SHOWN)
