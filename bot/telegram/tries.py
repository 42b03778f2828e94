"""Trying what somebody waits for: one way for messages and for files."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.delivery.pacing import ChatPacer, Slots
from bot.delivery.throttle import MOST_SECONDS, Throttle
from bot.model.ledger import Priority
from bot.model.outcomes import Delivered, NotConnected, Outcome, Throttled
from bot.telegram.places import aside
from bot.timing.clock import Clock

_TRIES = 3
_LONGEST_WAIT = 20.0
_PATIENCE_SECONDS = MOST_SECONDS  # a turn that comes later than that is none

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """Tries a request before all broadcasts, and again when Telegram asks to wait a little or was not reached.

    What a chat waits for is noted for everything that goes there: nobody asks again before it is over.
    """

    pacer: Slots
    chats: ChatPacer
    throttle: Throttle
    clock: Clock

    async def make(self, chat_id: int, request: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Make a request to a chat that can be made anew; returns what became of the last try."""
        outcome: Outcome = NotConnected("not tried")
        with aside():
            for _ in range(_TRIES):
                if (wait := self.chats.refusal(chat_id)) > _LONGEST_WAIT:
                    return Throttled(wait)
                if wait:
                    await self.clock.sleep(wait)
                outcome = await self._try(chat_id, request)
                match outcome:
                    case Throttled():
                        continue
                    case NotConnected():
                        await self.clock.sleep(1)
                    case _:
                        return outcome
        return outcome

    async def _try(self, chat_id: int, request: Callable[[], Awaitable[Outcome]]) -> Outcome:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self.pacer.slot(Priority.REPLY)
        except TimeoutError:
            return Throttled(_PATIENCE_SECONDS)
        outcome = await request()
        match outcome:
            case Delivered():
                self.throttle.accepted()
            case Throttled(seconds):
                log.info("Telegram refuses a reply for a while", chat=chat_id, seconds=seconds)
                self.throttle.refused(chat_id, seconds)
        return outcome
