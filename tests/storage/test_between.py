"""Something happens between two statements of one transaction: at READ COMMITTED each statement sees it or not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.model.changes import ArticleChanges
from bot.model.desk import Correction
from bot.model.ledger import DeliveryKind, DeliveryState, Finish
from bot.model.news import RevisionKind
from bot.model.tokens import Answered, Scope
from storage.delivery.corrections import Corrections
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.people.tokens import Tokens
from storage.schema.tables import delivery
from tests.support.rows import NO_TERMS, NOW, a_matter, a_publication, a_reader, claimed

_BLOCKED = 0.5  # seconds after which what happens between counts as waiting for the transaction


class _Stopping:
    """A connection that does something before its n-th statement."""

    def __init__(self, connection: Any, number: int, between: Callable[[], Awaitable[None]]) -> None:
        self._connection, self._left, self._between = connection, number, between

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    async def execute(self, *statement: Any) -> Any:
        if not self._left:
            await self._between()
        self._left -= 1
        return await self._connection.execute(*statement)

    async def scalar(self, *statement: Any) -> Any:
        return (await self.execute(*statement)).scalar()

    @property
    def passed(self) -> bool:
        return self._left < 0


class Stepping(Database):
    """A database whose next transaction stops before one of its statements."""

    number: int | None = None
    between: Callable[[], Awaitable[None]]
    reached = False

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Any]:
        async with super().write() as connection:
            if self.number is None:
                yield connection
                return
            stopping, self.number = _Stopping(connection, self.number, self.between), None
            yield stopping
            self.reached = stopping.passed


async def _edits(database: Database, article_id: int) -> int:
    mine = select(delivery.c.id).where(delivery.c.article_id == article_id, delivery.c.kind == DeliveryKind.EDIT)
    async with database.read() as connection:
        return len((await connection.execute(mine)).all())


@pytest.mark.parametrize("last_look", [False, True])
async def test_a_correction_passes_over_no_copy_whatever_is_recorded_between_its_statements(
    postgres_url: str, *, last_look: bool
) -> None:
    database, other = Stepping(postgres_url), Database(postgres_url)
    await a_reader(database)
    ledger, corrections, passed_over = Ledger(other, "another"), Corrections(database), []
    for number in range(30):
        article_id, send = await a_publication(database, f"Міст {number}")
        await Publications(database).fan_out(send, a_matter(), 1000, NOW, timedelta(hours=6))
        (row,) = await claimed(ledger)
        values = {"kind": RevisionKind.TYPO, "by": 1, "changes": ArticleChanges(title="Мости"), "terms": NO_TERMS}
        correction = await corrections.correct(Correction(article_id=article_id, version=2, **values), NOW)  # type: ignore[arg-type]
        if last_look:
            assert await corrections.spread(correction, 1000, NOW)
        recording: list[asyncio.Future[None]] = []
        sent = [(row.id, Finish(DeliveryState.SENT, message_id=500 + number))]

        async def record(sent: Any = sent, recording: Any = recording) -> None:
            recording.append(asyncio.ensure_future(ledger.finish(sent, NOW)))
            await asyncio.wait(recording, timeout=_BLOCKED)

        database.number, database.between, database.reached = number, record, False
        await corrections.spread(correction, 1000, NOW)
        reached = database.reached
        await asyncio.gather(*recording) if recording else await ledger.finish(sent, NOW)
        for _ in range(5):
            await corrections.spread(correction, 1000, NOW)
        if await _edits(database, article_id) != 1:
            passed_over.append(number)
        for edit in await claimed(ledger):
            await ledger.finish([(edit.id, Finish(DeliveryState.SENT))], NOW)
        if not reached:
            break
    else:
        pytest.fail("there are more statements than were looked at")
    await database.close()
    await other.close()
    assert passed_over == []


async def test_a_request_that_is_let_go_between_two_looks_at_it_is_begun_by_whoever_looks(postgres_url: str) -> None:
    database, other = Stepping(postgres_url), Tokens(Database(postgres_url))
    tokens = Tokens(database)
    assert await tokens.add("cms", "Агенція", Scope.DRAFT, "secret", NOW)
    (token,) = await tokens.all()
    assert await other.begin(token.id, "key", "asked", NOW) is None
    database.number, database.between = 1, lambda: other.end(token.id, "key", None)
    assert await tokens.begin(token.id, "key", "asked", NOW) is None
    assert database.reached
    assert await other.begin(token.id, "key", "asked", NOW) == Answered(0, "")
    await database.close()
    await other._database.close()
