"""Merging stories: what belonged to one belongs to another from then on, and nobody who followed either loses it."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.matching import MatchKey, story_key
from storage.schema.tables import article, story, story_seen, subscription


async def merge(connection: AsyncConnection, story_id: int, into: int) -> None:
    """Move the articles, followers and looks of a story to another, and take the story away."""
    # The articles come first: a fan-out that writes deliveries for one of them holds its row until it is done.
    move = update(article).where(article.c.story_id == story_id)
    await connection.execute(move.values(story_id=into, story_fixed=True))
    await _move_followers(connection, story_key(story_id), story_key(into))
    await _move_looks(connection, story_id, into)
    # The name an import knows it by goes along, so that what the import brings next finds the way.
    external = await connection.scalar(select(story.c.external_id).where(story.c.id == story_id))
    await connection.execute(delete(story).where(story.c.id == story_id))
    if external is not None:
        nameless = update(story).where(story.c.id == into, story.c.external_id.is_(None))
        await connection.execute(nameless.values(external_id=external))


async def _move_followers(connection: AsyncConnection, old: MatchKey, new: MatchKey) -> None:
    """Who follows both keeps one subscription; what somebody decided about the story that stays is left alone."""
    there = select(subscription.c.reader_id).where(subscription.c.key == new)
    mine = subscription.c.key == old
    await connection.execute(delete(subscription).where(mine, subscription.c.reader_id.in_(there)))
    await connection.execute(update(subscription).where(mine).values(key=new))


async def _move_looks(connection: AsyncConnection, old: int, new: int) -> None:
    """Who looked at both looked at all of it at the earlier time: nothing new may pass for seen."""
    before = story_seen.alias()
    earlier = (
        select(func.min(before.c.at))
        .where(before.c.reader_id == story_seen.c.reader_id, before.c.story_id.in_((old, new)))
        .scalar_subquery()
    )
    there = select(before.c.reader_id).where(before.c.story_id == new)
    looked = select(before.c.reader_id).where(before.c.story_id == old)
    both = update(story_seen).where(story_seen.c.story_id == new, story_seen.c.reader_id.in_(looked))
    await connection.execute(both.values(at=earlier))
    mine = story_seen.c.story_id == old
    await connection.execute(delete(story_seen).where(mine, story_seen.c.reader_id.in_(there)))
    await connection.execute(update(story_seen).where(mine).values(story_id=new))
