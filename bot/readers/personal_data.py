"""What a reader may ask of their own data: all of it as a file, and that it is erased."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from bot.errors import SlowDown
from bot.model.personal_data import PersonalRecords
from bot.model.readers import Reader
from bot.ports import PersonalDataStore
from bot.timing.clock import Clock

_AGAIN_SECONDS = 60.0  # the ledger is read for it


@dataclass(slots=True, kw_only=True)
class PersonalDataRequests:
    """Handing out and erasing what is stored about one reader; `sweep_soon` is called when rows are left over."""

    personal_data: PersonalDataStore
    clock: Clock
    sweep_soon: Callable[[], None]
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)
    _asked: dict[int, float] = field(default_factory=dict)

    async def export(self, reader: Reader) -> bytes:
        """Return everything about a reader's chat as readable JSON. One at a time, however many ask.

        Raises:
            SlowDown: they have just had it.

        """
        now, chat_id = self.clock.monotonic(), reader.address.chat_id
        self._asked = {chat: at for chat, at in self._asked.items() if now - at < _AGAIN_SECONDS}
        if chat_id in self._asked:
            raise SlowDown
        self._asked[chat_id] = now
        async with self._one:
            return as_json(chat_id, await self.personal_data.export(chat_id), self.clock.now())

    async def erase(self, reader: Reader) -> None:
        """Erase a reader. May be repeated.

        Raises:
            OnDesk: they work at the desk.

        """
        await self.personal_data.erase(reader.address.chat_id, self.clock.now())
        self.sweep_soon()


def as_json(chat_id: int, records: PersonalRecords, now: datetime) -> bytes:
    """Return what is stored about a chat as one JSON object that people can read."""
    whole = {"chat": chat_id, "at": now.isoformat(timespec="seconds"), **records}
    return orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
