"""Filling the word index, in the transaction that publishes an article, and keeping it small and true."""

import json
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from struct import Struct

from sqlalchemy import bindparam, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.news import Terms
from bot.relevance.weights import HOT, impacts, stem, weights
from storage.engine.database import Database, chunked
from storage.engine.hops import driver_of
from storage.schema.tables import hot, lemma, words

# Two rows of the table of lemmas that are no words (their stem is empty). Every article has the first: its count is
# the size of the index. Whatever changes the index counts the second up: an answer that is remembered holds as long as
# the count does.
TOTAL, CHANGES = "", " "
_ENTRY = Struct("<IBBB")  # lemma number, times in the title, the lead, the body (255 stands for more)

# One parameter for all words: a VALUES list of thousands takes longer to write down than to run.
_COUNT_SQLITE = text(
    "INSERT INTO lemma (text, stem, articles) "
    "SELECT key, trim(substr(key, 1, 5)), value FROM json_each(:counted) WHERE true "
    "ON CONFLICT (text) DO UPDATE SET articles = lemma.articles + excluded.articles RETURNING lemma.text, lemma.id"
)
_COUNT_POSTGRES = text(
    "INSERT INTO lemma (text, stem, articles) SELECT word, trim(substr(word, 1, 5)), number "
    "FROM unnest(CAST(:words AS text[]), CAST(:counts AS int[])) AS counted(word, number) "
    "ON CONFLICT (text) DO UPDATE SET articles = lemma.articles + excluded.articles RETURNING lemma.text, lemma.id"
)

_WARM_SQLITE = "INSERT INTO hot (lemma_id, article_id, weight) VALUES (?, ?, ?)"
_WARM_POSTGRES = "COPY hot (lemma_id, article_id, weight) FROM STDIN"

_ARCHIVE_SQLITE = "INSERT INTO archive (rowid, title, body, prefix) VALUES (:id, :title, :body, :prefix)"
_ARCHIVE_POSTGRES = (
    "INSERT INTO archive (rowid, tokens) SELECT number, array_to_tsvector(string_to_array(tokens, ' ')) "
    "FROM unnest(CAST(:numbers AS bigint[]), CAST(:tokens AS text[])) AS entered(number, tokens)"
)
# GIN first keeps what it is given in a list, which each search reads through. Emptied at once, a token that many
# articles of a batch have is looked for once: a third of the work of two hundred articles. Only its owner may empty it;
# for others, of a database that was restored under another role, PostgreSQL does so by and by.
SORT_IN = """
    SELECT gin_clean_pending_list(oid) FROM pg_class
    WHERE oid = 'ix_archive_tokens'::regclass AND pg_has_role(relowner, 'USAGE')
"""


def pack(terms: Terms, numbers: Mapping[str, int]) -> bytes:
    """Return the lemmas of an article as they are stored."""
    title, lead, body = terms.title, terms.lead, terms.body
    entries = [
        _ENTRY.pack(numbers[word], _byte(n), _byte(lead.get(word, 0)), _byte(body.get(word, 0)))
        for word, n in title.items()
    ]
    entries += [
        _ENTRY.pack(numbers[word], 0, _byte(n), _byte(body.get(word, 0)))
        for word, n in lead.items()
        if word not in title
    ]
    entries += [
        _ENTRY.pack(numbers[word], 0, 0, _byte(n)) for word, n in body.items() if word not in title and word not in lead
    ]
    return b"".join(entries)


def _byte(times: int) -> int:
    return min(255, times)


def unpack(packed: bytes) -> dict[int, tuple[int, int, int]]:
    """Return how often each lemma stands in the title, the lead and the body."""
    return {number: (title, lead, body) for number, title, lead, body in _ENTRY.iter_unpack(packed)}


def unpack_heading(packed: bytes) -> set[int]:
    """Return the lemmas that stand in the title or the lead: they come first."""
    found = set()
    for number, title, lead, _ in _ENTRY.iter_unpack(packed):
        if not (title or lead):
            break
        found.add(number)
    return found


async def index_articles(database: Database, connection: AsyncConnection, articles: Mapping[int, Terms]) -> None:
    """Put articles into the index, inside the caller's transaction. They must not be in it."""
    counted: Counter[str] = Counter({TOTAL: len(articles), CHANGES: 1})
    for terms in articles.values():
        counted.update({*terms.title, *terms.lead, *terms.body})
    numbers = await _count_lemmas(database, connection, counted)
    packed = [{"article_id": number, "packed": pack(terms, numbers)} for number, terms in articles.items()]
    await connection.execute(words.insert(), packed)
    await _warm(database, connection, articles, numbers)
    await _archive(database, connection, articles)


async def _warm(
    database: Database, connection: AsyncConnection, articles: Mapping[int, Terms], numbers: Mapping[str, int]
) -> None:
    """Put articles into the hot table, some eighty rows each: by the driver, in one hop or one COPY."""
    entries = sorted(
        (numbers[word], number, impact)
        for number, terms in articles.items()
        for word, impact in impacts(weights(terms)).items()
    )
    driver = driver_of(connection)
    if database.is_sqlite:
        await (await driver.executemany(_WARM_SQLITE, entries)).close()
    elif entries:
        async with driver.cursor() as cursor, cursor.copy(_WARM_POSTGRES) as copy:
            await copy.write("".join([f"{word}\t{number}\t{impact}\n" for word, number, impact in entries]))


async def _count_lemmas(database: Database, connection: AsyncConnection, counted: Mapping[str, int]) -> dict[str, int]:
    """Add to how many articles have each lemma; returns the lemmas' numbers."""
    words_of = sorted(counted)  # in one order, so that two processes cannot wait for each other
    values: dict[str, object]
    if database.is_sqlite:
        statement, values = _COUNT_SQLITE, {"counted": json.dumps({word: counted[word] for word in words_of})}
    else:
        statement, values = _COUNT_POSTGRES, {"words": words_of, "counts": [counted[word] for word in words_of]}
    result = await connection.execute(statement, values)
    return {row.text: row.id for row in result}


async def _archive(database: Database, connection: AsyncConnection, articles: Mapping[int, Terms]) -> None:
    entries = {n: (set(terms.title), {*terms.lead, *terms.body} - set(terms.title)) for n, terms in articles.items()}
    await put_into_archive(database, connection, entries)


async def put_into_archive(
    database: Database, connection: AsyncConnection, entries: Mapping[int, tuple[AbstractSet[str], AbstractSet[str]]]
) -> None:
    """Put articles into the archive's index by the words of their titles and their other words. None may be there."""
    rows = []
    for number, (title, body) in entries.items():
        prefixes = sorted({stem(word) for word in (*title, *body)})
        rows.append((number, sorted(title), sorted(body), prefixes))
    if database.is_sqlite:
        values = [{"id": n, "title": " ".join(t), "body": " ".join(b), "prefix": " ".join(p)} for n, t, b, p in rows]
        await connection.execute(text(_ARCHIVE_SQLITE), values)
        return
    tokens = [" ".join([*(f"t{w}" for w in t), *(f"b{w}" for w in b), *(f"p{w}" for w in p)]) for _, t, b, p in rows]
    await connection.execute(text(_ARCHIVE_POSTGRES), {"numbers": list(entries), "tokens": tokens})
    await connection.execute(text(SORT_IN))


async def unindex(database: Database, connection: AsyncConnection, *article_ids: int) -> None:
    """Take articles out of the index, inside the caller's transaction. May be repeated."""
    gone = delete(words).where(words.c.article_id.in_(article_ids)).returning(words.c.article_id, words.c.packed)
    vectors = {row.article_id: unpack(row.packed) for row in await connection.execute(gone)}
    if not vectors:
        return
    counted = Counter(number for vector in vectors.values() for number in vector)
    names: dict[int, str] = {}
    for some in chunked(sorted(counted), 5000):
        texts = select(lemma.c.id, lemma.c.text).where(lemma.c.id.in_(some))
        names.update({row.id: row.text for row in await connection.execute(texts)})
    # First of all, as in `index_articles`: two processes that change the index go one after the other.
    await _count_lemmas(database, connection, {TOTAL: -len(vectors), CHANGES: 1})
    fewer = [{"number": number, "less": n} for number, n in sorted(counted.items())]
    one = update(lemma).where(lemma.c.id == bindparam("number"))
    if fewer:  # a title of stop words alone has none
        await connection.execute(one.values(articles=lemma.c.articles - bindparam("less")), fewer)
    await connection.execute(delete(hot).where(hot.c.article_id.in_(vectors)))
    await _unarchive(database, connection, vectors, names)


async def _unarchive(
    database: Database,
    connection: AsyncConnection,
    vectors: Mapping[int, Mapping[int, tuple[int, int, int]]],
    names: Mapping[int, str],
) -> None:
    if not database.is_sqlite:
        await connection.execute(text("DELETE FROM archive WHERE rowid = ANY(:ids)"), {"ids": list(vectors)})
        return
    gone = text(  # a table without content is told what it forgets
        "INSERT INTO archive (archive, rowid, title, body, prefix) VALUES ('delete', :id, :title, :body, :prefix)"
    )
    rows = []
    for number, vector in vectors.items():
        title = sorted(names[n] for n, (in_title, _, _) in vector.items() if in_title)
        body = sorted({names[n] for n in vector} - set(title))
        prefixes = sorted({stem(names[n]) for n in vector})
        rows.append({"id": number, "title": " ".join(title), "body": " ".join(body), "prefix": " ".join(prefixes)})
    await connection.execute(gone, rows)


async def trim_hot(database: Database, keep: int = HOT) -> int:
    """Leave the newest `keep` articles in the hot table; returns how many rows went. May be repeated."""
    oldest = select(words.c.article_id).order_by(words.c.article_id.desc()).offset(keep).limit(1)
    async with database.read() as connection:
        bound = await connection.scalar(oldest)
        least = await connection.scalar(select(func.min(hot.c.article_id)))
    gone = 0
    while bound is not None and least is not None and least <= bound:
        upto = min(bound, least + 500)  # few at a time: replies wait for the writer
        async with database.write() as connection:
            trimmed = delete(hot).where(hot.c.article_id <= upto).returning(hot.c.article_id)
            gone += len((await connection.execute(trimmed)).all())
        least = upto + 1
    return gone


async def forget_lemmas(connection: AsyncConnection) -> None:
    """Drop the lemmas that no article has any more, inside the caller's transaction."""
    await connection.execute(delete(lemma).where(lemma.c.articles <= 0, lemma.c.stem != ""))
