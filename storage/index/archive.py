"""Filling the archive's index from the words that articles have: of SQLite's it cannot be read back."""

from collections.abc import Callable

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database, chunked
from storage.index.writing import put_into_archive, unpack
from storage.schema.tables import lemma, words

_BATCH = 500


async def fill_archive(database: Database, told: Callable[[int], None]) -> None:
    """Put every article into the index that has words and is not there yet; `told` hears how many there are.

    May be repeated, and goes on where it was cut off: articles go in by their numbers.
    """
    async with database.read() as connection:
        last = int(await connection.scalar(text("SELECT max(rowid) FROM archive")) or 0)
    done = 0
    while True:
        some = select(words.c.article_id, words.c.packed).where(words.c.article_id > last)
        async with database.read() as connection:
            rows = (await connection.execute(some.order_by(words.c.article_id).limit(_BATCH))).all()
            if not rows:
                return
            vectors = {row.article_id: unpack(row.packed) for row in rows}
            names = await _names(connection, sorted({number for vector in vectors.values() for number in vector}))
        entries = {}
        for article_id, vector in vectors.items():
            title = {names[number] for number, (in_title, _, _) in vector.items() if in_title}
            entries[article_id] = (title, {names[number] for number in vector} - title)
        async with database.write() as connection:
            await put_into_archive(database, connection, entries)
        last, done = rows[-1].article_id, done + len(rows)
        told(done)


async def _names(connection: AsyncConnection, numbers: list[int]) -> dict[int, str]:
    names: dict[int, str] = {}
    for some in chunked(numbers, 5000):
        found = select(lemma.c.id, lemma.c.text).where(lemma.c.id.in_(some))
        names.update({row.id: row.text for row in await connection.execute(found)})
    return names
