"""A digest that somebody asks for: what waits for them, at once."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.model.ledger import Asked
from bot.model.readers import Reader
from bot.ports import DigestStore
from bot.timing.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRequests:
    """Asking for a digest before it is due. It goes out through the ledger, once, in quiet hours as well."""

    digests: DigestStore
    clock: Clock
    wake_sender: Callable[[], None]

    async def ask(self, reader: Reader) -> Asked:
        """Send what is held for a reader; nothing is for whoever paused or left. May be repeated."""
        asked = await self.digests.ask(reader.id, self.clock.now())
        if asked.lines:
            self.wake_sender()
        return asked
