"""Continuity: whether the database is the one that the process before left, or was put back from a copy.

A mark in the database names where it is: on SQLite the file's number on its disk, on PostgreSQL the number of one of
its tables, which a restored dump makes anew. With SQLite a token goes with it, renewed again and again, and is written
beside the file too: one that was copied over the file brings an older token back.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from storage.runtime.facts import Facts

_MARK = "continuity"
_TABLE = text("SELECT 'alembic_version'::regclass::oid::bigint")


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
        return same and (file is None or mark.get("token") in beside)

    async def renew(self, now: datetime) -> None:
        """Mark the database anew. Until that is committed, what is beside it knows the token before, too."""
        home, file = await self.home(), self._database.file
        if file is None:
            if self._written != {"home": home}:
                self._written = {"home": home}
                await self._facts.put(_MARK, self._written, now)
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
