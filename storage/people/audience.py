"""`bot.readers.audience.wants` in SQL: who gets an article, in one statement for any number of readers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import Audience
from bot.model.matching import Route, Targeting
from bot.model.readers import ReaderState
from bot.timing.schedules import local_minute
from storage.engine.columns import Instant, MatchKeyText
from storage.engine.conditions import in_states, whatever
from storage.engine.database import Database
from storage.people.readers import shut
from storage.schema.tables import reader, subscription

Minutes = Mapping[str, int] | Mapping[str, ColumnElement[int]]


def _zones() -> Select[tuple[str]]:
    """Return the zones in which some reader has quiet hours: from one to the next, not over all these readers."""
    first = select(func.min(reader.c.zone).label("zone")).where(reader.c.quiet_from.is_not(None))
    found = first.cte("zones", recursive=True)
    after = first.where(reader.c.zone > found.c.zone).scalar_subquery()
    zones = found.union_all(select(after).where(found.c.zone.is_not(None)))
    return select(zones.c.zone).where(zones.c.zone.is_not(None))


ZONES = _zones()
"""The zones in which some reader has quiet hours, a row each."""


async def quiet_zones(connection: AsyncConnection, now: datetime) -> dict[str, int]:
    """Return the minute of the local day in every zone in which some reader has quiet hours."""
    return minutes_of((await connection.execute(ZONES)).all(), now)


def minutes_of(rows: Iterable[Sequence[Any]], now: datetime) -> dict[str, int]:
    """Return the minute of the local day in the zones of rows of `ZONES`."""
    return {zone: local_minute(zone, now) for (zone,) in rows}


def wish(minutes: Minutes, *, urgent: bool) -> ColumnElement[int]:
    """Return the expression for `Route.NOW` or `Route.LATER` of a row of readers who want the article."""
    at_once = and_(reader.c.schedule == "now", ~quiet_now(minutes))
    if urgent:
        at_once = or_(reader.c.urgent_breaks == true(), at_once)
    return case((at_once, int(Route.NOW)), else_=int(Route.LATER))


def quiet_now(minutes: Minutes) -> ColumnElement[bool]:
    """Return `bot.timing.schedules.is_quiet` of a row of readers in SQL; `minutes` are those of `quiet_zones`."""
    if not minutes:
        return false()
    minute = case(dict(minutes), value=reader.c.zone, else_=-1)
    through_day = and_(reader.c.quiet_from < reader.c.quiet_to, minute.between(reader.c.quiet_from, _last_minute()))
    over_night = and_(
        reader.c.quiet_from >= reader.c.quiet_to, or_(minute >= reader.c.quiet_from, minute < reader.c.quiet_to)
    )
    return and_(reader.c.quiet_from.is_not(None), or_(through_day, over_night))


def _last_minute() -> ColumnElement[int]:
    return reader.c.quiet_to - 1


def wanting(matter: Targeting, now: datetime, after: int | None = None, upto: int | None = None) -> Select[tuple[int]]:
    """Return the readers who want the article, those numbered (`after`, `upto`]; select from `reader`."""
    span = None if after is None or upto is None else (literal(after), literal(upto))
    return those_who_want(
        Sought(
            subscription.c.key.in_([literal(key, MatchKeyText) for key in sorted(matter.keys)]),
            literal(matter.language),
            None if matter.channel_id is None else literal(matter.channel_id),
        ),
        literal(now, Instant),
        span,
    )


@dataclass(frozen=True, slots=True)
class Sought:
    """What of an article readers are compared with, as SQL; `channel` None where it is no channel's post.

    `follows` is the condition that a subscription is to one of its keys.
    """

    follows: ColumnElement[bool]
    language: ColumnElement[str]
    channel: ColumnElement[int] | None


def those_who_want(
    sought: Sought, now: ColumnElement[Any], span: tuple[ColumnElement[int], ColumnElement[int]] | None
) -> Select[tuple[int]]:
    """Return the readers who want an article, of a span of numbers (after, up to]; select from `reader`.

    The plan on both engines: read the few keys' ranges of subscriptions, in reader order; look each reader up by
    number; look for an exclusion among the same keys. Nothing is read of readers who do not want it.
    """
    of_keys = select(subscription.c.reader_id).where(sought.follows)
    if span is not None:
        after, upto = map(whatever, span)
        of_keys = of_keys.where(subscription.c.reader_id > after, subscription.c.reader_id <= upto)
    who = of_keys.where(subscription.c.exclude == false()).except_(of_keys.where(shut(now))).subquery("wanted")
    wants = and_(
        in_states(reader, ReaderState.ACTIVE),
        or_(reader.c.news_language == "", reader.c.news_language == sought.language),
        true() if sought.channel is None else reader.c.chat_id != sought.channel,
    )
    # An outer join behind a CASE that no planner looks into: without statistics of readers PostgreSQL thinks that one
    # is active, begins with them all, and goes through those who want the article for each.
    followers = who.outerjoin(reader, reader.c.id == who.c.reader_id)
    return select(reader.c.id).select_from(followers).where(case((wants, true()), else_=false()))


class Audiences:
    """Counting readers before anything is sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, matter: Targeting, now: datetime) -> Audience:
        """Return how many readers would get the article at once and how many in a digest."""
        async with self._database.read() as connection:
            route = wish(await quiet_zones(connection, now), urgent=matter.urgent).label("route")
            people = wanting(matter, now).add_columns(route).subquery()
            counted = select(people.c.route, func.count()).group_by(people.c.route)
            numbers = {row[0]: row[1] for row in await connection.execute(counted)}
        return Audience(now=numbers.get(Route.NOW, 0), later=numbers.get(Route.LATER, 0))
