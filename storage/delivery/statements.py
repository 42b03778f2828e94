"""Ending deliveries, a batch in one statement (see storage/engine/batches.py), and putting them back one by one."""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    SmallInteger,
    String,
    Update,
    and_,
    bindparam,
    null,
    update,
)

from bot.model.ledger import DeliveryState
from storage.engine.batches import rowset
from storage.engine.columns import Instant
from storage.engine.conditions import in_states
from storage.engine.database import Database
from storage.schema.tables import delivery

_MINE: ColumnElement[bool] = delivery.c.owner == bindparam("owner", type_=String)
_ROW: ColumnElement[bool] = delivery.c.id == bindparam("row", type_=BigInteger)


def _back(state: DeliveryState) -> Update:
    return (
        update(delivery)
        .where(_ROW, _MINE, delivery.c.state == state)
        .values(state=DeliveryState.QUEUED, owner=null(), lease_until=null(), not_before=bindparam("at", type_=Instant))
    )


def ending(database: Database, state: DeliveryState) -> Update:
    """Return the statement that ends rows of the owner that are in this state; see `Ledger.finish`."""
    row = rowset(database, {"id": BigInteger, "state": SmallInteger, "message": BigInteger, "reason": String})
    return (
        update(delivery)
        .where(and_(delivery.c.id == row["id"], _MINE, in_states(delivery, state)))
        .values(
            state=row["state"],
            message_id=row["message"],
            reason=row["reason"],
            lease_until=null(),
            finished_at=bindparam("now", type_=Instant),
        )
    )


def retrying(state: DeliveryState) -> Update:
    """Return the statement that puts a row back out of a state, when its try number `try` is over, for `why`."""
    in_this_try = delivery.c.attempts == bindparam("try", type_=Integer)
    back = _back(state).where(in_this_try).values(reason=bindparam("why", type_=String), finished_at=null())
    return back if state is DeliveryState.SENDING else back.returning(delivery.c.publication_id)


def putting_aside() -> Update:
    """Return the statement that puts a row back that was taken, but not tried."""
    return _back(DeliveryState.SENDING).values(attempts=delivery.c.attempts - 1)
