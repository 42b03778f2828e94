"""Watching what goes out: waits that Telegram asked for are remembered, and a send that mostly fails is halted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.delivery.owner_alerts import OwnerAlerts
from bot.errors import Stale
from bot.ports import ArticleStore, PublicationStore
from bot.screens.sends import spike_card
from bot.timing.clock import Clock


class Waits(Protocol):
    """What Telegram asked us to wait for; storage/runtime/notes.py."""

    async def put(self, scope: str, until: datetime) -> None:
        """Wait in this scope until then."""


class Halting(Protocol):
    """Halting a send; storage/delivery/sends.py."""

    async def pause(self, publication_id: int, reason: str, by: int | None, now: datetime) -> None:
        """Halt it; raises Stale when it does not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAlarm:
    """The sender's alarm."""

    waits: Waits
    control: Halting
    publications: PublicationStore
    articles: ArticleStore
    owners: OwnerAlerts
    clock: Clock

    async def throttled(self, seconds: float) -> None:
        """Remember over a restart that Telegram asks the whole bot to wait."""
        await self.waits.put("bot", self.clock.now() + timedelta(seconds=seconds))

    async def spiked(self, publication_id: int, reason: str) -> None:
        """Halt a publication that mostly fails, and tell the owners why."""
        try:
            await self.control.pause(publication_id, "spike", None, self.clock.now())
        except Stale:
            return  # somebody was quicker
        publication = await self.publications.get(publication_id)
        article = await self.articles.get(publication.article_id)
        await self.owners.tell(lambda look: spike_card(publication, article, reason, look))
