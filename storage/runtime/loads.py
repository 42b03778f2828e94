"""Loads: what is waiting and what has been done, counted cheaply."""

from datetime import datetime

from sqlalchemy import case, func, select, text

from bot.model.desk import PublicationState
from bot.model.feeds import FeedState
from bot.model.ledger import Priority
from bot.model.listeners import ListenerState
from bot.model.load import Load
from storage.engine.conditions import in_states
from storage.engine.database import Database
from storage.runtime.inbox import InboxState
from storage.schema.tables import event, feed, inbox, listener, publication

_UPDATES = select(func.count(), func.min(inbox.c.received_at)).where(
    in_states(inbox, InboxState.NEW, InboxState.HANDLING)
)
_UNDER_WAY = (PublicationState.RUNNING, PublicationState.PAUSED, PublicationState.STOPPING)

# By whether it is SQLite: its file without the log beside it, or the whole database on its server.
_SIZE = {
    True: "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    False: "SELECT pg_database_size(current_database())",
}


class Loads:
    """Counting what waits. The ledger is not read: publications count their own rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def updates(self) -> tuple[int, datetime | None]:
        """Return how many updates wait, and since when the oldest does; those that are over cost nothing."""
        async with self._database.read() as connection:
            waiting, oldest = (await connection.execute(_UPDATES)).one()
        return waiting, oldest

    async def now(self) -> Load:
        """Return how the newsroom stands."""
        aside = select(func.count()).select_from(inbox).where(in_states(inbox, InboxState.POISONED))
        at_work = in_states(publication, *_UNDER_WAY)
        counted = publication.c
        ended = counted.sent + counted.failed + counted.expired + counted.dropped + counted.told + counted.uncertain
        names = ("sent", "failed", "expired", "uncertain", "held")
        sends = select(
            func.min(case((at_work, counted.started_at))),
            *(func.coalesce(func.sum(counted[name]), 0) for name in names),
        )
        open_copies = func.sum(counted.total - ended - counted.held)
        lanes = select(counted.lane, open_copies).where(at_work).group_by(counted.lane)
        asked = select(func.count(), func.count().filter(feed.c.failures > 0)).where(feed.c.state == FeedState.ACTIVE)
        listening = select(listener.c.id).where(listener.c.state == ListenerState.ACTIVE)
        told = select(func.count(), func.min(event.c.at)).where(event.c.listener_id.in_(listening))
        async with self._database.read() as connection:
            waiting, oldest = (await connection.execute(_UPDATES)).one()
            set_aside = await connection.scalar(aside)
            since, sent, failed, expired, uncertain, held = (await connection.execute(sends)).one()
            by_lane = {lane: int(copies) for lane, copies in (await connection.execute(lanes)).all()}
            feeds, failing = (await connection.execute(asked)).one()
            events, oldest_event = (await connection.execute(told)).one()
            size = await connection.scalar(text(_SIZE[self._database.is_sqlite]))
        return Load(
            updates=waiting,
            oldest_update=oldest,
            set_aside=set_aside or 0,
            waiting=sum(by_lane.values()),
            oldest_send=since,
            sent=sent,
            failed=failed,
            expired=expired,
            uncertain=uncertain,
            lanes={lane: by_lane.get(lane, 0) for lane in Priority},
            held=held,
            feeds=feeds,
            feeds_failing=failing,
            events=events,
            oldest_event=oldest_event,
            size=int(size or 0),
        )
