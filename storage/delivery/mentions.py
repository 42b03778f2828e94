"""Mentions: what another source tells of news that was sent stands as a button under that message, without a push.

A mention is a delivery like any other: one row for a reader and an article, held, parked, dropped and counted as a push
is. It changes the message of `first_article`; what cannot be changed becomes a push (docs/decisions/0016-mentions.md).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    false,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import Delivery, DeliveryKind, DeliveryState, Priority
from bot.model.matching import MatchKey
from bot.model.news import ArticleState
from storage.delivery.sends import may_go
from storage.engine.batches import packed, rowset
from storage.engine.columns import Instant
from storage.engine.conditions import in_states
from storage.engine.database import Database
from storage.schema.tables import article, delivery, reader, subscription

NOTHING_TOLD: Mapping[int, frozenset[MatchKey]] = MappingProxyType({})
_RECENTLY = timedelta(hours=48)  # a message that is older is far up in its chat, and nobody sees what stands under it
_GATHERING = timedelta(seconds=10)
ALOUD: Mapping[str, Any] = MappingProxyType(
    {
        "kind": DeliveryKind.PUSH,
        "lane": Priority.INSTANT,
        "first_article": null(),
        "target_message": null(),
        "told_with": null(),
    }
)
"""The columns that make a push of a mention."""


async def still_public(
    connection: AsyncConnection, told: Mapping[int, frozenset[MatchKey]]
) -> Mapping[int, frozenset[MatchKey]]:
    """Return those of some articles that nobody has taken back."""
    if not told:
        return told
    public = select(article.c.id).where(article.c.id.in_(list(told)), article.c.state == ArticleState.PUBLISHED)
    there = set((await connection.execute(public)).scalars())
    return {number: keys for number, keys in told.items() if number in there}


def mentioned_under(
    wanted: Select[Any], article_id: int, told: Mapping[int, frozenset[MatchKey]], now: datetime
) -> Select[Any]:
    """Return deliveries that are to be written, those as mentions whose readers have the news in other words already.

    `wanted` selects them from `reader`, for an article; `told` are those that it tells in other words, each with what
    it has of what a reader may have asked for by name, and that one has not.
    """
    folds = and_(reader.c.fold_sources == true(), reader.c.schedule == "now")
    columns = {"first_article": "article_id", "target_message": "message_id"}
    found = {
        name: case((folds, _before(column, article_id, told, now)), else_=null()) for name, column in columns.items()
    }
    # OFFSET, so that neither engine puts the two subselects in the place of each column that is made of them.
    rows = wanted.add_columns(*(value.label(name) for name, value in found.items())).offset(0).subquery("wanted_by")
    has = rows.c.first_article.is_not(None)
    mention = {
        "kind": case((has, int(DeliveryKind.MENTION)), else_=rows.c.kind),
        "state": case((has, int(DeliveryState.QUEUED)), else_=rows.c.state),
        # Behind everything that makes a sound, and a little later: what other sources tell in the same minute, one edit
        # shows.
        "lane": case((has, int(Priority.DIGEST)), else_=rows.c.lane),
        "not_before": case((has, literal(now + _GATHERING, Instant)), else_=rows.c.not_before),
    }
    # SQLite takes the ON of ON CONFLICT for a join's when nothing stands between.
    return select(*(mention.get(one.name, one).label(one.name) for one in rows.c)).where(literal_column("1 = 1"))


def _before(column: str, article_id: int, told: Mapping[int, frozenset[MatchKey]], now: datetime) -> ColumnElement[Any]:
    """Return what the first push that told a reader the same has in a column; NULL where there is none."""
    before = delivery.alias("before_it")
    told_it = or_(
        *(
            and_(before.c.article_id == number, ~_asked_for(keys)) if keys else before.c.article_id == number
            for number, keys in told.items()
        )
    )
    return (
        select(before.c[column])
        .where(
            before.c.reader_id == reader.c.id,
            before.c.article_id.in_(list(told)),  # for the index; what it says more is read of the rows found
            told_it,
            literal_column(f"before_it.kind <= 2 AND before_it.kind = {int(DeliveryKind.PUSH)}"),
            in_states(before, DeliveryState.SENT),
            before.c.message_id > 0,
            before.c.finished_at > now - _RECENTLY,
            ~_source_spoke(before, article_id),
        )
        .order_by(before.c.id)
        .limit(1)
        .correlate(reader)
        .scalar_subquery()
    )


def _asked_for(keys: frozenset[MatchKey]) -> ColumnElement[bool]:
    mine = (subscription.c.reader_id == reader.c.id, subscription.c.exclude == false())
    return exists().where(*mine, subscription.c.key.in_(sorted(keys))).correlate(reader)


def _source_spoke(before: Any, article_id: int) -> ColumnElement[bool]:
    """Return the condition that the article's source stands under the message already: it goes on with its own news."""
    earlier, its, own = delivery.alias("earlier"), article.alias("its"), article.alias("own")
    source = select(own.c.source_id).where(own.c.id == article_id).scalar_subquery()
    return (
        select(earlier.c.id)
        .join(its, its.c.id == earlier.c.article_id)
        .where(
            earlier.c.first_article == before.c.article_id,
            earlier.c.reader_id == reader.c.id,
            its.c.source_id == source,
        )
        .correlate(before, reader)
        .exists()
    )


async def mark_told_with(database: Database, connection: AsyncConnection, claimed: Sequence[Delivery]) -> None:
    """Note which mentions the edits that were just claimed will show as well: those that wait for the same message.

    Inside the turn of the claim: what is written after it has an edit of its own.
    """
    leading = [one for one in claimed if one.kind.traits.mentions]
    if not leading:
        return
    row = rowset(database, {"id": BigInteger, "reader": BigInteger, "first": BigInteger})
    waiting = and_(
        delivery.c.reader_id == row["reader"],
        delivery.c.first_article == row["first"],
        delivery.c.kind == DeliveryKind.MENTION,
        in_states(delivery, DeliveryState.QUEUED),
        may_go(),
    )
    rows = [{"id": one.id, "reader": one.reader.id, "first": one.first_article} for one in leading]
    await connection.execute(update(delivery).where(waiting).values(told_with=row["id"]), {"rows": packed(rows)})


async def end_told_with(connection: AsyncConnection, told: Sequence[int], now: datetime) -> Counter[tuple[int, str]]:
    """End the mentions that others' edits have shown as well; `told` are the numbers of those. In a turn of the ledger.

    One that is paused meanwhile makes its edit when it goes on, which changes nothing then. May be repeated. Returns
    what to add to the counters.
    """
    with_them = and_(
        delivery.c.told_with.in_(told),
        delivery.c.kind == DeliveryKind.MENTION,
        in_states(delivery, DeliveryState.QUEUED),
    )
    change = update(delivery).where(with_them).values(state=DeliveryState.TOLD, reason=null(), finished_at=now)
    ended = (await connection.execute(change.returning(delivery.c.publication_id))).scalars()
    return Counter((number, "told") for number in ended if number is not None)


class Mentions:
    """Reading which mentions stand under a message."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def under(self, reader_id: int, article_id: int) -> list[int]:
        """Return the articles that stand under a reader's message of an article, in their order.

        Those on their way are among them, those that are paused are not.
        """
        shown = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.TOLD)
        theirs = and_(
            delivery.c.first_article == article_id,
            delivery.c.reader_id == reader_id,
            delivery.c.kind == DeliveryKind.MENTION,
            delivery.c.state.in_(shown),
            or_(delivery.c.state != DeliveryState.QUEUED, may_go()),
        )
        async with self._database.read() as connection:
            found = await connection.execute(select(delivery.c.article_id).where(theirs).order_by(delivery.c.id))
            return list(found.scalars())
