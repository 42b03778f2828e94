"""What is held for digests: headlines that become lines, and lines whose digest did not go out."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, Update, and_, case, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import PublicationState
from bot.model.ledger import NOTHING_TO_SEND, QUIET_HOURS, DeliveryKind, DeliveryState
from bot.model.news import ArticleState
from bot.model.readers import ReaderState
from bot.timing.schedules import quiet_end
from storage.delivery.counters import out_of_held
from storage.delivery.sends import may_go
from storage.engine.batches import as_list, listed
from storage.engine.conditions import in_states
from storage.engine.database import Database
from storage.people.reader_rows import COLUMNS, reader_of
from storage.schema.tables import article, delivery, publication, reader

LET_GO = "uncertain, let go"  # the reason of a row that somebody stopped asking about
_UNPLANNED = and_(reader.c.state == ReaderState.ACTIVE, reader.c.next_digest_at.is_(None))
_WITH_DIGEST = (
    (DeliveryState.FAILED, "failed", "its digest failed"),
    (DeliveryState.DROPPED, "dropped", "its digest had nothing to say"),
)
_CHECKED = tuple(state for state, _, _ in _WITH_DIGEST)


async def give_back(connection: AsyncConnection, ended: Sequence[int]) -> Counter[tuple[int, str]]:
    """Let the lines of digests that did not go out wait for the next one, or end with their digest.

    Returns what to add to the counters, together with what else is: whoever adds twice has them in two orders.

    `ended` are numbers of deliveries that have just ended. Whoever cannot be reached now gets the lines when they are
    back; what Telegram does not accept, it does not accept in the next digest either, and of what had nothing to say
    nothing is left.
    """
    tally: Counter[tuple[int, str]] = Counter()
    if not ended:
        return tally
    statement = (
        select(delivery.c.digest_id, delivery.c.state, delivery.c.reason, reader.c.state.label("reader"))
        .join(reader, reader.c.id == delivery.c.reader_id)
        .where(delivery.c.id.in_(ended), delivery.c.kind == DeliveryKind.DIGEST, delivery.c.state.in_(_CHECKED))
    )
    away: list[int] = []
    over: dict[DeliveryState, list[int]] = {state: [] for state in _CHECKED}
    for row in (await connection.execute(statement)).all():
        # Whoever was away when it was claimed may be back by now.
        lost = row.state is DeliveryState.FAILED or row.reason == NOTHING_TO_SEND
        (over[row.state] if lost and row.reader is ReaderState.ACTIVE else away).append(row.digest_id)
    if away:
        back = _lines(away).values(state=DeliveryState.HELD, digest_id=null(), finished_at=null())
        await connection.execute(back)
    for state, name, reason in _WITH_DIGEST:
        if over[state]:
            change = _lines(over[state]).values(state=state, reason=reason).returning(delivery.c.publication_id)
            tally.update(out_of_held((await connection.execute(change)).scalars(), name))
    return tally


async def renew_lines(connection: AsyncConnection, digests: Sequence[int], now: datetime) -> Counter[tuple[int, str]]:
    """Bring the lines of digests that are about to be sent up to date; returns what to add to the counters.

    Between its making and its sending a digest may wait: what was retracted or stopped meanwhile leaves it and never
    comes back into it, what was paused waits for another digest, and the rest goes out in the revisions of now.
    """
    if not digests:
        return Counter()
    inside = and_(
        delivery.c.digest_id.in_(digests),
        delivery.c.kind == DeliveryKind.ITEM,
        delivery.c.state == DeliveryState.BUNDLED,
    )
    sends = select(publication.c.id).where(publication.c.id == delivery.c.publication_id)
    paused = sends.where(publication.c.state == PublicationState.PAUSED).exists()
    stopped = sends.where(publication.c.state.in_((PublicationState.STOPPING, PublicationState.STOPPED))).exists()
    current = select(article.c.revision).where(article.c.id == delivery.c.article_id)
    retracted = current.where(article.c.state == ArticleState.RETRACTED).exists()
    gone = update(delivery).where(inside, or_(retracted, stopped))
    dropped = gone.values(
        state=DeliveryState.DROPPED,
        reason=case((retracted, "retracted"), else_="stopped"),
        digest_id=null(),
        finished_at=now,
    )
    ended = (await connection.execute(dropped.returning(delivery.c.publication_id))).scalars().all()
    back = update(delivery).where(inside, paused)
    await connection.execute(back.values(state=DeliveryState.HELD, digest_id=null(), finished_at=null()))
    newer = current.scalar_subquery()
    await connection.execute(update(delivery).where(inside, delivery.c.revision < newer).values(revision=newer))
    return out_of_held(ended, "dropped")


async def leave_out(
    connection: AsyncConnection, digest: int, articles: Collection[int], now: datetime
) -> Counter[tuple[int, str]]:
    """End the lines of a digest that its message was made without; returns what to add to the counters."""
    there = select(article.c.id).where(article.c.id == delivery.c.article_id)
    retracted = there.where(article.c.state == ArticleState.RETRACTED).exists()
    gone = _lines([digest]).where(delivery.c.article_id.in_(articles))
    dropped = gone.values(
        state=DeliveryState.DROPPED,
        reason=case((retracted, "retracted"), else_="unwanted"),
        digest_id=null(),
        finished_at=now,
    )
    return out_of_held((await connection.execute(dropped.returning(delivery.c.publication_id))).scalars(), "dropped")


async def let_go(connection: AsyncConnection, digests: Sequence[int], now: datetime) -> Counter[tuple[int, str]]:
    """End the lines of digests of which nobody knows whether they arrived; returns what to add to the counters."""
    if not digests:
        return Counter()
    change = _lines(digests).values(state=DeliveryState.DROPPED, reason=LET_GO, finished_at=now)
    gone = (await connection.execute(change.returning(delivery.c.publication_id))).scalars().all()
    return out_of_held(gone, "dropped")


async def arrived_after_all(connection: AsyncConnection, ended: Sequence[int]) -> Counter[tuple[int, str]]:
    """Put the lines of digests back that were let go and had arrived; returns what to add to the counters.

    `ended` are numbers of the digests' deliveries.
    """
    digests = select(delivery.c.digest_id).where(delivery.c.id.in_(ended), delivery.c.kind == DeliveryKind.DIGEST)
    inside = and_(delivery.c.digest_id.in_(digests), delivery.c.kind == DeliveryKind.ITEM)
    let_go_ = and_(inside, delivery.c.state == DeliveryState.DROPPED, delivery.c.reason == LET_GO)
    back = update(delivery).where(let_go_).values(state=DeliveryState.BUNDLED, reason=null())
    lines = (await connection.execute(back.returning(delivery.c.publication_id))).scalars().all()
    tally: Counter[tuple[int, str]] = Counter()
    for number in lines:
        tally[number, "held"] += 1
        tally[number, "dropped"] -= 1
    return tally


def _lines(digests: Sequence[int]) -> Update:
    inside = and_(delivery.c.digest_id.in_(digests), delivery.c.kind == DeliveryKind.ITEM)
    return update(delivery).where(inside, delivery.c.state == DeliveryState.BUNDLED)


async def hold(connection: AsyncConnection, numbers: Sequence[int], holder: str) -> Counter[tuple[int, str]]:
    """Make lines of headlines that their claim found in quiet hours; returns what to add to the counters."""
    mine = and_(delivery.c.id.in_(numbers), delivery.c.holder == holder, delivery.c.state == DeliveryState.SENDING)
    change = (
        update(delivery)
        .where(mine)
        .values(
            state=DeliveryState.HELD,
            kind=DeliveryKind.ITEM,
            holder=null(),
            lease_until=null(),
            attempts=delivery.c.attempts - 1,
            reason=QUIET_HOURS,
        )
        .returning(delivery.c.publication_id)
    )
    held = (await connection.execute(change)).scalars().all()
    return Counter((number, "held") for number in held if number is not None)


def forgotten(limit: int) -> Select[int]:
    """Return up to `limit` readers for whom something is held that may go, and no digest is planned.

    Such rows are left where settings change while a send is being written down, and by headlines that were held at the
    last moment.
    """
    return (
        select(delivery.c.reader_id)
        .join(reader, reader.c.id == delivery.c.reader_id)
        .where(in_states(delivery, DeliveryState.HELD), may_go(), _UNPLANNED)
        .distinct()
        .limit(limit)
    )


async def promise(database: Database, connection: AsyncConnection, numbers: Sequence[int], now: datetime) -> int:
    """Give those of some readers who have no digest planned a time for one; returns how many those were."""
    these = {"numbers": as_list(numbers)}
    rows = await connection.execute(select(*COLUMNS).where(reader.c.id.in_(listed(database)), _UNPLANNED), these)
    readers = [reader_of(row) for row in rows]
    end = cache(quiet_end)  # who has the same quiet hours in the same zone shares the working out
    planned: dict[datetime, list[int]] = defaultdict(list)
    for one in readers:
        planned[end(one.quiet, one.zone, now) or now].append(one.id)
    for at, whose in planned.items():
        change = update(reader).where(reader.c.id.in_(listed(database)), reader.c.next_digest_at.is_(None))
        await connection.execute(change.values(next_digest_at=at), {"numbers": as_list(whose)})
    return len(readers)
