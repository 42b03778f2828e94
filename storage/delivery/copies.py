"""The copies of an article that readers hold, and the edits that a correction owes to each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, func, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryKind, DeliveryState, Priority
from storage.engine.batches import as_list, listed, packed, rowset
from storage.engine.columns import Instant
from storage.engine.conditions import of_kinds
from storage.engine.database import AnyRow, Database
from storage.schema.tables import article, delivery, kept_copy, publication, reader, shown

_WHOLE = delivery.alias("whole")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Copy:
    """A message that shows an older revision: whose, which, and the digest it is, if it is one."""

    reader_id: int
    message_id: int
    digest_id: int | None = None


@dataclass(frozen=True, slots=True)
class LateCopies:
    """Copies that were sent while a correction was written down: deliveries, and readers of compact ones.

    With `waits` others are under way.
    """

    rows: Sequence[int] = ()
    kept: Sequence[int] = ()
    waits: bool = False

    @property
    def has_some(self) -> bool:
        """Whether there are any to be renewed."""
        return bool(self.rows or self.kept)


NONE_LATE = LateCopies()
"""None was found, and none can come."""
_NO_VALUES: Mapping[str, object] = MappingProxyType({})


async def renew(connection: AsyncConnection, row: AnyRow, span: Span) -> list[Copy]:
    """Take the older copies of a span's readers for changed, and return them: these, and no others, get an edit.

    `row` is the correction's publication. What is not sent yet is passed over: it is sent in the new revision.
    """
    copies = await _renew_rows(connection, row, _own(row, span))
    return [*copies, *await _renew_kept(connection, row, _own_kept(row, span))]


async def late_copies(connection: AsyncConnection, row: AnyRow, most: int) -> LateCopies:
    """Return up to `most` older copies of the article, whoever's, that have been sent."""
    everybody = (0, row.fan_end)
    # In this order: what becomes compact meanwhile is found in the one form or in the other.
    sent = select(delivery.c.id).where(_own(row, everybody), _made()).limit(most)
    rows = tuple((await connection.execute(sent)).scalars())
    kept = select(kept_copy.c.reader_id).where(_own_kept(row, everybody)).limit(most - len(rows))
    return LateCopies(rows, tuple((await connection.execute(kept)).scalars()))


async def renew_late(database: Database, connection: AsyncConnection, row: AnyRow, late: LateCopies) -> list[Copy]:
    """Take these copies for changed, as `renew` does; those that are older still."""
    everybody, these = (0, row.fan_end), listed(database)
    copies: list[Copy] = []
    if late.rows:
        own = and_(delivery.c.id.in_(these), _own(row, everybody))
        copies += await _renew_rows(connection, row, own, {"numbers": as_list(late.rows)})
    if late.kept:
        own = and_(kept_copy.c.reader_id.in_(these), _own_kept(row, everybody))
        copies += await _renew_kept(connection, row, own, {"numbers": as_list(late.kept)})
    return copies


async def _renew_rows(
    connection: AsyncConnection, row: AnyRow, own: ColumnElement[bool], values: Mapping[str, object] = _NO_VALUES
) -> list[Copy]:
    columns = (delivery.c.reader_id, delivery.c.message_id, delivery.c.digest_id, delivery.c.state)
    change = update(delivery).where(own, _made()).values(revision=row.revision).returning(*columns)
    found = (await connection.execute(change, values)).all()
    copies = [
        Copy(one.reader_id, one.message_id)
        for one in found
        if one.state is DeliveryState.SENT and one.message_id is not None and one.message_id > 0
    ]
    inside = {r.digest_id: r.reader_id for r in found if r.state is DeliveryState.BUNDLED}
    if inside:
        wholes = select(_WHOLE.c.digest_id, _WHOLE.c.message_id).where(
            _WHOLE.c.digest_id.in_(inside), _WHOLE.c.kind == DeliveryKind.DIGEST, _WHOLE.c.message_id > 0
        )
        rows = await connection.execute(wholes)
        copies += [Copy(inside[one.digest_id], one.message_id, one.digest_id) for one in rows]
    return copies


async def _renew_kept(
    connection: AsyncConnection, row: AnyRow, own: ColumnElement[bool], values: Mapping[str, object] = _NO_VALUES
) -> list[Copy]:
    """Do the same with the copies whose deliveries are so long over that they are compact."""
    columns = (kept_copy.c.reader_id, kept_copy.c.message_id, kept_copy.c.digest_id)
    change = update(kept_copy).where(own).values(revision=row.revision).returning(*columns)
    found = await connection.execute(change, values)
    return [Copy(one.reader_id, one.message_id, one.digest_id) for one in found.all()]


def _made() -> ColumnElement[bool]:
    """Return the condition for what has been sent, by itself or inside a digest."""
    return or_(delivery.c.state == DeliveryState.SENT, _inside(DeliveryState.SENT))


def _inside(state: DeliveryState) -> ColumnElement[bool]:
    """Return the condition that a row is a line of a digest that is in a state.

    Looked up for each such row: whether there is one, PostgreSQL may find out by reading all digests there ever were.
    """
    digest = and_(_WHOLE.c.digest_id == delivery.c.digest_id, _WHOLE.c.kind == DeliveryKind.DIGEST)
    its = select(_WHOLE.c.state).where(digest).limit(1).scalar_subquery()
    return and_(delivery.c.state == DeliveryState.BUNDLED, its == state)


async def count_holders(connection: AsyncConnection, article_id: int) -> int:
    """Return how many readers hold a copy of an article."""
    mine = and_(delivery.c.article_id == article_id, of_kinds(delivery, lambda traits: traits.holds_article))
    number = select(func.count(delivery.c.reader_id.distinct())).where(mine, _made())
    kept = select(func.count()).select_from(kept_copy).where(kept_copy.c.article_id == article_id)
    return int(await connection.scalar(number) or 0) + int(await connection.scalar(kept) or 0)


async def opened_elsewhere(connection: AsyncConnection, row: AnyRow, span: Span) -> list[Copy]:
    """Return the other messages that show the article, opened from a list for example."""
    twin = reader.alias("twin")
    first = select(func.min(twin.c.id)).where(twin.c.chat_id == shown.c.chat_id).scalar_subquery()
    statement = (
        select(reader.c.id, shown.c.message_id)
        .select_from(shown.join(reader, reader.c.chat_id == shown.c.chat_id))
        .where(
            shown.c.article_id == row.article_id, reader.c.id == first, reader.c.id > span[0], reader.c.id <= span[1]
        )
    )
    return [Copy(number, message) for number, message in (await connection.execute(statement)).all()]


async def under_way(connection: AsyncConnection, row: AnyRow) -> bool:
    """Tell whether an older copy is being sent at this moment."""
    moving = or_(delivery.c.state == DeliveryState.SENDING, _inside(DeliveryState.SENDING))
    statement = select(delivery.c.id).where(_own(row, (0, row.fan_end)), moving).limit(1)
    return (await connection.execute(statement)).first() is not None


async def owe(
    database: Database,
    connection: AsyncConnection,
    row: AnyRow,
    kind: DeliveryKind,
    copies: Sequence[Copy],
    now: datetime,
) -> None:
    """Write down an edit of each copy, or a note in reply to it. `row` is the correction's publication."""
    if not copies:
        return
    who = rowset(database, {"reader": BigInteger, "message": BigInteger, "digest": BigInteger})
    counted = kind.traits.is_counted
    columns = {
        "reader_id": who["reader"],
        "target_message": who["message"],
        "digest_id": who["digest"],
        # What belongs to no publication is not counted: "edited 9 812 of 9 840" speaks of copies.
        "publication_id": literal(row.id if counted else None, BigInteger),
        "article_id": literal(row.article_id),
        "kind": literal(int(kind)),
        "lane": literal(int(row.lane if counted else Priority.INSTANT)),
        "state": literal(int(DeliveryState.QUEUED)),
        "revision": literal(row.revision),
        "not_before": literal(now, Instant),
        "created_at": literal(now, Instant),
    }
    values = select(*(value.label(name) for name, value in columns.items()))
    rows = [{"reader": one.reader_id, "message": one.message_id, "digest": one.digest_id} for one in copies]
    await connection.execute(insert(delivery).from_select(list(columns), values), {"rows": packed(rows)})


async def counters_in_order(database: Database, connection: AsyncConnection, numbers: Sequence[int]) -> None:
    """Take the counters of all sends that what becomes of these deliveries may bear upon, in the order of everybody.

    That are their own, those of a digest's lines, and of the corrections whose edits they may be owed: for who changes
    counters more than once. In a turn, by whom no row is wanted that who is in none may have.
    """
    if database.is_sqlite or not numbers:
        return
    digests = select(_WHOLE.c.digest_id).where(_WHOLE.c.id.in_(numbers), _WHOLE.c.kind == DeliveryKind.DIGEST)
    columns = select(delivery.c.publication_id, delivery.c.article_id)
    both = columns.where(delivery.c.id.in_(numbers)).union(columns.where(delivery.c.digest_id.in_(digests)))
    rows = (await connection.execute(both)).all()
    last = select(func.max(publication.c.id)).where(
        publication.c.article_id.in_({row.article_id for row in rows if row.article_id is not None}),
        publication.c.purpose > 0,
    )
    sends = {row.publication_id for row in rows if row.publication_id is not None}
    sends |= set((await connection.execute(last.group_by(publication.c.article_id))).scalars())
    taken = select(publication.c.id).where(publication.c.id.in_(sends)).order_by(publication.c.id)
    await connection.execute(taken.with_for_update())


async def owe_edits(database: Database, connection: AsyncConnection, numbers: Sequence[int], now: datetime) -> None:
    """Owe edits to copies that turn out to have been sent in an old revision. Call it inside a turn of the ledger.

    `numbers` are deliveries that have just become SENT. They are counted by their article's last correction.
    """
    if not numbers:
        return
    inside = and_(_WHOLE.c.digest_id == delivery.c.digest_id, _WHOLE.c.kind == DeliveryKind.DIGEST)
    items = (
        select(delivery.c.id)
        .join(_WHOLE, inside)
        .where(_WHOLE.c.id.in_(numbers), delivery.c.state == DeliveryState.BUNDLED)
    )
    old = (
        select(delivery.c.article_id, delivery.c.reader_id)
        .join(article, article.c.id == delivery.c.article_id)
        .where(
            or_(delivery.c.id.in_(numbers), delivery.c.id.in_(items)),
            of_kinds(delivery, lambda traits: traits.holds_article),
            delivery.c.revision < article.c.revision,
        )
    )
    for article_id, reader_id in (await connection.execute(old)).all():
        last = select(publication).where(publication.c.article_id == article_id, publication.c.purpose > 0)
        row = (await connection.execute(last.order_by(publication.c.id.desc()).limit(1))).first()
        if row is not None:
            copies = await renew(connection, row, (reader_id - 1, reader_id))
            await owe(database, connection, row, DeliveryKind.EDIT, copies, now)
            more: dict[str, Any] = {"total": publication.c.total + len(copies)}
            if row.state is PublicationState.DONE:
                more |= {"state": PublicationState.RUNNING, "finished_at": None, "reported": False}
            await connection.execute(update(publication).where(publication.c.id == row.id).values(more))


def _own_kept(row: AnyRow, span: Span) -> ColumnElement[bool]:
    """Return the condition for the same of compact copies."""
    return and_(
        kept_copy.c.article_id == row.article_id,
        kept_copy.c.reader_id > span[0],
        kept_copy.c.reader_id <= span[1],
        kept_copy.c.revision < row.revision,
    )


def _own(row: AnyRow, span: Span) -> Any:
    """Return the condition for the rows of the article's older copies among the readers of a span."""
    return and_(
        delivery.c.article_id == row.article_id,
        of_kinds(delivery, lambda traits: traits.holds_article),
        delivery.c.reader_id > span[0],
        delivery.c.reader_id <= span[1],
        delivery.c.revision < row.revision,
    )
