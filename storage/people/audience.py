"""`bot.readers.audience.wants` in SQL: who gets an article, in one statement for any number of readers."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import Audience
from bot.model.matching import Route, Targeting
from bot.model.readers import ReaderState
from bot.timing.schedules import local_minute
from storage.engine.database import Database
from storage.people.readers import shut
from storage.schema.tables import reader, subscription


async def quiet_zones(connection: AsyncConnection, now: datetime) -> dict[str, int]:
    """Return the minute of the local day in every zone in which some reader has quiet hours."""
    zones = select(reader.c.zone).where(reader.c.quiet_from.is_not(None)).distinct()
    return {row.zone: local_minute(row.zone, now) for row in await connection.execute(zones)}


def wish(matter: Targeting, minutes: dict[str, int]) -> ColumnElement[int]:
    """Return the expression for `Route.NOW` or `Route.LATER` of a row of readers who want the article."""
    at_once = and_(reader.c.schedule == "now", ~quiet_now(minutes))
    if matter.urgent:
        at_once = or_(reader.c.urgent_breaks == true(), at_once)
    return case((at_once, int(Route.NOW)), else_=int(Route.LATER))


def quiet_now(minutes: dict[str, int]) -> ColumnElement[bool]:
    """Return `bot.timing.schedules.is_quiet` of a row of readers in SQL; `minutes` are those of `quiet_zones`."""
    if not minutes:
        return false()
    minute = case(minutes, value=reader.c.zone, else_=-1)
    through_day = and_(reader.c.quiet_from < reader.c.quiet_to, minute.between(reader.c.quiet_from, _last_minute()))
    over_night = and_(
        reader.c.quiet_from >= reader.c.quiet_to, or_(minute >= reader.c.quiet_from, minute < reader.c.quiet_to)
    )
    return and_(reader.c.quiet_from.is_not(None), or_(through_day, over_night))


def _last_minute() -> ColumnElement[int]:
    return reader.c.quiet_to - 1


def wanting(matter: Targeting, now: datetime, after: int | None = None, upto: int | None = None) -> Select[tuple[int]]:
    """Return the readers who want the article, those numbered (`after`, `upto`]; select from `reader`.

    The plan on both engines: read the few keys' ranges of subscriptions, in reader order; look each reader up by
    number; look for an exclusion among the same keys. Nothing is read of readers who do not want it.
    """
    keys = sorted(matter.keys)
    wanted = select(subscription.c.reader_id).where(subscription.c.key.in_(keys), subscription.c.exclude == false())
    if after is not None and upto is not None:
        wanted = wanted.where(subscription.c.reader_id > after, subscription.c.reader_id <= upto)
    who = wanted.distinct().subquery("wanted")
    unwanted = exists().where(
        subscription.c.reader_id == reader.c.id,
        subscription.c.key.in_(keys),
        shut(now),
    )
    return (
        select(reader.c.id)
        .select_from(who.join(reader, reader.c.id == who.c.reader_id))
        .where(
            reader.c.state == ReaderState.ACTIVE,
            or_(reader.c.news_language == "", reader.c.news_language == literal(matter.language)),
            true() if matter.channel_id is None else reader.c.chat_id != matter.channel_id,
            ~unwanted,
        )
    )


class Audiences:
    """Counting readers before anything is sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, matter: Targeting, now: datetime) -> Audience:
        """Return how many readers would get the article at once and how many in a digest."""
        async with self._database.read() as connection:
            route = wish(matter, await quiet_zones(connection, now)).label("route")
            people = wanting(matter, now).add_columns(route).subquery()
            counted = select(people.c.route, func.count()).group_by(people.c.route)
            numbers = {row[0]: row[1] for row in await connection.execute(counted)}
        return Audience(now=numbers.get(Route.NOW, 0), later=numbers.get(Route.LATER, 0))
