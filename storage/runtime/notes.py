"""Small things that outlive a restart: notes of the installation, open questions, waits, and what messages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from storage.schema.tables import dialog, note, opened, query, shown, throttle

_OPENED = 20  # articles that are remembered as opened in one chat


class Notes:
    """Facts of this installation by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> Any:
        """Return a note's value, or None."""
        async with self._database.read() as connection:
            return await connection.scalar(select(note.c.value).where(note.c.name == name))

    async def put(self, name: str, value: object, now: datetime) -> None:
        """Write a note, over an older one of that name."""
        insert = self._database.insert(note).values(name=name, value=value, updated_at=now)
        replacing = insert.on_conflict_do_update(
            index_elements=["name"], set_={"value": insert.excluded.value, "updated_at": now}
        )
        async with self._database.write() as connection:
            await connection.execute(replacing)

    async def take(self, name: str) -> Any:
        """Return a note's value and delete it, in one step: of several callers one gets it. None if there is none."""
        async with self._database.write() as connection:
            gone = delete(note).where(note.c.name == name).returning(note.c.value)
            return await connection.scalar(gone)


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

    async def forget(self, before: datetime) -> None:
        """Close questions nobody has answered since an instant."""
        async with self._database.write() as connection:
            await connection.execute(delete(dialog).where(dialog.c.updated_at < before))


class Throttles:
    """What Telegram asked us to wait for, so that a restart does not forget it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, scope: str, until: datetime) -> None:
        """Wait in this scope until then."""
        insert = self._database.insert(throttle).values(scope=scope, until=until)
        replacing = insert.on_conflict_do_update(index_elements=["scope"], set_={"until": insert.excluded.until})
        async with self._database.write() as connection:
            await connection.execute(replacing)

    async def in_force(self, now: datetime) -> dict[str, datetime]:
        """Return the waits that are not over; those that are, are deleted."""
        async with self._database.write() as connection:
            await connection.execute(delete(throttle).where(throttle.c.until <= now))
            rows = (await connection.execute(select(throttle.c.scope, throttle.c.until))).all()
        return {row.scope: row.until for row in rows}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a message shows now: a screen, perhaps of an article, perhaps going on in further messages."""

    screen: str
    article_id: int | None = None
    tail: tuple[int, ...] = ()


class Screens:
    """What messages show, where that is not what they were sent as; and the words people searched for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, chat_id: int, message_id: int) -> Shown | None:
        """Return what a message shows, or None when it shows what it was sent as."""
        here = (shown.c.chat_id == chat_id) & (shown.c.message_id == message_id)
        async with self._database.read() as connection:
            row = (await connection.execute(select(shown).where(here))).one_or_none()
        return Shown(row.screen, row.article_id, tuple(row.tail)) if row is not None else None

    async def put(
        self, chat_id: int, message_id: int, screen: str, article_id: int | None, tail: list[int], now: datetime
    ) -> None:
        """Note what a message shows now."""
        values = {"screen": screen, "article_id": article_id, "tail": tail, "updated_at": now}
        insert = self._database.insert(shown).values(chat_id=chat_id, message_id=message_id, **values)
        replacing = insert.on_conflict_do_update(
            index_elements=["chat_id", "message_id"], set_={name: insert.excluded[name] for name in values}
        )
        async with self._database.write() as connection:
            await connection.execute(replacing)
            if screen.startswith("o:") and article_id is not None:
                await self._note_opened(connection, chat_id, article_id, now)

    async def _note_opened(self, connection: AsyncConnection, chat_id: int, article_id: int, now: datetime) -> None:
        insert = self._database.insert(opened).values(chat_id=chat_id, article_id=article_id, at=now)
        again = insert.on_conflict_do_update(index_elements=["chat_id", "article_id"], set_={"at": now})
        await connection.execute(again)
        newest = select(opened.c.article_id).where(opened.c.chat_id == chat_id)
        kept = newest.order_by(opened.c.at.desc(), opened.c.article_id.desc()).limit(_OPENED)
        beyond = opened.c.article_id.not_in(kept.scalar_subquery())
        await connection.execute(delete(opened).where(opened.c.chat_id == chat_id, beyond))

    async def opened(self, chat_id: int, since: datetime, before: datetime) -> list[int]:
        """Return the articles last opened in the chat, a few at most, from one instant and up to another."""
        mine = (opened.c.chat_id == chat_id, opened.c.at >= since, opened.c.at < before)
        async with self._database.read() as connection:
            return list((await connection.execute(select(opened.c.article_id).where(*mine))).scalars())

    async def forget(self, before: datetime) -> None:
        """Delete what nobody has touched since an instant."""
        async with self._database.write() as connection:
            await connection.execute(delete(query).where(query.c.at < before))
            await connection.execute(delete(opened).where(opened.c.at < before))

    async def remember_query(self, chat_id: int, words: str, now: datetime) -> int:
        """Keep the words of a search and return their number: a button has no room for them."""
        async with self._database.write() as connection:
            insert = query.insert().values(chat_id=chat_id, text=words, at=now).returning(query.c.id)
            number = await connection.scalar(insert)
        assert number is not None
        return int(number)

    async def query(self, number: int, chat_id: int) -> str | None:
        """Return the words of a search made in this chat, or None."""
        statement = select(query.c.text).where(query.c.id == number, query.c.chat_id == chat_id)
        async with self._database.read() as connection:
            return await connection.scalar(statement)
