"""Claiming what is due: the ledger's busiest statement, and the rows it returns as the core knows them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Integer,
    Select,
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
from storage.engine.chains import Chain, run_chain
from storage.engine.columns import Instant
from storage.engine.conditions import in_states, of_kinds
from storage.engine.database import Database
from storage.engine.prepared import Prepared, prepared_update
from storage.people.readers import COLUMNS, reader_of
from storage.runtime.message_ids import HIGHEST
from storage.schema.tables import article, delivery, message_ids, reader

_OWN = tuple(
    delivery.c[name]
    for name in (
        "id", "kind", "lane", "attempts", "publication_id", "article_id", "digest_id", "target_message", "first_article"
    )
)  # fmt: skip


class Claims:
    """Claiming deliveries, with their readers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._due = Prepared(database, _due(), (*_OWN, *COLUMNS))
        self._take = prepared_update(database, _taking(database), delivery.c.id, delivery.c.revision)

    async def take(
        self, connection: AsyncConnection, limit: int, now: datetime, until: datetime, holder: str
    ) -> list[Delivery]:
        """Claim up to `limit` rows, with a lease until then; the most urgent first, then the oldest. In a turn."""
        claimed, lost = await run_chain(connection, self._taken(limit, now, until, holder))
        if lost:
            await self._drop(connection, lost)
        await self._note_highest(connection, [one for one in claimed if counter_of(one.reader.address.chat_id)])
        await mark_told_with(self._database, connection, claimed)
        return claimed

    def _taken(
        self, limit: int, now: datetime, until: datetime, holder: str
    ) -> Chain[tuple[list[Delivery], list[int]]]:
        """Claim; returns what was, and the rows whose readers were deleted by hand."""
        found = yield self._due, {"limit": limit, "now": now}
        if not found:
            return [], []
        # In a turn nobody but its holder takes a row out of the queue; that it says so all the same is the rule.
        rows = packed([{"id": row[0]} for row in found])
        taken = yield self._take, {"rows": rows, "until": until, "holder": holder}
        revisions: dict[int, int] = {row[0]: row[1] for row in taken}
        there = [row for row in found if row[0] in revisions]
        claimed = [_delivery_of(row, revisions[row[0]]) for row in there if row[len(_OWN)] is not None]
        return claimed, [row[0] for row in there if row[len(_OWN)] is None]

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


def _delivery_of(row: Sequence[Any], revision: int) -> Delivery:
    number, kind, lane, attempts, publication_id, article_id, digest_id, target, first, *whose = row
    return Delivery(
        id=number,
        reader=reader_of(whose),
        kind=kind,
        lane=lane,
        attempts=attempts,
        publication_id=publication_id,
        article_id=article_id,
        digest_id=digest_id,
        revision=revision,
        target_message=target,
        first_article=first,
    )


def _due() -> Select[Any]:
    """Return the statement that finds up to `limit` rows that are due at `now`, with their readers.

    One statement for both costs half of what two do.
    """
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
    return (
        select(*_OWN, *COLUMNS)
        .select_from(delivery.outerjoin(reader, reader.c.id == delivery.c.reader_id))
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


def _taking(database: Database) -> Update:
    """Return the statement that claims rows; see `Ledger.claim`."""
    current = select(article.c.revision).where(article.c.id == delivery.c.article_id).scalar_subquery()
    return (
        update(delivery)
        .where(
            delivery.c.id.in_(select(rowset(database, {"id": BigInteger})["id"]).scalar_subquery()),
            delivery.c.state == DeliveryState.QUEUED,
        )
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
