"""What the ledger asks of SQLite for each batch is compiled once: to compile it takes longer than to run it."""

from datetime import timedelta

from bot.model.ledger import Step, sent
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.engine.hops import driver_of
from tests.support.rows import LEASE, NOW, a_matter, a_publication, a_reader

_TRANSACTION = 22  # to begin one and to commit it, which Python asks for in a way of its own


async def test_no_statement_of_a_batch_is_compiled_anew(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    for _ in range(8):
        await a_reader(database)
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 10**9, NOW, timedelta(hours=1))
    ledger, done, asked = Ledger(database, "me"), list[tuple[int, Step]](), list[int]()

    def asked_for(what: int, *_: object) -> int:
        """SQLite asks for each thing that a statement does while it compiles it; 0 is yes."""
        if what != _TRANSACTION:
            asked.append(what)
        return 0

    compiled: list[int] = []
    async with database.write() as connection:
        await driver_of(connection).run(lambda sqlite: sqlite.set_authorizer(asked_for))
    for size in (1, 2, 3, 2):
        due = (await ledger.claim(size, NOW, LEASE, lambda _: {}, done)).deliveries
        assert len(due) == size
        compiled.append(len(asked))
        asked.clear()
        done = [(one.id, sent(one.id, one.reader.address.chat_id)) for one in due]
    assert compiled[0] > compiled[2] == 0 == compiled[3]
    await database.close()
