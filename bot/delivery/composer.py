"""Composing: the card of a delivery. A headline is rendered once for all readers who see it the same way."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date

from bot.errors import Stale
from bot.model.ledger import Delivery, DeliveryKind
from bot.model.news import ArticleState
from bot.ports import ArticleStore, LedgerStore
from bot.screens.card import Card
from bot.screens.digests import DigestScreens
from bot.screens.look import Look, look_of
from bot.screens.pushes import headline_card
from bot.timing.clock import Clock
from bot.timing.stored_zones import stored_zone

_KEPT = 512

_Key = tuple[int, int, str, str, date, bool]


@dataclass(slots=True, kw_only=True)
class CardComposer:
    """Makes cards for the sender."""

    articles: ArticleStore
    digests: DigestScreens
    ledger: LedgerStore
    clock: Clock
    _cards: OrderedDict[_Key, Card | None] = field(default_factory=OrderedDict)
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def card(self, delivery: Delivery) -> Card | None:
        """Return the card of a delivery, or None when there is nothing to send any more."""
        look = look_of(delivery.reader, self.clock.now())
        match delivery:
            case Delivery(kind=DeliveryKind.DIGEST, digest_id=int(number)):
                return await self._digest(delivery, number, look)
            case Delivery(article_id=int(number)):
                return await self._headline(number, delivery.revision, look, delivery.reader.titles_only)
            case _:
                return None

    async def _digest(self, delivery: Delivery, number: int, look: Look) -> Card | None:
        fresh = await self.digests.fresh(number, delivery.reader, look)
        if fresh.left_out:
            # Before a byte leaves: a correction looks for the lines of digests that were sent.
            await self.ledger.leave_out(delivery.id, fresh.left_out, self.clock.now())
        return fresh.card

    async def _headline(
        self,
        article_id: int,
        revision: int,
        look: Look,
        titles_only: bool,  # noqa: FBT001  a reader's setting, passed on
    ) -> Card | None:
        # The day is part of the key: "14:32" becomes "yesterday, 14:32".
        day = look.now.astimezone(stored_zone(look.zone)).date()
        key = (article_id, revision, look.language, look.zone, day, titles_only)
        if key not in self._cards:
            # All workers come at once for the first readers of an article: one makes its card, the others wait.
            async with self._making:
                if key not in self._cards:
                    await self._make(key, article_id, look)
        return self._cards[key]

    async def _make(self, key: _Key, article_id: int, look: Look) -> None:
        article = await self.articles.get(article_id)
        public = article.state is ArticleState.PUBLISHED
        if article.revision < key[1]:
            raise Stale  # a copy of the database that lags behind: the next try reads it anew
        self._cards[key] = headline_card(article, look, titles_only=key[-1]) if public else None
        if len(self._cards) > _KEPT:
            self._cards.popitem(last=False)
