"""Pictures that systems upload, and the articles they belong to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.news import ArticleState
from bot.model.pictures import Picture
from storage.articles.rows import photo_of
from storage.engine.database import Database
from storage.schema.tables import article, picture

_PUT_AWAY = (ArticleState.DISCARDED, ArticleState.RETRACTED)


class Pictures:
    """The rows of pictures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, name: str, token_id: int, one: Picture, most: int, now: datetime) -> bool:
        """Store a picture, unless `most` of the token's are in no article."""
        loose = select(func.count()).where(picture.c.token_id == token_id, picture.c.article_id.is_(None))
        row = {"id": name, "token_id": token_id, "kind": one.kind, "content": one.content, "at": now}
        async with self._database.write() as connection:
            if int(await connection.scalar(loose) or 0) >= most:
                return False
            await connection.execute(insert(picture).values(row))
            return True

    async def get(self, name: str) -> Picture | None:
        """Return a picture by its name."""
        async with self._database.read() as connection:
            found = select(picture.c.kind, picture.c.content).where(picture.c.id == name)
            row = (await connection.execute(found)).one_or_none()
        return Picture(row.kind, row.content) if row is not None else None

    async def may_use(self, name: str, token_id: int, article_id: int | None) -> bool:
        """Tell whether a picture may be an article's."""
        async with self._database.read() as connection:
            return bool(await connection.scalar(select(exists().where(_usable(name, token_id, article_id)))))

    async def use(self, name: str, token_id: int, article_id: int) -> bool:
        """Have a picture belong to an article that shows it, unless it belongs to another."""
        usable = _usable(name, token_id, article_id)
        change = update(picture).where(usable).values(article_id=article_id).returning(picture.c.id)
        living = and_(article.c.id == article_id, article.c.state.not_in(_PUT_AWAY))
        # Whoever puts the article away, or shows something else in it, comes before this or after it.
        shown = select(article.c.photo).where(living).with_for_update(read=True)
        async with self._database.write() as connection:
            if not _shows(await connection.scalar(shown), name):
                return False
            return (await connection.execute(change)).first() is not None

    async def forget(self, before: datetime) -> None:
        """Forget what no article wanted."""
        loose = and_(picture.c.article_id.is_(None), picture.c.at < before)
        async with self._database.write() as connection:
            await connection.execute(delete(picture).where(loose))


def _usable(name: str, token_id: int, article_id: int | None) -> ColumnElement[bool]:
    free = or_(picture.c.article_id.is_(None), picture.c.article_id == article_id)
    return and_(picture.c.id == name, picture.c.token_id == token_id, free)


async def erase_pictures(connection: AsyncConnection, article_id: int, but: Any = None) -> None:
    """Erase the pictures of an article inside the transaction that puts it away, or has it show others.

    `but` is the `photo` that it shows from then on, as it is stored.
    """
    mine = picture.c.article_id == article_id
    names = (await connection.execute(select(picture.c.id).where(mine))).scalars().all()
    gone = [name for name in names if not _shows(but, name)]
    await connection.execute(delete(picture).where(mine, picture.c.id.in_(gone)))


def _shows(photo: Any, name: str) -> bool:
    """Tell whether an article with this `photo`, as it is stored, shows an uploaded picture."""
    if photo is None:
        return False
    one = photo_of(photo)
    # Nobody can guess a name, so what has it in its address is an address of the picture.
    return any(name in (shown.url or "") for shown in one.all)
