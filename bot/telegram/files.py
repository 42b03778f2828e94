"""Sending files that are on this machine, to one chat each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile, FSInputFile

from bot.delivery.pacing import Slots
from bot.delivery.throttle import Throttle
from bot.model.ledger import Priority
from bot.model.outcomes import Delivered, NotConnected, Outcome, Throttled
from bot.model.readers import Address
from bot.ports import MessageIdStore
from bot.telegram.outcomes import outcome_of
from bot.telegram.places import aside
from bot.telegram.records import recorded
from bot.timing.clock import Clock

_TRIES = 3
_LONGEST_WAIT = 20.0
_SECONDS = 600  # for an upload over a slow line

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class FileSender:
    """Sends a file as a document; it takes a slot as every message does. Nothing is raised but cancellation."""

    bot: Bot
    pacer: Slots
    throttle: Throttle
    clock: Clock
    ids: MessageIdStore

    async def send(self, to: Address, name: str, content: bytes | Path, caption: str = "") -> bool:
        """Send what a file holds under a name; returns whether it arrived."""
        async with recorded(self.ids, self.clock, to.chat_id) as note:
            outcome = await self._tried(to, name, content, caption)
            note(outcome)
        if not isinstance(outcome, Delivered):
            log.warning("a file could not be sent", chat=to.chat_id, outcome=type(outcome).__name__)
        return isinstance(outcome, Delivered)

    async def _tried(self, to: Address, name: str, content: bytes | Path, caption: str) -> Outcome:
        outcome: Outcome = NotConnected("not tried")
        with aside():
            for _ in range(_TRIES):
                await self.pacer.slot(Priority.REPLY)
                outcome = await self._sent(to, self._file(name, content), caption)
                match outcome:
                    case Throttled(seconds):
                        self.throttle.refused(to.chat_id, seconds)
                        if seconds > _LONGEST_WAIT:
                            return outcome
                        await self.clock.sleep(seconds)
                    case NotConnected():
                        await self.clock.sleep(1)
                    case _:
                        return outcome
        return outcome

    def _file(self, name: str, content: bytes | Path) -> Callable[[], BufferedInputFile | FSInputFile]:
        if isinstance(content, Path):
            return lambda: FSInputFile(content, filename=name)
        return lambda: BufferedInputFile(content, filename=name)

    async def _sent(self, to: Address, file: Callable[[], BufferedInputFile | FSInputFile], caption: str) -> Outcome:
        try:
            sent = await self.bot.send_document(
                to.chat_id,
                file(),
                message_thread_id=to.thread_id or None,
                caption=caption or None,
                parse_mode=None,
                disable_content_type_detection=True,
                request_timeout=_SECONDS,
            )
        except AiogramError as error:
            return outcome_of(error)
        return Delivered(sent.message_id)
