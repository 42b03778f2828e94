"""What an editor's messages became: of which article each is a part, so that an edit of any of them finds it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from aiogram.fsm.context import FSMContext

_MOST = 20  # articles that are remembered of one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An article, its version when it was last made of these messages, their numbers, and the one its card is in.

    It is not `drawn` while the card may have an older text: an edit that is handled again after a crash draws it.
    """

    article: int
    version: int
    messages: tuple[int, ...]
    card: int | None = None
    drawn: bool = True

    @property
    def in_parts(self) -> bool:
        """Whether no single message has all of it."""
        return len(self.messages) > 1


class MadeOf:
    """The last articles that somebody's messages became, kept as long as an open question."""

    def __init__(self, state: FSMContext) -> None:
        self._state = FSMContext(storage=state.storage, key=replace(state.key, destiny="made"))

    async def note(self, made: Made) -> None:
        """Remember an article, or what became of it."""
        others = [asdict(one) for one in await self._all() if one.article != made.article]
        await self._state.set_data({"made": [*others, asdict(made)][-_MOST:]})

    async def drawn(self, made: Made, draw: Callable[[], Awaitable[int | None]]) -> int | None:
        """Remember what an article is made of now, have its card drawn, and remember where; returns that.

        It is remembered before, too: what is handled again must not take its own change for somebody else's.
        """
        await self.note(replace(made, drawn=False))
        card = await draw()
        await self.note(replace(made, card=card))
        return card

    async def by_message(self, message_id: int) -> Made | None:
        """Return what a message is a part of, the newest; None where that is not known."""
        return next((one for one in reversed(await self._all()) if message_id in one.messages), None)

    async def of(self, article: int) -> Made | None:
        """Return what an article was made of; None where that is not known."""
        return next((one for one in await self._all() if one.article == article), None)

    async def _all(self) -> list[Made]:
        data = await self._state.get_data()
        return [_made(one) for one in data.get("made", ())]


def _made(data: Mapping[str, Any]) -> Made:
    return Made(**{**data, "messages": tuple(data["messages"])})
