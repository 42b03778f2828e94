"""Ending deliveries, a batch in one statement (see storage/engine/batches.py), and putting them back one by one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

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
    select,
    update,
)

from bot.model.asking import ACCOUNT, counter_of
from bot.model.ledger import Aloud, DeliveryKind, DeliveryState, Finish, Retry
from storage.delivery.mentions import ALOUD
from storage.engine.batches import paired, pairs
from storage.engine.chains import Chain
from storage.engine.columns import Instant
from storage.engine.database import Database
from storage.engine.prepared import Prepared, prepared_update
from storage.schema.tables import delivery, reader

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

Ended = tuple[int, int | None, DeliveryState]
"""A row that has ended: its number, its publication, its state."""

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


@dataclass(frozen=True, slots=True)
class Ending:
    """The statements of `ended`: one ends rows, the other takes the numbers of what went to a chat that has moved."""

    end: Prepared
    forget: Prepared


def ending(database: Database, standing: ColumnElement[bool]) -> Ending:
    """Return the statements that end rows of the holder that stand so, all of them alike; see `ended`."""
    number, message = pairs(database)
    change = update(delivery).where(and_(delivery.c.id == number, _MINE, standing))
    values = {
        "state": bindparam("ended", type_=SmallInteger),
        "message_id": message,
        "reason": bindparam("why", type_=String),
        "lease_until": null(),
        "finished_at": bindparam("now", type_=Instant),
    }
    end = prepared_update(database, change.values(values), delivery.c.id, delivery.c.publication_id)
    row, chat = pairs(database)
    now = select(reader.c.chat_id).where(reader.c.id == delivery.c.reader_id).scalar_subquery()
    elsewhere = update(delivery).where(delivery.c.id == row, now != chat)
    return Ending(end, prepared_update(database, elsewhere.values(message_id=null()), delivery.c.id))


def ended(statements: Ending, ends: Mapping[int, Finish], holder: str, now: datetime) -> Chain[list[Ended]]:
    """End deliveries by an `ending`, those alike together.

    Returns the number, publication and state of those that stood so.
    """
    done: list[Ended] = []
    alike: dict[tuple[DeliveryState, str], dict[int, int | None]] = defaultdict(dict)
    for number, end in ends.items():
        alike[end.state, end.reason][number] = end.message_id
    for (state, reason), messages in alike.items():
        values = {"ended": int(state), "why": reason or None, "pairs": paired(messages), "now": now, "holder": holder}
        rows = yield statements.end, values
        done += [(number, publication, state) for number, publication in rows]
    chats = {number: ends[number].chat_id for number, _, _ in done if _may_move(ends[number].chat_id)}
    if chats:
        # In a supergroup that this group has become meanwhile, that number is another message's.
        yield statements.forget, {"pairs": paired(chats)}
    return done


def _may_move(chat_id: int | None) -> bool:
    """Tell whether a chat is a basic group, which may become a chat of another number."""
    return chat_id is not None and chat_id < 0 and counter_of(chat_id) == ACCOUNT


def new_messages(ends: Mapping[int, Finish], done: Sequence[Ended]) -> Iterator[tuple[int, int]]:
    """Yield the messages that deliveries made which are recorded now, as (chat, number)."""
    for number, _, _ in done:
        end = ends[number]
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
    """Return the statement that puts a row back that was taken, but not tried, for `why`."""
    values = {"attempts": delivery.c.attempts - 1, "reason": bindparam("why", type_=String)}
    return _back(DeliveryState.SENDING).values(values)
