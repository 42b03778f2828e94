"""The audit trail: who did what on the desk, written in the transaction that did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from storage.schema.tables import audit


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: `by` is a Telegram id, None for the bot itself."""

    at: datetime
    by: int | None
    act: str
    article_id: int | None
    detail: Mapping[str, object]


async def write_audit(
    connection: AsyncConnection,
    at: datetime,
    by: int | None,
    act: str,
    article_id: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Append an act."""
    values = {"at": at, "by": by, "act": act, "article_id": article_id, "detail": dict(detail or {})}
    await connection.execute(insert(audit).values(values))


class Audit:
    """Reading the trail."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_article(self, article_id: int) -> list[Entry]:
        """Return what was done with an article, oldest first."""
        statement = select(audit).where(audit.c.article_id == article_id).order_by(audit.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [Entry(row.at, row.by, row.act, row.article_id, row.detail) for row in rows]
