"""Continuity: whether the database is the one that the process before left, or was put back from a copy.

A mark in the database names where it is: on SQLite the file's number on its disk, on PostgreSQL the number of one of
its tables, which a restored dump makes anew, and the server's timeline, which is another one after a restore to an
earlier moment. With SQLite a token goes with it, renewed again and again, and is written beside the file too: one that
was copied over the file brings an older token back.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from storage.runtime.facts import Facts

_MARK = "continuity"
_TABLE = text("SELECT 'alembic_version'::regclass::oid::bigint")
# A server that was restored to an earlier moment, or a standby that took over, goes on under the next number.
_TIMELINE = text("SELECT left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)")
_RECOVERING = "55000"  # it can be read from already, and is not where it will go on yet


class Continuity:
    """The mark, in the database and beside it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._facts = Facts(database)
        self._written: dict[str, str] | None = None

    async def unbroken(self) -> bool:
        """Tell whether this is the database that was left; of one that has no mark yet nothing speaks against it."""
        mark: Any = await self._facts.get(_MARK)
        file = self._database.file
        beside = file.tokens() if file is not None else []
        if not isinstance(mark, dict):
            return not beside  # a copy from before there were marks
        same = mark.get("home") == await self.home()
        if file is None:
            return same and not await self._on_another_timeline(mark)
        return same and mark.get("token") in beside

    async def unmoved(self) -> bool:
        """Tell whether the server is the one that was marked: it may have been exchanged while this process ran."""
        return self._database.file is not None or await self.unbroken()

    async def _on_another_timeline(self, mark: Mapping[str, str]) -> bool:
        before = mark.get("timeline")  # none, where an older program has marked it, or the server tells none
        now = await self._timeline() if before else None
        return now is not None and now != before

    async def _timeline(self) -> str | None:
        """Return the timeline of the server; None where it tells nobody, as those may that are somebody's service.

        Raises DBAPIError while it is away or still recovers: nobody knows then.
        """
        try:
            async with self._database.read() as connection:
                return str(await connection.scalar(_TIMELINE))
        except DBAPIError as error:
            if error.connection_invalidated or getattr(error.orig, "sqlstate", "") == _RECOVERING:
                raise
            return None

    async def renew(self, now: datetime) -> None:
        """Mark the database anew. Until that is committed, what is beside it knows the token before, too."""
        home, file = await self.home(), self._database.file
        if file is None:
            timeline = await self._timeline()
            here = {"home": home} | ({"timeline": timeline} if timeline else {})
            if self._written != here:
                await self._facts.put(_MARK, here, now)
                self._written = here
            return
        before: Any = await self._facts.get(_MARK)
        mark = {"home": home, "token": uuid.uuid4().hex}
        known = [before["token"]] if isinstance(before, dict) and "token" in before else []
        file.put_tokens([*known, mark["token"]])
        await self._facts.put(_MARK, mark, now)
        file.put_tokens([mark["token"]])

    async def disown(self, now: datetime, source: str = "", within: AsyncConnection | None = None) -> None:
        """Have the database known as a copy of another, wherever it is; `within` a transaction, where one is open."""
        await self._facts.put(_MARK, {"home": "copied", "from": source}, now, within)

    async def copied_from(self) -> str:
        """Return what was copied here and has not been run on since; "" for nothing."""
        mark: Any = await self._facts.get(_MARK)
        return str(mark.get("from", "")) if isinstance(mark, dict) else ""

    async def home(self) -> str:
        """Return what tells this database from others of its engine."""
        if self._database.file is not None:
            return self._database.file.number()
        async with self._database.read() as connection:
            return str(await connection.scalar(_TABLE))
