"""Changing what waits for its time."""

from datetime import datetime

from sqlalchemy import and_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import Order, PublicationState
from bot.model.ledger import Priority
from bot.model.news import ArticleState
from storage.schema.tables import article, publication


async def move_plan(connection: AsyncConnection, order: Order, now: datetime) -> int | None:
    """Move the publication of an article that waits, inside the caller's transaction; returns its number.

    None when the article is not as it was seen, or waits no more: the caller then takes everything back. The
    publication comes first, as whoever starts it has it first.
    """
    waiting = and_(publication.c.article_id == order.article_id, publication.c.state == PublicationState.SCHEDULED)
    seen = and_(
        article.c.id == order.article_id,
        article.c.version == order.version,
        article.c.state == ArticleState.SCHEDULED,
    )
    moved = update(publication).where(waiting).values(at=order.at, lane=order.lane, policy=order.policy, by=order.by)
    number = (await connection.execute(moved.returning(publication.c.id))).scalar()
    urgent = order.lane is Priority.URGENT
    touched = update(article).where(seen).values(urgent=urgent, version=order.version + 1, updated_at=now)
    found = (await connection.execute(touched.returning(article.c.id))).first()
    return int(number) if number is not None and found is not None else None
