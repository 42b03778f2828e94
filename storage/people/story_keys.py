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


async def keys_now(
    connection: AsyncConnection, keys: Iterable[MatchKey], *, hold: bool = False
) -> dict[MatchKey, MatchKey]:
    """Return for each key the one that stands for the same by now; what is known of no story stays as it is."""
    now = {}
    for key in sorted(set(keys)):
        found = await story_now(connection, key.id, hold=hold) if key.kind is MatchKind.STORY else None
        now[key] = story_key(found) if found is not None else key
    return now
