"""The rows of tokens: what systems of the newsroom may do, which articles are whose, what was answered to them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, and_, delete, or_, select, update

from bot.model.tokens import Answered, ApiToken, Scope
from storage.engine.database import AnyRow, Database
from storage.schema.tables import api_answer, api_article, api_token

_WORKED_ON = timedelta(minutes=2)  # longer than any request is
_USED_AGAIN = timedelta(minutes=1)  # how exactly it is known when a token was used last


class Tokens:
    """Tokens, by the fingerprints of their secrets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, name: str, source: str, scope: Scope, secret: str, now: datetime) -> bool:
        """Store a token; returns whether its name was free, or is that of this very secret, which is good."""
        row = {"name": name, "source": source, "scope": scope.value, "secret": secret, "created_at": now}
        added = self._database.insert(api_token).values(row).on_conflict_do_nothing(index_elements=["name"])
        same = and_(api_token.c.name == name, api_token.c.secret == secret, api_token.c.revoked_at.is_(None))
        async with self._database.write() as connection:
            if (await connection.execute(added.returning(api_token.c.id))).first() is not None:
                return True
            return await connection.scalar(select(api_token.c.id).where(same)) is not None

    async def all(self) -> Sequence[ApiToken]:
        """Return every token, the oldest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(api_token).order_by(api_token.c.id))
            return [_token(row) for row in rows]

    async def revoke(self, name: str, now: datetime) -> bool:
        """End a token; returns whether there was one of that name that was good."""
        good = and_(api_token.c.name == name, api_token.c.revoked_at.is_(None))
        async with self._database.write() as connection:
            ended = await connection.execute(
                update(api_token).where(good).values(revoked_at=now).returning(api_token.c.id)
            )
            return ended.first() is not None

    async def use(self, secret: str, now: datetime) -> ApiToken | None:
        """Return the good token with this fingerprint, and note that it is used."""
        good = and_(api_token.c.secret == secret, api_token.c.revoked_at.is_(None))
        async with self._database.read() as connection:
            row = (await connection.execute(select(api_token).where(good))).first()
        if row is None:
            return None
        if row.used_at is None or now - row.used_at > _USED_AGAIN:
            stale = or_(api_token.c.used_at.is_(None), api_token.c.used_at < now)
            async with self._database.write() as connection:
                await connection.execute(update(api_token).where(good, stale).values(used_at=now))
        return _token(row)

    async def own(self, token_id: int, article_id: int) -> bool:
        """Note that a token brought an article; returns whether it did, and not another."""
        row = {"article_id": article_id, "token_id": token_id}
        added = self._database.insert(api_article).values(row).on_conflict_do_nothing()
        async with self._database.write() as connection:
            await connection.execute(added)
            return await connection.scalar(select(_owner(article_id))) == token_id

    async def owns(self, token_id: int, article_id: int) -> bool:
        """Tell whether a token brought an article."""
        async with self._database.read() as connection:
            return await connection.scalar(select(_owner(article_id))) == token_id

    async def begin(self, token_id: int, key: str, asked: str, now: datetime) -> Answered | None:
        """Note that a request with a key is worked on; returns what was answered to it before.

        What was begun minutes ago and never answered is done by whoever asks again: its process was killed.

        None is for whoever has to do it. Raises KeyError when something else was asked with this key.
        """
        row = {"token_id": token_id, "key": key, "print": asked, "status": 0, "body": "", "at": now}
        added = self._database.insert(api_answer).values(row).on_conflict_do_nothing()
        there = select(api_answer).where(api_answer.c.token_id == token_id, api_answer.c.key == key)
        async with self._database.write() as connection:
            if (await connection.execute(added.returning(api_answer.c.key))).first() is not None:
                return None
            known = (await connection.execute(there)).first()
        if known is None:  # whoever was at it has let it be asked again, since the first statement
            return await self.begin(token_id, key, asked, now)
        if known.print != asked:
            raise KeyError(key)
        if known.status == 0 and not timedelta() <= now - known.at < _WORKED_ON and await self._take_over(known, now):
            return None
        return Answered(known.status, known.body)

    async def _take_over(self, known: AnyRow, now: datetime) -> bool:
        """Let a request be done by whoever asks again: who was at it is gone. Of several callers one gets it."""
        same = and_(api_answer.c.token_id == known.token_id, api_answer.c.key == known.key)
        left = update(api_answer).where(same, api_answer.c.status == 0, api_answer.c.at == known.at)
        async with self._database.write() as connection:
            taken = await connection.execute(left.values(at=now).returning(api_answer.c.key))
            return taken.first() is not None

    async def end(self, token_id: int, key: str, answered: Answered | None) -> None:
        """Store what a request with a key was answered with; None lets it be asked again."""
        mine = and_(api_answer.c.token_id == token_id, api_answer.c.key == key)
        change = (
            delete(api_answer).where(mine, api_answer.c.status == 0)
            if answered is None
            else update(api_answer).where(mine).values(status=answered.status, body=answered.body)
        )
        async with self._database.write() as connection:
            await connection.execute(change)

    async def forget(self, before: datetime, unfinished_before: datetime) -> None:
        """Forget what was answered before an instant, and what was begun before another and never answered."""
        old = or_(api_answer.c.at < before, and_(api_answer.c.status == 0, api_answer.c.at < unfinished_before))
        async with self._database.write() as connection:
            await connection.execute(delete(api_answer).where(old))


def _owner(article_id: int) -> ScalarSelect[int]:
    return select(api_article.c.token_id).where(api_article.c.article_id == article_id).scalar_subquery()


def _token(row: AnyRow) -> ApiToken:
    return ApiToken(
        id=row.id,
        name=row.name,
        source=row.source,
        scope=Scope(row.scope),
        created_at=row.created_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )
