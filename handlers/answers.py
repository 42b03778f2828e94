"""The last answer somebody gave to a question, so that an edit of it answers again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from aiogram.fsm.context import FSMContext

from handlers.questions import Ask, Correct, Write

_REPLACED = (
    Ask.search,
    Write.title,
    Write.lead,
    Write.body,
    Write.source,
    Write.photo,
    Write.date,
    Write.when,
    Correct.text,
)
MAY_BE_EDITED = frozenset(question.state for question in _REPLACED)
"""The questions whose answer takes the place of the one before; another answer to the others would be a second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A message that answered: which question, what belonged to it, and the article's version once that was done."""

    message: int
    state: str
    about: Mapping[str, Any]
    version: int | None = None


class Answers:
    """The last answer, kept beside the open question, and as long."""

    def __init__(self, state: FSMContext) -> None:
        self._state = FSMContext(storage=state.storage, key=replace(state.key, destiny="answer"))

    async def keep(self, answer: Answer) -> None:
        """Remember an answer in the place of the one before."""
        await self._state.set_data(asdict(answer))

    async def by_message(self, message_id: int) -> Answer | None:
        """Return the last answer, if that message was it."""
        data = await self._state.get_data()
        return Answer(**data) if data and data["message"] == message_id else None
