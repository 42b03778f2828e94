"""Writing the deliveries of an article for a range of readers, in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    SmallInteger,
    String,
    Text,
    any_,
    bindparam,
    case,
    column,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import DeliveryKind, DeliveryState
from bot.model.matching import MatchKey, MatchKind, Route, Targeting, story_key
from storage.delivery.mentions import mentioned_under, still_public
from storage.engine.chains import Chain, run_chain
from storage.engine.columns import Instant, MatchKeyText
from storage.engine.database import AnyRow, Database
from storage.engine.locks import AdvisoryLock
from storage.engine.planning import ONE_BY_ONE
from storage.engine.prepared import Prepared
from storage.people.audience import Sought, quiet_zones, those_who_want, wanting, wish
from storage.schema.tables import article, delivery, reader, subscription

_KEPT = 64
_COUNTED = (delivery.c.state, func.count())
_NAMES = (
    "publication_id", "article_id", "kind", "lane", "state", "revision", "not_before", "expires_at", "created_at"
)  # fmt: skip
_TYPES: Mapping[str, Any] = {
    "publication": BigInteger,
    "article": BigInteger,
    "lane": SmallInteger,
    "revision": Integer,
    "now": Instant,
    "expires": Instant,
    "after": BigInteger,
    "upto": BigInteger,
}


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
        await connection.execute(text(f"SELECT pg_advisory_xact_lock_shared({AdvisoryLock.STRETCHES}){ONE_BY_ONE}"))


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


class Stretches:
    """Writing the deliveries of a stretch, each by a statement that is made once for all articles like this one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statement = lru_cache(maxsize=_KEPT)(self._made)
        self._newest = Prepared(database, select(func.max(delivery.c.id)), ())
        since = delivery.c.id > bindparam("before", type_=BigInteger)  # nobody else writes meanwhile
        counted = select(delivery.c.state, func.count()).where(since).group_by(delivery.c.state)
        self._counted = Prepared(database, counted, _COUNTED)

    async def write(
        self, connection: AsyncConnection, row: AnyRow, reach: Reach, now: datetime, expires_at: datetime
    ) -> dict[DeliveryState, int]:
        """Write the deliveries of a stretch inside a transaction; returns how many there are in each state.

        `row` is the article's publication. A reader who has the article already gets no second row.
        """
        minutes = await quiet_zones(connection, now)
        matter, (after, upto) = reach.matter, reach.span
        of_row = {"publication": row.id, "article": row.article_id, "lane": int(row.lane), "revision": row.revision}
        values = {**of_row, "now": now, "expires": expires_at, "after": after, "upto": upto}
        if told := await still_public(connection, reach.told):
            bound = {name: literal(value, _TYPES[name]) for name, value in values.items()}
            people = wanting(matter, now, after, upto)
            wanted, more = (
                _wanted(people, wish(minutes, urgent=matter.urgent), bound),
                ("first_article", "target_message"),
            )
            once = _once(self._database, mentioned_under(wanted, row, told, now), more)
            return await _inserted(self._database, connection, once)
        zones = tuple(sorted(minutes))
        statement = self._statement(zones, matter.urgent, matter.channel_id is not None)
        values["keys"] = self._keys(matter)
        values |= {f"minute{place}": minutes[zone] for place, zone in enumerate(zones)}
        values |= {"language": matter.language} | ({} if matter.channel_id is None else {"channel": matter.channel_id})
        return await run_chain(connection, self._inserting(statement, values))

    def _inserting(self, statement: Prepared, values: Mapping[str, Any]) -> Chain[dict[DeliveryState, int]]:
        """Insert; returns how many rows in each state. None comes here: that costs as much as to write it."""
        if self._database.is_sqlite:
            [(before,)] = yield self._newest, {}
            yield statement, values
            counted = yield self._counted, {"before": before or 0}
        else:
            counted = yield statement, values
        return {row[0]: row[1] for row in counted}

    def _keys(self, matter: Targeting) -> Any:
        """Return all keys as the one value that `_follows` reads."""
        keys = sorted(matter.keys)
        return orjson.dumps([key.encode() for key in keys]).decode() if self._database.is_sqlite else keys

    def _follows(self) -> ColumnElement[bool]:
        """Return the condition that a subscription is to one of the keys that are bound.

        As one value: SQLite takes the keys of the table then, whatever it thinks of each, and psycopg reads a statement
        anew at each execution that has fifty values.
        """
        if self._database.is_sqlite:
            each = func.json_each(bindparam("keys", type_=Text)).table_valued(column("value"), name="keys_each")
            return subscription.c.key.in_(select(each.c.value))
        return subscription.c.key == any_(bindparam("keys", type_=ARRAY(MatchKeyText)))

    def _made(self, zones: tuple[str, ...], urgent: bool, of_channel: bool) -> Prepared:  # noqa: FBT001
        bound = {name: bindparam(name, type_=kind) for name, kind in _TYPES.items()}
        sought = Sought(
            self._follows(),
            bindparam("language", type_=String),
            bindparam("channel", type_=BigInteger) if of_channel else None,
        )
        minutes = {zone: bindparam(f"minute{place}", type_=Integer) for place, zone in enumerate(zones)}
        people = those_who_want(sought, bound["now"], (bound["after"], bound["upto"]))
        wanted = _wanted(people, wish(minutes, urgent=urgent), bound)
        if self._database.is_sqlite:
            return Prepared(self._database, _once(self._database, wanted), ())
        # PostgreSQL takes out who keeps the article away by hashing, and would write in no order at all.
        return Prepared(self._database, _counting(_once(self._database, wanted.order_by(reader.c.id))), _COUNTED)


def _wanted(
    people: Select[tuple[int]], route: ColumnElement[int], bound: Mapping[str, ColumnElement[Any]]
) -> Select[tuple[int, ...]]:
    """Return the rows that are to be written for people."""
    at_once = route == int(Route.NOW)
    columns: dict[str, ColumnElement[object]] = {
        "publication_id": bound["publication"],
        "article_id": bound["article"],
        "kind": case((at_once, int(DeliveryKind.PUSH)), else_=int(DeliveryKind.ITEM)),
        "lane": bound["lane"],
        "state": case((at_once, int(DeliveryState.QUEUED)), else_=int(DeliveryState.HELD)),
        "revision": bound["revision"],
        "not_before": bound["now"],
        "expires_at": bound["expires"],
        "created_at": bound["now"],
    }
    return people.add_columns(*(columns[name].label(name) for name in _NAMES))


def _once(database: Database, wanted: Select[Any], more: Sequence[str] = ()) -> Any:
    """Return the statement that inserts what is wanted, but for readers who have the article already."""
    insert = database.insert(delivery).from_select(["reader_id", *_NAMES, *more], wanted)
    return insert.on_conflict_do_nothing(
        # To the letter: PostgreSQL does not match a bound value to the index's condition once it has prepared this.
        index_elements=["article_id", "reader_id"],
        index_where=text("kind <= 2"),
    )


def _counting(once: Any) -> Select[Any]:
    """Return the statement that inserts, and tells how many rows there are in each state."""
    made = once.returning(delivery.c.state).cte("made")
    return select(made.c.state, func.count()).group_by(made.c.state)


async def _inserted(database: Database, connection: AsyncConnection, once: Any) -> dict[DeliveryState, int]:
    """Insert rows; returns how many in each state."""
    if database.is_sqlite:
        before = await connection.scalar(select(func.max(delivery.c.id))) or 0
        await connection.execute(once)
        made = select(delivery.c.state, func.count()).where(delivery.c.id > before)
        counted = made.group_by(delivery.c.state)
    else:
        counted = _counting(once)
    return {row[0]: row[1] for row in await connection.execute(counted)}
