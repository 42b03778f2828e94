"""Reading the word index over one connection: the statements of an answer, prepared once and run by the driver."""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    any_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.news import ArticleState, Candidate, Lemma, Subject
from storage.engine.database import Database
from storage.engine.prepared import Prepared
from storage.index.newest import Group, Newest
from storage.index.writing import CHANGES, TOTAL, unpack, unpack_heading
from storage.schema.tables import article, lemma, tie, words

# What is read of the hot table is a stretch of its primary key for each asked lemma. The best of these are looked up
# once more for the `late` lemmas, whose own stretches are too long to read.
_SHARING_SQLITE = """
    SELECT found.article_id, found.score + COALESCE((
        SELECT SUM(hot.weight * late.value) FROM json_each(:late) AS late
        CROSS JOIN hot ON hot.lemma_id = CAST(late.key AS INTEGER) AND hot.article_id = found.article_id
    ), 0) AS score
    FROM (
        SELECT hot.article_id AS article_id, SUM(hot.weight * asked.value) AS score
        FROM json_each(:asked) AS asked CROSS JOIN hot ON hot.lemma_id = CAST(asked.key AS INTEGER)
        GROUP BY hot.article_id ORDER BY score DESC, hot.article_id DESC LIMIT :most
    ) AS found WHERE :every OR found.article_id IN (SELECT value FROM json_each(:among))
    ORDER BY score DESC, article_id DESC
"""
_SHARING_POSTGRES = """
    WITH closest AS MATERIALIZED (
        SELECT hot.article_id, SUM(hot.weight * asked.worth) AS score
        FROM unnest(CAST(:asked AS bigint[]), CAST(:worths AS int[])) AS asked(lemma_id, worth)
        JOIN hot ON hot.lemma_id = asked.lemma_id
        GROUP BY hot.article_id ORDER BY score DESC, hot.article_id DESC LIMIT :most
    ), found AS MATERIALIZED (
        SELECT article_id, score FROM closest WHERE :every OR article_id = ANY(CAST(:among AS bigint[]))
    ), more AS (
        SELECT one.article_id, SUM(one.weight * late.worth) AS score
        FROM unnest(CAST(:late AS bigint[]), CAST(:late_worths AS int[])) AS late(lemma_id, worth)
        CROSS JOIN LATERAL (
            SELECT hot.article_id, hot.weight FROM hot
            WHERE hot.lemma_id = late.lemma_id AND hot.article_id = ANY(ARRAY(SELECT article_id FROM found))
            ORDER BY hot.lemma_id, hot.article_id
        ) AS one GROUP BY one.article_id
    )
    SELECT found.article_id, found.score + COALESCE(more.score, 0) AS score
    FROM found LEFT JOIN more USING (article_id) ORDER BY score DESC, article_id DESC
"""
_MATCHING_SQLITE = "SELECT rowid FROM archive WHERE archive MATCH :query ORDER BY rowid DESC LIMIT :most"
# Without the sum the planner may walk the archive from its end, and unpack the tokens of each article on the way.
_MATCHING_POSTGRES = (
    "SELECT rowid FROM archive WHERE tokens @@ CAST(:query AS tsquery) ORDER BY rowid + 0 DESC LIMIT :most"
)


class IndexStatements:
    """The statements of the index on one engine."""

    def __init__(self, database: Database) -> None:
        self.is_sqlite = database.is_sqlite

        def prepared(statement: Any, *columns: ColumnElement[Any]) -> Prepared:
            return Prepared(database, statement, columns)

        entry = (lemma.c.id, lemma.c.text, lemma.c.articles)
        real = select(*entry).where(lemma.c.articles > 0, lemma.c.stem != "")
        self.known = prepared(real.where(self._one_of(lemma.c.text, "texts")))
        meant = lemma.alias()
        stems = select(meant.c.stem).where(self._one_of(meant.c.id, "ids"))
        # As one value: of a join with so many rows as it guesses, PostgreSQL may make a reading of all lemmas.
        kin = lemma.c.stem.in_(stems) if self.is_sqlite else lemma.c.stem == any_(func.array(stems.scalar_subquery()))
        self.families = prepared(real.where(kin))
        self.kin = prepared(real.where(self._one_of(lemma.c.stem, "stems")))
        self.size = prepared(select(lemma.c.articles).where(lemma.c.text == TOTAL))
        vector = (words.c.article_id, words.c.packed)
        self.vectors = prepared(select(*vector).where(self._one_of(words.c.article_id, "ids")), *vector)
        self.subject = prepared(*_subject(is_sqlite=self.is_sqlite))
        shown = (article.c.id, article.c.title, article.c.published_at, article.c.dated, article.c.same_as)
        public = article.c.state == ArticleState.PUBLISHED
        mine = self._one_of(article.c.id, "ids")
        # Looked up for each article: of a join, an engine without statistics may make a reading of all words.
        packed = select(words.c.packed).where(words.c.article_id == article.c.id).scalar_subquery()
        candidate = (*shown, article.c.language, packed)
        self.candidates = prepared(select(*candidate).where(mine, public), *candidate)
        time = (article.c.id, article.c.published_at)
        self.appeared = prepared(select(*time).where(mine, public, article.c.dated == true()), *time)
        copy = (article.c.id, article.c.same_as)
        # All of them: asked for copies alone, an engine may read the index of all copies there are.
        self.copied = prepared(select(*copy).where(self._one_of(article.c.id, "ids")), *copy)
        self.sharing = prepared(text(_SHARING_SQLITE if self.is_sqlite else _SHARING_POSTGRES))
        self.newest = Newest(database)
        self.matching = prepared(text(_MATCHING_SQLITE if self.is_sqlite else _MATCHING_POSTGRES))

    def _one_of(self, value: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
        """Return the condition that a column has one of many values, bound as one by `many`."""
        if self.is_sqlite:
            each = func.json_each(bindparam(parameter)).table_valued(column("value"), name=f"{parameter}_each")
            return value.in_(select(each.c.value))
        return value == any_(cast(bindparam(parameter), ARRAY(value.type)))

    def many(self, values: Sequence[Any]) -> Any:
        """Return many values as the one that a statement is given."""
        return json.dumps(list(values), ensure_ascii=False) if self.is_sqlite else list(values)


def _subject(*, is_sqlite: bool) -> tuple[Any, ...]:
    """Return the statement that reads what an article is, in the index and to editors, and its columns."""
    own = article.c.id == bindparam("id")
    count = select(lemma.c.articles)
    signed = cast(  # one column for both kinds: those that are banned are told apart by their sign
        case((tie.c.pinned, tie.c.other_id), else_=-tie.c.other_id), String
    )
    joined_up = func.group_concat(signed) if is_sqlite else func.string_agg(signed, literal_column("','"))
    columns = (
        article.c.title,
        article.c.language,
        article.c.state,
        article.c.published_at,
        article.c.dated,
        article.c.same_as,
        words.c.packed,
        count.where(lemma.c.text == TOTAL).scalar_subquery().label("total"),
        count.where(lemma.c.text == CHANGES).scalar_subquery().label("changes"),
        select(joined_up).where(tie.c.article_id == article.c.id).scalar_subquery().label("ties"),
    )
    joined = article.outerjoin(words, words.c.article_id == article.c.id)
    return select(*columns).select_from(joined).where(own), *columns


class IndexReading:
    """The word index, read over one connection."""

    def __init__(self, statements: IndexStatements, connection: AsyncConnection) -> None:
        self._say, self._connection = statements, connection

    async def size(self) -> int:
        """Return how many articles are in the index."""
        rows = await self._say.size.rows(self._connection)
        return int(rows[0][0]) if rows else 0

    async def known(self, texts: Sequence[str]) -> list[Lemma]:
        """Return those of these lemmas that some article has."""
        return await self._lemmas(self._say.known, texts=self._say.many(texts))

    async def families(self, lemma_ids: Sequence[int]) -> list[Lemma]:
        """Return these lemmas and all others that have one of their stems."""
        return await self._lemmas(self._say.families, ids=self._say.many(lemma_ids))

    async def kin(self, stems: Sequence[str]) -> list[Lemma]:
        """Return the lemmas that begin with one of these stems."""
        return await self._lemmas(self._say.kin, stems=self._say.many(stems))

    async def _lemmas(self, statement: Prepared, **values: Any) -> list[Lemma]:
        return [Lemma(*row) for row in await statement.rows(self._connection, **values)]

    async def subject(self, article_id: int) -> Subject | None:
        """Return what an article is in the index and to editors; None when there is none of that number."""
        rows = await self._say.subject.rows(self._connection, id=article_id)
        if not rows:
            return None
        title, language, state, at, dated, same_as, packed, total, changes, ties = rows[0]
        tied = sorted(map(int, ties.split(","))) if ties else []
        return Subject(
            id=article_id,
            title=title,
            published_at=at if dated else None,
            same_as=same_as,
            language=language,
            public=state is ArticleState.PUBLISHED,
            vector=unpack(packed) if packed else {},
            total=total or 0,
            changes=changes or 0,
            pinned=tuple(number for number in tied if number > 0),
            banned=tuple(-number for number in tied if number < 0),
        )

    async def vectors(self, article_ids: Sequence[int]) -> dict[int, dict[int, tuple[int, int, int]]]:
        """Return the lemmas of articles: number to times in the title, the lead and the body."""
        rows = await self._say.vectors.rows(self._connection, ids=self._say.many(article_ids))
        return {number: unpack(packed) for number, packed in rows}

    async def candidates(
        self, article_ids: Sequence[int], language: str = ""
    ) -> list[tuple[Candidate, AbstractSet[int]]]:
        """Return the published ones of these articles, in one language or any, with the lemmas of title and lead."""
        rows = await self._say.candidates.rows(self._connection, ids=self._say.many(article_ids))
        return [
            (Candidate(number, title, at if dated else None, same_as, own), unpack_heading(packed or b""))
            for number, title, at, dated, same_as, own, packed in rows
            if not language or own == language
        ]

    async def appeared(self, article_ids: Sequence[int]) -> dict[int, datetime]:
        """Return when the published ones of these articles appeared, where that is known."""
        rows = await self._say.appeared.rows(self._connection, ids=self._say.many(article_ids))
        return {number: at for number, at in rows if at is not None}

    async def copied(self, article_ids: Sequence[int]) -> dict[int, int]:
        """Return of those that are copies the article that each copies."""
        rows = await self._say.copied.rows(self._connection, ids=self._say.many(article_ids))
        return {number: first for number, first in rows if first is not None}

    async def sharing(
        self,
        worths: Mapping[int, int],
        limit: int,
        late: Mapping[int, int] | None = None,
        among: Sequence[int] | None = None,
    ) -> list[tuple[int, int]]:
        """Return the hot articles that share lemmas with a query, the closest first, as (article, score).

        Of the `limit` closest only those `among` some articles, if these are given: to read all takes longer.
        Articles that share nothing but `late` lemmas are not looked for. Scores are whole numbers, so both engines add
        up the same; of equal scores the newer article comes first.
        """
        late = late or {}
        values: dict[str, Any]
        if self._say.is_sqlite:
            values = {"asked": json.dumps(dict(worths)), "late": json.dumps(dict(late))}
        else:
            values = {"asked": list(worths), "worths": list(worths.values())}
            values |= {"late": list(late), "late_worths": list(late.values())}
        values |= {"every": among is None, "among": self._say.many(among or ())}
        rows = await self._say.sharing.rows(self._connection, **values, most=limit)
        return [(number, int(score)) for number, score in rows]

    async def matching(self, groups: Sequence[Group], limit: int, *, without: Group = ()) -> list[int]:
        """Return the newest articles that have one of each group's tokens, and none of `without`; newest first."""
        if self._say.is_sqlite:
            expression = " AND ".join("(" + " OR ".join(_fts(token) for token in group) + ")" for group in groups)
            if without:
                expression = f"({expression}) NOT ({' OR '.join(_fts(token) for token in without)})"
        else:
            newest = await self._say.newest.matching(self._connection, groups, limit, without)
            if newest is not None:
                return newest
            expression = " & ".join("(" + " | ".join(_tsquery(token) for token in group) + ")" for group in groups)
            if without:
                expression = f"({expression}) & !({' | '.join(_tsquery(token) for token in without)})"
        rows = await self._say.matching.rows(self._connection, query=expression, most=limit)
        return [row[0] for row in rows]


def _fts(token: str) -> str:
    if token.startswith("5:"):
        return f'prefix : "{token[2:]}"'
    return f'{{title body}} : "{token}"'


def _tsquery(token: str) -> str:
    if token.startswith("5:"):
        return f"'p{token[2:]}'"
    return f"('t{token}' | 'b{token}')"
