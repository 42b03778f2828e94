"""Which question is open with whom."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from storage.engine.database import Database
from storage.schema.tables import dialog


class Dialogs:
    """Which question is open with whom."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> tuple[str | None, Mapping[str, Any]]:
        """Return the open question and its data."""
        statement = select(dialog.c.state, dialog.c.data).where(dialog.c.key == key)
        async with self._database.read() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return (row.state, row.data) if row is not None else (None, {})

    async def put(self, key: str, values: Mapping[str, object], now: datetime) -> None:
        """Change the question (`state`), its `data`, or both; a question of None with no data is deleted."""
        row = {"key": key, "state": None, "data": {}, "updated_at": now, **values}
        insert = self._database.insert(dialog).values(row)
        replacing = insert.on_conflict_do_update(
            index_elements=["key"], set_={name: insert.excluded[name] for name in (*values, "updated_at")}
        )
        async with self._database.write() as connection:
            await connection.execute(replacing)

    async def lapse(self, before: datetime) -> list[tuple[str, Mapping[str, Any]]]:
        """Close the questions that nobody has answered since an instant, and return what belongs to them, once."""
        waiting = (dialog.c.state.is_not(None), dialog.c.updated_at < before)
        closing = update(dialog).where(*waiting).values(state=None).returning(dialog.c.key, dialog.c.data)
        async with self._database.read() as connection:
            if await connection.scalar(select(dialog.c.key).where(*waiting).limit(1)) is None:
                return []
        async with self._database.write() as connection:
            return [(row.key, row.data) for row in await connection.execute(closing)]

    async def forget(self, before: datetime) -> None:
        """Close questions nobody has answered since an instant."""
        async with self._database.write() as connection:
            await connection.execute(delete(dialog).where(dialog.c.updated_at < before))
