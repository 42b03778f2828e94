"""Writing the deliveries of an article for a range of readers, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import DeliveryKind, DeliveryState
from bot.model.matching import MatchKey, MatchKind, Route, Targeting, story_key
from storage.delivery.mentions import mentioned_under, still_public
from storage.engine.columns import Instant
from storage.engine.database import AnyRow, Database
from storage.engine.locks import AdvisoryLock
from storage.people.audience import quiet_zones, wanting, wish
from storage.schema.tables import article, delivery


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a stretch of a fan-out reaches: what matters of the article, the readers (after, up to], what they know.

    `told` are the articles that it tells in other words, see `storage.delivery.mentions`.
    """

    matter: Targeting
    span: tuple[int, int]
    told: Mapping[int, frozenset[MatchKey]]


async def begin_stretch(database: Database, connection: AsyncConnection) -> None:
    """Let `after_stretches` wait for this transaction. Before it locks any row, and behind its turn if it takes one."""
    if not database.is_sqlite:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock_shared({AdvisoryLock.STRETCHES})"))


async def after_stretches(database: Database, connection: AsyncConnection) -> None:
    """Wait until every stretch of a fan-out that has begun is written, and let none begin before this one's end.

    For whoever changes the readers that a stretch is made from, or looks for all that was made of them. In a turn, and
    before the transaction locks any row. On SQLite every transaction is so.
    """
    if not database.is_sqlite:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({AdvisoryLock.STRETCHES})"))


async def in_its_story(connection: AsyncConnection, article_id: int, matter: Targeting) -> Targeting:
    """Return the matter with the story the article is in now, which no editor merges until the transaction ends.

    Followers go over to another story when theirs is merged: those whose turn comes later must not be missed.
    """
    mine = select(article.c.story_id).where(article.c.id == article_id).with_for_update(read=True)
    number = await connection.scalar(mine)
    keys = {key for key in matter.keys if key.kind is not MatchKind.STORY}
    if number is not None:
        keys.add(story_key(number))
    return replace(matter, keys=frozenset(keys))


async def write_deliveries(
    database: Database, connection: AsyncConnection, row: AnyRow, reach: Reach, now: datetime, expires_at: datetime
) -> dict[DeliveryState, int]:
    """Write the deliveries of a stretch inside a transaction; returns how many there are in each state.

    `row` is the article's publication. A reader who has the article already gets no second row.
    """
    people = wanting(reach.matter, now, *reach.span)
    at_once = wish(reach.matter, await quiet_zones(connection, now)) == int(Route.NOW)
    columns: dict[str, ColumnElement[object]] = {
        "publication_id": literal(row.id),
        "article_id": literal(row.article_id),
        "kind": case((at_once, int(DeliveryKind.PUSH)), else_=int(DeliveryKind.ITEM)),
        "lane": literal(int(row.lane)),
        "state": case((at_once, int(DeliveryState.QUEUED)), else_=int(DeliveryState.HELD)),
        "revision": literal(row.revision),
        "not_before": literal(now, Instant),
        "expires_at": literal(expires_at, Instant),
        "created_at": literal(now, Instant),
    }
    wanted: Select[tuple[int, ...]] = people.add_columns(*(value.label(name) for name, value in columns.items()))
    names = ["reader_id", *columns]
    if told := await still_public(connection, reach.told):
        wanted = mentioned_under(wanted, row, told, now)
        names += ["first_article", "target_message"]
    insert = database.insert(delivery).from_select(names, wanted)
    once = insert.on_conflict_do_nothing(
        # To the letter: PostgreSQL does not match a bound value to the index's condition once it has prepared this.
        index_elements=["article_id", "reader_id"],
        index_where=text("kind <= 2"),
    )
    return await _inserted(database, connection, once)


async def _inserted(database: Database, connection: AsyncConnection, once: Any) -> dict[DeliveryState, int]:
    """Insert rows; returns how many in each state. None of them comes here: each would cost as much as to write it."""
    if database.is_sqlite:
        before = await connection.scalar(select(func.max(delivery.c.id))) or 0
        await connection.execute(once)
        made = select(delivery.c.state).where(delivery.c.id > before).subquery("made")  # nobody else writes meanwhile
    else:
        made = once.returning(delivery.c.state).cte("made")
    counted = select(made.c.state, func.count()).group_by(made.c.state)
    return {row[0]: row[1] for row in await connection.execute(counted)}
