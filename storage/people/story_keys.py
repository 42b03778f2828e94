"""Keys of stories that have become a part of another: whatever is said of one is said of that other."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.matching import MatchKey, MatchKind, story_key
from storage.schema.tables import story


async def story_now(connection: AsyncConnection, story_id: int, *, hold: bool = False) -> int | None:
    """Return the story that one is a part of by now, or itself; None where there is none.

    With `hold` it becomes a part of no other until the transaction ends. One that does at this moment is waited for.
    """
    where = select(story.c.id, story.c.part_of)
    number: int | None = story_id
    while number is not None:
        one = where.where(story.c.id == number)
        row = (await connection.execute(one.with_for_update(read=True, key_share=True) if hold else one)).one_or_none()
        if row is None or row.part_of is None:
            return int(row.id) if row is not None else None
        number = row.part_of
    return None


async def stories_now(connection: AsyncConnection, story_ids: Iterable[int], *, hold: bool = False) -> dict[int, int]:
    """Return for each story the one that it is a part of by now, or itself; `hold` is that of `story_now`."""
    now = {number: number for number in story_ids}
    statement = select(story.c.id, story.c.part_of).order_by(story.c.id)
    # Held in one order, as `merge` does: which ones these are has to be known before.
    for one in (statement, statement.with_for_update(read=True, key_share=True))[: 1 + hold]:
        parts: dict[int, int] | None = None
        while now and parts != {}:
            rows = await connection.execute(one.where(story.c.id.in_(set(now.values()))))
            parts = {row.id: row.part_of for row in rows if row.part_of is not None}
            now = {number: parts.get(there, there) for number, there in now.items()}
    return now


async def keys_now(
    connection: AsyncConnection, keys: Iterable[MatchKey], *, hold: bool = False
) -> dict[MatchKey, MatchKey]:
    """Return for each key the one that stands for the same by now; what is known of no story stays as it is."""
    every = set(keys)
    now = await stories_now(connection, {key.id for key in every if key.kind is MatchKind.STORY}, hold=hold)
    return {key: story_key(now[key.id]) if key.kind is MatchKind.STORY else key for key in sorted(every)}
