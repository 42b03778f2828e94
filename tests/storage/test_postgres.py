"""What only PostgreSQL can do to us: several clients at once, one that hangs in the middle of a transaction."""

import asyncio
import os
import socket
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any, cast

import pytest
from sqlalchemy import delete, make_url, select, text, update
from sqlalchemy.exc import DBAPIError, NotSupportedError

from bot.__main__ import _refused
from bot.errors import ConfigError, DatabaseAway
from bot.model.news import Topic
from storage.articles.topics import Topics
from storage.delivery.fan_out import begin_stretch
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.engine.postgres import SharedDialect
from storage.runtime.facts import Facts
from storage.runtime.inbox import Inbox
from storage.schema.migrate import migrate, wait_for_database
from storage.schema.tables import topic
from tests.support.postgres import Server
from tests.support.rows import NOW, a_matter, a_publication, a_reader, claimed
from tests.support.slate import WIPES
from tests.support.waiting import until, within

_LEASE = timedelta(seconds=30)


async def test_a_replica_that_hangs_in_a_transaction_does_not_hold_the_others_for_ever(postgres_url: str) -> None:
    told_nothing = make_url(postgres_url).difference_update_query(["options"])
    hanging, working = Database(told_nothing.render_as_string(hide_password=False)), Database(postgres_url)
    await a_reader(working)
    _, number = await a_publication(working)
    await Publications(working).fan_out(number, a_matter(), 1000, NOW, timedelta(hours=6))
    with pytest.raises(Exception, match="idle-in-transaction"):  # noqa: PT012  the error comes at the end
        async with hanging.write() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(7305001)"))  # the lock of claims
            assert len(await claimed(Ledger(working, "another"))) == 1
            await connection.execute(text("SELECT 1"))
    await hanging.close()
    await working.close()


async def test_how_long_a_transaction_may_do_nothing_the_address_may_say(postgres_url: str) -> None:
    database = Database(postgres_url)
    told = make_url(postgres_url).query["options"]
    async with database.read() as connection:
        waits = [
            await connection.scalar(text(f"SHOW {name}"))
            for name in ("idle_in_transaction_session_timeout", "lock_timeout")
        ]
    await database.close()
    assert told == "--idle_in_transaction_session_timeout=60s"
    assert waits == ["1min", "10s"]


async def test_a_tap_is_taken_while_a_stretch_of_a_broadcast_is_being_written(postgres_url: str) -> None:
    broadcasting, receiving = Database(postgres_url), Database(postgres_url)
    inbox = Inbox(receiving, "another")
    await inbox.store([(1, 100, "{}"), (2, 200, "{}")], NOW)
    async with broadcasting.write() as connection:
        await begin_stretch(broadcasting, connection)
        async with within(5.0):
            (tap,) = await inbox.claim(1, NOW, _LEASE)
            assert [one.update_id for one in await inbox.done_and_claim(tap.update_id, 1, NOW, _LEASE)] == [2]
    await broadcasting.close()
    await receiving.close()


async def test_four_processes_that_start_together_on_an_empty_database_all_start(postgres: Server) -> None:
    url = postgres.create("together")
    databases = [Database(url) for _ in range(4)]
    await asyncio.gather(*(migrate(one) for one in databases))
    topics = [Topic(0, slug, {"uk": slug}) for slug in ("war", "sport", "culture")]
    for _ in range(20):
        await asyncio.gather(*(Topics(one).seed(topics) for one in databases))
        assert [one.slug for one in await Topics(databases[0]).all()] == ["war", "sport", "culture"]
        async with databases[0].write() as connection:
            await connection.execute(delete(topic))
    for one in databases:
        await one.close()
    postgres.drop("together")


async def test_statements_outlive_a_change_of_the_type_of_a_column(postgres_url: str) -> None:
    running, migrating = Database(postgres_url), Database(postgres_url)
    await Topics(running).seed([Topic(0, "war", {"uk": "Війна"})])
    again = update(topic).values(position=1).returning(topic.c.slug)

    async def reads() -> None:
        assert [one.slug for one in await Topics(running).all()] == ["war"]

    async def changes() -> None:
        async with running.write() as connection:
            assert list((await connection.execute(again)).scalars()) == ["war"]

    async def takes_a_turn() -> None:
        async with running.turn() as connection:
            assert list((await connection.execute(again)).scalars()) == ["war"]

    for kind, way in (("text", reads), ("varchar(64)", changes), ("text", takes_a_turn)):
        for _ in range(10):  # on any connection of the pool the statement is prepared by then
            await way()
        async with migrating.write() as connection:
            await connection.execute(text(f"ALTER TABLE topic ALTER COLUMN slug TYPE {kind}"))
        for _ in range(3):
            await way()
    await running.close()
    await migrating.close()


async def test_what_was_done_before_in_a_transaction_is_not_done_twice(postgres_url: str) -> None:
    running, migrating = Database(postgres_url), Database(postgres_url)
    await Topics(running).seed([Topic(0, "war", {"uk": "Війна"})])

    async def counts() -> None:
        async with running.write() as connection:
            await connection.execute(update(topic).values(position=topic.c.position + 1))
            await connection.execute(select(topic.c.slug))

    for _ in range(10):
        await counts()
    async with migrating.write() as connection:
        await connection.execute(text("ALTER TABLE topic ALTER COLUMN slug TYPE text"))
        before = await connection.scalar(select(topic.c.position))
    with pytest.raises(NotSupportedError):
        await counts()
    await counts()  # whoever tries again succeeds
    async with migrating.read() as connection:
        assert await connection.scalar(select(topic.c.position)) == before + 1
    await running.close()
    await migrating.close()


class Asked:
    """A connection that is on loan, and how often somebody asked whether it is alive."""

    autocommit = True

    def __init__(self, driver_connection: Any) -> None:
        self.driver_connection, self.times = driver_connection, 0

    def cursor(self) -> "Asked":
        return self

    def execute(self, _: str) -> None:
        self.times += 1

    def close(self) -> None:
        pass


async def test_a_connection_is_asked_whether_it_is_alive_where_it_stood_idle_and_not_where_it_was_used_lately(
    postgres_url: str,
) -> None:
    database = Database(postgres_url)
    async with database.read() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        for idle, times in ((0.0, 0), (60.0, 1)):
            SharedDialect.given_back[driver] = monotonic() - idle
            asked = Asked(driver)
            assert SharedDialect().do_ping(asked)
            assert asked.times == times
    async with database.read() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    assert monotonic() - SharedDialect.given_back[driver] < 60, "whoever gives it back says so"
    await database.close()


async def test_a_connection_that_the_server_has_ended_is_lent_to_nobody(postgres_url: str) -> None:
    running, ending = Database(postgres_url), Database(postgres_url)
    others = f"WHERE pid <> pg_backend_pid() AND datname = current_database() AND usename IS NOT NULL AND application_name <> '{WIPES}'"
    mine = text("SELECT pg_backend_pid()")

    async def opened() -> list[int]:
        async with running.write() as one, running.read() as two, running.write() as three:
            return [await each.scalar(mine) for each in (one, two, three)]

    first = await opened()
    assert sorted(await opened()) == sorted(first)  # they were quiet: the same ones again

    async def counted(what: str) -> int:
        async with ending.read() as connection:
            return int(await connection.scalar(text(f"SELECT count({what}) FROM pg_stat_activity {others}")) or 0)

    async def all_gone() -> bool:
        return await counted("pid") == 0

    assert await counted("pg_terminate_backend(pid)") == 3
    await until(all_gone, "the server ends no connection")
    assert not set(await opened()) & set(first)
    await running.close()
    await ending.close()


async def test_connections_to_a_server_that_has_become_a_standby_are_made_anew(postgres_url: str) -> None:
    """A failover: the address leads elsewhere by now, and what was connected before it does goes on reading there."""
    database = Database(postgres_url)
    facts = Facts(database)
    async with database.read() as one, database.read() as two, database.read() as three:
        for connection in (one, two, three):
            await connection.execute(text("SET default_transaction_read_only = on"))
    failed = 0
    for turn in range(6):
        try:
            await facts.put("name", turn, NOW)
        except DBAPIError:
            failed += 1
    assert (failed, await facts.get("name")) == (1, 5)
    await database.close()


async def test_a_server_that_vanishes_without_a_word_is_given_up_in_seconds_unless_the_address_says_otherwise(
    postgres: Server, postgres_url: str
) -> None:
    """As when the machine of a primary loses its power: nothing comes any more, not even that it is over."""
    passing: list[asyncio.Task[Any]] = []

    async def passed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passing.append(cast("asyncio.Task[Any]", asyncio.current_task()))
        there, back = await asyncio.open_unix_connection(f"{postgres.folder}/.s.PGSQL.5432")
        await asyncio.gather(_pass_on(reader, back), _pass_on(there, writer))

    over_tcp = await asyncio.start_server(passed, "127.0.0.1")
    port, name = over_tcp.sockets[0].getsockname()[1], make_url(postgres_url).database
    for said, seconds in (("", 20), ("?tcp_user_timeout=7000", 7)):
        database = Database(f"postgresql://postgres@127.0.0.1:{port}/{name}{said}")
        async with database.read() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            wire = socket.socket(fileno=os.dup(driver.pgconn.socket))
        with wire:
            assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            tcp = partial(wire.getsockopt, socket.IPPROTO_TCP)
            probed = [tcp(one) for one in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)]
            assert 0 < probed[0] + probed[1] * probed[2] <= 30
            assert tcp(socket.TCP_USER_TIMEOUT) == seconds * 1000
        await database.close()
    over_tcp.close()
    await asyncio.gather(*passing)  # each ends with its connection


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(2**16):
        writer.write(data)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def test_what_a_burst_has_connected_is_kept_for_the_next_one(postgres_url: str) -> None:
    database = Database(postgres_url)

    async def all_at_once() -> set[int]:
        together = asyncio.Barrier(20)

        async def one() -> int:
            async with database.read() as connection:
                number: int = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
                await together.wait()
                return number

        return set(await asyncio.gather(*(one() for _ in range(20))))

    first = await all_at_once()
    assert len(first) == 20
    assert await all_at_once() == first
    await database.close()


async def test_a_start_that_does_not_find_its_database_is_one_that_a_service_tries_again() -> None:
    database = Database("postgresql://visnyk@127.0.0.1:9/visnyk")  # nobody listens there
    with pytest.raises(DatabaseAway) as caught:
        await wait_for_database(database, 1)
    await database.close()
    assert _refused(caught.value, None) == 1
    assert _refused(ConfigError("database-copied"), None) == 2
