"""Keywords that readers follow: each different set of lemmas is one row, however many readers follow it."""

from collections.abc import Sequence

from sqlalchemy import func, select

from storage.engine.database import Database
from storage.schema.tables import keyword, keyword_lemma


class Keywords:
    """The rows of keywords."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ensure(self, lemmas: Sequence[str]) -> int:
        """Return the number of the keyword that is these lemmas, made if there is none. May be repeated.

        Together they are at most PHRASE_MOST characters (bot/model/limits.py).
        """
        wanted = sorted(set(lemmas))
        phrase = " ".join(wanted)
        there = select(keyword.c.id).where(keyword.c.phrase == phrase)
        async with self._database.read() as connection:
            found = await connection.scalar(there)
        if found is not None:
            return int(found)
        insert = self._database.insert(keyword).values(phrase=phrase, need=len(wanted)).on_conflict_do_nothing()
        async with self._database.write() as connection:
            number = await connection.scalar(insert.returning(keyword.c.id))
            if number is not None:
                await connection.execute(keyword_lemma.insert(), [{"lemma": w, "keyword_id": number} for w in wanted])
            else:  # somebody who follows the same words was faster, and has committed
                number = await connection.scalar(there)
            assert number is not None
            return int(number)

    async def found_in(self, lemmas: Sequence[str]) -> list[int]:
        """Return the keywords all of whose lemmas are among these."""
        statement = (
            select(keyword.c.id)
            .join(keyword_lemma, keyword_lemma.c.keyword_id == keyword.c.id)
            .where(keyword_lemma.c.lemma.in_(list(set(lemmas))))
            .group_by(keyword.c.id, keyword.c.need)
            .having(func.count() == keyword.c.need)
        )
        async with self._database.read() as connection:
            return list((await connection.execute(statement)).scalars())

    async def phrases(self, keyword_ids: Sequence[int]) -> dict[int, str]:
        """Return the lemmas of keywords as text, by number."""
        statement = select(keyword.c.id, keyword.c.phrase).where(keyword.c.id.in_(keyword_ids))
        async with self._database.read() as connection:
            return {row.id: row.phrase for row in await connection.execute(statement)}
