"""Erasing readers: nobody is left at their address at once; what the ledger holds of them goes by and by.

A reader's row stays, without an address, a name or a choice, until the last row of the ledger that names its number is
gone: numbers that are free again are given to others on SQLite, and a newcomer would inherit what had been sent. For
the same reason the newest row of a table is never deleted: it waits for the next one.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, literal, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import OnDesk
from bot.model.ledger import OPEN, DeliveryKind, DeliveryState
from bot.model.readers import Address, Reader, ReaderState
from storage.delivery.counters import count, out_of_held
from storage.delivery.fan_out import after_stretches
from storage.delivery.held import LET_GO, let_go
from storage.engine.conditions import in_states
from storage.engine.database import Database, chunked
from storage.runtime.inbox import InboxState
from storage.runtime.message_screens import forget_queries
from storage.schema.tables import (
    NOBODY,
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

_STRETCH = 20_000  # numbers of the ledger that are looked through at once, some milliseconds beside everything else
_BATCH = 500  # rows in one transaction
_LOOKUPS = 10_000  # of kept copies, in one transaction
_MOST = 100  # readers in one pass
ENDED = (
    DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.BUNDLED, DeliveryState.DROPPED,
    DeliveryState.TOLD,
)  # fmt: skip
_WHOLE = delivery.alias("whole")


# Each by itself: of both at once SQLite finds neither without reading all there is.
SPAN = select(select(func.min(delivery.c.id)).scalar_subquery(), select(func.max(delivery.c.id)).scalar_subquery())
"""The first and the last number of the ledger."""


def of_readers(table: Table) -> Callable[[int], ColumnElement[bool]]:
    """Return the condition for rows of the readers of a chat, which it is given."""
    mine = select(reader.c.id)
    return lambda chat_id: table.c.reader_id.in_(mine.where(reader.c.chat_id == chat_id))


def of_chat(*columns: Any) -> Callable[[int], ColumnElement[bool]]:
    """Return the condition for rows that have a chat, which it is given, in one of these columns."""
    return lambda chat_id: or_(*(column == chat_id for column in columns))


AT_ONCE: Mapping[Table, Callable[[int], ColumnElement[bool]]] = MappingProxyType(
    {
        subscription: of_readers(subscription),
        story_seen: of_readers(story_seen),
        shown: of_chat(shown.c.chat_id),
        opened: of_chat(opened.c.chat_id),
        query: of_chat(query.c.chat_id),
        dialog: lambda chat_id: or_(dialog.c.key.startswith(f"{chat_id}:"), dialog.c.key.contains(f":{chat_id}:")),
        message_ids: of_chat(message_ids.c.counter),
    }
)
"""Which rows of a table are a chat's, of those that are deleted with its erasure."""


@dataclass(slots=True)
class _Pass:
    """One look through the ledger for what is left of some readers, up to row `top`. Up to `clear` none stayed."""

    readers: Sequence[int]
    place: int
    top: int
    clear: int


class Erasure:
    """Erases readers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pass: _Pass | None = None
        self._clear: dict[int, int] = {}  # up to which row the ledger holds nothing of a reader who is still there

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
            for table, theirs in AT_ONCE.items():  # before the counters, as a migration has them
                if table is query:
                    await forget_queries(connection, theirs(chat_id))
                else:
                    await connection.execute(delete(table).where(theirs(chat_id)))
            await end_open(connection, delivery.c.reader_id.in_(numbers), now)
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
            empty = {"chat_id": NOBODY, "payload": null(), "error": null(), "sent": null(), "state": InboxState.DONE}
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
        upto = min(here.place + _STRETCH, here.top)
        stretch = and_(delivery.c.id > here.place, delivery.c.id <= upto)
        theirs = select(delivery.c.id).where(stretch, delivery.c.reader_id.in_(here.readers))
        async with self._database.read() as connection:
            found = (await connection.execute(theirs.order_by(delivery.c.id))).scalars().all()
        for some in chunked(found, _BATCH):
            async with self._database.turn() as connection:
                await end_open(connection, delivery.c.id.in_(some), now)
                if await forget_ended(connection, delivery.c.id.in_(some)) < len(some):
                    here.clear = min(here.clear, some[0] - 1)
        here.place = upto
        if here.place < here.top:
            return True
        self._pass = None
        await self._finish(here)
        return False

    async def _begin(self) -> _Pass | None:
        """Begin with who is erased, where the pass before ended for all of them: rows below never come again."""
        gone = select(reader.c.id).where(reader.c.chat_id == NOBODY).order_by(reader.c.id).limit(_MOST)
        async with self._database.read() as connection:
            readers = (await connection.execute(gone)).scalars().all()
        if not readers:
            return None
        async with self._database.turn() as connection:
            # A fan-out that began before the erasure may still be writing rows, and with lower numbers than others have
            # already.
            await after_stretches(self._database, connection)
            first, last = (await connection.execute(SPAN)).one()
        begin, top = (first or 1) - 1, last or 0
        place = min(max(begin, self._clear.get(number, 0)) for number in readers)
        return _Pass(readers, place, top, top)

    async def _finish(self, here: _Pass) -> None:
        """Delete the rows of readers whom the ledger does not name any more, and remember what was looked through."""
        if new := [number for number in here.readers if number not in self._clear]:
            await self._forget_copies(new)
        self._clear = dict.fromkeys(here.readers, here.clear)
        if here.clear < here.top:
            return
        newest_digest = select(func.max(digest.c.id)).scalar_subquery()
        newest = select(func.max(reader.c.id)).scalar_subquery()
        has_digest = exists().where(digest.c.reader_id == reader.c.id)
        # A correction may have owed them something meanwhile: that is found next time.
        owed = select(delivery.c.reader_id).where(delivery.c.id > here.top, delivery.c.reader_id.in_(here.readers))
        async with self._database.turn() as connection:
            named = set((await connection.execute(owed)).scalars())
            readers = [number for number in here.readers if number not in named]
            theirs = and_(digest.c.reader_id.in_(readers), digest.c.id < newest_digest)
            await connection.execute(delete(digest).where(theirs))
            gone = and_(reader.c.id.in_(readers), reader.c.chat_id == NOBODY, reader.c.id < newest, ~has_digest)
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
