"""Watching what goes out: waits that Telegram asked for are remembered, and a send that mostly fails is halted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.errors import Stale
from bot.model.desk import Publication
from bot.operations.owner_alerts import OwnerAlerts
from bot.operations.turns import Turn
from bot.ports import ArticleStore, FactStore, PublicationStore, SendStore, ThrottleStore
from bot.screens.sends import spike_card
from bot.timing.clock import Clock

SPIKE = "spike"
_TOLD = "spikes-told"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAlarm:
    """The sender's alarm. `wake` has `look` called soon."""

    throttles: ThrottleStore
    sends: SendStore
    publications: PublicationStore
    articles: ArticleStore
    facts: FactStore
    owners: OwnerAlerts
    turn: Turn
    clock: Clock
    wake: Callable[[], None]
    _reasons: dict[int, str] = field(default_factory=dict)

    async def throttled(self, seconds: float) -> None:
        """Remember over a restart for how long the whole bot waits before it tries again."""
        await self.throttles.put("bot", self.clock.now() + timedelta(seconds=seconds))

    async def spiked(self, publication_id: int, reason: str) -> None:
        """Halt a publication that mostly fails, and have the owners told why; waits for nobody to be told."""
        try:
            await self.sends.pause(publication_id, SPIKE, None, self.clock.now())
        except Stale:
            return  # somebody was quicker
        self._reasons[publication_id] = reason
        told = await self._told()
        if publication_id in told:  # somebody let it go on, and now it fails again
            await self._note(told - {publication_id})
        self.wake()

    async def look(self) -> None:
        """Tell the owners of sends that were halted and nobody was told of; what reaches none is tried again."""
        if not await self._untold():
            return
        async with self.turn.taken() as mine:
            for publication in await self._untold() if mine else ():
                if not await self.turn.goes_on():
                    return
                if await self._tell(publication):
                    halted = {one.id for one in await self.publications.halted(SPIKE)}
                    await self._note((await self._told() & halted) | {publication.id})
                    self.turn.settled(publication.id)
                    self._reasons.pop(publication.id, None)
                else:
                    self.turn.failed(publication.id)

    async def _tell(self, publication: Publication) -> bool:
        article = await self.articles.get(publication.article_id)
        reason = self._reasons.get(publication.id, "")
        return await self.owners.tell(lambda look: spike_card(publication, article, reason, look))

    async def _untold(self) -> list[Publication]:
        halted = await self.publications.halted(SPIKE)
        told = await self._told() if halted else frozenset()
        return [one for one in halted if one.id not in told and self.turn.is_due(one.id)]

    async def _told(self) -> frozenset[int]:
        return frozenset(await self.facts.get(_TOLD) or ())

    async def _note(self, told: frozenset[int]) -> None:
        await self.facts.put(_TOLD, sorted(told), self.clock.now())
