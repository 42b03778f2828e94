"""What messages show, and the words people searched for."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chats import RelatedUse, Shown
from storage.engine.database import Database
from storage.schema.tables import NOBODY, opened, query, related_use, shown

_OPENED = 20  # articles that are remembered as opened in one chat
_STRETCH = 1_000  # screens that one transaction forgets


class MessageScreens:
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
        self,
        chat_id: int,
        message_id: int,
        screen: str,
        article_id: int | None,
        tail: list[int],
        now: datetime,
        *,
        opened: int | None = None,
    ) -> None:
        """Note what a message shows now, and which article was `opened` in it by that, if one was."""
        values = {"screen": screen, "article_id": article_id, "tail": tail, "updated_at": now}
        insert = self._database.insert(shown).values(chat_id=chat_id, message_id=message_id, **values)
        replacing = insert.on_conflict_do_update(
            index_elements=["chat_id", "message_id"], set_={name: insert.excluded[name] for name in values}
        )
        async with self._database.write() as connection:
            await connection.execute(replacing)
            if opened is not None:
                await self._note_opened(connection, chat_id, opened, now)

    async def fold(self, chat_id: int, message_id: int, before: Shown, then: Shown, now: datetime) -> None:
        """Note that a message that showed `before` shows something else then; not if somebody tapped it meanwhile."""
        here = (shown.c.chat_id == chat_id) & (shown.c.message_id == message_id)
        same = (shown.c.screen == before.screen) & (shown.c.tail == list(before.tail))
        values = {"screen": then.screen, "article_id": then.article_id, "tail": list(then.tail), "updated_at": now}
        async with self._database.write() as connection:
            await connection.execute(update(shown).where(here, same).values(values))

    async def drop(self, chat_id: int, message_id: int) -> None:
        """Note that a message shows what it was sent as."""
        here = (shown.c.chat_id == chat_id) & (shown.c.message_id == message_id)
        async with self._database.write() as connection:
            await connection.execute(delete(shown).where(here))

    async def count_use(self, use: RelatedUse) -> None:
        """Count that a list of related items was shown, or that something in it was opened; each time it is called."""
        first = {"shown": int(not use.opened), "opened": int(use.opened)}
        insert = self._database.insert(related_use).values(article_id=use.article_id, **first)
        more = {name: related_use.c[name] + insert.excluded[name] for name in first}
        counting = insert.on_conflict_do_update(index_elements=["article_id"], set_=more)
        async with self._database.write() as connection:
            await connection.execute(counting)

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
        """Delete what nobody has touched since an instant.

        Which article a message shows stays, for its corrections; so do further messages that are to be taken away.
        """
        async with self._database.write() as connection:
            await forget_queries(connection, query.c.at < before)
            await connection.execute(delete(opened).where(opened.c.at < before))
        message = tuple_(shown.c.chat_id, shown.c.message_id)
        lists = and_(shown.c.article_id.is_(None), shown.c.tail == [], shown.c.updated_at < before)
        old = select(shown.c.chat_id, shown.c.message_id).where(lists).limit(_STRETCH)
        # What somebody taps meanwhile is young again.
        gone = delete(shown).where(message.in_(old), lists).returning(shown.c.message_id)
        number = _STRETCH
        while number == _STRETCH:
            async with self._database.write() as connection:
                number = len((await connection.execute(gone)).all())

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


async def forget_queries(connection: AsyncConnection, which: ColumnElement[bool]) -> None:
    """Delete words that people typed; of the newest row of all the number stays.

    Buttons in old messages have it: on SQLite it would be given again, and they would go back to something else.
    """
    newest = select(func.max(query.c.id)).scalar_subquery()
    await connection.execute(delete(query).where(which, query.c.id < newest))
    await connection.execute(update(query).where(which).values(chat_id=NOBODY, text=""))
