"""Ending deliveries, a batch in one statement (see storage/engine/batches.py), and putting them back one by one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

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

from bot.model.ledger import Aloud, DeliveryKind, DeliveryState, Finish, Retry
from storage.delivery.mentions import ALOUD
from storage.engine.batches import packed, rowset
from storage.engine.columns import Instant
from storage.engine.database import Database
from storage.schema.tables import delivery

COUNTED = {
    DeliveryState.SENT: "sent",
    DeliveryState.FAILED: "failed",
    DeliveryState.UNCERTAIN: "uncertain",
    DeliveryState.EXPIRED: "expired",
    DeliveryState.DROPPED: "dropped",
    DeliveryState.HELD: "held",
    DeliveryState.TOLD: "told",
}
"""The counter of a publication that has the rows of a state."""

_MINE: ColumnElement[bool] = delivery.c.holder == bindparam("holder", type_=String)
_ROW: ColumnElement[bool] = delivery.c.id == bindparam("row", type_=BigInteger)


def _back(state: DeliveryState) -> Update:
    return (
        update(delivery)
        .where(_ROW, _MINE, delivery.c.state == state)
        .values(
            state=DeliveryState.QUEUED, holder=null(), lease_until=null(), not_before=bindparam("at", type_=Instant)
        )
    )


def ending(database: Database, standing: ColumnElement[bool]) -> Update:
    """Return the statement that ends rows of the holder that stand so; see `Ledger.finish`."""
    row = rowset(database, {"id": BigInteger, "state": SmallInteger, "message": BigInteger, "reason": String})
    return (
        update(delivery)
        .where(and_(delivery.c.id == row["id"], _MINE, standing))
        .values(
            state=row["state"],
            message_id=row["message"],
            reason=row["reason"],
            lease_until=null(),
            finished_at=bindparam("now", type_=Instant),
        )
    )


def ends_of(ends: Mapping[int, Finish]) -> str:
    """Return what `ending` is given as its rows: how deliveries ended, by their numbers."""
    return packed(
        [{"id": i, "state": int(s.state), "message": s.message_id, "reason": s.reason or None} for i, s in ends.items()]
    )


def new_messages(ends: Mapping[int, Finish], done: Sequence[Sequence[Any]]) -> Iterator[tuple[int, int]]:
    """Yield the messages that deliveries made which are recorded now, as (chat, number); `done` begins with numbers."""
    for row in done:
        end = ends[row[0]]
        if end.chat_id is not None and end.message_id is not None:
            yield end.chat_id, end.message_id


def put_back(retries: Mapping[int, Retry] | Mapping[int, Aloud], holder: str) -> list[dict[str, object]]:
    """Return what `retrying` is given, row by row."""
    return [
        {"row": i, "holder": holder, "at": step.not_before, "why": step.reason, "try": step.attempt}
        for i, step in retries.items()
    ]


def retrying(state: DeliveryState) -> Update:
    """Return the statement that puts a row back out of a state, when its try number `try` is over, for `why`."""
    in_this_try = delivery.c.attempts == bindparam("try", type_=Integer)
    values = {"reason": bindparam("why", type_=String), "finished_at": null(), "asked_at": null()}
    back = _back(state).where(in_this_try).values(values)
    return back if state is DeliveryState.SENDING else back.returning(delivery.c.publication_id)


def sending_aloud() -> Update:
    """Return the statement that makes a push of a mention that could not be made in its try number `try`, for `why`."""
    mention = delivery.c.kind == DeliveryKind.MENTION
    return retrying(DeliveryState.SENDING).where(mention).values({**ALOUD, "attempts": 0})


def putting_aside() -> Update:
    """Return the statement that puts a row back that was taken, but not tried."""
    return _back(DeliveryState.SENDING).values(attempts=delivery.c.attempts - 1)
