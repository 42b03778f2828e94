"""Chats that change: the bot is blocked, let in, silenced, thrown out; a group gets a new id."""

from dataclasses import dataclass

from bot.model.readers import ReaderState
from bot.ports import ReaderStore
from bot.timing.clock import Clock


@dataclass(frozen=True, slots=True)
class Chats:
    """Notes what Telegram tells of chats, so that nothing is sent where nobody gets it.

    What it tells of a chat holds for all of it: each forum topic is a reader of its own, and none is told apart.
    """

    readers: ReaderStore
    clock: Clock

    async def moved(self, old: int, new: int) -> None:
        """Follow a group to its new id. May be repeated."""
        await self.readers.move_chat(old, new, self.clock.now())

    async def blocked(self, chat_id: int) -> None:
        """Note that a person has blocked the bot; who left or paused stays so."""
        await self.readers.shut_chat(chat_id, ReaderState.BLOCKED, self.clock.now())

    async def removed(self, chat_id: int) -> None:
        """Note that the bot was thrown out of a group or channel."""
        await self.readers.shut_chat(chat_id, ReaderState.KICKED, self.clock.now())

    async def silenced(self, chat_id: int) -> None:
        """Note that the bot may not write in a group or channel any more."""
        await self.readers.shut_chat(chat_id, ReaderState.MUTED, self.clock.now())

    async def opened(self, chat_id: int) -> bool:
        """Note that the bot may write in a chat; returns whether any reader is known there."""
        return await self.readers.open_chat(chat_id, self.clock.now())
