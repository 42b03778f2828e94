"""Storing imported articles: a batch is one transaction, and what is known is passed over."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Refused
from bot.model.listeners import EventKind
from bot.model.news import ArticleState, Imported
from bot.model.relevance import Placement, PreparedArticle, Sibling
from storage.articles.arrivals import insert_articles
from storage.articles.releases import Release, make_publications, release
from storage.articles.threads import hold_followed, put_in_places
from storage.engine.database import AnyRow, Database
from storage.runtime.events import Fact, note_events
from storage.schema.tables import article, revision


class Imports:
    """Putting articles into the archive: ordered as they come in, and pushed only when that is asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def imported(self, identities: Sequence[str]) -> dict[str, Imported]:
        """Return what is stored of these identities, with the text that an import last brought."""
        other = revision.alias()
        theirs = select(func.max(other.c.number)).where(other.c.article_id == article.c.id, other.c.by.is_(None))
        columns = (article.c.identity, article.c.id, article.c.version, article.c.state, article.c.url_key)
        text = (revision.c.number, revision.c.title, revision.c.lead, revision.c.body, article.c.tags)
        known = (
            select(*columns, *text, article.c.revision)
            .where(revision.c.article_id == article.c.id, revision.c.number == theirs.scalar_subquery())
            .where(article.c.identity.in_(sorted(set(identities))))
        )
        async with self._database.read() as connection:
            return {row.identity: _imported(row) for row in await connection.execute(known)}

    async def unknown(self, items: Sequence[PreparedArticle]) -> list[PreparedArticle]:
        """Return the articles that are not stored yet, each once."""
        with _refusing():
            async with self._database.read() as connection:
                return await _unknown(connection, items)

    async def add(self, items: Sequence[PreparedArticle], now: datetime, *, push: bool) -> list[int]:
        """Store a batch as published articles; returns the numbers of those that are new.

        With `push` they are sent to readers too, as if they were published now, but for copies of what is there.

        Raises:
            Refused: the database does not take something in the batch.

        """
        with _refusing():
            return await self._add(items, now, push=push)

    async def _add(self, items: Sequence[PreparedArticle], now: datetime, *, push: bool) -> list[int]:
        async with self._database.write() as connection:
            batch = await _unknown(connection, items)
            if not batch:
                return []
            await hold_followed(connection, (one.place for one in batch))
            new = await insert_articles(self._database, connection, batch, now, public=True)
            places = _resolved(items, new)
            await put_in_places(connection, places, now)
            await release(self._database, connection, {n: one.written.terms for n, one in new.items()}, now)
            if push:
                originals = [number for number in sorted(new) if number not in places or places[number].same_as is None]
                pushed = [Release(article_id=number, at=now) for number in originals]
                await make_publications(connection, pushed, begun_at=now)
                await note_events(connection, EventKind.PUBLISHED, [Fact(number) for number in sorted(new)], now)
        return sorted(new)


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn an error that lies in the rows, and not in the database, into Refused."""
    try:
        yield
    except (DataError, IntegrityError, UnicodeError) as error:
        raise Refused from error
    except StatementError as error:
        if isinstance(error, DBAPIError):  # of the database itself: locked, away, full
            raise
        raise Refused from error


def _imported(row: AnyRow) -> Imported:
    return Imported(
        id=row.id,
        version=row.version,
        title=row.title,
        lead=row.lead,
        body=row.body,
        tags=tuple(row.tags or ()),
        url_key=row.url_key,
        edited=row.number != row.revision,
        retracted=row.state is not ArticleState.PUBLISHED,
    )


async def _unknown(connection: AsyncConnection, items: Sequence[PreparedArticle]) -> list[PreparedArticle]:
    by_identity: dict[str | None, PreparedArticle] = {}
    for item in items:
        by_identity.setdefault(item.incoming.identity, item)  # in a batch as in the archive: the first stays
    known = select(article.c.identity).where(article.c.identity.in_(list(by_identity)))
    for identity in (await connection.execute(known)).scalars():
        by_identity.pop(identity, None)
    return list(by_identity.values())


def _resolved(items: Sequence[PreparedArticle], new: Mapping[int, PreparedArticle]) -> dict[int, Placement]:
    """Return the places of the new articles, with those of the batch by their numbers."""
    numbers = {one.incoming.identity: number for number, one in new.items()}

    def named(other: int | Sibling | None) -> int | None:
        return numbers.get(items[other.place].incoming.identity) if isinstance(other, Sibling) else other

    places = {}
    for number, item in new.items():
        retells = [one for one in map(named, item.place.retells) if one is not None]
        place = Placement(
            named(item.place.same_as), named(item.place.follows), named(item.place.resembles), tuple(retells)
        )
        if place != Placement() and number not in {place.same_as, place.follows, place.resembles, *retells}:
            places[number] = place
    return places
