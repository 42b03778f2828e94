"""Claiming what is due: the ledger's busiest statement, and the rows it returns as the core knows them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
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
from bot.model.frozen import unfrozen
from bot.model.ledger import OPEN, QUIET_HOURS, Delivery, DeliveryState
from storage.delivery.counters import count
from storage.delivery.mentions import mark_told_with
from storage.delivery.sends import may_go
from storage.engine.batches import as_list, listed
from storage.engine.chains import Chain, run_chain
from storage.engine.columns import Instant
from storage.engine.conditions import in_states, of_kinds, still_in
from storage.engine.database import Database
from storage.engine.prepared import Prepared, reading
from storage.people.reader_rows import COLUMNS, ReaderRows
from storage.runtime.message_ids import HIGHEST
from storage.schema.tables import article, delivery, message_ids, reader

_OWN = tuple(
    delivery.c[name]
    for name in (
        "id", "kind", "lane", "attempts", "publication_id", "article_id", "digest_id", "target_message", "first_article"
    )
)  # fmt: skip
_READER = 1 + len(_OWN)  # the reader's place in a row, behind the revision and these
_Delivery = unfrozen(Delivery)


class Claims:
    """Claiming deliveries, with their readers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._due = Prepared(database, _due(), ())  # its rows are read when they are made deliveries of
        self._read_kind, self._read_lane = (reading(delivery.c[name], database.dialect) for name in ("kind", "lane"))
        self._readers = ReaderRows(database)
        taking = _taking(database)
        if not database.is_sqlite:
            # An article may get another revision between two statements; on SQLite nothing changes in a transaction.
            taking = taking.returning(delivery.c.id, delivery.c.revision)
        self._take = Prepared(database, taking, (delivery.c.id, delivery.c.revision))

    async def take(
        self, connection: AsyncConnection, limit: int, now: datetime, until: datetime, holder: str
    ) -> list[Delivery]:
        """Claim up to `limit` rows, with a lease until then; the most urgent first, then the oldest. In a turn."""
        return await self.taken(connection, await run_chain(connection, self.taking(limit, now, until, holder)))

    async def taken(self, connection: AsyncConnection, found: Sequence[Sequence[Any]]) -> list[Delivery]:
        """Return the deliveries that were claimed by `taking`, and note with them what they need for it."""
        claimed = self._deliveries([row for row in found if row[_READER] is not None])
        if len(claimed) < len(found):
            await self._drop(connection, [row[1] for row in found if row[_READER] is None])
        await self._note_highest(connection, [one for one in claimed if counter_of(one.reader.address.chat_id)])
        await mark_told_with(self._database, connection, claimed)
        return claimed

    def taking(self, limit: int, now: datetime, until: datetime, holder: str) -> Chain[list[Sequence[Any]]]:
        """Claim; returns the rows of what was, each with its reader's, for `taken`."""
        found = yield self._due, {"limit": limit, "now": now}
        if not found:
            return []
        # In a turn nobody but its holder takes a row out of the queue; that it says so all the same is the rule.
        numbers = as_list([row[1] for row in found])
        taken = yield self._take, {"numbers": numbers, "until": until, "holder": holder}
        if self._database.is_sqlite:
            return found
        revisions: dict[int, int] = {row[0]: row[1] for row in taken}
        return [(revisions[row[1]], *row[1:]) for row in found if row[1] in revisions]

    def _deliveries(self, rows: Sequence[Sequence[Any]]) -> list[Delivery]:
        read_kind, read_lane = self._read_kind, self._read_lane
        made: list[Delivery] = []
        for row, whose in zip(rows, self._readers.readers_of(rows, _READER), strict=True):
            one = _Delivery()
            (
                one.revision, one.id, kind, lane, one.attempts,
                one.publication_id, one.article_id, one.digest_id, one.target_message, one.first_article,
            ) = row[:_READER]  # fmt: skip
            one.kind, one.lane, one.reader, one.paid = read_kind(kind), read_lane(lane), whose, False
            one.__class__ = Delivery
            made.append(one)
        return made

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


def _revision() -> ColumnElement[int]:
    """Return the revision in which a delivery is sent now."""
    current = select(article.c.revision).where(article.c.id == delivery.c.article_id).scalar_subquery()
    return case(
        (of_kinds(delivery, lambda traits: traits.keeps_revision), delivery.c.revision),
        else_=func.coalesce(current, delivery.c.revision),
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
            ~in_states(older, DeliveryState.QUEUED),
            older.c.lane < delivery.c.lane,
            and_(older.c.lane == delivery.c.lane, older.c.id < delivery.c.id),
        ),
        ~and_(of_kinds(delivery, lambda traits: traits.edits), _waits_for_morning(older, now)),
    )
    return (
        select(_revision(), *_OWN, *COLUMNS)
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


def _waits_for_morning(older: FromClause, now: BindParameter[Any]) -> ColumnElement[bool]:
    """Return the condition for queued rows that wait for their reader's quiet hours to end, or behind one that does.

    Only who has come to its turn knows the hours: those behind it in the queue have not been looked at.
    """
    first = delivery.alias("first")
    ahead = or_(first.c.lane < older.c.lane, and_(first.c.lane == older.c.lane, first.c.id <= older.c.id))
    asleep = exists().where(
        first.c.reader_id == older.c.reader_id,
        in_states(first, *OPEN),  # so that SQLite takes the index of what is open
        in_states(first, DeliveryState.QUEUED),
        first.c.reason == QUIET_HOURS,
        first.c.not_before > now,
        ahead,
    )
    waits = of_kinds(older, lambda traits: traits.waits_for_quiet_end)
    return and_(waits, in_states(older, DeliveryState.QUEUED), asleep)


def _taking(database: Database) -> Update:
    """Return the statement that claims rows; see `Ledger.claim`."""
    return (
        update(delivery)
        .where(delivery.c.id.in_(listed(database)), still_in(delivery, DeliveryState.QUEUED))
        .values(
            state=DeliveryState.SENDING,
            holder=bindparam("holder", type_=String),
            lease_until=bindparam("until", type_=Instant),
            attempts=delivery.c.attempts + 1,
            revision=_revision(),
            after_message=HIGHEST,
        )
    )
