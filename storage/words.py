"""The word index: filled in the transaction that publishes an article, read by search and by "more on this"."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from struct import Struct

from sqlalchemy import bindparam, delete, desc, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.news import Terms
from storage.database import Database
from storage.tables import hot, lemma, words

_ENTRY = Struct("<IBBB")  # lemma number, times in the title, the lead, the body (255 stands for more)
_PREFIX = 5  # letters; a longer beginning distinguishes too much between word forms, a shorter one too little


def pack(terms: Terms, numbers: Mapping[str, int]) -> bytes:
    """Return the lemmas of an article as they are stored."""
    every = {**terms.title, **terms.lead, **terms.body}
    return b"".join(
        _ENTRY.pack(
            numbers[word],
            min(255, terms.title.get(word, 0)),
            min(255, terms.lead.get(word, 0)),
            min(255, terms.body.get(word, 0)),
        )
        for word in every
    )


def unpack(packed: bytes) -> dict[int, tuple[int, int, int]]:
    """Return how often each lemma stands in the title, the lead and the body."""
    return {number: (title, lead, body) for number, title, lead, body in _ENTRY.iter_unpack(packed)}


async def index_articles(database: Database, connection: AsyncConnection, articles: Mapping[int, Terms]) -> None:
    """Put articles into the index, inside the caller's transaction. They must not be in it."""
    counted: Counter[str] = Counter()
    for terms in articles.values():
        counted.update({*terms.title, *terms.lead, *terms.body})
    numbers = await _count_lemmas(database, connection, counted)
    packed = [{"article_id": number, "packed": pack(terms, numbers)} for number, terms in articles.items()]
    await connection.execute(words.insert(), packed)
    entries = [
        {"lemma_id": numbers[word], "article_id": number, "weight": weight}
        for number, terms in articles.items()
        for word, weight in weights(terms).items()
    ]
    if entries:
        await connection.execute(hot.insert(), entries)
    await _archive(database, connection, articles)


def weights(terms: Terms) -> dict[str, int]:
    """Return the weight of each lemma of an article: what stands in the title counts for more."""
    every = {**terms.title, **terms.lead, **terms.body}
    return {
        word: min(30, 3 * terms.title.get(word, 0) + 2 * terms.lead.get(word, 0) + terms.body.get(word, 0))
        for word in every
    }


async def _count_lemmas(database: Database, connection: AsyncConnection, counted: Mapping[str, int]) -> dict[str, int]:
    """Add to how many articles have each lemma; returns the lemmas' numbers."""
    numbers: dict[str, int] = {}
    items = sorted(counted.items())  # in one order, so that two processes cannot wait for each other
    for start in range(0, len(items), 5000):
        rows = [{"text": word, "articles": n} for word, n in items[start : start + 5000]]
        insert = database.insert(lemma).values(rows)
        adding = insert.on_conflict_do_update(
            index_elements=["text"], set_={"articles": lemma.c.articles + insert.excluded.articles}
        )
        result = await connection.execute(adding.returning(lemma.c.text, lemma.c.id))
        numbers.update({row.text: row.id for row in result})
    return numbers


async def _archive(database: Database, connection: AsyncConnection, articles: Mapping[int, Terms]) -> None:
    rows = []
    for number, terms in articles.items():
        body = sorted({*terms.lead, *terms.body} - set(terms.title))
        prefixes = sorted({word[:_PREFIX] for word in (*terms.title, *body)})
        rows.append((number, sorted(terms.title), body, prefixes))
    if database.is_sqlite:
        statement = text("INSERT INTO archive (rowid, title, body, prefix) VALUES (:id, :title, :body, :prefix)")
        values = [{"id": n, "title": " ".join(t), "body": " ".join(b), "prefix": " ".join(p)} for n, t, b, p in rows]
    else:
        statement = text("INSERT INTO archive (rowid, tokens) VALUES (:id, array_to_tsvector(:tokens))")
        values = [
            {"id": n, "tokens": [*(f"t{w}" for w in t), *(f"b{w}" for w in b), *(f"p{w}" for w in p)]}
            for n, t, b, p in rows
        ]
    await connection.execute(statement, values)


async def unindex(database: Database, connection: AsyncConnection, article_id: int) -> None:
    """Take an article out of the index, inside the caller's transaction. May be repeated."""
    packed = await connection.scalar(delete(words).where(words.c.article_id == article_id).returning(words.c.packed))
    if packed is None:
        return
    counts = unpack(packed)
    texts = select(lemma.c.id, lemma.c.text).where(lemma.c.id.in_(counts))
    names = {row.id: row.text for row in await connection.execute(texts)}
    fewer = update(lemma).where(lemma.c.id == bindparam("number")).values(articles=lemma.c.articles - 1)
    if counts:
        await connection.execute(fewer, [{"number": number} for number in sorted(counts)])
    await connection.execute(delete(hot).where(hot.c.article_id == article_id))
    if database.is_sqlite:
        title = {names[n] for n, (in_title, _, _) in counts.items() if in_title}
        body = set(names.values()) - title
        gone = text(
            "INSERT INTO archive (archive, rowid, title, body, prefix) VALUES ('delete', :id, :title, :body, :prefix)"
        )
        prefixes = {word[:_PREFIX] for word in names.values()}
        values = {"id": article_id, "title": title, "body": body, "prefix": prefixes}
        joined = {k: " ".join(sorted(v)) if isinstance(v, set) else v for k, v in values.items()}
        await connection.execute(gone, joined)
    else:
        await connection.execute(text("DELETE FROM archive WHERE rowid = :id"), {"id": article_id})


Group = Sequence[str]
"""Alternatives of a search: tokens of which one must be there. A token is a lemma; `5:abcde` a beginning."""


class Words:
    """Reading the word index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def size(self) -> int:
        """Return how many articles are in the index."""
        async with self._database.read() as connection:
            return int(await connection.scalar(select(func.count()).select_from(words)) or 0)

    async def lemma_counts(self, texts: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Return the number of each known lemma and how many articles have it."""
        statement = select(lemma.c.text, lemma.c.id, lemma.c.articles).where(lemma.c.text.in_(list(texts)))
        async with self._database.read() as connection:
            return {row.text: (row.id, row.articles) for row in await connection.execute(statement)}

    async def counts(self, lemma_ids: Iterable[int]) -> dict[int, int]:
        """Return how many articles have each of these lemmas."""
        statement = select(lemma.c.id, lemma.c.articles).where(lemma.c.id.in_(list(lemma_ids)))
        async with self._database.read() as connection:
            return {row.id: row.articles for row in await connection.execute(statement)}

    async def vectors(self, article_ids: Sequence[int]) -> dict[int, dict[int, tuple[int, int, int]]]:
        """Return the lemmas of articles: number to times in the title, the lead and the body."""
        statement = select(words.c.article_id, words.c.packed).where(words.c.article_id.in_(article_ids))
        async with self._database.read() as connection:
            return {row.article_id: unpack(row.packed) for row in await connection.execute(statement)}

    async def sharing(self, lemma_weights: Mapping[int, int], limit: int) -> list[tuple[int, int]]:
        """Return the newest articles that share lemmas with a query, the most first, as (article, score).

        Scores are whole numbers, so both engines add up the same; equal scores put the newer article first.
        """
        async with self._database.read() as connection:
            factor = func.sum(hot.c.weight * _factor(lemma_weights))
            statement = (
                select(hot.c.article_id, factor.label("score"))
                .where(hot.c.lemma_id.in_(list(lemma_weights)))
                .group_by(hot.c.article_id)
                .order_by(desc("score"), hot.c.article_id.desc())
                .limit(limit)
            )
            return [(row.article_id, int(row.score)) for row in await connection.execute(statement)]

    async def matching(self, groups: Sequence[Group], limit: int, *, without: Group = ()) -> list[int]:
        """Return the newest articles that have one of each group's tokens, and none of `without`; newest first."""
        if self._database.is_sqlite:
            expression = " AND ".join("(" + " OR ".join(_fts(token) for token in group) + ")" for group in groups)
            if without:
                expression = f"({expression}) NOT ({' OR '.join(_fts(token) for token in without)})"
            statement = text("SELECT rowid FROM archive WHERE archive MATCH :query ORDER BY rowid DESC LIMIT :limit")
        else:
            expression = " & ".join("(" + " | ".join(_tsquery(token) for token in group) + ")" for group in groups)
            if without:
                expression = f"({expression}) & !({' | '.join(_tsquery(token) for token in without)})"
            statement = text(
                "SELECT rowid FROM archive WHERE tokens @@ CAST(:query AS tsquery) ORDER BY rowid DESC LIMIT :limit"
            )
        async with self._database.read() as connection:
            return list((await connection.execute(statement, {"query": expression, "limit": limit})).scalars())


def _factor(lemma_weights: Mapping[int, int]) -> object:
    from sqlalchemy import case

    return case(dict(lemma_weights), value=hot.c.lemma_id, else_=0)


def _fts(token: str) -> str:
    if token.startswith("5:"):
        return f'prefix : "{token[2:]}"'
    return f'{{title body}} : "{token}"'


def _tsquery(token: str) -> str:
    if token.startswith("5:"):
        return f"'p{token[2:]}'"
    return f"('t{token}' | 'b{token}')"
