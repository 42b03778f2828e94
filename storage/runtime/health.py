"""Health: whether the file of an SQLite database is there, whole, and can be written to."""

from datetime import datetime

from sqlalchemy.exc import DBAPIError

from bot.model.trouble import Trouble
from storage.engine.database import Database
from storage.engine.sqlite import LIBRARY
from storage.engine.trouble import trouble_of
from storage.runtime.continuity import Continuity


class Health:
    """Looking after the file."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._continuity = Continuity(database)

    async def look(self, now: datetime, *, thoroughly: bool = False) -> Trouble | None:
        """Return what is wrong with the file, None if nothing is; then its log was tidied up and its mark renewed."""
        file = self._database.file
        if file is None:
            return None
        shrunk, trouble = file.shrunk(), file.trouble()
        if trouble is not None:
            return trouble
        try:
            if (thoroughly or shrunk) and await self._database.is_damaged():
                return Trouble.DAMAGED
            await self._database.checkpoint()
            await self._continuity.renew(now)  # writes into the file and into its folder: that can go wrong, too
        except (OSError, DBAPIError, LIBRARY.Error) as error:
            trouble = trouble_of(error)
            if trouble is None:
                raise
        return trouble

    async def rescue(self) -> str:
        """Save what the open connections still have of a file that was lost; returns the path of the copy."""
        return str(await self._database.rescue())
