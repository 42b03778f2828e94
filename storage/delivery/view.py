"""The ledger for people to look at: how many rows are in each state, and the last ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.model.ledger import DeliveryKind, DeliveryState, Priority
from storage.engine.database import Database
from storage.schema.tables import article, delivery, reader


@dataclass(frozen=True, slots=True)
class Line:
    """One delivery: who gets what, where it stands."""

    id: int
    reader: str
    title: str
    kind: DeliveryKind
    lane: Priority
    state: DeliveryState
    attempts: int
    message_id: int | None
    reason: str
    changed_at: datetime


class LedgerView:
    """Reading the ledger; changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self) -> dict[DeliveryState, int]:
        """Return how many deliveries are in each state."""
        statement = select(delivery.c.state, func.count()).group_by(delivery.c.state)
        async with self._database.read() as connection:
            return {row[0]: row[1] for row in await connection.execute(statement)}

    async def last(self, limit: int) -> Sequence[Line]:
        """Return the newest deliveries, the newest first."""
        statement = (
            select(delivery, reader.c.name, article.c.title)
            .join(reader, reader.c.id == delivery.c.reader_id)
            .outerjoin(article, article.c.id == delivery.c.article_id)
            .order_by(delivery.c.id.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [
            Line(
                row.id,
                row.name,
                row.title or "",
                row.kind,
                row.lane,
                row.state,
                row.attempts,
                row.message_id,
                row.reason or "",
                row.finished_at or row.created_at,
            )
            for row in rows
        ]
