"""The audit trail: who did what on the desk, written in the transaction that did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import DeskAct
from storage.engine.database import AnyRow, Database
from storage.schema.tables import audit

_SOME = 500  # acts that are read at once


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

    async def acts(self, after: int | None) -> list[DeskAct]:
        """Return what was done, oldest first, _SOME at most: behind a number, or with None the newest."""
        some = select(audit).order_by(audit.c.id.desc()).limit(_SOME)
        if after is not None:
            some = select(audit).where(audit.c.id > after).order_by(audit.c.id).limit(_SOME)
        async with self._database.read() as connection:
            rows = (await connection.execute(some)).all()
        return sorted((_act_of(row) for row in rows), key=lambda act: act.id)


def _act_of(row: AnyRow) -> DeskAct:
    who, at = row.detail.get("who"), row.detail.get("at")
    return DeskAct(
        id=row.id,
        name=row.act,
        at=row.at,
        by=row.by,
        article_id=row.article_id,
        who=who if isinstance(who, int) else None,
        at_then=datetime.fromisoformat(at) if isinstance(at, str) else None,
    )
