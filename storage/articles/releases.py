"""Going public and changing in public, the same way for orders, imports and corrections: revisions, publications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.desk import PublicationState
from bot.model.ledger import Policy, Priority
from bot.model.news import RevisionKind, Terms
from storage.engine.columns import Instant, Number
from storage.engine.database import Database
from storage.index.writing import index_articles
from storage.schema.tables import article, publication, reader, revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One publication that is to be made: of which revision of which article, when, in which lane, and why."""

    article_id: int
    at: datetime
    lane: Priority = Priority.INSTANT
    policy: Policy = Policy.HOLD
    by: int | None = None
    revision: int = 1
    purpose: RevisionKind = RevisionKind.FIRST


async def cancel_publication(connection: AsyncConnection, article_id: int, now: datetime) -> bool:
    """Cancel the order for an article that waits for its time; returns whether there was one."""
    waiting = and_(publication.c.article_id == article_id, publication.c.state == PublicationState.SCHEDULED)
    change = update(publication).where(waiting).values(state=PublicationState.CANCELLED, finished_at=now)
    return (await connection.execute(change.returning(publication.c.id))).first() is not None


async def make_publications(
    connection: AsyncConnection, releases: Sequence[Release], *, begun_at: datetime | None = None
) -> list[int]:
    """Make publications inside the caller's transaction; returns their numbers in the same order.

    They wait for their time, or with `begun_at` are running, all their deliveries still to be written.
    """
    if not releases:
        return []
    begun = {"state": PublicationState.SCHEDULED} if begun_at is None else await begun_values(connection, begun_at)
    rows = [
        {
            "article_id": one.article_id,
            "at": one.at,
            "lane": one.lane,
            "policy": one.policy,
            "by": one.by,
            "revision": one.revision,
            "purpose": one.purpose,
            **begun,
        }
        for one in releases
    ]
    made = insert(publication).returning(publication.c.id, sort_by_parameter_order=True)
    return list((await connection.execute(made, rows)).scalars())


async def begun_values(connection: AsyncConnection, now: datetime) -> dict[str, object]:
    """Return the columns of a publication that begins: it goes to every reader there is now."""
    last = await connection.scalar(select(func.coalesce(func.max(reader.c.id), 0)))
    return {"state": PublicationState.RUNNING, "started_at": now, "fan_from": 0, "fan_end": last}


async def release(
    database: Database,
    connection: AsyncConnection,
    articles: Mapping[int, Terms],
    now: datetime,
    *,
    by: int | None = None,
) -> None:
    """Note what follows from articles' becoming public: their first text is kept, and they are found by their words.

    Inside the transaction that makes them public.
    """
    await keep_revisions(connection, list(articles), RevisionKind.FIRST, now, by=by)
    await index_articles(database, connection, articles)


async def keep_revisions(
    connection: AsyncConnection,
    article_ids: Sequence[int],
    kind: RevisionKind,
    now: datetime,
    *,
    by: int | None = None,
    note: str = "",
) -> None:
    """Keep the text of articles as it is now, inside the transaction that made it so.

    The revision's number is the article's. Copied inside the database: a batch of an archive is megabytes.
    """
    values = {
        "article_id": article.c.id,
        "number": article.c.revision,
        "kind": literal(kind, Number(RevisionKind)),
        "title": article.c.title,
        "lead": article.c.lead,
        "body": article.c.body,
        "note": literal(note),
        "by": literal(by, revision.c.by.type),
        "at": literal(now, Instant),
    }
    texts = select(*(value.label(name) for name, value in values.items())).where(article.c.id.in_(article_ids))
    await connection.execute(insert(revision).from_select(list(values), texts))
