"""Threading: putting articles into stories, inside the transactions of others."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.news import ArticleState
from bot.model.relevance import BatchPlacement, Placement
from bot.relevance.lemmas import lemmas
from bot.relevance.threading import story_name
from storage.articles.merging import merge
from storage.engine.database import AnyRow, Database
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


async def thread(connection: AsyncConnection, follows: Mapping[int, int], now: datetime) -> dict[int, int]:
    """Put articles into the stories of those that they follow, inside the caller's transaction; see `Stories.thread`.

    One after the other; returns the stories of those that are in one now, and left out is what `Stories.thread` gives
    no story. Before the index is changed: who holds an article waits for the index, and never the other way round.
    """
    columns = select(article.c.id, article.c.story_id, article.c.story_fixed)
    # Held, so that of two that go on with one article at once the second finds the story that the first makes.
    every = columns.where(article.c.id.in_({*follows, *follows.values()})).order_by(article.c.id).with_for_update()
    rows = (await connection.execute(every)).all()
    story_of = {row.id: row.story_id for row in rows if row.story_id is not None or not row.story_fixed}
    placed: dict[int, int] = {}
    moved: dict[int, int] = {}
    begun = 0  # stories are made all at once: until then they go by -1, -2…
    for number, other in follows.items():
        if len({number, other} & story_of.keys()) < 2:
            continue
        if story_of[number] is None:
            if story_of[other] is None:
                begun += 1
                moved[other] = story_of[other] = -begun
            moved[number] = story_of[number] = story_of[other]
        placed[number] = story_of[number]
    if not moved:
        return placed
    made = await _begin(connection, begun, now)
    moved = {number: made.get(where, where) for number, where in moved.items()}
    one = update(article).where(article.c.id == bindparam("number")).values(story_id=bindparam("story"))
    await connection.execute(one, [{"number": number, "story": where} for number, where in moved.items()])
    await rename(connection, set(moved.values()), now)
    return {number: made.get(where, where) for number, where in placed.items()}


async def _begin(connection: AsyncConnection, many: int, now: datetime) -> dict[int, int]:
    """Make new stories; returns the number of the first by -1, of the second by -2, and so on."""
    if not many:
        return {}
    made = insert(story).returning(story.c.id, sort_by_parameter_order=True)
    numbers = (await connection.execute(made, [{"name": "", "updated_at": now}] * many)).scalars()
    return {-place: number for place, number in enumerate(numbers, start=1)}


async def hold_followed(connection: AsyncConnection, places: Iterable[BatchPlacement]) -> None:
    """Hold the stored articles that new ones go on with until the transaction ends.

    Before any story is: whoever makes two of them one holds what is in them, and then the stories.
    """
    named = {place.follows for place in places if isinstance(place.follows, int)}
    if named:
        held = select(article.c.id).where(article.c.id.in_(named)).order_by(article.c.id).with_for_update()
        await connection.execute(held)


async def put_in_places(connection: AsyncConnection, places: Mapping[int, Placement], now: datetime) -> None:
    """Note where new articles belong, inside the transaction that stores them. `places` name stored articles.

    Before the index is changed, as `thread` says, and with what they go on with held.
    """
    follows: dict[int, int] = {}
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
            follows[number] = place.follows
    if follows:
        await thread(connection, follows, now)


async def note_retold(connection: AsyncConnection, article_id: int, retells: Sequence[int]) -> None:
    """Note which articles a new one tells in other words, inside the caller's transaction. May be repeated."""
    if retells:
        mine = update(article).where(article.c.id == article_id)
        await connection.execute(mine.values(retells=sorted(retells)))


def newest_of(story_ids: Collection[int]) -> Select[tuple[int, str, str]]:
    """Return the statement that reads the articles after whose titles stories are named: number, title, language.

    It goes by where the newest of each story begin: a story of thousands is not read whole each time that one joins it.
    """
    own = article.alias()
    newest = select(own.c.id).where(own.c.story_id == story.c.id).order_by(own.c.id.desc())
    begin = func.coalesce(newest.offset(_NAMED_BY - 1).limit(1).scalar_subquery(), 0)
    theirs = and_(article.c.story_id == story.c.id, article.c.id >= begin)
    columns = select(story.c.id, article.c.title, article.c.language).join_from(story, article, theirs)
    return columns.where(story.c.id.in_(story_ids)).order_by(story.c.id, article.c.id.desc())


async def rename(connection: AsyncConnection, story_ids: Collection[int], now: datetime) -> None:
    """Name stories, each after the title that has most in common with its others."""
    rows: dict[int, list[AnyRow]] = {number: [] for number in sorted(story_ids)}
    for row in await connection.execute(newest_of(story_ids)):
        rows[row.id].append(row)
    names = []
    for number, members in rows.items():
        words = [frozenset(lemmas(row.title, row.language)) for row in members]
        names.append({"number": number, "called": story_name([row.title for row in members], words)})
    one = update(story).where(story.c.id == bindparam("number"), story.c.external_id.is_(None))
    await connection.execute(one.values(name=bindparam("called"), updated_at=now), names)


async def rename_around(connection: AsyncConnection, article_id: int, now: datetime) -> None:
    """Name the story of an article whose title has changed: it may have gone by that. May be repeated.

    Before the index is changed, as `thread` says.
    """
    mine = await connection.scalar(select(article.c.story_id).where(article.c.id == article_id))
    if mine is not None:
        await rename(connection, [mine], now)


async def unite(
    database: Database, connection: AsyncConnection, article_id: int, follows: int, now: datetime
) -> int | None:
    """Make the stories of two articles one, inside the caller's transaction; see `Stories.unite`."""
    found = await rows_of(connection, (article_id, follows))
    mine, theirs = found.get(article_id), found.get(follows)
    if mine is None or theirs is None or mine == theirs:
        goes, after = (follows, article_id) if theirs is None else (article_id, follows)
        return (await thread(connection, {goes: after}, now)).get(goes)
    if not await free(connection, mine, theirs):
        return None
    sizes = select(article.c.story_id, func.count().label("size")).where(article.c.story_id.in_([mine, theirs]))
    size = {row.story_id: row.size for row in await connection.execute(sizes.group_by(article.c.story_id))}
    out, into = sorted((mine, theirs), key=lambda number: (size.get(number, 0), -number))
    await merge(database, connection, out, into, fixed=False)
    await rename(connection, [into], now)
    return into
