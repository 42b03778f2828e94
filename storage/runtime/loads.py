"""Loads: what is waiting and what has been done, counted cheaply."""

from collections import Counter
from datetime import datetime

from sqlalchemy import and_, func, select, text

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
# Each by its index, which are of the sends that have not ended.
_RUNNING, _PAUSED, _STOPPING = PublicationState.RUNNING, PublicationState.PAUSED, PublicationState.STOPPING
_UNDER_WAY = (
    and_(
        in_states(publication, PublicationState.SCHEDULED, _RUNNING, _PAUSED), in_states(publication, _RUNNING, _PAUSED)
    ),
    and_(in_states(publication, _PAUSED, _STOPPING), in_states(publication, _STOPPING)),
)

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
        counted = publication.c
        ended = counted.sent + counted.failed + counted.expired + counted.dropped + counted.told + counted.uncertain
        names = ("sent", "failed", "expired", "uncertain", "held")
        sends = select(*(func.coalesce(func.sum(counted[name]), 0) for name in names))
        open_copies = func.sum(counted.total - ended - counted.held)
        lanes = select(counted.lane, open_copies, func.min(counted.started_at)).group_by(counted.lane)
        asked = select(func.count(), func.count().filter(feed.c.failures > 0)).where(feed.c.state == FeedState.ACTIVE)
        listening = select(listener.c.id).where(listener.c.state == ListenerState.ACTIVE)
        told = select(func.count(), func.min(event.c.at)).where(event.c.listener_id.in_(listening))
        async with self._database.read() as connection:
            waiting, oldest = (await connection.execute(_UPDATES)).one()
            set_aside = await connection.scalar(aside)
            sent, failed, expired, uncertain, held = (await connection.execute(sends)).one()
            open_ = [row for which in _UNDER_WAY for row in (await connection.execute(lanes.where(which))).all()]
            feeds, failing = (await connection.execute(asked)).one()
            events, oldest_event = (await connection.execute(told)).one()
            size = await connection.scalar(text(_SIZE[self._database.is_sqlite]))
        by_lane: Counter[Priority] = Counter()
        for lane, copies, _ in open_:
            by_lane[lane] += int(copies)
        return Load(
            updates=waiting,
            oldest_update=oldest,
            set_aside=set_aside or 0,
            waiting=sum(by_lane.values()),
            oldest_send=min((since for *_, since in open_ if since is not None), default=None),
            sent=sent,
            failed=failed,
            expired=expired,
            uncertain=uncertain,
            lanes={lane: by_lane[lane] for lane in Priority},
            held=held,
            feeds=feeds,
            feeds_failing=failing,
            events=events,
            oldest_event=oldest_event,
            size=int(size or 0),
        )
