"""What an editor has proposed for a published article: each proposal belongs to the message that shows it.

So a button goes by what stands above it, whatever else its editor has been asked, has sent or has proposed since.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from aiogram.fsm.context import FSMContext

_MOST = 10  # that are remembered of one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A new `text` of a `part` of an article, or with no part the `reason` to take it back; for one of its versions.

    `card` is the message that shows it, `message` the one that said it. Entities are as the Bot API has them.
    """

    card: int
    article: int
    version: int
    message: int = 0
    part: str = ""
    text: str = ""
    entities: tuple[Mapping[str, Any], ...] = ()
    reason: str = ""


class Proposals:
    """The last proposals of whoever writes, kept beside the open question."""

    def __init__(self, state: FSMContext) -> None:
        self._state = FSMContext(storage=state.storage, key=replace(state.key, destiny="proposed"))

    async def keep(self, proposal: Proposal) -> None:
        """Remember a proposal, in the place of what its message has shown before."""
        others = [asdict(one) for one in await self._all() if one.card != proposal.card]
        await self._state.set_data({"proposed": [*others, asdict(proposal)][-_MOST:]})

    async def on(self, card: int | None) -> Proposal | None:
        """Return what a message shows; None when that is no proposal, or none any more."""
        return next((one for one in await self._all() if one.card == card), None)

    async def said_by(self, message: int) -> Proposal | None:
        """Return the newest that a message has said; None when there is none any more."""
        return next((one for one in reversed(await self._all()) if one.message == message), None)

    async def drop(self, card: int | None) -> None:
        """Forget what a message shows. May be repeated."""
        await self._state.set_data({"proposed": [asdict(one) for one in await self._all() if one.card != card]})

    async def _all(self) -> list[Proposal]:
        data = await self._state.get_data()
        return [Proposal(**{**one, "entities": tuple(one["entities"])}) for one in data.get("proposed", ())]
