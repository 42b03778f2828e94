"""Made-up articles for measuring cost, as many as asked: stored as the product stores them, only faster.

Each is a real headline and eight sentences of real posts, about 85 different words, with two made-up names that five
articles within forty have (a story) and a number of its own, so that the vocabulary grows with the archive.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.feeds.importer import FILES
from bot.feeds.intake import fed
from bot.model.news import ArticleState, Incoming, Terms
from bot.model.relevance import PreparedArticle
from bot.relevance.lemmas import lemmas
from bot.relevance.weights import HOT, impacts, stem, weights
from storage.articles.rows import content_values
from storage.articles.topics import ensure_source
from storage.engine.database import Database
from storage.index.writing import CHANGES, TOTAL, _count_lemmas, pack
from storage.schema.tables import article, hot, words
from tests.bench.relevance_data import lines

_START = datetime(2024, 1, 1, tzinfo=UTC)
_SENTENCES = 8
_CHUNK = 10_000  # articles a transaction
_SOURCE = "Вісник"
_BEGIN, _MIDDLE, _END = "бвгджзклмнпрст", "аеиоуяії", ("вський", "ненко", "щук", "бург", "рівка", "полье", "дзе", "ян")


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up article: its pieces, numbers into the corpus' headlines and sentences."""

    number: int
    headline: int
    names: str
    sentences: tuple[int, ...]


class Corpus:
    """What made-up articles are made of. The n-th article is the same in every run."""

    def __init__(self, data: Path) -> None:
        self.headlines = [line["title"] for line in lines(data / "headlines-uk.jsonl")]
        posts = [line["text"] for line in lines(data / "posts-uk.jsonl")]
        self.sentences = [s.strip() for post in posts for s in post.split(". ") if 40 < len(s) < 200]
        self._known: dict[str, Counter[str]] = {}

    def made(self, number: int) -> Made:
        dice = random.Random(number)
        story = number - number % 40 + number % 8
        names = random.Random(f"story {story}")
        return Made(
            number,
            dice.randrange(len(self.headlines)),
            f"{_name(names)} {_name(names)}",
            tuple(dice.sample(range(len(self.sentences)), _SENTENCES)),
        )

    def incoming(self, made: Made) -> Incoming:
        """Return an article as an import hands it over."""
        body = "</p><p>".join(self.sentences[n] for n in made.sentences)
        return Incoming(
            title=f"{self.headlines[made.headline]} {made.names} {made.number}",
            body=f"<p>{body}</p>",
            identity=f"made:{made.number}",
            external_id=f"made:{made.number}",
            published_at=_START + timedelta(minutes=made.number),
            source=_SOURCE,
        )

    def ready(self, first: int, number: int) -> list[PreparedArticle]:
        """Return articles with their words worked out by the product."""
        return [fed(self.incoming(self.made(n)), FILES) for n in range(first, first + number)]

    def terms(self, made: Made) -> Terms:
        """Return an article's words, put together from those of its pieces."""
        title = self._of(self.headlines[made.headline]) + self._of(made.names) + Counter([str(made.number)])
        body: Counter[str] = Counter()
        for n in made.sentences:
            body.update(self._of(self.sentences[n]))
        return Terms(title=title, body=body)

    def _of(self, piece: str) -> Counter[str]:
        if piece not in self._known:
            self._known[piece] = Counter(lemmas(piece, "uk"))
        return self._known[piece]

    def forget(self) -> None:
        """Drop the words that are remembered: they are no part of the product's memory."""
        self._known.clear()


def _name(dice: random.Random) -> str:
    middle = "".join(dice.choice(_BEGIN) + dice.choice(_MIDDLE) for _ in range(2))
    return (middle + dice.choice(_BEGIN) + dice.choice(_MIDDLE) + dice.choice(_END)).capitalize()


async def pour(database: Database, corpus: Corpus, first: int, number: int) -> None:
    """Store articles `first` to `first + number`, all at once, as the product would one batch after the other.

    The rows are those of `Imports.add` without topics, copies, stories and revisions; lemmas are counted by the product.
    """
    newest = first + number - HOT
    if not database.is_sqlite:
        async with database.write() as connection:
            await connection.execute(text("DROP INDEX IF EXISTS ix_archive_tokens"))
    for start in range(first, first + number, _CHUNK):
        made = [corpus.made(n) for n in range(start, min(start + _CHUNK, first + number))]
        terms = [corpus.terms(one) for one in made]
        counted: Counter[str] = Counter({TOTAL: len(made), CHANGES: 1})
        for own in terms:
            counted.update({*own.title, *own.body})
        now = datetime.now(UTC)
        async with database.write() as connection:
            if not database.is_sqlite:  # what this process works out meanwhile may take longer than a replica may
                await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            numbers = await _count_lemmas(database, connection, counted)
            source = await ensure_source(database, connection, _SOURCE)
            rows = [_article(corpus.incoming(one), one.number, source, now) for one in made]
            await connection.execute(article.insert(), rows)
            packed = ((one.number, pack(own, numbers)) for one, own in zip(made, terms, strict=True))
            await _rows(database, connection, words.name, ("article_id", "packed"), packed)
            entries = (
                (numbers[word], one.number, impact)
                for one, own in zip(made, terms, strict=True)
                if one.number >= newest
                for word, impact in impacts(weights(own)).items()
            )
            await _rows(database, connection, hot.name, ("lemma_id", "article_id", "weight"), entries)
            await _archive(database, connection, [one.number for one in made], terms)
        await database.checkpoint()
    corpus.forget()
    async with database.write() as connection:
        if database.is_sqlite:
            return
        await connection.execute(text("CREATE INDEX ix_archive_tokens ON archive USING gin (tokens)"))
        await connection.execute(text("SELECT setval(pg_get_serial_sequence('article', 'id'), max(id)) FROM article"))


def _article(incoming: Incoming, number: int, source: int | None, now: datetime) -> dict[str, Any]:
    return {
        **content_values(incoming),
        "id": number,
        "state": ArticleState.PUBLISHED,
        "minutes": 1,
        "source_id": source,
        "dated": True,
        "published_at": incoming.published_at,
        "revision": 1,
        "created_at": now,
        "updated_at": now,
    }


async def _archive(database: Database, connection: Any, numbers: Sequence[int], terms: Sequence[Terms]) -> None:
    if database.is_sqlite:
        rows = ((n, *(" ".join(part) for part in _parts(own))) for n, own in zip(numbers, terms, strict=True))
        await _rows(database, connection, "archive", ("rowid", "title", "body", "prefix"), rows)
        return
    tokens = (
        (n, " ".join(f"'{kind}{word}'" for kind, part in zip("tbp", _parts(own), strict=True) for word in part))
        for n, own in zip(numbers, terms, strict=True)
    )
    await _rows(database, connection, "archive", ("rowid", "tokens"), tokens)


def _parts(terms: Terms) -> tuple[list[str], list[str], list[str]]:
    body = sorted(set(terms.body) - set(terms.title))
    return sorted(terms.title), body, sorted({stem(word) for word in (*terms.title, *body)})


async def _rows(
    database: Database, connection: Any, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    """Write rows by the driver: one hop on SQLite, COPY on PostgreSQL."""
    driver: Any = connection.sync_connection.connection.driver_connection
    if database.is_sqlite:
        places = ", ".join("?" * len(columns))
        await driver.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", list(rows))
        return
    async with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            await copy.write_row(row)
