"""What the database says of itself and of what waits in it, on both engines."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.ledger import Priority
from bot.model.listeners import EVERYTHING
from bot.model.readers import ChatKind, ReaderState
from storage.engine.chains import Chain, run_chain, run_last
from storage.engine.database import Database
from storage.engine.prepared import Prepared
from storage.runtime.facts import Facts
from storage.runtime.vitals import Vitals
from storage.schema.migrate import FILLING, migrate, wait_for_database
from storage.store import Store
from tests.support.postgres import Server, start_server
from tests.support.rows import NOW, a_matter, a_publication, a_reader
from tests.support.waiting import until


async def test_what_waits_who_receives_and_when_somebody_ran_are_seen(database: Database) -> None:
    store = Store(database, "one")
    for chat in (1, 2, -70):
        await a_reader(database, chat_id=chat)
    async with database.write() as connection:
        kind = {"kind": ChatKind.CHANNEL.value, "name": "Новини"}
        await connection.execute(text("UPDATE reader SET kind = :kind, name = :name WHERE chat_id = -70"), kind)
        await connection.execute(text("UPDATE reader SET zone = 'Europe/Atlantis' WHERE chat_id = 2"))
        await store.message_ids.note(connection, [(1, 501), (1, 502), (2, 503)], NOW)
    _, number = await a_publication(database, lane=Priority.URGENT)
    while await store.publications.fan_out(number, a_matter(), 100, NOW, timedelta(hours=6), {}):
        pass
    await store.editors.appoint_first([100], NOW)
    await Facts(database).put("heartbeat", NOW.isoformat(), NOW)
    seen = await Vitals(database).now(NOW + timedelta(seconds=10), thoroughly=True)
    assert (seen.up_to_date, seen.damaged, seen.is_held, seen.owners, seen.readers) == (True, False, False, 1, 3)
    assert [(chat.chat_id, chat.name, chat.is_channel) for chat in seen.chats] == [(-70, "Новини", True)]
    assert set(seen.zones) == {"Europe/Kyiv", "Europe/Atlantis"}
    assert seen.heard_at == NOW
    assert seen.last_send == NOW
    assert round(seen.rate * 60) == 3
    assert (seen.size > 0) == database.is_sqlite
    assert (seen.free is not None) == database.is_sqlite


async def test_commits_that_do_not_wait_for_the_disk_are_seen(postgres_url: str) -> None:
    database = Database(f"{postgres_url}%20-c%20synchronous_commit%3Doff")
    assert not (await Vitals(database).now(NOW)).durable
    await database.close()
    database = Database(f"{postgres_url}%20-c%20synchronous_commit%3Don")
    assert (await Vitals(database).now(NOW)).durable
    await database.close()


async def test_how_a_server_is_set_is_seen(postgres: Server, postgres_url: str) -> None:
    database = Database(postgres_url)
    seen = await Vitals(database).now(NOW)
    assert (seen.is_safe, seen.encoding, seen.connections) == (False, "UTF8", 297)  # the tests' own server
    await database.close()
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE odd ENCODING 'SQL_ASCII' TEMPLATE template0")
    database = Database(postgres.url("odd"))
    assert (await Vitals(database).now(NOW)).encoding == "SQL_ASCII"
    await database.close()
    postgres.drop("odd")


async def test_what_should_have_begun_who_cannot_be_told_and_half_a_copy_are_seen(database: Database) -> None:
    store, vitals = Store(database, "one"), Vitals(database)
    _, number = await a_publication(database)
    await store.editors.appoint_first([100], NOW)
    assert (await vitals.now(NOW)).owners_away, "nobody has met the bot yet"
    owner = await a_reader(database, chat_id=100)
    for state in (ReaderState.ACTIVE, ReaderState.PAUSED, ReaderState.LEFT):
        await store.readers.save(replace(owner, state=state), NOW)
        assert not (await vitals.now(NOW)).owners_away
    hook = await store.listeners.add("https://site.example/hook", "s", EVERYTHING, 20, NOW)
    async with database.write() as connection:
        for statement in (
            "UPDATE publication SET state = 0, started_at = NULL",
            f"UPDATE listener SET state = 1 WHERE id = {hook}",
        ):
            await connection.execute(text(statement))
    planned = await store.publications.get(number)
    seen = await vitals.now(planned.at + timedelta(minutes=9))
    assert (seen.overdue, seen.untold) == (0, ("https://site.example/hook",))
    assert (await vitals.now(planned.at + timedelta(minutes=11))).overdue == 1
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :name"), {"name": FILLING})
    seen = await vitals.now(NOW)
    assert (seen.is_filling, seen.up_to_date) == (True, False)


async def test_tables_of_another_version_are_not_read(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    seen = await Vitals(database).now(NOW)
    assert (seen.revision, seen.up_to_date, seen.readers) == ("9999", False, 0)


async def test_what_takes_sqlite_long_time_after_time_is_told_of_for_an_hour(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    database.slow.seconds, vitals = 0.001, Vitals(database)
    counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) SELECT count(*) FROM n"
    for number in range(3):
        assert not [one for one in (await vitals.now(NOW)).slow if "RECURSIVE" in one.statement]
        async with database.read() as connection:
            await connection.execute(text(counting), {"most": 20_000 + number})
        await vitals.keep_slow(NOW)
    (found,) = [one for one in (await vitals.now(NOW)).slow if "RECURSIVE" in one.statement]
    assert found.times == 3
    assert "20000" not in found.statement, "no value that somebody typed is kept"
    assert (await vitals.now(NOW + timedelta(minutes=59))).slow
    assert not (await vitals.now(NOW + timedelta(minutes=61))).slow
    database.slow.note("CREATE INDEX x ON article (id)", 60.0)  # changes of tables take as long as they take
    database.slow.note("PRAGMA quick_check", 60.0)
    assert [statement for statement, _ in database.slow.taken() if not statement.startswith(("SELECT", "INSERT"))] == []
    await database.close()


async def test_what_runs_for_long_on_postgresql_is_told_of_while_it_does(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    await wait_for_database(other)  # from here on it is known by its name
    vitals = Vitals(database, running_seconds=0.1)
    assert not (await vitals.now(NOW)).slow
    async with other.read() as connection:
        sleeping = asyncio.create_task(connection.execute(text("SELECT pg_sleep(300)")))
        found = []

        async def seen() -> bool:
            found[:] = (await vitals.now(NOW)).slow
            return bool(found)

        await until(seen, "it is not seen")
        sleeping.cancel()
        await asyncio.gather(sleeping, return_exceptions=True)
    assert [one.statement for one in found] == ["SELECT pg_sleep(300)"]
    await other.close()
    await database.close()


@pytest.mark.thorough
async def test_what_postgresql_counts_as_slow_is_told_of_where_it_counts() -> None:
    for counts in (True, False):
        server = start_server(("fsync=off", *(("shared_preload_libraries=pg_stat_statements",) if counts else ())))
        url = server.create("newsroom")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pg_stat_statements")
            for _ in range(12):
                connection.execute("SELECT pg_sleep(0.02)")
        database = Database(url)
        await migrate(database)
        slow = (await Vitals(database, mean_seconds=0.01).now(NOW)).slow
        assert [(one.statement, one.times) for one in slow] == ([("SELECT pg_sleep($1)", 12)] if counts else [])
        assert not (await Vitals(database).now(NOW)).slow
        await database.close()
        server.stop()


async def test_statements_that_were_slow_once_each_are_not_told_of(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    vitals = Vitals(database)
    for number in range(3):
        database.slow.note(f"SELECT {number}", 60.0)
        database.slow.note("SELECT often", 60.0 + number)
    await vitals.keep_slow(NOW)
    (found,) = (await vitals.now(NOW)).slow
    assert (found.statement, found.seconds, found.times) == ("SELECT often", 62.0, 3)
    await database.close()


@pytest.mark.parametrize("run", [run_chain, run_last])
async def test_a_statement_of_a_chain_that_takes_sqlite_long_is_noted_with_its_text(
    sqlite_url: str, run: Callable[[AsyncConnection, Chain[None]], Awaitable[None]]
) -> None:
    database = Database(sqlite_url)
    database.slow.seconds = 0.01
    counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT count(*) FROM n"
    prepared = Prepared(database, text(counting), [])

    def chain() -> Chain[None]:
        yield prepared, {}

    async with database.write() as connection:
        await run(connection, chain())
    assert [one for one, _ in database.slow.taken()] == [counting]
    await database.close()
