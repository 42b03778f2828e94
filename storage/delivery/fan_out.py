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
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryKind, DeliveryState
from bot.model.matching import MatchKey, MatchKind, Route, Targeting, story_key
from storage.delivery.follow_ups import FollowUps
from storage.delivery.mentions import mentioned_under, still_public
from storage.engine.chains import Chain, run_chain
from storage.engine.columns import Instant, MatchKeyText
from storage.engine.database import Database
from storage.engine.hops import driver_of
from storage.engine.locks import AdvisoryLock
from storage.engine.planning import ONE_BY_ONE
from storage.engine.prepared import Prepared, prepared_update
from storage.people.audience import ZONES, Sought, minutes_of, quiet_zones, those_who_want, wanting, wish
from storage.schema.tables import article, delivery, publication, reader, subscription

_KEPT = 64
_BEGIN = f"SELECT pg_advisory_xact_lock_shared({AdvisoryLock.STRETCHES}){ONE_BY_ONE}"
_COUNTED = (delivery.c.state, func.count())
_RUNNING = (
    publication.c.article_id, publication.c.lane, publication.c.revision, publication.c.fan_from, publication.c.fan_end
)  # fmt: skip
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
    """Whom a stretch of a fan-out reaches: what matters of the article, how many readers' numbers, what they know.

    `told` are the articles that it tells in other words, see `storage.delivery.mentions`. Its rows are of `now`, and
    wait no longer than until `expires_at`.
    """

    matter: Targeting
    span: int
    told: Mapping[int, frozenset[MatchKey]]
    now: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What a stretch is written of: `values` by the names of `_TYPES`, `end` where the fan-out ends if not here."""

    story_id: int | None
    end: int | None
    matter: Targeting
    values: Mapping[str, Any]


async def begin_stretch(database: Database, connection: AsyncConnection) -> None:
    """Let `after_stretches` wait for this transaction. Before it locks any row, and behind its turn if it takes one."""
    if not database.is_sqlite:
        await driver_of(connection).execute(_BEGIN)


async def after_stretches(database: Database, connection: AsyncConnection) -> None:
    """Wait until every stretch of a fan-out that has begun is written, and let none begin before this one's end.

    For whoever changes the readers that a stretch is made from, or looks for all that was made of them. In a turn, and
    before the transaction locks any row. On SQLite every transaction is so.
    """
    if not database.is_sqlite:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({AdvisoryLock.STRETCHES})"))


class Stretches:
    """Writing the deliveries of stretches, each by statements that are made once for all articles like this one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statement = lru_cache(maxsize=_KEPT)(self._made)
        this = bindparam("publication", type_=BigInteger)
        running = (publication.c.id == this, publication.c.state == PublicationState.RUNNING)
        mine = select(*_RUNNING).where(*running, publication.c.fan_end.is_not(None)).with_for_update()
        self._running = Prepared(database, mine, _RUNNING)
        story = select(article.c.story_id).where(article.c.id == bindparam("article", type_=BigInteger))
        # For the followers of a story that is merged, who go over to another: those whose turn comes later must not be
        # missed, so nobody merges it until the transaction ends.
        self._story = Prepared(database, story.with_for_update(read=True), (article.c.story_id,))
        self._zones = Prepared(database, ZONES, (reader.c.zone,))
        self._newest = Prepared(database, select(func.max(delivery.c.id)), ())
        since = delivery.c.id > bindparam("before", type_=BigInteger)  # nobody else writes meanwhile
        counted = select(delivery.c.state, func.count()).where(since).group_by(delivery.c.state)
        self._counted = Prepared(database, counted, _COUNTED)
        self._follow_ups = FollowUps(database)
        progress: dict[str, Any] = {
            "total": publication.c.total + bindparam("more_total", type_=Integer),
            "held": publication.c.held + bindparam("more_held", type_=Integer),
            "fan_from": bindparam("reached", type_=BigInteger),
            "fan_end": bindparam("end", type_=BigInteger),
        }
        reached = update(publication).where(publication.c.id == this).values(progress)
        self._progress = prepared_update(database, reached, publication.c.id)

    async def write(self, connection: AsyncConnection, publication_id: int, reach: Reach) -> bool:
        """Write the next stretch of a publication that runs, behind `begin_stretch`; returns whether there are more.

        Its rows, their number and the place reached. A reader who has the article already gets no second row.
        """
        if not reach.told:
            return await run_chain(connection, self._writing(publication_id, reach))
        stretch = await run_chain(connection, self._beginning(publication_id, reach))
        if stretch is None:
            return False
        if told := await still_public(connection, reach.told):
            states = await self._mentioned(connection, stretch, reach, told)
        else:
            states = await run_chain(connection, self._inserting(stretch, reach.now))
        return await run_chain(connection, self._ending(stretch, states))

    def _writing(self, publication_id: int, reach: Reach) -> Chain[bool]:
        stretch = yield from self._beginning(publication_id, reach)
        if stretch is None:
            return False
        states = yield from self._inserting(stretch, reach.now)
        return (yield from self._ending(stretch, states))

    def _beginning(self, publication_id: int, reach: Reach) -> Chain["_Stretch | None"]:
        """Hold the publication, and its article in its story; returns None where it does not run or is written."""
        running = yield self._running, {"publication": publication_id}
        if not running:
            return None
        [(article_id, lane, revision, after, end)] = running
        story_id = next((row[0] for row in (yield self._story, {"article": article_id})), None)
        keys = {key for key in reach.matter.keys if key.kind is not MatchKind.STORY}
        if story_id is not None:
            keys.add(story_key(story_id))
        upto = min(after + reach.span, end)
        values = {
            "publication": publication_id, "article": article_id, "lane": int(lane), "revision": revision,
            "now": reach.now, "expires": reach.expires_at, "after": after, "upto": upto,
        }  # fmt: skip
        matter = replace(reach.matter, keys=frozenset(keys))
        return _Stretch(story_id, None if upto >= end else end, matter, values)

    def _inserting(self, stretch: _Stretch, now: datetime) -> Chain[dict[DeliveryState, int]]:
        """Insert; returns how many rows in each state. None comes here: that costs as much as to write it."""
        matter = stretch.matter
        minutes = minutes_of((yield self._zones, {}), now)
        zones = tuple(sorted(minutes))
        statement = self._statement(zones, matter.urgent, matter.channel_id is not None)
        values = {**stretch.values, "keys": self._keys(matter), "language": matter.language}
        values |= {f"minute{place}": minutes[zone] for place, zone in enumerate(zones)}
        values |= {} if matter.channel_id is None else {"channel": matter.channel_id}
        if self._database.is_sqlite:
            [(before,)] = yield self._newest, {}
            yield statement, values
            counted = yield self._counted, {"before": before or 0}
        else:
            counted = yield statement, values
        return {row[0]: row[1] for row in counted}

    def _ending(self, stretch: _Stretch, states: Mapping[DeliveryState, int]) -> Chain[bool]:
        """Let follow-ups answer, and note the place reached; returns whether there are more readers."""
        if stretch.story_id is not None:
            yield from self._follow_ups.answering(stretch.values, stretch.story_id)
        more = stretch.end is not None
        yield (
            self._progress,
            {
                "publication": stretch.values["publication"],
                "more_total": sum(states.values()),
                "more_held": states.get(DeliveryState.HELD, 0),
                "reached": stretch.values["upto"] if more else None,
                "end": stretch.end,
            },
        )
        return more

    async def _mentioned(
        self, connection: AsyncConnection, stretch: _Stretch, reach: Reach, told: Mapping[int, frozenset[MatchKey]]
    ) -> dict[DeliveryState, int]:
        """Insert where some get mentions; returns how many rows in each state."""
        minutes, matter = await quiet_zones(connection, reach.now), stretch.matter
        bound = {name: literal(value, _TYPES[name]) for name, value in stretch.values.items()}
        people = wanting(matter, reach.now, stretch.values["after"], stretch.values["upto"])
        wanted = _wanted(people, wish(minutes, urgent=matter.urgent), bound)
        rows = mentioned_under(wanted, stretch.values["article"], told, reach.now)
        once = _once(self._database, rows, ("first_article", "target_message"))
        return await _inserted(self._database, connection, once)

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
