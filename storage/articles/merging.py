"""Merging stories: what belonged to one belongs to another from then on, and nobody who followed either loses it."""

from sqlalchemy import case, delete, literal, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.matching import MatchKey, story_key
from storage.engine.database import Database
from storage.people.living import hold_living
from storage.schema.tables import article, reader, story, story_seen, subscription


async def merge(
    database: Database, connection: AsyncConnection, story_id: int, into: int, *, fixed: bool = True
) -> None:
    """Move the articles, followers and looks of a story to another, of which it is a part from then on.

    Its row stays: buttons that name it are in messages of years, and on SQLite its number would be another story's.
    With `fixed` it is an editor's decision, which threading leaves alone.
    """
    # The articles come first: a fan-out that writes deliveries for one of them holds its row until it is done.
    move = update(article).where(article.c.story_id == story_id)
    move = move.values(story_id=into, **({"story_fixed": True} if fixed else {}))
    await connection.execute(move)
    # Whoever puts something into it, or follows it, at this moment is waited for; whoever comes later finds the other.
    # Both, in one order: whoever chooses something of both holds them so, too.
    two = select(story.c.id, story.c.external_id).where(story.c.id.in_((story_id, into))).order_by(story.c.id)
    names = {row.id: row.external_id for row in await connection.execute(two.with_for_update())}
    await connection.execute(move)
    # What is copied of somebody who is erased meanwhile would be there again.
    followers = select(subscription.c.reader_id).where(subscription.c.key == story_key(story_id))
    lookers = select(story_seen.c.reader_id).where(story_seen.c.story_id == story_id)
    await hold_living(connection, or_(reader.c.id.in_(followers), reader.c.id.in_(lookers)))
    await _move_followers(database, connection, story_key(story_id), story_key(into))
    await _move_looks(database, connection, story_id, into)
    parts = update(story).where(or_(story.c.id == story_id, story.c.part_of == story_id))
    await connection.execute(parts.values(part_of=into, name=""))
    # The name an import knows it by goes along: the other has been decided about then, too, and keeps its name. One
    # that has such a name already is found by way of its part.
    if names.get(story_id) is not None and names.get(into) is None:
        await connection.execute(update(story).where(story.c.id == story_id).values(external_id=null()))
        await connection.execute(update(story).where(story.c.id == into).values(external_id=names[story_id]))


async def _move_followers(database: Database, connection: AsyncConnection, old: MatchKey, new: MatchKey) -> None:
    """Who follows both keeps one subscription; what somebody decided about the story that stays is left alone."""
    columns = [column.name for column in subscription.c if column.name != "key"]
    moved = select(literal(new, subscription.c.key.type), *(subscription.c[name] for name in columns))
    # What somebody chooses at this moment is there at once, and stays.
    copy = database.insert(subscription).from_select(["key", *columns], moved.where(subscription.c.key == old))
    await connection.execute(copy.on_conflict_do_nothing())
    await connection.execute(delete(subscription).where(subscription.c.key == old))


async def _move_looks(database: Database, connection: AsyncConnection, old: int, new: int) -> None:
    """Who looked at both looked at all of it at the earlier time: nothing new may pass for seen."""
    looks = select(story_seen.c.reader_id, literal(new), story_seen.c.at).where(story_seen.c.story_id == old)
    insert = database.insert(story_seen).from_select(["reader_id", "story_id", "at"], looks)
    earlier = case((insert.excluded.at < story_seen.c.at, insert.excluded.at), else_=story_seen.c.at)
    both = insert.on_conflict_do_update(index_elements=["reader_id", "story_id"], set_={"at": earlier})
    await connection.execute(both)
    await connection.execute(delete(story_seen).where(story_seen.c.story_id == old))
