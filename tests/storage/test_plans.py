"""How both engines go about the statements that run most, among ten thousand rows: by the index that is meant for each.

A planner that knows nothing of the rows, what they are now, or what they once were, must come to that all the same.
"""

import itertools
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import time, timedelta
from typing import Any

import pytest
from psycopg import AsyncClientCursor
from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import DeliveryState, Finish, sent
from bot.model.readers import Quiet
from bot.relevance.weights import HOT
from storage.delivery.claims import Claims
from storage.delivery.fan_out import Stretches, begin_stretch
from storage.delivery.outcomes import Outcomes
from storage.engine.chains import Chain
from storage.engine.database import Database
from storage.engine.hops import driver_of
from storage.engine.prepared import Prepared
from storage.index.statements import IndexStatements
from storage.index.statistics import count_up
from storage.index.writing import SORT_IN
from storage.people.audience import ZONES
from storage.runtime.message_ids import MessageIds
from storage.schema.tables import article, reader
from tests.support.rows import LEASE, NOW, a_matter, a_publication, a_reader

_MANY, _FEW = 10_000, 40
_BIG = "reader|subscription|delivery|older|article|hot|words|lemma|archive"
_ENDS: Mapping[int, Finish] = {number: sent(number, 10_000 + number) for number in range(1, 101)}
# Nobody has SQLite look at a small newsroom, and never again; PostgreSQL looks a minute after there have come many rows.
_KNOWN = [
    ("sqlite", "no statistics"), ("sqlite", "statistics"),
    ("postgresql", "no statistics"), ("postgresql", "statistics"), ("postgresql", "statistics of few"),
]  # fmt: skip
_TABLES = ("subscription", "delivery", "article", "hot", "words", "lemma", "archive", "reader")
_NAMED = re.compile(r"%\((\w+)\)s")
# All of a table, or of an index without a place in it to begin at, but for that of what is due, which is all read in order
# until there is enough.
_WHOLE = re.compile(rf"SCAN ({_BIG})\b(?! VIRTUAL| USING INDEX ix_delivery_due)|Seq Scan on ({_BIG})\b")


@pytest.fixture(params=_KNOWN, ids="-".join)
def known_of(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """Return the address of an empty database, and what its planner is to know."""
    engine, known = request.param
    if engine == "sqlite":
        yield request.getfixturevalue("sqlite_url"), known
        return
    # One of its own: what a planner knows stays when a database is wiped.
    server, template = (request.getfixturevalue(name) for name in ("postgres", "postgres_template"))
    yield server.create("plans", template), known
    server.drop("plans")


@pytest.fixture
async def filled(known_of: tuple[str, str]) -> AsyncIterator[Database]:
    """Return a database of many rows, of which its planner knows so much."""
    url, known = known_of
    database = Database(url)
    await _pattern(database)
    if not database.is_sqlite:
        for name in _TABLES:  # which would look while the test runs, when that takes long
            await _run(database, f"ALTER TABLE {name} SET (autovacuum_enabled = false)")
    if known == "statistics of few":
        await _fill(database, 2, _FEW)
        await _look(database)
        await _fill(database, _FEW + 1, _MANY)
    else:
        await _fill(database, 2, _MANY)
    if known == "statistics":
        await _look(database)
    yield database
    await database.close()


async def test_the_statements_that_run_most_go_by_their_indexes(filled: Database) -> None:
    await _go_by_their_indexes(filled)


@pytest.mark.parametrize("known_of", [("postgresql", "no statistics")], indirect=True, ids="-".join)
@pytest.mark.parametrize("order", [_TABLES, _TABLES[::-1]], ids=["readers last", "readers first"])
async def test_so_they_do_while_postgresql_looks_at_one_table_after_the_other(
    filled: Database, order: tuple[str, ...]
) -> None:
    for name in order:
        await _run(filled, f"ANALYZE {name}")
        await _go_by_their_indexes(filled)


async def _go_by_their_indexes(filled: Database) -> None:
    async with filled.turn(in_order=True) as connection:
        claimed = await _plans(filled, connection, Claims(filled).taking(100, NOW, NOW + LEASE, "me"))
    await count_up(filled)
    async with filled.write() as connection:
        await begin_stretch(filled, connection)
        zones = await _plan(filled, connection, Prepared(filled, ZONES, ()), {})
        stretches = [await _plan(filled, connection, *one) for one in _stretches(filled)]
    async with filled.write() as connection:
        plans = {
            "claimed": claimed,
            "zones": [zones],
            "stretches": stretches,
            "ended": await _plans(filled, connection, Outcomes(filled, "me", MessageIds(filled)).ended(_ENDS, NOW)),
            "related": [await _plan(filled, connection, *one) for one in _related(filled)],
        }
    by_number = ("USING INTEGER PRIMARY KEY (rowid=?)", "pk_delivery")
    due, take = plans["claimed"]
    meant = [
        (due, ("delivery USING INDEX ix_delivery_due", "ix_delivery_due")),
        (due, ("older USING INDEX ix_delivery_open", "ix_delivery_open")),
        (take, by_number),
        (plans["ended"][0], by_number),
        (zones, ("ix_reader_quiet_zone (zone>?)", "Index Only Scan using ix_reader_quiet_zone")),
        *((plan, ("PRIMARY KEY (key=? AND reader_id>?", "pk_subscription")) for plan in plans["stretches"]),
        *((plan, ("reader USING INTEGER PRIMARY KEY", "(id = subscription.reader_id)")) for plan in plans["stretches"]),
        *zip(plans["related"], _INDEXES, strict=False),
    ]
    astray = [plan for plan, index in meant if index[not filled.is_sqlite] not in plan]
    astray += [plan for some in plans.values() for plan in some if _WHOLE.search(plan)]
    assert not astray, "\n\n".join(astray)
    assert filled.is_sqlite or "Sort" not in due, due
    assert "TEMP B-TREE" not in due, due


def _stretches(database: Database) -> Iterator[tuple[Prepared, Mapping[str, Any]]]:
    """Yield the INSERT of a stretch for few keys and for many, for the first readers and for the last."""
    stretches = Stretches(database)
    for topics, after in itertools.product((0, 60), (0, _MANY - 1_000)):
        yield (
            stretches._statement((), False, False),
            {
                "keys": stretches._keys(a_matter(*range(2, topics + 2))),
                "publication": 1, "article": _MANY, "lane": 2, "revision": 1, "language": "uk", "now": NOW,
                "expires": NOW + timedelta(hours=1), "after": after, "upto": after + 1_000,
            },
        )  # fmt: skip


_INDEXES = (
    ("PRIMARY KEY (lemma_id=?", "pk_hot"),
    ("INTEGER PRIMARY KEY", "pk_article"),
    ("INTEGER PRIMARY KEY", "pk_words"),
    ("lemma USING INDEX", "uq_lemma_text"),
    ("lemma USING INDEX", "ix_lemma_stem"),
    ("INTEGER PRIMARY KEY", "pk_article"),
    ("VIRTUAL TABLE INDEX", "ix_archive_tokens"),
    ("", "pk_hot"),
    ("", "Index Only Scan Backward using pk_hot"),
)


def _related(database: Database) -> Iterator[tuple[Prepared, Mapping[str, Any]]]:
    """Yield what related items and a search ask of the word index; `_INDEXES` are those that are meant, in this order."""
    say = IndexStatements(database)
    own, texts = {"ids": say.many(list(range(1, 200)))}, {"texts": say.many(["word3", "word77"])}
    if database.is_sqlite:
        yield (
            say.sharing,
            {"asked": '{"3": 5, "77": 2}', "late": '{"9": 1}', "most": 200, "every": False, "among": "[5]"},
        )
    else:
        yield (
            say.sharing,
            {
                "asked": [3, 77],
                "worths": [5, 2],
                "late": [9],
                "late_worths": [1],
                "most": 200,
                "every": False,
                "among": [5],
            },
        )
    yield say.candidates, own
    yield say.vectors, own
    yield say.known, texts
    yield say.families, {"ids": say.many(list(range(1, 17)))}
    yield say.copied, own
    yield say.matching, {"query": "title : word3" if database.is_sqlite else "'tword3'", "most": 50}
    if not database.is_sqlite:
        values = {"group0": [3], "group1": [77], "without": [9], "keep": HOT, "most": 20}
        yield say.newest._matching[2, True], values
        yield say.newest._matching[1, False], {"group0": [3, 77], "keep": HOT, "most": 2000}


async def _plans(database: Database, connection: AsyncConnection, chain: Chain[Any]) -> list[str]:
    """Run a chain; returns how each of its statements is gone about."""
    plans = []
    rows: list[Sequence[Any]] | None = None
    try:
        while True:
            statement, values = next(chain) if rows is None else chain.send(rows)
            plans.append(await _plan(database, connection, statement, values))
            rows = await statement.rows(connection, **values)
    except StopIteration:
        return plans


async def _plan(database: Database, connection: AsyncConnection, statement: Prepared, values: Mapping[str, Any]) -> str:
    """Return how a statement is gone about.

    PostgreSQL plans a prepared statement for its values at first, and may plan it for any values later: both.
    """
    driver = driver_of(connection)
    if database.is_sqlite:
        rows = await driver.execute_fetchall(f"EXPLAIN QUERY PLAN {statement.text}", statement.bound(values))
        return "\n".join(row[3] for row in rows)
    places = {name: place for place, name in enumerate(dict.fromkeys(_NAMED.findall(statement.text)), start=1)}
    bound = statement.bound(values)
    asking, plans = AsyncClientCursor(driver), []
    numbered = _NAMED.sub(lambda found: f"${places[found[1]]}", statement.text)
    await asking.execute(f"PREPARE hot_statement AS {numbered}")
    for mode in ("force_custom_plan", "force_generic_plan"):
        await asking.execute(f"SET plan_cache_mode = {mode}")
        given = f"({', '.join(['%s'] * len(places))})" if places else ""
        await asking.execute(f"EXPLAIN EXECUTE hot_statement{given}", [bound[name] for name in places])
        plans.append("\n".join(row[0] for row in await asking.fetchall()))
    await asking.execute("DEALLOCATE hot_statement")
    return "\n".join(plans)


async def _pattern(database: Database) -> None:
    """Store the reader and the article of whom all others are copies."""
    await a_reader(database, "t2", chat_id=1, quiet=Quiet(time(22), time(7)))
    await a_publication(database, body="Міст відкрили після ремонту. " * 40)
    async with database.write() as connection:
        for name in ("words", "hot", "lemma"):
            await connection.execute(text(f"DELETE FROM {name}"))


async def _fill(database: Database, first: int, last: int) -> None:
    """Let there be rows of these numbers: readers with what they follow, what waits for them and was sent; articles."""
    numbers = f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
    several = "(WITH RECURSIVE times(m) AS (SELECT 0 UNION ALL SELECT m + 1 FROM times WHERE m < {0}) SELECT m FROM times) AS more"
    if database.is_sqlite:
        tokens, archived = "rowid, title, body, prefix", "i, 'word' || (i % 500), 'body' || i, ''"
        no, packed, now = "0", "x'00'", str(round(NOW.timestamp() * 1000))
    else:
        tokens, archived = "rowid, tokens", "i, to_tsvector('simple', 'tword' || (i % 500) || ' bbody' || i)"
        no, packed, now = "false", r"'\x00'::bytea", f"'{NOW.isoformat()}'::timestamptz"
    owed = (
        "INSERT INTO delivery (reader_id, article_id, publication_id, kind, lane, state, not_before, created_at) "
        f"SELECT i, {{0}}, 1, 1, 2, {{1}}, {now}, {now} FROM n"
    )
    for statement in (
        _copying(reader, "chat_id", "i"),
        _copying(article, "identity", "'copy:' || i"),
        f"INSERT INTO subscription (key, reader_id, exclude) SELECT '*', i, {no} FROM n",
        f"INSERT INTO subscription (key, reader_id, exclude) SELECT 't' || (2 + (i * 7 + m * 131) % 1000), i, {no} FROM n, {several.format(3)}",
        *(owed.format(10 + number, int(DeliveryState.SENT)) for number in range(5)),
        owed.format(2, int(DeliveryState.QUEUED)),
        "INSERT INTO lemma (id, text, stem, articles) SELECT i, 'word' || i, 's' || (i % 3000), 20 FROM n",
        f"INSERT INTO hot (lemma_id, article_id, weight) SELECT (i * 7 + m * 131) % 2000, i, 10 FROM n, {several.format(19)}",
        f"INSERT INTO words (article_id, packed) SELECT i, {packed} FROM n",
        f"INSERT INTO archive ({tokens}) SELECT {archived} FROM n",
    ):
        head, selected = statement.split(" SELECT ", 1)
        await _run(database, f"{head} {numbers} SELECT {selected}")
    if not database.is_sqlite:
        await _run(database, SORT_IN)  # as whoever puts articles into the archive does


def _copying(table: Table, own: str, value: str) -> str:
    """Return the statement that copies the first row of a table to others, each with a value of its own."""
    others = [column.name for column in table.c if column.name not in {"id", own}]
    names = ", ".join(f'"{name}"' for name in others)
    return f"INSERT INTO {table.name} (id, {own}, {names}) SELECT i, {value}, {names} FROM n, {table.name} WHERE id = 1"


async def _run(database: Database, statement: str) -> None:
    async with database.write() as connection:
        await connection.execute(text(statement.replace(":", r"\:")))


async def _look(database: Database) -> None:
    """Have the planner look at all tables, as both engines do it by themselves or when they are told to."""
    await _run(database, "ANALYZE")
