"""Chats that change: the bot is blocked, let in, thrown out; a group gets a new id."""

from dataclasses import dataclass

from bot.model.readers import Address, ReaderState
from bot.ports import ReaderStore
from bot.timing.clock import Clock


@dataclass(frozen=True, slots=True)
class Chats:
    """Notes what Telegram tells of chats, so that nothing is sent where nobody gets it."""

    readers: ReaderStore
    clock: Clock

    async def moved(self, old: int, new: int) -> None:
        """Follow a group to its new id."""
        await self.readers.move_chat(old, new, self.clock.now())

    async def blocked(self, address: Address, *, now: bool) -> None:
        """Note that a person has blocked the bot, or lets it write again; who left or paused stays so."""
        known = await self.readers.find(address)
        if known is not None and known.state in {ReaderState.ACTIVE, ReaderState.BLOCKED}:
            state = ReaderState.BLOCKED if now else ReaderState.ACTIVE
            await self.readers.set_state(address, state, self.clock.now())

    async def removed(self, address: Address) -> None:
        """Note that the bot was thrown out of a group or channel."""
        await self.readers.set_state(address, ReaderState.KICKED, self.clock.now())

    async def let_in(self, address: Address) -> bool:
        """Note that the bot is in a group or channel; returns whether it is there for the first time."""
        known = await self.readers.find(address)
        if known is not None:
            await self.readers.meet(known, self.clock.now())
        return known is None
