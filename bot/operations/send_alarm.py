"""Watching what goes out: waits that Telegram asked for are remembered, and a send that mostly fails is halted."""

from dataclasses import dataclass
from datetime import timedelta

from bot.errors import Stale
from bot.operations.owner_alerts import OwnerAlerts
from bot.ports import ArticleStore, PublicationStore, SendStore, ThrottleStore
from bot.screens.sends import spike_card
from bot.timing.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAlarm:
    """The sender's alarm."""

    throttles: ThrottleStore
    sends: SendStore
    publications: PublicationStore
    articles: ArticleStore
    owners: OwnerAlerts
    clock: Clock

    async def throttled(self, seconds: float) -> None:
        """Remember over a restart for how long the whole bot waits before it tries again."""
        await self.throttles.put("bot", self.clock.now() + timedelta(seconds=seconds))

    async def spiked(self, publication_id: int, reason: str) -> None:
        """Halt a publication that mostly fails, and tell the owners why."""
        try:
            await self.sends.pause(publication_id, "spike", None, self.clock.now())
        except Stale:
            return  # somebody was quicker
        publication = await self.publications.get(publication_id)
        article = await self.articles.get(publication.article_id)
        await self.owners.tell(lambda look: spike_card(publication, article, reason, look))
