"""What is asked while people wait, or again and again, is looked up: neither engine reads all deliveries or articles.

SQLite takes an index of some rows only where a statement says so to the letter, which no answer shows.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, insert, literal, select, text

from bot.model.changes import ArticleChanges
from bot.model.desk import Correction
from bot.model.ledger import DeliveryKind, DeliveryState, Priority
from bot.model.news import ArticleState, RevisionKind
from storage.engine.database import Database
from storage.schema.tables import article, delivery, revision
from storage.store import Store
from tests.support.rows import NO_TERMS, NOW, a_crowd, a_draft, a_publication, a_reader

_MANY = 20_000
_READERS, _ARTICLES = 100, 30
_LATE = NOW + timedelta(minutes=10)
_BIG = "delivery|article|revision"
_WHOLE = re.compile(rf"SCAN ({_BIG})\b(?! USING)|Seq Scan on ({_BIG})\b")
Call = Callable[[Store, int], Awaitable[object]]


async def _erase(store: Store, _: int) -> None:
    """Erase a reader, and what the ledger holds of them; nobody is at that address the second time."""
    await store.personal_data.erase(600, NOW)
    while await store.personal_data.sweep(NOW):
        pass


ASKED: dict[str, Call] = {
    "what waits for a reader": lambda store, _: store.waiting.of_reader(1, _LATE),
    "withdrawing it": lambda store, number: store.waiting.change(1, withdraw=[number], put_back=[2], now=_LATE),
    "who holds an article": lambda store, number: store.corrections.holders(number),
    "where it was posted": lambda store, number: store.posts.of_article(number, offset=0, limit=1),
    "the latest": lambda store, _: store.articles.latest(),
    "the next page": lambda store, number: store.articles.latest(anchor=number, offset=5),
    "drafts": lambda store, _: store.articles.desk_list(ArticleState.DRAFT, 0, 5),
    "what is planned": lambda store, _: store.articles.desk_list(ArticleState.SCHEDULED, 0, 5),
    "drafts of authors": lambda store, _: store.articles.drafts_of([100], NOW),
    "drafts of feeds": lambda store, _: store.feed_items.drafts(NOW),
    "corrections, for everybody": lambda store, _: store.corrections.listed(0, 5),
    "where the ledger begins and ends, for an erasure": _erase,
}


@pytest.fixture
async def grown(database: Database) -> tuple[Database, int]:
    """Return a database with much that was sent, and an article that has just been corrected."""
    await a_crowd(database, range(501, 501 + _READERS))
    await a_draft(database, "Чернетка")
    number, _ = await a_publication(database)
    async with database.write() as connection:
        same = {"state": ArticleState.PUBLISHED, "title": "Було", "language": "uk", "revision": 1}
        past = {"published_at": NOW - timedelta(days=9), "created_at": NOW, "updated_at": NOW}
        more = [{**same, **past, "identity": f"past:{one}"} for one in range(_MANY)]
        await connection.execute(insert(article), more)
        kept = ("article_id", "number", "kind", "title", "lead", "body", "at")
        texts = select(
            article.c.id, literal(9), literal(0), article.c.title, article.c.lead, literal(""), article.c.created_at
        )
        await connection.execute(insert(revision).from_select(kept, texts))
        sent = {"kind": DeliveryKind.PUSH, "lane": Priority.INSTANT, "state": DeliveryState.SENT, "created_at": NOW}
        rows = [
            {"reader_id": 1 + one % _READERS, "article_id": number + one // _READERS, "message_id": one + 1}
            for one in range(_READERS * _ARTICLES)
        ]
        await connection.execute(insert(delivery), [{**sent, **row, "not_before": NOW} for row in rows])
    return database, number


async def _read_whole(
    database: Database, asking: Callable[[], Awaitable[object]], *, writing: bool = False
) -> list[str]:
    """Return how those statements of a call are gone about that read a whole table; those of its writing alone, if so."""
    asked: list[Any] = []

    def note(*of: Any) -> None:
        asked.append(of[2:4])

    engines = {database._writer.sync_engine, *([] if writing else [database._reader.sync_engine])}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    await asking()
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    plans = []
    async with database.write() as connection:
        if not database.is_sqlite:  # of so few rows PostgreSQL would read all, index or not
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, values in asked:
            if statement.startswith(("SELECT", "UPDATE", "DELETE")) and "pg_advisory" not in statement:
                explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
                rows = await connection.exec_driver_sql(f"{explain} {statement}", values)
                plans.append(f"{statement}\n" + "\n".join(str(row[-1]) for row in rows))
    assert plans
    return [plan for plan in plans if _WHOLE.search(plan)]


async def _look(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("ANALYZE"))


async def test_it_is_looked_up(grown: tuple[Database, int]) -> None:
    database, number = grown
    store, whole = Store(database, "me"), {}
    for known in ("nothing", "statistics"):
        for name, ask in ASKED.items():
            if plans := await _read_whole(database, partial(ask, store, number)):
                whole[name, known] = plans
        await _look(database)
    assert whole == {}


async def test_so_are_the_copies_that_a_correction_changes(grown: tuple[Database, int]) -> None:
    database, number = grown
    store = Store(database, "me")
    changes = ArticleChanges(title="Міст зачинили")
    wanted = Correction(article_id=number, version=2, kind=RevisionKind.TYPO, by=1, changes=changes, terms=NO_TERMS)
    send = await store.corrections.correct(wanted, NOW)
    for _ in range(4):  # two stretches of readers, and what was sent meanwhile
        assert await _read_whole(database, lambda: store.corrections.spread(send, _READERS // 2, NOW)) == []
        await _look(database)
    assert (await store.publications.get(send)).tally.total == _READERS


async def test_a_group_that_moves_has_others_wait_for_nothing_but_its_own_rows(grown: tuple[Database, int]) -> None:
    """All that it ever got is looked for beforehand, while others write."""
    database, _ = grown
    store, one, waits = Store(database, "me"), await a_reader(database, chat_id=-5), DeliveryState.QUEUED
    same = {"reader_id": one.id, "kind": DeliveryKind.EDIT, "lane": Priority.INSTANT, "created_at": NOW}
    async with database.write() as connection:
        rows = [{**same, "not_before": NOW, "target_message": 9, "state": waits} for _ in range(3)]
        await connection.execute(insert(delivery), rows)
    for old, new in ((-5, -1005), (-1005, -1006)):
        if new == -1006:
            await a_reader(database, chat_id=new)  # whoever wrote there before
        moves = partial(store.readers.move_chat, old, new, NOW)
        assert await _read_whole(database, moves, writing=True) == []
        await _look(database)
