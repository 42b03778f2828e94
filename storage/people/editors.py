"""The desk's people."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import LastOwner, NotFound
from bot.model.desk import Editor, Role
from storage.engine.database import Database
from storage.people.audit import write_audit
from storage.runtime.facts import Facts
from storage.schema.tables import editor, reader


class Editors:
    """The rows of editors. The last owner cannot be removed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def role(self, user_id: int) -> Role:
        """Return what a person may do."""
        async with self._database.read() as connection:
            found = await connection.scalar(select(editor.c.role).where(editor.c.user_id == user_id))
        return found or Role.READER

    async def all(self) -> list[Editor]:
        """Return everybody on the desk, owners first."""
        # Whoever has written to the bot is called as they call themselves now.
        name = func.coalesce(func.nullif(reader.c.name, ""), editor.c.name).label("name")
        own = and_(reader.c.chat_id == editor.c.user_id, reader.c.thread_id == 0)
        statement = select(editor.c.user_id, editor.c.role, name).select_from(editor.outerjoin(reader, own))
        statement = statement.order_by(editor.c.role.desc(), editor.c.added_at, editor.c.user_id)
        async with self._database.read() as connection:
            return [Editor(row.user_id, row.role, row.name) for row in await connection.execute(statement)]

    async def appoint(self, person: Editor, by: int | None, now: datetime) -> None:
        """Give a person a role, instead of the one they had. An empty name leaves the known one.

        Raises:
            LastOwner: they are the last owner and the role is a lower one.

        """
        async with self._database.write() as connection:
            await self._appoint(connection, person, by, now)

    async def admit(self, person: Editor, by: int, now: datetime, *, fact: str, before: object, used: object) -> bool:
        """Give a person a role, as `appoint` does, if a fact is still `before`; it is `used` by the same commit."""
        async with self._database.write() as connection:
            if not await Facts(self._database).swap(fact, before, used, now, within=connection):
                return False
            await self._appoint(connection, person, by, now)
            return True

    async def _appoint(self, connection: AsyncConnection, person: Editor, by: int | None, now: datetime) -> None:
        values = {
            "user_id": person.user_id, "role": person.role, "name": person.name, "added_by": by, "added_at": now
        }  # fmt: skip
        insert = self._database.insert(editor).values(values)
        named = {"name": person.name} if person.name else {}
        replacing = insert.on_conflict_do_update(
            index_elements=["user_id"], set_={"role": insert.excluded.role, **named}
        )
        if person.role is not Role.OWNER:
            await self._keep_an_owner(connection, person.user_id)
        await connection.execute(replacing)
        await write_audit(connection, now, by, "appoint", None, {"who": person.user_id, "role": person.role.name})

    async def appoint_first(self, user_ids: Iterable[int], now: datetime) -> None:
        """Make these people owners, as the settings say. May be repeated."""
        for user_id in user_ids:
            if await self.role(user_id) is not Role.OWNER:
                await self.appoint(Editor(user_id, Role.OWNER), None, now)

    async def dismiss(self, user_id: int, by: int, now: datetime) -> None:
        """Take a person off the desk.

        Raises:
            NotFound: they are not on it.
            LastOwner: they are the last owner.

        """
        async with self._database.write() as connection:
            await self._keep_an_owner(connection, user_id)
            gone = delete(editor).where(editor.c.user_id == user_id).returning(editor.c.user_id)
            if (await connection.execute(gone)).first() is None:
                raise NotFound
            await write_audit(connection, now, by, "dismiss", None, {"who": user_id})

    async def _keep_an_owner(self, connection: AsyncConnection, user_id: int) -> None:
        """Raise LastOwner when this person is an owner and nobody else is."""
        owners = select(editor.c.user_id).where(editor.c.role == Role.OWNER)
        owners = owners.order_by(editor.c.user_id).with_for_update()
        if set((await connection.execute(owners)).scalars()) == {user_id}:
            raise LastOwner

    async def has_owner(self) -> bool:
        """Tell whether anybody owns this newsroom."""
        async with self._database.read() as connection:
            return bool(await connection.scalar(select(func.count()).where(editor.c.role == Role.OWNER)))
