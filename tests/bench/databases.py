"""Databases of a benchmark: migrated, filled with readers, with deliveries that are due."""

import asyncio
import contextlib
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from bot.model.ledger import Priority
from bot.model.news import Article
from storage.articles.articles import Articles
from storage.engine.database import Database
from storage.schema.migrate import migrate
from tests.support.postgres import NoPostgres, Server, start_server
from tests.support.rows import a_publication

TITLE = "Уряд оновив правила підтримки малого бізнесу: гранти до 500 тисяч гривень підприємці отримають уже з січня"
FIRST_CHAT = 1_000_000
ENGINES = ("sqlite", "postgresql")


@contextmanager
def servers(folder: Path, engines: tuple[str, ...] = ENGINES) -> Iterator[dict[str, "Server | Path"]]:
    """Yield what databases can be made on: a folder, and a PostgreSQL server where there is one."""
    there: dict[str, Server | Path] = {}
    with contextlib.ExitStack() as stack:
        if "sqlite" in engines:
            there["sqlite"] = folder
        if "postgresql" in engines:
            try:
                server = start_server()
            except NoPostgres as reason:
                print(f"PostgreSQL is absent: {reason}")
            else:
                stack.callback(server.stop)
                there["postgresql"] = server
        yield there


def make(place: "Server | Path", name: str) -> str:
    """Make an empty database with the product's tables; returns its address."""
    url = f"sqlite:///{place / name}.db" if isinstance(place, Path) else place.create(name)
    asyncio.run(_migrate(url))
    return url


@contextmanager
def copied(place: "Server | Path", name: str) -> Iterator[str]:
    """Yield the address of a copy of a database that nobody has open; it is deleted afterwards."""
    copy = f"{name}_copy"
    if isinstance(place, Path):
        shutil.copyfile(place / f"{name}.db", place / f"{copy}.db")
        yield f"sqlite:///{place / copy}.db"
        for path in place.glob(f"{copy}.db*"):
            path.unlink()
    else:
        yield place.create(copy, name)
        place.drop(copy)


async def _migrate(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()


_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count} - 1)"
_READERS = (
    _NUMBERS + " INSERT INTO reader (id, chat_id, kind, name, language, zone, schedule, created_at, updated_at) "
    "SELECT i + 1, {first} + i, 0, 'Читач ' || i, 'uk', "
    "CASE i % 3 WHEN 0 THEN 'Europe/Kyiv' WHEN 1 THEN 'Europe/Warsaw' ELSE 'Europe/Berlin' END, "
    "{schedule}, {now}, {now} FROM n"
)
_SCHEDULES = "CASE WHEN i % 10 < 6 THEN 'now' WHEN i % 10 < 8 THEN 'hourly' ELSE '480,1140' END"
_OWE = (
    "INSERT INTO delivery (reader_id, article_id, publication_id, kind, lane, state, revision, not_before, "
    "expires_at, created_at) SELECT id, {article}, {publication}, 1, 2, 0, 1, {now}, {later}, {now} FROM reader "
    "WHERE id <= {count}"
)


def instant(database: Database, at: datetime) -> str:
    """Return an instant as SQL."""
    return str(int(at.timestamp() * 1000)) if database.is_sqlite else f"'{at.isoformat()}'::timestamptz"


async def add_readers(database: Database, count: int, *, mixed: bool = False) -> None:
    """Store readers; all at once ones, or of several schedules."""
    now = instant(database, datetime.now(UTC))
    statement = _READERS.format(count=count, first=FIRST_CHAT, now=now, schedule=_SCHEDULES if mixed else "'now'")
    async with database.write() as connection:
        await connection.execute(text(statement))


async def owe(database: Database, count: int) -> Article:
    """Publish an article that the first `count` readers are owed; returns it."""
    article_id, publication_id = await a_publication(database, f"{TITLE} {random.random()}", Priority.INSTANT)
    now = datetime.now(UTC)
    values = {
        "article": article_id,
        "publication": publication_id,
        "count": count,
        "now": instant(database, now),
        "later": instant(database, now.replace(year=now.year + 1)),
    }
    async with database.write() as connection:
        await connection.execute(text(_OWE.format(**values)))
        await connection.execute(
            text(f"UPDATE publication SET total = {count}, fan_from = NULL, fan_end = NULL WHERE id = {publication_id}")
        )
        if not database.is_sqlite:
            await connection.execute(text("ANALYZE reader"))
    return await Articles(database).get(article_id)


def fill(url: str, count: int, *, owed: int | None = None) -> None:
    """Fill a database with readers, all or the first `owed` of whom are owed one article."""
    asyncio.run(_fill(url, count, count if owed is None else owed))


async def _fill(url: str, count: int, owed: int) -> None:
    database = Database(url)
    await add_readers(database, count)
    await owe(database, owed)
    if database.is_sqlite:
        await database.checkpoint()
    await database.close()
