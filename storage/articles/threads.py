"""Threading: putting articles into stories, inside the transactions of others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.news import ArticleState
from bot.model.relevance import Placement
from bot.relevance.lemmas import lemmas
from bot.relevance.threading import story_name
from storage.articles.merging import merge
from storage.engine.database import Database
from storage.schema.tables import article, story

_NAMED_BY = 12  # articles of a story whose titles its name is chosen from


async def rows_of(connection: AsyncConnection, article_ids: Iterable[int]) -> dict[int, int | None]:
    """Return the stories of published articles, which nobody moves until the transaction ends.

    Nor anything else in these stories, all of which may go over: in one order, as whoever holds several articles does.
    """
    named = list(article_ids)
    theirs = select(article.c.story_id).where(article.c.id.in_(named), article.c.story_id.is_not(None))
    moved = or_(article.c.id.in_(named), article.c.story_id.in_(theirs))
    columns = select(article.c.id, article.c.story_id, article.c.state).where(moved)
    rows = (await connection.execute(columns.order_by(article.c.id).with_for_update())).all()
    return {row.id: row.story_id for row in rows if row.id in named and row.state is ArticleState.PUBLISHED}


async def free(connection: AsyncConnection, mine: int, theirs: int) -> bool:
    """Tell whether nobody has decided about two stories: an editor about something in them, an import by a name."""
    both = [mine, theirs]
    fixed = select(article.c.id).where(article.c.story_id.in_(both), article.c.story_fixed).limit(1)
    named = select(story.c.id).where(story.c.id.in_(both), story.c.external_id.is_not(None)).limit(1)
    return await connection.scalar(fixed) is None and await connection.scalar(named) is None


async def thread(connection: AsyncConnection, article_id: int, follows: int, now: datetime) -> int | None:
    """Put an article into the story of another, inside the caller's transaction; see `Stories.thread`.

    Before the index is changed: who holds an article waits for the index, and never the other way round.
    """
    columns = select(article.c.id, article.c.story_id, article.c.story_fixed)
    # Held, so that of two that go on with one article at once the second finds the story that the first makes.
    two = columns.where(article.c.id.in_([article_id, follows])).order_by(article.c.id).with_for_update()
    rows = {row.id: row for row in await connection.execute(two)}
    if len(rows) < 2 or any(row.story_fixed and row.story_id is None for row in rows.values()):
        return None
    if rows[article_id].story_id is not None:
        return int(rows[article_id].story_id)
    target = rows[follows].story_id
    if target is None:
        target = await connection.scalar(story.insert().values(name="", updated_at=now).returning(story.c.id))
    both = update(article).where(article.c.id.in_([article_id, follows]))
    await connection.execute(both.values(story_id=target))
    await rename(connection, target, now)
    return int(target)


async def put_in_places(connection: AsyncConnection, places: Mapping[int, Placement], now: datetime) -> None:
    """Note where new articles belong, inside the transaction that stores them. `places` name stored articles.

    Before the index is changed, as `thread` says.
    """
    if not places:
        return
    named = {*places, *(place.follows for place in places.values() if place.follows is not None)}
    held = select(article.c.id).where(article.c.id.in_(named)).order_by(article.c.id).with_for_update()
    await connection.execute(held)
    for number, place in places.items():
        if place.same_as is not None:
            # A copy of a copy is one of the first.
            first = await connection.scalar(select(article.c.same_as).where(article.c.id == place.same_as))
            one = update(article).where(article.c.id == number)
            await connection.execute(one.values(same_as=first or place.same_as))
            continue
        if place.resembles is not None:
            like = update(article).where(article.c.id == number)
            await connection.execute(like.values(resembles=place.resembles))
        await note_retold(connection, number, place.retells)
        if place.follows is not None:
            await thread(connection, number, place.follows, now)


async def note_retold(connection: AsyncConnection, article_id: int, retells: Sequence[int]) -> None:
    """Note which articles a new one tells in other words, inside the caller's transaction. May be repeated."""
    if retells:
        mine = update(article).where(article.c.id == article_id)
        await connection.execute(mine.values(retells=sorted(retells)))


async def rename(connection: AsyncConnection, story_id: int, now: datetime) -> None:
    """Name a story after the title that has most in common with the others."""
    newest = select(article.c.title, article.c.language).where(article.c.story_id == story_id)
    rows = (await connection.execute(newest.order_by(article.c.id.desc()).limit(_NAMED_BY))).all()
    name = story_name([row.title for row in rows], [frozenset(lemmas(row.title, row.language)) for row in rows])
    named = update(story).where(story.c.id == story_id, story.c.external_id.is_(None))
    await connection.execute(named.values(name=name, updated_at=now))


async def unite(
    database: Database, connection: AsyncConnection, article_id: int, follows: int, now: datetime
) -> int | None:
    """Make the stories of two articles one, inside the caller's transaction; see `Stories.unite`."""
    found = await rows_of(connection, (article_id, follows))
    mine, theirs = found.get(article_id), found.get(follows)
    if mine is None or theirs is None or mine == theirs:
        return await thread(connection, *((follows, article_id) if theirs is None else (article_id, follows)), now)
    if not await free(connection, mine, theirs):
        return None
    sizes = select(article.c.story_id, func.count().label("size")).where(article.c.story_id.in_([mine, theirs]))
    size = {row.story_id: row.size for row in await connection.execute(sizes.group_by(article.c.story_id))}
    out, into = sorted((mine, theirs), key=lambda number: (size.get(number, 0), -number))
    await merge(database, connection, out, into, fixed=False)
    await rename(connection, into, now)
    return into
