"""Claiming what is due: the ledger's busiest statement, and the rows it returns as the core knows them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Integer,
    String,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.asking import counter_of
from bot.model.ledger import OPEN, Delivery, DeliveryState
from storage.delivery.counters import count
from storage.delivery.mentions import mark_told_with
from storage.delivery.sends import may_go
from storage.engine.batches import packed, rowset
from storage.engine.columns import Instant
from storage.engine.conditions import in_states, of_kinds
from storage.engine.database import Database
from storage.engine.prepared import Prepared, prepared_update
from storage.people.readers import COLUMNS, reader_of
from storage.runtime.message_ids import HIGHEST
from storage.schema.tables import article, delivery, message_ids, reader

_OWN = (
    *(
        delivery.c[name]
        for name in (
            "id", "reader_id", "kind", "lane", "publication_id", "article_id", "digest_id", "revision",
            "target_message", "first_article", "expires_at", "created_at",
        )
    ),
    (delivery.c.attempts - 1).label("before"),
)  # fmt: skip


class Claims:
    """Claiming deliveries, with their readers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._claim = prepared_update(database, _claiming(), *_OWN)
        wanted = select(rowset(database, {"id": BigInteger})["id"]).scalar_subquery()
        self._readers = Prepared(database, select(*COLUMNS).where(reader.c.id.in_(wanted)), COLUMNS)

    async def rows(
        self, connection: AsyncConnection, limit: int, now: datetime, until: datetime, holder: str
    ) -> list[Delivery]:
        """Claim up to `limit` rows, with a lease until then; the most urgent first, then the oldest."""
        rows = await self._claim.rows(connection, limit=limit, now=now, until=until, holder=holder)
        if not rows:
            return []
        whose = packed([{"id": row[1]} for row in rows])
        readers = {row[0]: reader_of(row) for row in await self._readers.rows(connection, rows=whose)}
        lost = [row[0] for row in rows if row[1] not in readers]
        if lost:
            await self._drop(connection, lost)
        claimed = [_delivery_of(row, readers[row[1]]) for row in rows if row[1] in readers]
        await self._note_highest(connection, [one for one in claimed if counter_of(one.reader.address.chat_id)])
        await mark_told_with(self._database, connection, claimed)
        return sorted(claimed, key=lambda one: (one.lane, one.id))

    async def _note_highest(self, connection: AsyncConnection, claimed: Sequence[Delivery]) -> None:
        """Note for deliveries to supergroups and channels the highest number known of their own counters."""
        if not claimed:
            return
        chat = select(reader.c.chat_id).where(reader.c.id == delivery.c.reader_id).correlate(delivery)
        own = message_ids.c.counter == chat.scalar_subquery()
        highest = select(func.max(message_ids.c.last)).where(own).correlate(delivery).scalar_subquery()
        mine = and_(delivery.c.id.in_([one.id for one in claimed]), delivery.c.state == DeliveryState.SENDING)
        await connection.execute(update(delivery).where(mine).values(after_message=highest))

    async def _drop(self, connection: AsyncConnection, numbers: Sequence[int]) -> None:
        """End the deliveries of readers that were deleted by hand."""
        gone = update(delivery).where(delivery.c.id.in_(numbers), delivery.c.state == DeliveryState.SENDING)
        change = gone.values(state=DeliveryState.DROPPED, reason="no reader", lease_until=null())
        ended = (await connection.execute(change.returning(delivery.c.publication_id))).scalars().all()
        await count(connection, Counter((number, "dropped") for number in ended if number is not None))


def _delivery_of(row: Sequence[Any], whose: Any) -> Delivery:
    number, _, kind, lane, publication_id, article_id, digest_id, revision, target, first, expires, created, before = (
        row
    )
    return Delivery(
        id=number,
        reader=whose,
        kind=kind,
        lane=lane,
        attempts=before,
        publication_id=publication_id,
        article_id=article_id,
        digest_id=digest_id,
        revision=revision,
        target_message=target,
        first_article=first,
        expires_at=expires,
        created_at=created,
    )


def _claiming() -> Update:
    """Return the statement that claims up to `limit` rows; see `Ledger.claim`."""
    now: BindParameter[Any] = bindparam("now", type_=Instant)
    older = delivery.alias("older")
    blocked = exists().where(
        older.c.reader_id == delivery.c.reader_id,
        in_states(older, *OPEN),
        or_(
            older.c.state != DeliveryState.QUEUED,
            older.c.lane < delivery.c.lane,
            and_(older.c.lane == delivery.c.lane, older.c.id < delivery.c.id),
        ),
    )
    due = (
        select(delivery.c.id)
        .where(
            in_states(delivery, DeliveryState.QUEUED),
            delivery.c.not_before <= now,
            or_(delivery.c.expires_at.is_(None), delivery.c.expires_at > now),
            may_go(),
            ~blocked,
        )
        .order_by(delivery.c.lane, delivery.c.id)
        .limit(bindparam("limit", type_=Integer))
    )
    current = select(article.c.revision).where(article.c.id == delivery.c.article_id).scalar_subquery()
    return (
        update(delivery)
        .where(delivery.c.id.in_(due), delivery.c.state == DeliveryState.QUEUED)
        .values(
            state=DeliveryState.SENDING,
            holder=bindparam("holder", type_=String),
            lease_until=bindparam("until", type_=Instant),
            attempts=delivery.c.attempts + 1,
            revision=case(
                (of_kinds(delivery, lambda traits: traits.keeps_revision), delivery.c.revision),
                else_=func.coalesce(current, delivery.c.revision),
            ),
            after_message=HIGHEST,
        )
    )
