"""People who are told something unasked: what they got, and ways in which telling them goes wrong."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.screens.card import Card
from bot.screens.look import Look
from tests.support.rows import NOW


@dataclass(slots=True)
class People:
    """Owners and editors. Nothing arrives unless they are `reached`; `breaks` is raised once instead.

    While they `hang`, nobody learns what became of what was written to them, which has `begun`.
    """

    cards: list[str] = field(default_factory=list)
    reached: bool = True
    breaks: BaseException | None = None
    hang: bool = False
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def tell(self, *about: Any) -> bool:
        """Tell them a card, which comes last; returns whether it arrived."""
        draw: Callable[[Look], Card] = about[-1]
        self.begun.set()
        if self.hang:
            await asyncio.Event().wait()
        if self.breaks is not None:
            error, self.breaks = self.breaks, None
            raise error
        if self.reached:
            self.cards.append(draw(Look("uk", "Europe/Kyiv", NOW)).text.text)
        return self.reached
