"""Small facts of this installation, by name, that outlive a restart."""

from contextlib import nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from storage.schema.tables import fact


class Facts:
    """Facts of this installation by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> Any:
        """Return a fact's value, or None."""
        async with self._database.read() as connection:
            return await connection.scalar(select(fact.c.value).where(fact.c.name == name))

    async def named(self, beginning: str) -> dict[str, Any]:
        """Return the facts whose names begin so, by their names."""
        mine = select(fact.c.name, fact.c.value).where(fact.c.name.startswith(beginning, autoescape=True))
        async with self._database.read() as connection:
            return {row.name: row.value for row in await connection.execute(mine.order_by(fact.c.name))}

    async def put(self, name: str, value: object, now: datetime, within: AsyncConnection | None = None) -> None:
        """Write a fact, over an older one of that name; `within` the caller's transaction, where there is one."""
        insert = self._database.insert(fact).values(name=name, value=value, updated_at=now)
        replacing = insert.on_conflict_do_update(
            index_elements=["name"], set_={"value": insert.excluded.value, "updated_at": now}
        )
        async with nullcontext(within) if within is not None else self._database.write() as connection:
            await connection.execute(replacing)

    async def swap(
        self, name: str, before: object, value: object, now: datetime, within: AsyncConnection | None = None
    ) -> bool:
        """Write a fact if it is still `before` (None: if there is none); returns whether it was.

        Of several callers who saw the same, one gets it. `within` the caller's transaction, where there is one.
        """
        change: Any = self._database.insert(fact).values(name=name, value=value, updated_at=now)
        change = change.on_conflict_do_nothing()
        if before is not None:
            same = and_(fact.c.name == name, fact.c.value == literal(before, fact.c.value.type))
            change = update(fact).where(same).values(value=value, updated_at=now)
        async with nullcontext(within) if within is not None else self._database.write() as connection:
            return (await connection.execute(change.returning(fact.c.name))).first() is not None

    async def take(self, name: str) -> Any:
        """Return a fact's value and delete it, in one step: of several callers one gets it. None if there is none."""
        async with self._database.write() as connection:
            gone = delete(fact).where(fact.c.name == name).returning(fact.c.value)
            return await connection.scalar(gone)
