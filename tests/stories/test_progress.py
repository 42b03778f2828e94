"""The message that says how a send goes: one that cannot be written keeps no other from being so."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import cast

from bot.model.desk import Publication
from bot.ports import PublicationStore
from tests.support.newsroom import Newsroom

POST = "/post Міст відкрили\nРемонт тривав пів року."


@dataclass
class Watched:
    """Sends whose messages have to be written, and those of which nothing more has."""

    sends: list[Publication]
    over: list[int] = field(default_factory=list)

    async def settle(self, _: datetime) -> list[int]:
        return []

    async def watched(self) -> list[Publication]:
        return self.sends

    async def reported(self, publication_ids: Sequence[int]) -> None:
        self.over += publication_ids


async def test_a_send_that_cannot_be_shown_keeps_no_other_waiting(room: Newsroom) -> None:
    editor = room.owner()
    await editor.publishes(POST)
    await editor.sees("✅ Готово за")
    ended = await room.store.publications.get(1)
    sends = Watched([replace(ended, id=8, article_id=999), replace(ended, id=9)])
    progress = replace(
        room.app.parts.delivery.progress, publications=cast("PublicationStore", sends), _shown={}, _failed={}
    )
    await progress.report()
    assert sends.over == [9]
