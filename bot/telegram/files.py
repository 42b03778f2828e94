"""Sending files that are on this machine, to one chat each."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile, FSInputFile

from bot.delivery.pacing import ChatPacer, Slots
from bot.delivery.throttle import Throttle
from bot.model.outcomes import BadContent, Delivered, NotConnected, Outcome
from bot.model.readers import Address
from bot.ports import MessageIdStore
from bot.telegram.outcomes import outcome_of
from bot.telegram.records import mark_of, recorded, said_before, still_mine
from bot.telegram.tries import Tries
from bot.timing.clock import Clock

_SECONDS = 600  # for an upload over a slow line

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class FileSender:
    """Sends a file as a document; it takes a slot as every message does. Nothing is raised but cancellation."""

    bot: Bot
    pacer: Slots
    chats: ChatPacer
    throttle: Throttle
    clock: Clock
    ids: MessageIdStore

    async def send(self, to: Address, name: str, content: bytes | Path, caption: str = "") -> bool:
        """Send what a file holds under a name; returns whether it arrived."""
        if isinstance(content, Path) and not await asyncio.to_thread(_readable, content):
            log.warning("a file cannot be read", file=str(content))
            return False  # before a turn is taken for it
        mark = mark_of("sendDocument", name.encode())  # the same file, also where it holds more by now
        if (known := said_before(to.chat_id, mark)) is not None:
            return isinstance(known, Delivered)
        tries = Tries(pacer=self.pacer, chats=self.chats, throttle=self.throttle, clock=self.clock)
        file = self._file(name, content)
        async with recorded(self.ids, self.clock, to.chat_id, mark) as note:
            outcome = await tries.make(to.chat_id, lambda: self._sent(to, file(), caption))
            note(outcome)
        if not isinstance(outcome, Delivered):
            log.warning("a file could not be sent", chat=to.chat_id, outcome=outcome)
        return isinstance(outcome, Delivered)

    def _file(self, name: str, content: bytes | Path) -> Callable[[], BufferedInputFile | FSInputFile]:
        if isinstance(content, Path):
            return lambda: FSInputFile(content, filename=name)
        return lambda: BufferedInputFile(content, filename=name)

    async def _sent(self, to: Address, file: BufferedInputFile | FSInputFile, caption: str) -> Outcome:
        if not await still_mine(self.clock):
            return NotConnected("another process handles the update")
        try:
            sent = await self.bot.send_document(
                to.chat_id,
                file,
                message_thread_id=to.thread_id or None,
                caption=caption or None,
                parse_mode=None,
                disable_content_type_detection=True,
                request_timeout=_SECONDS,
            )
        except AiogramError as error:
            return outcome_of(error)
        except OSError as error:  # of the file, in the middle of it: what has left of it makes no message
            return BadContent(str(error))
        return Delivered(sent.message_id)


def _readable(path: Path) -> bool:
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False
