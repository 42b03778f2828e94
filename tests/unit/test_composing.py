"""Composing: a card is made once for all readers who see it the same way."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.delivery.composer import CardComposer
from bot.model.ledger import Delivery, DeliveryKind, Priority
from bot.model.news import Article, ArticleState
from bot.model.readers import Address, Reader
from bot.screens.digests import DigestScreens
from tests.support.clock import TestClock


@dataclass
class Shelf:
    """Articles that take a moment to be fetched."""

    asked: list[int] = field(default_factory=list)

    async def get(self, article_id: int) -> Article:
        self.asked.append(article_id)
        await asyncio.sleep(0.01)
        return Article(id=article_id, title="Міст відкрили", state=ArticleState.PUBLISHED)


def _delivery(number: int, zone: str) -> Delivery:
    reader = Reader(id=number, address=Address(number), zone=zone)
    return Delivery(id=number, reader=reader, kind=DeliveryKind.PUSH, lane=Priority.INSTANT, article_id=7)


async def test_all_workers_that_come_at_once_share_one_card_for_each_way_of_seeing_it() -> None:
    shelf: Any = Shelf()
    screens = DigestScreens(articles=shelf, digests=shelf, topics=shelf, subscriptions=shelf)
    composer = CardComposer(articles=shelf, digests=screens, ledger=shelf, clock=TestClock())
    zones = ["Europe/Kyiv", "Europe/Warsaw"] * 50
    cards = await asyncio.gather(*(composer.card(_delivery(n, zone)) for n, zone in enumerate(zones)))
    assert shelf.asked == [7, 7]
    assert len({id(card) for card in cards}) == 2
