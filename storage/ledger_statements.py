"""The ledger's three busiest statements: take what is due, mark what is about to be sent, end what was.

Their parameters are `now`, `until` (the end of the lease), `owner`, `limit` and `rows` (see storage/rowset.py).
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Integer,
    SmallInteger,
    String,
    Update,
    and_,
    bindparam,
    exists,
    func,
    null,
    or_,
    select,
    update,
)

from bot.model.ledger import State
from storage.columns import Instant
from storage.control import may_go
from storage.database import Database
from storage.delivery_rows import OPEN
from storage.rowset import rowset
from storage.states import in_states
from storage.tables import article, delivery

_OWNER: BindParameter[str] = bindparam("owner", type_=String)
_NOW: BindParameter[Any] = bindparam("now", type_=Instant)
_UNTIL: BindParameter[Any] = bindparam("until", type_=Instant)


def taking() -> Update:
    """Return the statement that claims up to `limit` rows; see `Ledger.claim`."""
    older = delivery.alias("older")
    blocked = exists().where(
        older.c.reader_id == delivery.c.reader_id,
        in_states(older, *OPEN),
        or_(
            older.c.state != State.QUEUED,
            older.c.lane < delivery.c.lane,
            and_(older.c.lane == delivery.c.lane, older.c.id < delivery.c.id),
        ),
    )
    due = (
        select(delivery.c.id)
        .where(in_states(delivery, State.QUEUED), delivery.c.not_before <= _NOW, may_go(), ~blocked)
        .order_by(delivery.c.lane, delivery.c.id)
        .limit(bindparam("limit", type_=Integer))
    )
    return (
        update(delivery)
        .where(delivery.c.id.in_(due), delivery.c.state == State.QUEUED)
        .values(state=State.CLAIMED, owner=_OWNER, lease_until=_UNTIL)
    )


def marking(database: Database) -> Update:
    """Return the statement that marks rows as about to be sent; see `Ledger.mark`."""
    row = rowset(database, {"id": BigInteger})
    current = select(article.c.revision).where(article.c.id == delivery.c.article_id).scalar_subquery()
    return (
        update(delivery)
        .where(
            delivery.c.id == row["id"],
            delivery.c.owner == _OWNER,
            delivery.c.state == State.CLAIMED,
            delivery.c.lease_until > _NOW,
        )
        .values(
            state=State.SENDING,
            lease_until=_UNTIL,
            attempts=delivery.c.attempts + 1,
            revision=func.coalesce(current, delivery.c.revision),
        )
    )


def ending(database: Database, *states: State) -> Update:
    """Return the statement that ends rows of the owner that are in one of these states; see `Ledger.finish`."""
    row = rowset(database, {"id": BigInteger, "state": SmallInteger, "message": BigInteger, "reason": String})
    return (
        update(delivery)
        .where(delivery.c.id == row["id"], delivery.c.owner == _OWNER, in_states(delivery, *states))
        .values(
            state=row["state"],
            message_id=row["message"],
            reason=row["reason"],
            lease_until=null(),
            finished_at=_NOW,
        )
    )
