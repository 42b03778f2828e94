"""What somebody has answered, so that an edit of it answers again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from aiogram.fsm.context import FSMContext

from handlers.question_kinds import Ask, Correct, Write

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
PARTS = frozenset(
    question.state for question in (Write.title, Write.lead, Write.body, Write.source, Write.photo, Write.date)
)
"""Those about one part of a draft: what else of it has changed since does not matter."""
SAID = ""
"""Stands for the state of what answered no question: something was offered for what was said."""
_MOST = 20  # answers that are remembered of one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A message that answered: which question, what belonged to it, and a mark of what it was about `then`.

    `again` is a mark of the edit that gave it again last: handled once more, that finds what it was about as it has
    left it.
    """

    message: int
    state: str
    about: Mapping[str, Any]
    then: str = ""
    again: str = ""


class Answers:
    """The last answers, kept beside the open question, and as long."""

    def __init__(self, state: FSMContext) -> None:
        self._state = FSMContext(storage=state.storage, key=replace(state.key, destiny="answers"))

    async def keep(self, answer: Answer) -> None:
        """Remember an answer; one of the same message goes."""
        others = [asdict(one) for one in await self._all() if one.message != answer.message]
        await self._state.set_data({"answers": [*others, asdict(answer)][-_MOST:]})

    async def by_message(self, message_id: int) -> Answer | None:
        """Return the answer that a message was; None when it was none, or one of long ago."""
        return next((one for one in await self._all() if one.message == message_id), None)

    async def _all(self) -> list[Answer]:
        data = await self._state.get_data()
        return [Answer(**one) for one in data.get("answers", ())]
