"""Uncertain deliveries that Telegram is still to be asked about, and what it says of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.asking import Absent, Closed, Doubt, Findings, Found, Sighting, Unclear, UnderWay, Verdict
from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryState
from bot.model.readers import ReaderState
from storage.delivery.copies import counters_in_order, owe_edits
from storage.delivery.counters import count
from storage.delivery.held import give_back
from storage.delivery.sends import stop_again
from storage.engine.batches import as_list, listed, paired, pairs
from storage.engine.conditions import in_states, of_kinds, still_in
from storage.engine.database import AnyRow, Database
from storage.runtime.inbox import TAKEN, InboxState
from storage.runtime.message_ids import MessageIds
from storage.schema.tables import delivery, fact, inbox, publication, reader

_AT_ONCE = 2_000
_AROUND = 20_000  # rows before and behind the uncertain ones that are looked at
_EVIDENCE = 300
_LEASE = timedelta(seconds=15)
_COUNTED = {Found: "sent", Closed: "failed"}
_TOLD = {Found: "found", Absent: "returned"}


class Doubts:
    """The doubts: which there are, what they are judged by, and their verdicts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids = MessageIds(database)

    async def open(self) -> list[Doubt]:
        """Return the uncertain deliveries that nobody has asked about, a thousand or two at once, oldest first."""
        return await self._doubts(delivery.c.asked_at.is_(None))

    async def past(self) -> list[Doubt]:
        """Return the uncertain deliveries of which Telegram could not tell: their messages may be anywhere still."""
        return await self._doubts(delivery.c.asked_at.is_not(None))

    async def _doubts(self, which: ColumnElement[bool]) -> list[Doubt]:
        names = ("id", "attempts", "after_message", "kind", "lease_until", "finished_at", "created_at")
        statement = (
            select(*(delivery.c[name] for name in names), reader.c.chat_id, reader.c.kind.label("chat_kind"))
            .join(reader, reader.c.id == delivery.c.reader_id)
            .where(in_states(delivery, DeliveryState.UNCERTAIN), which)
            .order_by(delivery.c.id)
            .limit(_AT_ONCE)
        )
        async with self._database.read() as connection:
            return [_doubt_of(row) for row in (await connection.execute(statement)).all()]

    async def under_way(self) -> UnderWay:
        """Return what may get a message's number at this moment that is not recorded yet."""
        sending = select(delivery.c.id, delivery.c.attempts).where(in_states(delivery, DeliveryState.SENDING))
        open_ = (InboxState.NEW, InboxState.HANDLING)
        handling = select(inbox.c.update_id).where(in_states(inbox, *open_), inbox.c.state == InboxState.HANDLING)
        async with self._database.read() as connection:
            return UnderWay(
                sending=frozenset((row.id, row.attempts) for row in await connection.execute(sending)),
                handling=frozenset((await connection.execute(handling)).scalars()),
                mark=await connection.scalar(select(fact.c.value).where(fact.c.name == TAKEN)),
            )

    async def evidence(self, first: int, last: int) -> list[Sighting]:
        """Return messages to private chats that were sent about when these two rows were, the newest first."""
        near = delivery.c.id.between(first - _AROUND, last + _AROUND)
        new = and_(in_states(delivery, DeliveryState.SENT), ~of_kinds(delivery, lambda traits: traits.edits))
        statement = (
            select(reader.c.chat_id, delivery.c.message_id, delivery.c.after_message)
            .join(reader, reader.c.id == delivery.c.reader_id)
            .where(near, new, delivery.c.message_id > 0, delivery.c.after_message.is_not(None), reader.c.chat_id > 0)
            .order_by(delivery.c.id.desc())
            .limit(_EVIDENCE)
        )
        async with self._database.read() as connection:
            return [Sighting(*row) for row in (await connection.execute(statement)).all()]

    async def settle(self, verdicts: Mapping[Doubt, Verdict], now: datetime) -> Findings:
        """Write verdicts down, all of them with one commit; returns what they came to.

        A row that somebody else has decided meanwhile, or that is uncertain in another try, keeps what it is. What did
        not arrive is sent again; where its send was stopped, it is dropped; it keeps its time to expire.
        """
        moved: dict[type[Verdict], list[AnyRow]] = {kind: [] for kind in (Found, Absent, Closed, Unclear)}
        async with self._database.turn() as connection:
            await counters_in_order(self._database, connection, [doubt.id for doubt in verdicts])
            for (verdict, attempt), numbers in _alike(verdicts).items():
                moved[type(verdict)] += await self._ended(connection, verdict, attempt, numbers, now)
            await self._note_found(connection, verdicts, moved[Found], now)
            lines = await give_back(connection, [row.id for row in moved[Closed]])
            await _count(connection, moved, lines)
            again = sorted({row.publication_id for row in moved[Absent] if row.publication_id is not None})
            await _go_on(connection, again)
            await stop_again(connection, again)
            known = {doubt.id for doubt, verdict in verdicts.items() if verdict not in (Found(None), Unclear())}
            owing = [row.id for row in moved[Found] if row.id in known]  # a message of no number cannot be edited
            await owe_edits(self._database, connection, owing, now)
        return Findings(*(len(moved[kind]) for kind in (Found, Absent, Closed, Unclear)))

    async def _ended(
        self,
        connection: AsyncConnection,
        verdict: Verdict,
        attempt: int,
        messages: Mapping[int, int | None],
        now: datetime,
    ) -> list[AnyRow]:
        """Write down a verdict on doubts of one try, by their messages' numbers where they have some."""
        number, message = pairs(self._database)
        values: dict[str, Any]
        match verdict:
            case Found():
                values = {"state": DeliveryState.SENT, "message_id": message, "lease_until": null(), "reason": null()}
            case Absent():
                values = {"state": DeliveryState.QUEUED, "not_before": now, "finished_at": null(), "reason": null()}
                values |= {"holder": null(), "lease_until": null()}
            case Closed(reason, _):
                values = {"state": DeliveryState.FAILED, "reason": reason, "lease_until": null()}
            case Unclear():
                values = {"asked_at": now}
        there = and_(delivery.c.id == number, delivery.c.attempts == attempt, delivery.c.asked_at.is_(None))
        change = update(delivery).where(there, still_in(delivery, DeliveryState.UNCERTAIN)).values(values)
        returned = change.returning(delivery.c.id, delivery.c.publication_id, delivery.c.reader_id)
        rows = list((await connection.execute(returned, {"pairs": paired(messages)})).all())
        if isinstance(verdict, Closed):
            # Whoever paused or left stays so, as after a send.
            whose = and_(reader.c.id.in_(listed(self._database)), reader.c.state == ReaderState.ACTIVE)
            gone = update(reader).where(whose).values(state=verdict.reader_state, updated_at=now)
            await connection.execute(gone, {"numbers": as_list([row.reader_id for row in rows])})
        return rows

    async def _note_found(
        self, connection: AsyncConnection, verdicts: Mapping[Doubt, Verdict], rows: Sequence[AnyRow], now: datetime
    ) -> None:
        settled = {row.id for row in rows}
        found = [
            (doubt.chat_id, number)
            for doubt, verdict in verdicts.items()
            if isinstance(verdict, Found) and (number := verdict.message_id) is not None and doubt.id in settled
        ]
        await self._ids.note(connection, found, now)


def _doubt_of(row: AnyRow) -> Doubt:
    alive = row.lease_until - _LEASE if row.lease_until is not None else row.finished_at
    return Doubt(
        id=row.id,
        attempt=row.attempts,
        chat_id=row.chat_id,
        after=row.after_message,
        since=alive or row.created_at,
        kind=row.chat_kind,
        edits=row.kind.traits.edits,
    )


def _alike(verdicts: Mapping[Doubt, Verdict]) -> Mapping[tuple[Verdict, int], dict[int, int | None]]:
    """Return doubts with their messages' numbers by what is written down of them and by their try."""
    alike: dict[tuple[Verdict, int], dict[int, int | None]] = defaultdict(dict)
    for doubt, verdict in verdicts.items():
        found = verdict.message_id if isinstance(verdict, Found) else None
        alike[Found(None) if isinstance(verdict, Found) else verdict, doubt.attempt][doubt.id] = found
    return alike


async def _count(
    connection: AsyncConnection, moved: Mapping[type[Verdict], Sequence[AnyRow]], lines: Counter[tuple[int, str]]
) -> None:
    tally = Counter(lines)
    for kind, rows in moved.items():
        for number in (row.publication_id for row in rows if row.publication_id is not None):
            if kind is not Unclear:
                tally[number, "uncertain"] -= 1
            for name in (_COUNTED.get(kind), _TOLD.get(kind)):
                if name is not None:
                    tally[number, name] += 1
    concerned = {row.publication_id for rows in moved.values() for row in rows if row.publication_id is not None}
    for number in sorted(concerned):  # before the counters, which are fewer: whoever records outcomes has all in order
        shown = update(publication).where(publication.c.id == number)
        await connection.execute(shown.values(reported=False))
    await count(connection, tally)


async def _go_on(connection: AsyncConnection, publications: Sequence[int]) -> None:
    """Let sends that had ended run again, of which something is sent again."""
    if publications:
        ended = and_(publication.c.id.in_(publications), publication.c.state == PublicationState.DONE)
        going = {"state": PublicationState.RUNNING, "finished_at": null(), "reported": False}
        await connection.execute(update(publication).where(ended).values(going))
