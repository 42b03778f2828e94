"""Deliveries that are long over become compact: of a copy that somebody holds stays what a correction needs.

A row of the ledger that ended, and whose send has ended, is one of three things: a copy of an article in somebody's
chat, which becomes a row of `kept_copy`; what tells of a mention under a message, which stays; or history, which goes.
Publications have counted all of them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import PublicationState
from bot.model.ledger import Compacted, DeliveryKind, DeliveryState
from storage.delivery.erasure import ENDED
from storage.engine.database import AnyRow, Database
from storage.schema.tables import delivery, kept_copy, publication, reader

_TO_END = timedelta(days=3)
"""How long a delivery may take; what took longer, a send that was paused for weeks, stays as it is."""
_OVER = (PublicationState.DONE, PublicationState.STOPPED, PublicationState.CANCELLED)
_WHOLE, _LINE, _NEWER = delivery.alias("whole"), delivery.alias("line"), delivery.alias("newer")


class KeptCopies:
    """The compact form of old deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def oldest(self) -> datetime | None:
        """Return when the oldest row of the ledger was written; None when there is none."""
        first = select(delivery.c.created_at).order_by(delivery.c.id).limit(1)
        async with self._database.read() as connection:
            found: datetime | None = await connection.scalar(first)
        return found

    async def compact(self, after: int, until: datetime, most: int) -> Compacted | None:
        """Make up to `most` rows compact that come after a number, were written before an instant, and are over.

        Returns what was done and the last number looked at; None where the rows that follow are newer, or there are
        none: the newest row of all has to wait, because its number would be given again. One transaction, a turn of the
        ledger: a correction finds a copy in one form or in the other. May be repeated, and by several processes.
        """
        newest = select(func.max(_NEWER.c.id)).scalar_subquery()
        following = select(delivery.c.id, delivery.c.created_at).where(delivery.c.id > after, delivery.c.id < newest)
        async with self._database.read() as connection:
            found = (await connection.execute(following.order_by(delivery.c.id).limit(most))).all()
        place = None
        for row in found:
            if row.created_at > until:
                break
            place = int(row.id)
        if place is None:
            return None
        columns = select(*(delivery.c[name] for name in ("id", "kind", "state", "message_id", "digest_id")))
        old = columns.where(delivery.c.id > after, delivery.c.id <= place, _over(until))
        async with self._database.turn() as connection:
            rows = (await connection.execute(old)).all()
            await self._keep(connection, rows)
            return Compacted(place=place, gone=await self._forget(connection, rows))

    async def _keep(self, connection: AsyncConnection, rows: Sequence[AnyRow]) -> None:
        """Write down which of these rows are copies that somebody holds.

        Rows are named by their numbers alone: with more conditions PostgreSQL reads an index of all pushes.
        """
        own = ("article_id", "reader_id", "message_id", "digest_id", "revision")
        sent = [r.id for r in rows if r.kind is DeliveryKind.PUSH and r.state is DeliveryState.SENT and r.message_id]
        pushed = select(*(delivery.c[name] for name in own)).where(delivery.c.id.in_(sent), delivery.c.message_id > 0)
        inside = [r.id for r in rows if r.kind is DeliveryKind.ITEM and r.state is DeliveryState.BUNDLED]
        digest = and_(_WHOLE.c.digest_id == delivery.c.digest_id, _WHOLE.c.kind == DeliveryKind.DIGEST)
        lines = (
            select(*((_WHOLE if name == "message_id" else delivery).c[name] for name in own))
            .select_from(delivery.join(_WHOLE, digest))
            .where(delivery.c.id.in_(inside), _WHOLE.c.state == DeliveryState.SENT, _WHOLE.c.message_id > 0)
        )
        for copies in [pushed] * bool(sent) + [lines] * bool(inside):
            await connection.execute(insert(kept_copy).from_select(own, copies))

    async def _forget(self, connection: AsyncConnection, rows: Sequence[AnyRow]) -> int:
        """Delete these rows, but for what the ledger waits for; returns how many.

        A digest after its lines, by a statement of its own: what a statement deletes, it still sees itself.
        """
        alone = [row.id for row in rows if row.digest_id is None]
        lines = [row.id for row in rows if row.digest_id is not None and row.kind is not DeliveryKind.DIGEST]
        digests = [row.id for row in rows if row.digest_id is not None and row.kind is DeliveryKind.DIGEST]
        number = 0
        for ids, others in ((alone, true()), (lines, ~_under_way()), (digests, ~_with_lines())):
            if ids:
                gone = delete(delivery).where(delivery.c.id.in_(ids), others).returning(delivery.c.id)
                number += len((await connection.execute(gone)).all())
        return number


def _over(until: datetime) -> ColumnElement[bool]:
    """Return the condition for rows of before then that are over, with their send, in chats that keep their number.

    Of who is erased nothing is kept. Groups and channels are few; their posts are listed, and a group that becomes
    another chat takes the numbers of its messages from all its rows.
    """
    # Each looked up by its number, whatever an engine thinks it knows of these tables.
    chat = select(reader.c.chat_id).where(reader.c.id == delivery.c.reader_id).scalar_subquery()
    send = publication.c.id == delivery.c.publication_id
    ended = func.coalesce(publication.c.finished_at, publication.c.at)
    over = select(ended).where(send, publication.c.state.in_(_OVER)).scalar_subquery()
    return and_(
        delivery.c.state.in_([one for one in ENDED if one is not DeliveryState.TOLD]),
        func.coalesce(delivery.c.finished_at, delivery.c.created_at) <= until + _TO_END,
        delivery.c.created_at <= until,
        or_(delivery.c.publication_id.is_(None), over <= until + _TO_END),
        chat > 0,
    )


def _under_way() -> ColumnElement[bool]:
    """Return the condition that a row is a line of a digest that has not ended."""
    open_ = and_(_WHOLE.c.kind == DeliveryKind.DIGEST, _WHOLE.c.state.not_in(ENDED))
    return and_(delivery.c.kind == DeliveryKind.ITEM, exists().where(_WHOLE.c.digest_id == delivery.c.digest_id, open_))


def _with_lines() -> ColumnElement[bool]:
    """Return the condition that a digest still has lines in the ledger, whose message it names."""
    return exists().where(_LINE.c.digest_id == delivery.c.digest_id, _LINE.c.kind == DeliveryKind.ITEM)
