"""Reading the word index: for search, for related items, for duplicates and stories."""

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select, text
from sqlalchemy.engine import Row
from sqlalchemy.sql.elements import TextClause

from bot.model.news import Lemma
from storage.database import Database
from storage.indexing import TOTAL, unpack
from storage.tables import lemma, words

Group = Sequence[str]
"""Alternatives of a search: tokens of which one must be there. A token is a lemma; `5:abcde` a beginning."""

# The asked lemmas come first in both plans: each is one stretch of the hot table's primary key.
_SHARING_SQLITE = text(
    "SELECT hot.article_id AS article_id, SUM(hot.weight * asked.value) AS score "
    "FROM json_each(:asked) AS asked CROSS JOIN hot ON hot.lemma_id = CAST(asked.key AS INTEGER) "
    "GROUP BY hot.article_id ORDER BY score DESC, hot.article_id DESC LIMIT :most"
)
_SHARING_POSTGRES = text(
    "SELECT hot.article_id AS article_id, SUM(hot.weight * asked.worth) AS score "
    "FROM unnest(CAST(:lemmas AS bigint[]), CAST(:worths AS bigint[])) AS asked(lemma_id, worth) "
    "JOIN hot ON hot.lemma_id = asked.lemma_id "
    "GROUP BY hot.article_id ORDER BY score DESC, hot.article_id DESC LIMIT :most"
)
_MATCHING_SQLITE = text("SELECT rowid FROM archive WHERE archive MATCH :query ORDER BY rowid DESC LIMIT :most")
_MATCHING_POSTGRES = text(
    "SELECT rowid FROM archive WHERE tokens @@ CAST(:query AS tsquery) ORDER BY rowid DESC LIMIT :most"
)
_LEMMA = (lemma.c.id, lemma.c.text, lemma.c.articles)


class Words:
    """The word index, read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def size(self) -> int:
        """Return how many articles are in the index."""
        async with self._database.read() as connection:
            return int(await connection.scalar(select(lemma.c.articles).where(lemma.c.text == TOTAL)) or 0)

    async def known(self, texts: Iterable[str]) -> list[Lemma]:
        """Return those of these lemmas that some article has."""
        return await self._lemmas(lemma.c.text.in_(list(texts)))

    async def lemmas(self, lemma_ids: Iterable[int]) -> list[Lemma]:
        """Return lemmas by their numbers."""
        return await self._lemmas(lemma.c.id.in_(list(lemma_ids)))

    async def kin(self, stems: Iterable[str]) -> list[Lemma]:
        """Return the lemmas that begin with one of these stems."""
        return await self._lemmas(lemma.c.stem.in_(list(stems)))

    async def _lemmas(self, which: object) -> list[Lemma]:
        statement = select(*_LEMMA).where(which, lemma.c.articles > 0, lemma.c.text != TOTAL)  # type: ignore[arg-type]
        async with self._database.read() as connection:
            return [Lemma(row.id, row.text, row.articles) for row in await connection.execute(statement)]

    async def vocabulary(self, most: int) -> list[str]:
        """Return the lemmas that several articles have, those that more have first."""
        several = select(lemma.c.text, lemma.c.articles).where(lemma.c.articles > 1, lemma.c.text != TOTAL)
        async with self._database.read() as connection:
            rows = (await connection.execute(several.order_by(lemma.c.articles.desc()).limit(most))).all()
        # Equals are put in order here: the engines sort letters differently.
        return [row.text for row in sorted(rows, key=lambda row: (-row.articles, row.text))]

    async def vectors(self, article_ids: Sequence[int]) -> dict[int, dict[int, tuple[int, int, int]]]:
        """Return the lemmas of articles: number to times in the title, the lead and the body."""
        statement = select(words.c.article_id, words.c.packed).where(words.c.article_id.in_(article_ids))
        async with self._database.read() as connection:
            return {row.article_id: unpack(row.packed) for row in await connection.execute(statement)}

    async def sharing(self, worths: Mapping[int, int], limit: int) -> list[tuple[int, int]]:
        """Return the hot articles that share lemmas with a query, the closest first, as (article, score).

        Scores are whole numbers, so both engines add up the same; of equal scores the newer article comes first.
        """
        values: dict[str, object]
        if self._database.is_sqlite:
            statement, values = _SHARING_SQLITE, {"asked": json.dumps(dict(worths))}
        else:
            statement, values = _SHARING_POSTGRES, {"lemmas": list(worths), "worths": list(worths.values())}
        return [(row.article_id, int(row.score)) for row in await self._rows(statement, {**values, "most": limit})]

    async def matching(self, groups: Sequence[Group], limit: int, *, without: Group = ()) -> list[int]:
        """Return the newest articles that have one of each group's tokens, and none of `without`; newest first."""
        if self._database.is_sqlite:
            expression = " AND ".join("(" + " OR ".join(_fts(token) for token in group) + ")" for group in groups)
            if without:
                expression = f"({expression}) NOT ({' OR '.join(_fts(token) for token in without)})"
            statement = _MATCHING_SQLITE
        else:
            expression = " & ".join("(" + " | ".join(_tsquery(token) for token in group) + ")" for group in groups)
            if without:
                expression = f"({expression}) & !({' | '.join(_tsquery(token) for token in without)})"
            statement = _MATCHING_POSTGRES
        return [row.rowid for row in await self._rows(statement, {"query": expression, "most": limit})]

    async def _rows(self, statement: TextClause, values: Mapping[str, object]) -> Sequence[Row[tuple[int, ...]]]:
        async with self._database.read() as connection:
            return (await connection.execute(statement, dict(values))).all()


def _fts(token: str) -> str:
    if token.startswith("5:"):
        return f'prefix : "{token[2:]}"'
    return f'{{title body}} : "{token}"'


def _tsquery(token: str) -> str:
    if token.startswith("5:"):
        return f"'p{token[2:]}'"
    return f"('t{token}' | 'b{token}')"
