"""Readers with their deliveries: what changes when a chat leaves, or goes on under another number."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, null, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import OPEN, QUIET_HOURS, DeliveryState
from bot.model.readers import Reader, ReaderState
from storage.delivery.counters import count, out_of_held
from storage.delivery.fan_out import after_stretches
from storage.delivery.mentions import ALOUD
from storage.engine.batches import as_list, listed
from storage.engine.conditions import in_states, of_kinds, still_in
from storage.engine.database import Database
from storage.people.readers import Readers, reopen
from storage.schema.tables import delivery, opened, reader, shown, subscription

_TRIES = 3
_WAITS = (DeliveryState.QUEUED, DeliveryState.PARKED)
_HANDED_OVER = (
    "language", "zone", "state", "schedule", "quiet_from", "quiet_to", "news_language", "plain", "titles_only",
    "urgent_breaks", "fold_sources", "next_digest_at",
)  # fmt: skip


class LedgerReaders(Readers):
    """The rows of readers, and the rows of the ledger that hang on them."""

    async def drop_held(self, reader_id: int) -> None:
        """Give up what is held for the reader's next digest."""
        async with self._database.turn() as connection:
            held = update(delivery).where(delivery.c.reader_id == reader_id, in_states(delivery, DeliveryState.HELD))
            change = held.values(state=DeliveryState.DROPPED, reason="left").returning(delivery.c.publication_id)
            await count(connection, out_of_held((await connection.execute(change)).scalars(), "dropped"))

    async def save(self, changed: Reader, now: datetime) -> Reader:
        """Store a reader's settings, see `Readers.save`; what waits for the quiet hours of before is looked at anew."""
        saved = await super().save(changed, now)
        waits = and_(
            delivery.c.reader_id == changed.id,
            in_states(delivery, *OPEN),  # so that SQLite takes the index of what is open
            in_states(delivery, DeliveryState.QUEUED),
            delivery.c.reason == QUIET_HOURS,
            delivery.c.not_before > now,
        )
        async with self._database.read() as connection:
            some = (await connection.execute(select(delivery.c.id).where(waits).limit(1))).first()
        if some is not None:
            async with self._database.turn() as connection:
                await connection.execute(update(delivery).where(waits).values(not_before=now))
        return saved

    async def move_chat(self, old: int, new: int, now: datetime) -> None:
        """A group became a supergroup with another id: its readers go on there. May be repeated.

        All that was ever sent to it is looked for before the turn, in which everybody else waits: the ledger has no
        index of that, and groups are the only ones whose old rows are asked for.

        Somebody may write in the new chat at this very moment, and be met there as a reader: then it begins again, and
        finds both.
        """
        for left in reversed(range(_TRIES)):
            theirs = await self._written(old, new)
            try:
                async with self._database.turn() as connection:
                    await after_stretches(self._database, connection)
                    await _move(self._database, connection, theirs, (old, new), now)
            except IntegrityError:
                if not left:
                    raise
            else:
                return

    async def _written(self, *chats: int) -> "_Written":
        """Return what the ledger has of chats up to a row below which nothing will be written any more."""
        async with self._database.turn() as connection:
            await after_stretches(self._database, connection)
            top = await connection.scalar(select(func.max(delivery.c.id))) or 0
        theirs = delivery.c.reader_id.in_(select(reader.c.id).where(reader.c.chat_id.in_(chats)))
        async with self._database.read() as connection:
            found = await connection.execute(select(delivery.c.id).where(delivery.c.id <= top, theirs))
            return _Written(tuple(found.scalars()), top)


@dataclass(frozen=True, slots=True)
class _Written:
    """Which rows are some chats' among those up to row `top`."""

    rows: Sequence[int]
    top: int


async def _move(
    database: Database, connection: AsyncConnection, written: _Written, chats: tuple[int, int], now: datetime
) -> None:
    """Move a chat's readers and messages to its new id, in a turn that waited for all stretches of fan-outs.

    Where somebody wrote in the new chat before we knew, that reader began with the defaults: what the older one chose
    goes over, and the older one is retired, for one chat is one reader.
    """
    old, new = chats
    of_both = delivery.c.reader_id.in_(select(reader.c.id).where(reader.c.chat_id.in_(chats)))
    newer = (await connection.execute(select(delivery.c.id).where(delivery.c.id > written.top, of_both))).scalars()
    known = delivery.c.id.in_(listed(database).params(numbers=as_list([*written.rows, *newer])))
    mine = and_(known, delivery.c.reader_id.in_(select(reader.c.id).where(reader.c.chat_id == old)))
    # Before the counters, as a migration has these tables before theirs.
    await connection.execute(delete(shown).where(shown.c.chat_id == old))
    await connection.execute(delete(opened).where(opened.c.chat_id == old))
    # The rows first, in one order, because everybody else who changes them and the counters has the counters last.
    open_ = still_in(delivery, *OPEN, DeliveryState.PARKED, DeliveryState.HELD, DeliveryState.UNCERTAIN)
    await connection.execute(select(delivery.c.id).where(mine, open_).order_by(delivery.c.id).with_for_update())
    # Message ids of the old group mean nothing in the new one: what was to stand under one of its messages is sent.
    mentions = of_kinds(delivery, lambda traits: traits.mentions)
    unsaid = and_(mine, mentions, still_in(delivery, *_WAITS))
    await connection.execute(update(delivery).where(unsaid).values(ALOUD))
    before, after = reader.alias("before"), reader.alias("after")
    twins = select(before.c.id, after.c.id).join(after, after.c.thread_id == before.c.thread_id)
    both = twins.where(before.c.chat_id == old, before.c.state != ReaderState.GONE, after.c.chat_id == new)
    for older, younger in (await connection.execute(both)).all():
        await _hand_over(connection, known, (older, younger), now)
    # ... and no copy there can be changed any more.
    await connection.execute(update(delivery).where(mine, delivery.c.message_id.is_not(None)).values(message_id=null()))
    # In which of the two chats something in doubt is, and under what number, cannot be asked; if it is tried again, it
    # is so in the new one.
    doubtful = still_in(delivery, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
    nowhere = {"after_message": null(), "target_message": null()}
    await connection.execute(update(delivery).where(mine, doubtful).values(nowhere))
    # News is still news where what it went on from cannot be pointed at any more.
    news = of_kinds(delivery, lambda traits: traits.holds_article)
    apart = update(delivery).where(mine, news, delivery.c.target_message.is_not(None))
    await connection.execute(apart.values(target_message=null()))
    lost = and_(mine, delivery.c.target_message.is_not(None), still_in(delivery, *_WAITS))
    dropped = {"state": DeliveryState.DROPPED, "reason": "the chat has moved", "finished_at": now}
    ended = update(delivery).where(lost).values(dropped).returning(delivery.c.publication_id)
    gone = Counter((await connection.execute(ended)).scalars())
    await count(connection, Counter({(n, "dropped"): times for n, times in gone.items() if n is not None}))
    stays = update(reader).where(reader.c.chat_id == old, reader.c.state != ReaderState.GONE)
    await connection.execute(stays.values(chat_id=new, updated_at=now))
    # That the bot is out of the old group may have been told first: it went along into the new one.
    await reopen(connection, new, (ReaderState.KICKED, ReaderState.MUTED), now)


async def _hand_over(
    connection: AsyncConnection, written: ColumnElement[bool], twins: tuple[int, int], now: datetime
) -> None:
    """Give the younger reader the settings and choices of the older one, and retire that one.

    `written` are the rows that may be theirs.
    """
    older, younger = twins
    row = (await connection.execute(select(reader).where(reader.c.id == older))).one()
    # What one of the two got already counts for both: it is one chat.
    got = of_kinds(delivery, lambda traits: traits.holds_article or traits.mentions)
    known = select(delivery.c.article_id).where(written, delivery.c.reader_id == younger, got)
    news = and_(written, delivery.c.reader_id == older, of_kinds(delivery, lambda traits: traits.holds_article))
    theirs = update(delivery).where(news, delivery.c.article_id.not_in(known))
    apart = {"message_id": null(), "target_message": null(), "after_message": null()}
    await connection.execute(theirs.values(reader_id=younger, **apart))
    kept = {name: getattr(row, name) for name in _HANDED_OVER}
    if row.state in {ReaderState.KICKED, ReaderState.MUTED}:  # out of the old group, and in the new one
        del kept["state"]
    await connection.execute(update(reader).where(reader.c.id == younger).values(**kept, updated_at=now))
    await connection.execute(delete(subscription).where(subscription.c.reader_id == younger))
    choices = update(subscription).where(subscription.c.reader_id == older)
    await connection.execute(choices.values(reader_id=younger))
    retired = update(reader).where(reader.c.id == older)
    await connection.execute(retired.values(state=ReaderState.GONE, updated_at=now))
