"""The word index for reading: for search, for related items, for duplicates and stories."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import select

from bot.model.news import Lemma
from storage.engine.database import Database
from storage.index.statements import IndexReading, IndexStatements
from storage.schema.tables import lemma


class Words:
    """The word index, read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statements = IndexStatements(database)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[IndexReading]:
        """Open the index: all that one answer reads goes over one connection. Each statement sees what is committed."""
        async with self._database.read() as connection:
            yield IndexReading(self._statements, connection)

    async def size(self) -> int:
        """Return how many articles are in the index."""
        async with self.reading() as index:
            return await index.size()

    async def known(self, texts: Sequence[str]) -> list[Lemma]:
        """Return those of these lemmas that some article has."""
        async with self.reading() as index:
            return await index.known(texts)

    async def vocabulary(self, most: int) -> list[str]:
        """Return the lemmas that several articles have, those that more have first."""
        several = select(lemma.c.text, lemma.c.articles).where(lemma.c.articles > 1, lemma.c.stem != "")
        async with self._database.read() as connection:
            rows = (await connection.execute(several.order_by(lemma.c.articles.desc()).limit(most))).all()
        # Equals are put in order here: the engines sort letters differently.
        return [row.text for row in sorted(rows, key=lambda row: (-row.articles, row.text))]
