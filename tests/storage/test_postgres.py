"""What only PostgreSQL can do to us: several clients at once, one that hangs in the middle of a transaction."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import delete, text

from bot.model.news import Topic
from storage.articles.topics import Topics
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.schema.migrate import migrate
from storage.schema.tables import topic
from tests.support.postgres import Server
from tests.support.rows import NOW, a_matter, a_publication, a_reader, claimed


async def test_a_replica_that_hangs_in_a_transaction_does_not_hold_the_others_for_ever(postgres_url: str) -> None:
    hanging, working = Database(postgres_url), Database(postgres_url)
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
