"""Flood: what one person may do in how short a time."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject, Update

from bot.errors import SlowDown
from bot.timing.clock import Clock
from handlers.origin import Handler, Origin

_BURST = 40.0
_A_SECOND = 1.0
_FORWARDED = 0.4  # of one: Telegram's apps forward a hundred messages at once
_REMEMBERED = 10_000


@dataclass(slots=True)
class Flood:
    """Counts what each person does: a burst is fine, a stream is not, and costs nobody else anything."""

    clock: Clock
    _left: OrderedDict[int, tuple[float, float]] = field(default_factory=OrderedDict)

    def passes(self, user_id: int, weight: float = 1.0) -> bool:
        """Note that a person did something; returns whether it is to be handled. `weight` is what it counts for.

        Raises:
            SlowDown: for the first thing too many; what follows is dropped without a word.

        """
        now = self.clock.monotonic()
        before, at = self._left.pop(user_id, (_BURST, now))
        left = min(_BURST, before + (now - at) * _A_SECOND) - weight
        self._left[user_id] = (max(-2.0, left), now)
        if len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        if left < 0 <= before:
            raise SlowDown
        return left >= 0


@dataclass(slots=True)
class FloodMiddleware(BaseMiddleware):
    """Ends events of people who do too much: before anything is asked of the database or of Telegram for them."""

    flood: Flood

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Count messages, taps and inline queries; raises SlowDown for the first too many."""
        assert isinstance(event, Update)
        who = _who(event, data.get("origin"))
        if who is not None and not self.flood.passes(who, _weight(event)):
            return None
        return await handler(event, data)


def _weight(event: Update) -> float:
    return _FORWARDED if event.message is not None and event.message.forward_origin is not None else 1.0


def _who(event: Update, origin: Origin | None) -> int | None:
    """Return whose doing it is. All who write in the name of a chat have one user, so there the chat is who writes."""
    if event.inline_query is not None:
        return event.inline_query.from_user.id
    if origin is None:
        return None
    if origin.tap is None and isinstance(origin.message, Message) and origin.message.sender_chat is not None:
        return origin.message.sender_chat.id
    return origin.user.id if origin.user is not None else None
