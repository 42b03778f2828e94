"""Composing: the card of a delivery. A headline is rendered once for all readers who see it the same way."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from bot.cards.actions import Root
from bot.cards.card import Card
from bot.cards.lists import Section, digest_card
from bot.cards.news import Look, headline_card, look_of
from bot.clock import Clock
from bot.model.ledger import Delivery, Kind
from bot.model.news import ArticleState, Headline
from bot.ports import ArticleStore, DigestStore, TopicStore

_KEPT = 512

_Key = tuple[int, int, str, str, date]


@dataclass(slots=True)
class CardComposer:
    """Makes cards for the sender, and the digest's card for whoever opens it again."""

    articles: ArticleStore
    digests: DigestStore
    topics: TopicStore
    clock: Clock
    _cards: OrderedDict[_Key, Card | None] = field(default_factory=OrderedDict)
    _making: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def card(self, delivery: Delivery) -> Card | None:
        """Return the card of a delivery, or None when there is nothing to send any more."""
        look = look_of(delivery.reader, self.clock.now())
        if delivery.kind is Kind.DIGEST and delivery.digest_id is not None:
            return await self.digest(delivery.digest_id, look, Root("d", delivery.digest_id), retracted=False)
        if delivery.article_id is None:
            return None
        return await self._headline(delivery.article_id, delivery.revision, look)

    async def _headline(self, article_id: int, revision: int, look: Look) -> Card | None:
        # The day is part of the key: "14:32" becomes "yesterday, 14:32".
        key = (article_id, revision, look.language, look.zone, look.now.astimezone(ZoneInfo(look.zone)).date())
        if key not in self._cards:
            # All workers come at once for the first readers of an article: one makes its card, the others wait.
            async with self._making:
                if key not in self._cards:
                    await self._make(key, article_id, look)
        return self._cards[key]

    async def _make(self, key: _Key, article_id: int, look: Look) -> None:
        article = await self.articles.get(article_id)
        public = article.state is ArticleState.PUBLISHED
        self._cards[key] = headline_card(article, look) if public else None
        if len(self._cards) > _KEPT:
            self._cards.popitem(last=False)

    async def digest(self, digest_id: int, look: Look, root: Root, *, retracted: bool = True) -> Card | None:
        """Return a digest's card at a page; None when it never was, or nothing of it is public.

        What was `retracted` keeps its line, as a notice, in a digest that was sent; it does not come into a new one.
        """
        found = await self.digests.items(digest_id)
        if found is None:
            return None
        due_at, article_ids = found
        headlines = await self.articles.headlines(article_ids, retracted=retracted)
        if not headlines:
            return None
        return digest_card(due_at, await self._sections(headlines, look), look, root)

    async def _sections(self, headlines: Sequence[Headline], look: Look) -> list[Section]:
        """Return headlines by their first topic, topics in the desk's order, newest first within each."""
        order = await self.topics.all()
        groups: dict[int | None, list[Headline]] = {topic.id: [] for topic in order}
        for headline in sorted(headlines, key=lambda h: (not h.urgent, -h.id)):
            topics = (await self.articles.get(headline.id)).topics
            groups.setdefault(topics[0].id if topics else None, []).append(headline)
        names = {topic.id: f"{topic.emoji} {topic.name(look.language)}".strip() for topic in order}
        return [
            Section(names.get(number, look.say("digest-other")) if number else look.say("digest-other"), tuple(items))
            for number, items in groups.items()
            if items
        ]
