"""Erasing readers: nobody is left at their address at once; what the ledger holds of them goes by and by.

A reader's row stays, without an address, a name or a choice, until the last row of the ledger that names its number is
gone: numbers that are free again are given to others on SQLite, and a newcomer would inherit what had been sent. For
the same reason the newest row of a table is never deleted: it waits for the next one.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, literal, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import OnDesk
from bot.model.ledger import OPEN, DeliveryKind, DeliveryState
from bot.model.readers import Address, Reader, ReaderState
from storage.delivery.counters import count, out_of_held
from storage.delivery.held import LET_GO, let_go
from storage.engine.conditions import in_states
from storage.engine.database import Database, chunked
from storage.runtime.inbox import InboxState
from storage.schema.tables import (
    article,
    delivery,
    dialog,
    digest,
    editor,
    inbox,
    kept_copy,
    loose_message,
    message_ids,
    opened,
    query,
    reader,
    shown,
    story_seen,
    subscription,
)

NOBODY = -1
"""The chat of readers who are erased, and of updates that were theirs. Telegram gives no chat this number."""
_STRETCH = 20_000  # numbers of the ledger that are looked through at once, some milliseconds beside everything else
_BATCH = 500  # rows in one transaction
_LOOKUPS = 10_000  # of kept copies, in one transaction
_MOST = 100  # readers in one pass
ENDED = (
    DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.BUNDLED, DeliveryState.DROPPED,
    DeliveryState.TOLD,
)  # fmt: skip
_WHOLE = delivery.alias("whole")


@dataclass(slots=True)
class _Pass:
    """One look through the ledger for what is left of some readers: how far it is, and how many rows stay."""

    readers: Sequence[int]
    place: int
    top: int
    staying: int = 0


class Erasure:
    """Erases readers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pass: _Pass | None = None

    async def erase(self, chat_id: int, now: datetime) -> bool:
        """Leave nobody at an address, in any of its threads; returns whether anybody was there. May be repeated.

        In a turn of the ledger: what is not on its way ends with it. `sweep` deletes the rows of the ledger.

        Raises:
            OnDesk: they are of the newsroom.

        """
        updates = await self._updates(chat_id)
        async with self._database.turn() as connection:
            if await connection.scalar(select(editor.c.user_id).where(editor.c.user_id == chat_id)) is not None:
                raise OnDesk
            mine = select(reader.c.id).where(reader.c.chat_id == chat_id).order_by(reader.c.id).with_for_update()
            numbers = (await connection.execute(mine)).scalars().all()
            await end_open(connection, delivery.c.reader_id.in_(numbers), now)
            for of_reader in (subscription, story_seen):
                await connection.execute(delete(of_reader).where(of_reader.c.reader_id.in_(numbers)))
            for of_chat in (shown, opened, query):
                await connection.execute(delete(of_chat).where(of_chat.c.chat_id == chat_id))
            theirs = or_(dialog.c.key.startswith(f"{chat_id}:"), dialog.c.key.contains(f":{chat_id}:"))
            await connection.execute(delete(dialog).where(theirs))
            await connection.execute(delete(message_ids).where(message_ids.c.counter == chat_id))
            await self._forget_updates(connection, updates)
            await self._empty(connection, numbers, now)
        return bool(numbers)

    async def _updates(self, chat_id: int) -> Sequence[int]:
        """Return what came from a chat and is handled or set aside, and what of a person's is set aside elsewhere."""
        done = and_(inbox.c.chat_id == chat_id, inbox.c.state == InboxState.DONE)
        aside = inbox.c.state == InboxState.POISONED
        theirs = or_(inbox.c.chat_id == chat_id, inbox.c.payload.contains(f'"id":{chat_id},'))
        async with self._database.read() as connection:
            found = await connection.execute(select(inbox.c.update_id).where(or_(done, and_(aside, theirs))))
            return found.scalars().all()

    async def _forget_updates(self, connection: AsyncConnection, updates: Sequence[int]) -> None:
        """Keep of updates only that they came: Telegram may show them again, and none is handled twice."""
        for some in chunked(updates, _BATCH):
            gone = update(inbox).where(inbox.c.update_id.in_(some))
            empty = {"chat_id": NOBODY, "payload": null(), "error": null(), "state": InboxState.DONE}
            await connection.execute(gone.values(empty))

    async def _empty(self, connection: AsyncConnection, numbers: Sequence[int], now: datetime) -> None:
        """Take everything out of readers' rows but their numbers."""
        like = Reader(id=0, address=Address(NOBODY))
        empty = {
            "chat_id": NOBODY,
            "thread_id": reader.c.id,  # one address is one reader
            "kind": like.kind,
            "name": "",
            "language": like.language,
            "zone": "UTC",
            "state": ReaderState.GONE,
            "schedule": "now",
            "quiet_from": null(),
            "quiet_to": null(),
            "news_language": "",
            "next_digest_at": null(),
            "created_at": now,
            "updated_at": now,
        } | {column.name: getattr(like, column.name) for column in reader.c if column.type.python_type is bool}
        await connection.execute(update(reader).where(reader.c.id.in_(numbers)).values(empty))

    async def sweep(self, now: datetime) -> bool:
        """Delete a stretch of what the ledger holds of erased readers; returns whether there is more to look through.

        What is being sent at this moment stays until it is known what became of it. May be repeated.
        """
        if self._pass is None:
            self._pass = await self._begin()
            if self._pass is None:
                return False
        here = self._pass
        stretch = and_(delivery.c.id > here.place, delivery.c.id <= here.place + _STRETCH)
        theirs = select(delivery.c.id).where(stretch, delivery.c.reader_id.in_(here.readers))
        async with self._database.read() as connection:
            found = (await connection.execute(theirs.order_by(delivery.c.id))).scalars().all()
        for some in chunked(found, _BATCH):
            async with self._database.turn() as connection:
                await end_open(connection, delivery.c.id.in_(some), now)
                here.staying += len(some) - await forget_ended(connection, delivery.c.id.in_(some))
        here.place += _STRETCH
        if here.place < here.top:
            return True
        self._pass = None
        if not here.staying:
            await self._finish(here.readers)
        return False

    async def _begin(self) -> _Pass | None:
        gone = select(reader.c.id).where(reader.c.chat_id == NOBODY).order_by(reader.c.id).limit(_MOST)
        ends = select(func.min(delivery.c.id), func.max(delivery.c.id))
        async with self._database.read() as connection:
            readers = (await connection.execute(gone)).scalars().all()
            if not readers:
                return None
            first, last = (await connection.execute(ends)).one()
        return _Pass(readers, (first or 1) - 1, last or 0)

    async def _finish(self, readers: Sequence[int]) -> None:
        """Delete the rows of readers whom the ledger does not name any more."""
        newest_digest = select(func.max(digest.c.id)).scalar_subquery()
        theirs = and_(digest.c.reader_id.in_(readers), digest.c.id < newest_digest)
        has_digest = exists().where(digest.c.reader_id == reader.c.id)
        newest = select(func.max(reader.c.id)).scalar_subquery()
        gone = and_(reader.c.id.in_(readers), reader.c.chat_id == NOBODY, reader.c.id < newest, ~has_digest)
        await self._forget_copies(readers)
        async with self._database.turn() as connection:
            await connection.execute(delete(digest).where(theirs))
            await connection.execute(delete(reader).where(gone))

    async def _forget_copies(self, readers: Sequence[int]) -> None:
        """Delete what is kept of copies in the compact form: by its key, looking for each article in turn."""
        async with self._database.read() as connection:
            last = await connection.scalar(select(func.max(kept_copy.c.article_id))) or 0
        step = max(1, _LOOKUPS // len(readers))
        for place in range(0, last, step):
            some = select(article.c.id).where(article.c.id > place, article.c.id <= place + step)
            theirs = and_(kept_copy.c.article_id.in_(some), kept_copy.c.reader_id.in_(readers))
            async with self._database.write() as connection:
                await connection.execute(delete(kept_copy).where(theirs))


async def end_open(connection: AsyncConnection, rows: ColumnElement[bool], now: datetime) -> None:
    """End what of these deliveries waits or is uncertain, and count it. In a turn of the ledger; may be repeated."""
    columns = (delivery.c.publication_id, delivery.c.digest_id, delivery.c.kind, delivery.c.reader_id)
    dropped = {"state": DeliveryState.DROPPED, "reason": "erased", "finished_at": now}
    # Both conditions, so that either engine takes the index of what is open by its reader.
    queued = and_(rows, in_states(delivery, *OPEN), in_states(delivery, DeliveryState.QUEUED))
    digests: list[int] = []
    tally: Counter[tuple[int, str]] = Counter()
    for condition in (queued, and_(rows, in_states(delivery, DeliveryState.PARKED))):
        change = update(delivery).where(condition).values(dropped).returning(*columns)
        for row in (await connection.execute(change)).all():
            tally[row.publication_id, "dropped"] += 1
            digests += [row.digest_id] if row.kind is DeliveryKind.DIGEST else []
    held = and_(rows, in_states(delivery, DeliveryState.HELD))
    change = update(delivery).where(held).values(dropped).returning(*columns)
    tally.update(out_of_held([row.publication_id for row in (await connection.execute(change)).all()], "dropped"))
    uncertain = and_(rows, in_states(delivery, DeliveryState.UNCERTAIN))
    change = update(delivery).where(uncertain).values({**dropped, "reason": LET_GO}).returning(*columns)
    lost = (await connection.execute(change)).all()
    for row in lost:
        tally[row.publication_id, "dropped"] += 1
        tally[row.publication_id, "uncertain"] -= 1
        digests += [row.digest_id] if row.kind is DeliveryKind.DIGEST else []
    # Whoever comes back and is asked about is asked beside a message whose number nobody has.
    chats = select(reader.c.chat_id, literal(now, loose_message.c.at.type)).where(
        reader.c.id.in_({row.reader_id for row in lost}), reader.c.chat_id != NOBODY
    )
    if lost:
        await connection.execute(loose_message.insert().from_select(["chat_id", "at"], chats))
    tally.update(await let_go(connection, digests, now))
    await count(connection, Counter({key: times for key, times in tally.items() if key[0] is not None}))


async def forget_ended(connection: AsyncConnection, rows: ColumnElement[bool]) -> int:
    """Delete those of some deliveries that have ended; returns how many. The newest row of the ledger stays.

    A line of a digest stays as long as its digest may still end otherwise.
    """
    newest = select(func.max(_WHOLE.c.id)).scalar_subquery()
    open_ = and_(
        _WHOLE.c.digest_id == delivery.c.digest_id, _WHOLE.c.kind == DeliveryKind.DIGEST, _WHOLE.c.state.not_in(ENDED)
    )
    ended = and_(delivery.c.state.in_(ENDED), ~exists().where(open_), delivery.c.id < newest)
    return len((await connection.execute(delete(delivery).where(rows, ended).returning(delivery.c.id))).all())
