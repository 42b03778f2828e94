"""Searching for common words on PostgreSQL: the newest matches come from the hot table, where they stand in order.

A GIN index finds all matches of a word before the newest can be told: hundreds of thousands for a few hundred that are
shown. FTS5 reads its lists from their newest end, so SQLite needs none of this.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.relevance.weights import HOT
from storage.engine.database import Database
from storage.engine.prepared import Prepared
from storage.index.writing import TOTAL

Group = Sequence[str]
"""Alternatives of a search: tokens of which one must be there. A token is a lemma; `5:abcde` a beginning."""

_MOST_GROUPS = 6
_TOKENS = "SELECT id, text, stem, articles FROM lemma WHERE text = ANY(:texts) OR (stem = ANY(:stems) AND stem <> '')"
# An article corrected lately may be in the table beside the newest ones: only above this bound is it whole.
_BOUND = "hot.article_id > (SELECT max(article_id) FROM words) - :keep"
_HAS = (
    "EXISTS (SELECT 1 FROM hot AS other WHERE other.article_id = hot.article_id AND other.lemma_id = ANY("
    "CAST(:{name} AS bigint[])))"
)


class Newest:
    """The newest articles that match, where there are surely enough of them among the hot ones."""

    def __init__(self, database: Database, keep: int = HOT) -> None:
        self._keep = keep
        self._tokens = Prepared(database, text(_TOKENS), ())
        self._matching = {
            (groups, without): Prepared(database, text(_statement(groups, without=without)), ())
            for groups in range(1, _MOST_GROUPS + 1)
            for without in (False, True)
        }

    async def matching(
        self, connection: AsyncConnection, groups: Sequence[Group], limit: int, without: Group
    ) -> list[int] | None:
        """Return the `limit` newest articles with one of each group's tokens and none of `without`.

        None when there may be older ones among them: then the archive has to be asked.
        """
        if len(groups) > _MOST_GROUPS:
            return None
        every = [token for group in (*groups, without) for token in group]
        stems = [token[2:] for token in every if token.startswith("5:")]
        texts = [token for token in every if not token.startswith("5:")]
        rows = await self._tokens.rows(connection, texts=[*texts, TOTAL], stems=stems)
        total = max((articles for _, word, _, articles in rows if word == TOTAL), default=0)
        having = sorted((_having(group, rows) for group in groups), key=lambda one: one[1])
        expected = float(total)
        for _, articles in having:
            expected *= min(1.0, articles / max(1, total))
        if expected * min(1.0, self._keep / max(1, total)) < limit:
            return None
        values: dict[str, Any] = {f"group{n}": numbers for n, (numbers, _) in enumerate(having)}
        values |= {"keep": self._keep, "most": limit}
        if unwanted := _having(without, rows)[0]:
            values["without"] = unwanted
        statement = self._matching[len(groups), bool(unwanted)]
        found = [row[0] for row in await statement.rows(connection, **values)]
        return found if len(found) == limit else None


def _statement(groups: int, *, without: bool) -> str:
    """Return the statement for so many groups.

    Of each lemma of the first the newest are read as they stand in the primary key. Asked for all of them at once, the
    planner may walk the index by articles from its end instead, past a hundred rows for one that matches.
    """
    wanted = "".join(f" AND {_HAS.format(name=f'group{n}')}" for n in range(1, groups))
    unwanted = f" AND NOT {_HAS.format(name='without')}" if without else ""
    return (  # only names of our own go into it
        "SELECT one.article_id FROM unnest(CAST(:group0 AS bigint[])) AS asked(lemma_id) CROSS JOIN LATERAL ("  # noqa: S608
        f"SELECT hot.article_id FROM hot WHERE hot.lemma_id = asked.lemma_id AND {_BOUND}{wanted}{unwanted} "
        "ORDER BY hot.lemma_id DESC, hot.article_id DESC LIMIT :most"
        ") AS one GROUP BY one.article_id ORDER BY one.article_id DESC LIMIT :most"
    )


def _having(group: Group, rows: Sequence[Sequence[Any]]) -> tuple[list[int], int]:
    """Return the lemmas that a group's tokens stand for, and how many articles have them at most."""
    mine = [row for row in rows if row[1] != TOTAL and (row[1] in group or f"5:{row[2]}" in group)]
    return [row[0] for row in mine], sum(row[3] for row in mine)
