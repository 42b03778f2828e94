"""The numbers of messages that are known, and the chats where one may be whose number nobody has.

Telegram gives the messages of all private chats and basic groups their numbers out of one counter for each bot. What is
not known of a stretch of it are messages nobody has recorded, uncertain deliveries among them. Numbers are written by
the transaction that records what they belong to, some hundred in one row.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, delete, func, insert, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.asking import ACCOUNT, KnownIds, counter_of
from storage.engine.chains import Chain, run_chain
from storage.engine.columns import Instant, Json
from storage.engine.database import Database
from storage.engine.prepared import Prepared
from storage.schema.tables import inbox, loose_message, message_ids

_HANDLING = 1  # an update's state; a handler of it may have been cut off


class MessageIds:
    """The known numbers, and the loose messages."""

    def __init__(self, database: Database) -> None:
        self._database = database
        values: dict[str, Any] = {
            "counter": BigInteger,
            "first": BigInteger,
            "last": BigInteger,
            "ranges": Json,
            "at": Instant,
        }
        row = insert(message_ids).values({name: bindparam(name, type_=kind) for name, kind in values.items()})
        self._note = Prepared(database, row, ())
        loose = insert(loose_message).values(
            chat_id=bindparam("chat", type_=BigInteger), at=bindparam("at", type_=Instant)
        )
        self._loose = Prepared(database, loose, ())

    async def note(self, connection: AsyncConnection, ids: Iterable[tuple[int, int]], now: datetime) -> None:
        """Note numbers as known, as (chat, number), in the transaction that records what they belong to.

        0 stands for a message whose number nobody has. Each message is to be noted once: a number that comes twice is
        taken as a sign that chats have counters of their own.
        """
        if known := list(ids):
            await run_chain(connection, self.noting(known, now))

    def noting(self, ids: Iterable[tuple[int, int]], now: datetime) -> Chain[None]:
        """Note numbers as a part of a chain; see `note`."""
        counters: dict[int, list[int]] = defaultdict(list)
        for chat_id, number in ids:
            if number > 0:
                counters[counter_of(chat_id)].append(number)
            else:
                yield self._loose, {"chat": chat_id, "at": now}
        for counter, numbers in counters.items():
            ranges = _ranges(numbers)
            first, last = ranges[0][0], ranges[-1][1]
            yield self._note, {"counter": counter, "first": first, "last": last, "ranges": ranges, "at": now}

    async def begin(self, chat_id: int, now: datetime) -> int:
        """Note that a message goes to a chat, before its number is known; returns what `end` is told."""
        async with self._database.write() as connection:
            made = insert(loose_message).values(chat_id=chat_id, at=now).returning(loose_message.c.id)
            number: int = (await connection.execute(made)).scalar_one()
        return number

    async def end(self, begun: int, sent: Sequence[tuple[int, int]], now: datetime) -> None:
        """Note what became of a message that was begun: the numbers it got, or that it went nowhere."""
        async with self._database.write() as connection:
            gone = delete(loose_message).where(loose_message.c.id == begun).returning(loose_message.c.id)
            if (await connection.execute(gone)).first() is not None:
                await self.note(connection, sent, now)

    async def known(self, counter: int, low: int, high: int) -> KnownIds:
        """Return which numbers of a counter above `low` and below `high` are known."""
        inside = and_(message_ids.c.counter == counter, message_ids.c.last > low, message_ids.c.first < high)
        async with self._database.read() as connection:
            rows = (await connection.execute(select(message_ids.c.ranges).where(inside))).scalars().all()
        found: list[int] = []
        for ranges in rows:
            for first, last in ranges:
                found += range(max(first, low + 1), min(last, high - 1) + 1)
        return KnownIds(frozenset(found), len(set(found)) == len(found))

    async def vague(self, since: datetime) -> list[int]:
        """Return the chats where one of our messages may be whose number nobody has, since an instant; 0 is any chat.

        That is where one was begun or its answer was lost, and where the handler of an update was cut off.
        """
        cut_off = or_(inbox.c.state == _HANDLING, inbox.c.attempts > 1)
        handled = select(inbox.c.chat_id).where(inbox.c.received_at >= since, cut_off)
        loose = select(loose_message.c.chat_id).where(loose_message.c.at >= since)
        async with self._database.read() as connection:
            return list((await connection.execute(handled.union(loose))).scalars())

    async def forget(self, before: datetime) -> None:
        """Forget what was learnt before an instant, but the highest number of each counter."""
        newer = message_ids.alias("newer")
        highest = select(func.max(newer.c.last)).where(newer.c.counter == message_ids.c.counter).scalar_subquery()
        old = and_(message_ids.c.at < before, message_ids.c.last < highest)
        async with self._database.write() as connection:
            await connection.execute(delete(message_ids).where(old))
            await connection.execute(delete(loose_message).where(loose_message.c.at < before))


HIGHEST = (
    select(func.max(message_ids.c.last)).where(message_ids.c.counter == literal_column(str(ACCOUNT))).scalar_subquery()
)
"""The highest number that is known of the account's counter."""


def _ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Return numbers as ranges, each as its first and last; a number that comes twice is in two of them."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges
