"""Troubles: what owners are to hear, kept until one of them has; whoever notes it waits for nobody."""

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot.operations.owner_alerts import OwnerAlerts
from bot.screens.card import Card
from bot.screens.look import Look
from bot.timing.clock import Clock

_AGAIN_SECONDS = 900.0  # between two messages about the same trouble
_MOST_TRIES = 20

log = structlog.get_logger(__name__)

Draw = Callable[[Look], Card]


@dataclass(slots=True, kw_only=True)
class Troubles:
    """The troubles that nobody has been told of yet, by name. `wake` has `tell` called soon.

    Of one name the newest is told, and not again for a quarter of an hour.
    """

    owners: OwnerAlerts
    clock: Clock
    wake: Callable[[], None]
    _waiting: dict[str, Draw] = field(default_factory=dict)
    _tries: dict[str, int] = field(default_factory=dict)
    _told_at: dict[str, float] = field(default_factory=dict)

    def note(self, name: str, card: Draw) -> None:
        """Have the owners told; `card` draws it for one of them, at the moment it is told."""
        told_at = self._told_at.get(name)
        if told_at is not None and self.clock.monotonic() - told_at < _AGAIN_SECONDS:
            return
        new = name not in self._waiting
        self._waiting[name] = card
        if new:
            self.wake()

    async def tell(self) -> None:
        """Tell the owners what waits. What reaches none of them, Telegram being out of reach, is tried again."""
        for name, card in list(self._waiting.items()):
            if not await self.owners.tell(card):
                self._tries[name] = self._tries.get(name, 0) + 1
                if self._tries[name] < _MOST_TRIES:
                    continue
                log.error("no owner could be told of a trouble", trouble=name)
            self._waiting.pop(name, None)
            self._tries.pop(name, None)
            self._told_at[name] = self.clock.monotonic()
