"""What somebody has said last, so that an edit which changes nothing of it is told from one that does.

Telegram may tell of an edit when only something changed that nobody wrote, as a preview of a link.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

from aiogram.fsm.context import FSMContext
from aiogram.types import Message

_MOST = 20  # messages that are remembered of one person
_MENDED = timedelta(minutes=5)  # within which a slip in a message that nobody remembers is put right
_FILES = ("animation", "video", "document", "audio", "voice")


class Said:
    """Marks of the last messages of one person, each with the update that brought it."""

    def __init__(self, state: FSMContext) -> None:
        self._state = FSMContext(storage=state.storage, key=replace(state.key, destiny="said"))

    async def note(self, message: Message, update_id: int) -> None:
        """Remember what a message says as it is now. May be repeated."""
        before, now = await self._all(), [message.message_id, _mark_of(message), update_id]
        if now not in before:
            others = [one for one in before if one[0] != message.message_id]
            await self._state.set_data({"said": [*others, now][-_MOST:]})

    async def is_changed(self, message: Message, update_id: int) -> bool | None:
        """Tell whether an edited message says something else than before; None where that is not known.

        An update that is handled again changes what it has changed.
        """
        known = next((one for one in await self._all() if one[0] == message.message_id), None)
        return None if known is None else known[1:] == [_mark_of(message), update_id] or known[1] != _mark_of(message)

    async def _all(self) -> Sequence[list[Any]]:
        return list((await self._state.get_data()).get("said", ()))


def is_mended(message: Message) -> bool:
    """Tell whether a message was edited soon after it was sent."""
    return message.edit_date is not None and message.edit_date - message.date.timestamp() <= _MENDED.total_seconds()


def _mark_of(message: Message) -> str:
    entities = [one.model_dump(exclude_none=True) for one in (message.entities or message.caption_entities or ())]
    files = [message.photo[-1] if message.photo else None, *(getattr(message, kind) for kind in _FILES)]
    shown = [one.file_unique_id for one in files if one is not None]
    return sha256(repr((message.text, message.caption, entities, shown)).encode()).hexdigest()[:16]
