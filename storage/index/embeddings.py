"""Embeddings: whether the optional model is on, what it has read, and what is left for it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, select, text

from bot.model.news import ArticleState
from bot.model.relevance import Embedded, SignBits, ToEmbed
from bot.relevance.choice import AUTO
from bot.relevance.embeddings import MODEL, SIZE, embedded_text, signs_of
from bot.relevance.written import plain_text, whole_text
from bot.text.beside import beside
from storage.engine.database import AnyRow, Database
from storage.engine.locks import AdvisoryLock
from storage.runtime.facts import Facts
from storage.schema.tables import article, embedding

_SWITCH, _FILLED = "semantic", "semantic-filled"
_PUBLISHED = article.c.state == ArticleState.PUBLISHED
_READ = and_(
    embedding.c.article_id == article.c.id,
    embedding.c.revision == article.c.revision,
    embedding.c.model == MODEL,
)

_SIGNS = select(embedding.c.id, embedding.c.article_id, embedding.c.signs, embedding.c.model, article.c.language).join(
    article, article.c.id == embedding.c.article_id
)


class Embeddings:
    """The rows of embeddings."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._facts = Facts(database)

    async def is_on(self) -> bool:
        """Tell whether the model is on in this newsroom."""
        return bool(await self.switch())

    async def switch(self) -> object:
        """Return how the switch stands: turned by hand or by the setting, AUTO, or None where nothing was chosen."""
        found: object = await self._facts.get(_SWITCH)
        return found

    async def turn_on(self, now: datetime) -> None:
        """Turn the model on for every process of this newsroom. May be repeated."""
        await self._facts.put(_SWITCH, value=True, now=now)

    async def turn_off(self, now: datetime) -> None:
        """Turn the model off, whatever a start would choose; what it has read is kept. May be repeated."""
        await self._facts.put(_SWITCH, value=False, now=now)

    async def choose(self, now: datetime, *, on: bool) -> None:
        """Turn the model on or off unless that was done by hand. May be repeated."""
        before = await self.switch()
        after = AUTO if on else None
        if isinstance(before, bool) or before == after:
            return
        if after is None:
            await self._facts.take(_SWITCH)
        else:
            await self._facts.swap(_SWITCH, before, after, now)

    async def filled(self, now: datetime) -> bool:
        """Note that the model has read all there is; returns whether that is the first time. May be repeated."""
        before = await self._facts.get(_FILLED)
        return before != MODEL and await self._facts.swap(_FILLED, before, MODEL, now)

    async def counts(self) -> tuple[int, int]:
        """Return how many published articles there are, and how many of them the model has read."""
        published = select(func.count()).select_from(article).where(_PUBLISHED)
        read = select(func.count()).select_from(article.join(embedding, _READ)).where(_PUBLISHED)
        async with self._database.read() as connection:
            return int(await connection.scalar(published) or 0), int(await connection.scalar(read) or 0)

    async def unread(self, below: int, span: int, most: int) -> tuple[list[ToEmbed], int]:
        """Return up to `most` unread articles, newest first, out of `span` published ones with smaller numbers.

        The number beside them is the lowest looked at, or 0 when there are none: what to ask for next.
        """
        looked = select(article.c.id).where(_PUBLISHED, article.c.id < below).order_by(article.c.id.desc()).limit(span)
        part = looked.subquery()
        missing = (
            select(article.c.id, article.c.revision, article.c.title, article.c.lead, article.c.body)
            .select_from(article.outerjoin(embedding, _READ))
            .where(embedding.c.id.is_(None), article.c.id.in_(select(part.c.id)))
            .order_by(article.c.id.desc())
            .limit(most)
        )
        async with self._database.read() as connection:
            lowest = await connection.scalar(select(func.min(part.c.id)))
            rows = (await connection.execute(missing)).all() if lowest is not None else []
        found = []
        for row in rows:
            rest = whole_text(row.lead, await beside(len(row.body), plain_text, row.body))
            found.append(ToEmbed(row.id, row.revision, embedded_text(row.title, rest)))
        return found, int(lowest or 0)

    async def put(self, read: Sequence[tuple[ToEmbed, bytes]]) -> list[int]:
        """Keep what the model made of articles, except those that have changed or gone since; returns whose it kept.

        May be repeated.
        """
        by_id = {one.id: (one, vector) for one, vector in read}
        same = select(article.c.id, article.c.revision).where(article.c.id.in_(by_id), _PUBLISHED)
        same = same.order_by(article.c.id).with_for_update()
        async with self._database.write() as connection:
            if not self._database.is_sqlite:  # a lease may have lapsed: numbers are seen in the order they are given
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({AdvisoryLock.EMBEDDINGS})"))
            current = {row.id: row.revision for row in await connection.execute(same)}
            kept = {number: vector for number, (one, vector) in by_id.items() if current.get(number) == one.revision}
            await connection.execute(delete(embedding).where(embedding.c.article_id.in_(by_id)))
            if kept:
                rows = [
                    {
                        "article_id": number,
                        "revision": current[number],
                        "model": MODEL,
                        "vector": vector,
                        "signs": signs_of(vector).to_bytes(SIZE // 8, "big"),
                    }
                    for number, vector in kept.items()
                ]
                await connection.execute(embedding.insert(), rows)
        return list(kept)

    async def vectors(self, article_ids: Iterable[int]) -> Mapping[int, Embedded]:
        """Return the vectors of those of these articles that the model has read, as they stand now."""
        statement = (
            select(embedding.c.article_id, embedding.c.vector, article.c.language)
            .join(article, _READ)
            .where(embedding.c.article_id.in_(list(article_ids)), _PUBLISHED)
        )
        async with self._database.read() as connection:
            return {row.article_id: Embedded(row.vector, row.language) for row in await connection.execute(statement)}

    async def newest_signs(self, most: int) -> tuple[list[SignBits], int]:
        """Return the signs of the newest articles, and the number to ask `signs_after` with."""
        newest = _SIGNS.where(embedding.c.model == MODEL).order_by(embedding.c.article_id.desc()).limit(most)
        async with self._database.read() as connection:
            last = await connection.scalar(select(func.max(embedding.c.id)))
            return [_signs_of(row) for row in await connection.execute(newest)], int(last or 0)

    async def signs_after(self, number: int, most: int) -> tuple[list[SignBits], int]:
        """Return the signs that were kept after others, oldest first, and the number to go on with."""
        later = _SIGNS.where(embedding.c.id > number).order_by(embedding.c.id).limit(most)
        async with self._database.read() as connection:
            rows = (await connection.execute(later)).all()
        return [_signs_of(row) for row in rows if row.model == MODEL], rows[-1].id if rows else number


def _signs_of(row: AnyRow) -> SignBits:
    return SignBits(row.article_id, row.language, int.from_bytes(row.signs, "big"))
