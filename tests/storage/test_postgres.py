"""What only PostgreSQL can do to us: another client hangs in the middle of a transaction."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import Database
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
