"""Loads: what is waiting and what has been done, counted cheaply."""

from sqlalchemy import case, func, select

from bot.model.desk import PublicationState
from bot.model.load import Load
from storage.engine.conditions import in_states
from storage.engine.database import Database
from storage.runtime.inbox import InboxState
from storage.schema.tables import inbox, publication

_UNDER_WAY = (PublicationState.RUNNING, PublicationState.PAUSED, PublicationState.STOPPING)


class Loads:
    """Counting what waits. The ledger is not read: publications count their own rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def now(self) -> Load:
        """Return how the newsroom stands."""
        open_ = in_states(inbox, InboxState.NEW, InboxState.HANDLING)
        updates = select(func.count(), func.min(inbox.c.received_at)).where(open_)
        aside = select(func.count()).select_from(inbox).where(in_states(inbox, InboxState.POISONED))
        at_work = in_states(publication, *_UNDER_WAY)
        counted = publication.c
        ended = counted.sent + counted.failed + counted.expired + counted.dropped + counted.told + counted.uncertain
        sends = select(
            func.coalesce(func.sum(case((at_work, counted.total - ended - counted.held), else_=0)), 0),
            func.min(case((at_work, counted.started_at))),
            *(func.coalesce(func.sum(counted[name]), 0) for name in ("sent", "failed", "expired", "uncertain")),
        )
        async with self._database.read() as connection:
            waiting, oldest = (await connection.execute(updates)).one()
            set_aside = await connection.scalar(aside)
            copies, since, sent, failed, expired, uncertain = (await connection.execute(sends)).one()
        return Load(
            updates=waiting,
            oldest_update=oldest,
            set_aside=set_aside or 0,
            waiting=copies,
            oldest_send=since,
            sent=sent,
            failed=failed,
            expired=expired,
            uncertain=uncertain,
        )
