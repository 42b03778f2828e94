"""Deliveries of which nobody knows whether they arrived: listed, and sent again or let go as somebody decides.

Only those that Telegram has been asked about in vain. Of the others it is found out by itself, and what arrived is not
sent again on the word of somebody who did not know of it.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, null, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryKind, DeliveryState, Policy, UncertainCounts, UncertainDelivery
from storage.delivery.counters import count
from storage.delivery.held import LET_GO, let_go
from storage.engine.columns import Instant
from storage.engine.conditions import in_states, of_kinds
from storage.engine.database import Database, chunked
from storage.people.audit import write_audit
from storage.schema.tables import delivery, loose_message, publication, reader

TRIES = 3  # after that many, a policy of "send again" gives the row to the editor
_STOPPED = (PublicationState.STOPPING, PublicationState.STOPPED)  # nothing of these is sent again by itself
_ASKED = delivery.c.asked_at.is_not(None)  # Telegram cannot tell what became of the row
_STRETCH = 5_000
_FRESH = timedelta(hours=1)  # how long a row that is sent again may wait


class Uncertain:
    """The uncertain deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, publication_id: int | None, limit: int) -> list[UncertainDelivery]:
        """Return rows of a publication that somebody has to decide about, oldest first; None: of no publication."""
        statement = (
            select(reader.c.name, reader.c.chat_id, delivery.c.kind, delivery.c.reason, delivery.c.finished_at)
            .join(reader, reader.c.id == delivery.c.reader_id)
            .where(in_states(delivery, DeliveryState.UNCERTAIN), _of(publication_id), _ASKED)
            .order_by(delivery.c.id)
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return [
            UncertainDelivery(row.name or str(row.chat_id), row.kind, row.reason or "", row.finished_at) for row in rows
        ]

    async def loose(self) -> UncertainCounts:
        """Return how many uncertain rows belong to no publication: digests, and notes of corrections.

        Those are left out that Telegram is still to be asked about.
        """
        rows = select(func.count(), func.max(delivery.c.asked_at)).where(
            in_states(delivery, DeliveryState.UNCERTAIN), _of(None), _ASKED
        )
        async with self._database.read() as connection:
            number, newest = (await connection.execute(rows)).one()
        return UncertainCounts(number, newest)

    async def decide(self, publication_id: int | None, policy: Policy, by: int, now: datetime) -> int:
        """Send a publication's uncertain rows again (RESEND) or drop them (DROP); returns how many that were.

        Only those of which Telegram cannot tell what became of them, also where others became uncertain a moment ago.
        None stands for the rows of no publication; the lines of a digest that is let go end with it.
        """
        async with self._database.turn() as connection:
            number = await _settle(connection, _of(publication_id), policy, now)
            article_id = await connection.scalar(
                select(publication.c.article_id).where(publication.c.id == publication_id)
            )
            detail = {"publication": publication_id, "rows": number}
            await write_audit(connection, now, by, f"uncertain {policy.name.lower()}", article_id, detail)
        return number

    async def follow_policies(self, now: datetime) -> int:
        """Do with uncertain rows what was chosen when they were published; returns how many are sent again.

        Only with those of which Telegram cannot tell what became of them.
        """
        unclear = and_(in_states(delivery, DeliveryState.UNCERTAIN), _ASKED)
        doubtful = select(delivery.c.publication_id).where(unclear).distinct()
        async with self._database.read() as connection:
            concerned = [number for number in (await connection.execute(doubtful)).scalars() if number is not None]
        if not concerned:
            return 0
        again = 0
        for policy in (Policy.RESEND, Policy.DROP):  # each has the counters of its sends in order: both would have two
            async with self._database.turn() as connection:
                chosen = select(publication.c.id).where(
                    publication.c.id.in_(concerned),
                    publication.c.policy == policy,
                    publication.c.state.not_in(_STOPPED) if policy is Policy.RESEND else true(),
                )
                rows = and_(delivery.c.publication_id.in_(chosen), _tried_less(policy))
                number = await _settle(connection, rows, policy, now)
                again += number if policy is Policy.RESEND else 0
        return again


def _of(publication_id: int | None) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = delivery.c.publication_id == publication_id
    return delivery.c.publication_id.is_(None) if publication_id is None else mine


def _tried_less(policy: Policy) -> ColumnElement[bool]:
    return delivery.c.attempts < TRIES if policy is Policy.RESEND else true()


async def _note_loose(connection: AsyncConnection, readers: Iterable[int], now: datetime) -> None:
    """Note that a message may be in these readers' chats whose number nobody has, for whoever asks there later."""
    for some in chunked(sorted(readers), _STRETCH):
        chats = select(reader.c.chat_id, literal(now, Instant)).where(reader.c.id.in_(some))
        await connection.execute(insert(loose_message).from_select(["chat_id", "at"], chats))


async def _settle(connection: AsyncConnection, rows: ColumnElement[bool], policy: Policy, now: datetime) -> int:
    values: dict[str, Any] = {"state": DeliveryState.DROPPED, "reason": LET_GO, "finished_at": now}
    if policy is Policy.RESEND:
        values = {
            "state": DeliveryState.QUEUED,
            "holder": null(),
            "not_before": now,
            "finished_at": null(),
            "lease_until": null(),
            "asked_at": null(),
            # A headline that waits too long is a line of a digest; what cannot become one is worth sending later, too.
            "expires_at": case(
                (of_kinds(delivery, lambda traits: traits.may_become_item), literal(now + _FRESH, Instant)),
                else_=null(),
            ),
        }
    change = (
        update(delivery)
        .where(in_states(delivery, DeliveryState.UNCERTAIN), _ASKED, rows)
        .values(values)
        .returning(delivery.c.publication_id, delivery.c.digest_id, delivery.c.kind, delivery.c.reader_id)
    )
    settled = (await connection.execute(change)).all()
    await _note_loose(connection, {row.reader_id for row in settled}, now)
    numbers = [row.publication_id for row in settled if row.publication_id is not None]
    tally = Counter((n, "uncertain") for n in numbers)
    for key in list(tally):
        tally[key] = -tally[key]
    if policy is Policy.DROP:
        tally.update({(number, "dropped"): times for number, times in Counter(numbers).items()})
        digests = [row.digest_id for row in settled if row.kind is DeliveryKind.DIGEST]
        tally.update(await let_go(connection, digests, now))
    await count(connection, tally)
    if policy is Policy.RESEND and numbers:
        ended = and_(publication.c.id.in_(set(numbers)), publication.c.state == PublicationState.DONE)
        going = update(publication).where(ended)
        await connection.execute(going.values(state=PublicationState.RUNNING, finished_at=null(), reported=False))
    return len(settled)
