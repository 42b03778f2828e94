"""Events: what listeners are to be told, noted by the transaction that makes it so."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.listeners import EventKind, ListenerState
from storage.schema.tables import event, listener


class Fact(NamedTuple):
    """What an event is about: a revision of an article, and the send of it where it is one that ended."""

    article_id: int
    revision: int = 1
    publication_id: int | None = None


async def note_events(connection: AsyncConnection, kind: EventKind, facts: Sequence[Fact], now: datetime) -> None:
    """Note for whoever listens what has happened, inside the transaction in which it happens."""
    if not facts:
        return
    wanted = listener.c.events.bitwise_and(kind.value) != 0
    listening = select(listener.c.id).where(listener.c.state == ListenerState.ACTIVE, wanted)
    listeners = (await connection.execute(listening)).scalars().all()
    rows = [
        {"listener_id": number, "key": key, "kind": kind.value, **fact._asdict(), "at": now}
        for fact, key in ((fact, f"msg_{uuid4().hex}") for fact in facts)
        for number in listeners
    ]
    if rows:
        await connection.execute(insert(event), rows)
