"""Rows for storage tests, made the way the product makes them."""

import itertools
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, literal, select

from bot.model.asking import Unclear
from bot.model.desk import Order
from bot.model.ledger import Delivery, Priority
from bot.model.matching import EVERYTHING, MatchKey, Targeting, topic_key
from bot.model.news import FromEditor, Incoming, Terms, Topic
from bot.model.readers import Address, Reader
from bot.model.relevance import PreparedArticle, WrittenArticle
from bot.relevance.lemmas import terms_of
from storage.articles.articles import Articles
from storage.delivery.doubts import Doubts
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.people.readers import Readers
from storage.schema.tables import reader, subscription

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=45)
_numbers = itertools.count(1)


async def a_reader(database: Database, *keys: str, chat_id: int = 0, **settings: Any) -> Reader:
    """Store a reader who wants these keys (everything, if none are named)."""
    readers = Readers(database)
    known = Reader(id=0, address=Address(chat_id or 10_000 + next(_numbers)), name="Оля")
    stored, _ = await readers.meet(known, NOW)
    if settings:
        stored = await readers.save(replace(stored, **settings), NOW)
    await readers.choose(stored.id, [MatchKey.parse(key) for key in keys] or [EVERYTHING])
    return stored


async def a_crowd(database: Database, chats: Iterable[int]) -> None:
    """Store readers of everything, all at once: hundreds one by one take longer than what is done with them."""
    first, *others = chats
    pattern = await a_reader(database, chat_id=first)
    copied = [column for column in reader.c if column.name not in {"id", "chat_id"}]
    async with database.write() as connection:
        found = await connection.execute(select(*copied).where(reader.c.id == pattern.id))
        values = dict(found.mappings().one())
        if others:
            await connection.execute(insert(reader), [{**values, "chat_id": chat_id} for chat_id in others])
            mine = select(literal(EVERYTHING, subscription.c.key.type), reader.c.id).where(reader.c.chat_id.in_(others))
            await connection.execute(insert(subscription).from_select(["key", "reader_id"], mine))


async def claimed(ledger: Ledger, limit: int = 10, at: datetime = NOW) -> list[Delivery]:
    """Claim deliveries, of which none is put aside."""
    return list((await ledger.claim(limit, at, LEASE, lambda _: {})).deliveries)


async def told_nothing(database: Database) -> None:
    """Let Telegram have been asked about everything that is uncertain, in vain."""
    doubts = Doubts(database)
    await doubts.settle(dict.fromkeys(await doubts.open(), Unclear()), NOW)


async def a_draft(database: Database, title: str = "Міст відкрили", topics: tuple[int, ...] = (), **values: Any) -> int:
    """Store a draft."""
    incoming = Incoming(title=title, **{"source": "Вісник", "identity": f"test:{next(_numbers)}", **values})
    return await Articles(database).draft(prepared(incoming, *topics), NOW)


def prepared(incoming: Incoming, *topics: int, minutes: int = 1) -> PreparedArticle:
    """Return a draft of editor 100 under these topics, as intake hands it to storage."""
    filed = tuple(Topic(number, "", {}) for number in topics)
    return PreparedArticle(incoming, FromEditor(100), WrittenArticle("", Terms(), minutes), filed)


async def a_publication(
    database: Database,
    title: str = "Міст відкрили",
    lane: Priority = Priority.INSTANT,
    topics: tuple[int, ...] = (),
    **values: Any,
) -> tuple[int, int]:
    """Publish an article, without its deliveries; returns the article's and the publication's numbers."""
    publications = Publications(database)
    article_id = await a_draft(database, title, topics, **values)
    number = await publications.order(Order(article_id, 0, NOW, 100, lane), NOW)
    assert await publications.start(number, 1, terms_of(title, "", "", "uk"), NOW)
    return article_id, number


def a_matter(*topics: int, language: str = "uk", urgent: bool = False) -> Targeting:
    """Return what matters of an article of these topics."""
    return Targeting(frozenset({EVERYTHING, *map(topic_key, topics)}), language, urgent)


NO_TERMS = Terms()
