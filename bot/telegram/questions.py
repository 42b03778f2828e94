"""aiogram's memory of open questions, kept in the database: a restart closes none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import DEFAULT_DESTINY, BaseStorage, StateType, StorageKey

from bot.ports import DialogStore
from bot.telegram.messenger import TelegramMessenger
from bot.timing.clock import Clock

OPEN_FOR = timedelta(minutes=15)
"""How long a question waits for its answer."""


class QuestionStorage(BaseStorage):
    """aiogram's storage over the rows of `dialog`. Events of one chat come one at a time, so nothing is locked."""

    def __init__(self, dialogs: DialogStore, clock: Clock) -> None:
        self._dialogs = dialogs
        self._clock = clock

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Open a question, or close it with None."""
        name = state.state if isinstance(state, State) else state
        if name is None and (await self._dialogs.get(_name(key)))[0] is None:
            return
        await self._dialogs.put(_name(key), {"state": name}, self._clock.now())

    async def put(self, key: StorageKey, question: StateType, data: Mapping[str, Any]) -> None:
        """Open a question, or close it with None, and replace what belongs to it: never the one without the other."""
        name = question.state if isinstance(question, State) else question
        await self._dialogs.put(_name(key), {"state": name, "data": dict(data)}, self._clock.now())

    async def get_state(self, key: StorageKey) -> str | None:
        """Return the open question."""
        return (await self._dialogs.get(_name(key)))[0]

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Replace what belongs to the question."""
        if data or (await self._dialogs.get(_name(key)))[1]:
            await self._dialogs.put(_name(key), {"data": dict(data)}, self._clock.now())

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """Return what belongs to the question."""
        return dict((await self._dialogs.get(_name(key)))[1])

    async def close(self) -> None:
        """Do nothing: the database is closed by the application."""


@dataclass(frozen=True, slots=True)
class LapsedQuestions:
    """Closes what nobody has answered in time, and takes the way out off the message that asked."""

    dialogs: DialogStore
    messenger: TelegramMessenger
    clock: Clock

    async def look(self) -> None:
        """Close each question that is due, once, whoever else looks; a crash meanwhile leaves a button, no more."""
        for name, about in await self.dialogs.lapse(self.clock.now() - OPEN_FOR):
            asked = about.get("asked")
            if isinstance(asked, int):
                await self.messenger.strip(_chat_of(name), asked, about.get("left", ()))


def _chat_of(name: str) -> int:
    return int(name.partition(":")[0])


def _name(key: StorageKey) -> str:
    place = f"{key.chat_id}:{key.user_id}:{key.thread_id or 0}"
    return place if key.destiny == DEFAULT_DESTINY else f"{place}:{key.destiny}"
