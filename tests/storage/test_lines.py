"""Lines of digests: where they are when their digest has arrived, was refused or was let go."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.model.ledger import Delivery, DeliveryState, Finish, Policy
from bot.model.readers import Hourly, ReaderState
from storage.delivery.digests import Digests
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.uncertain import Uncertain
from storage.engine.database import AnyRow, Database
from storage.schema.tables import delivery, reader
from tests.support.rows import NOW, a_matter, a_publication, a_reader, claimed

HOUR = timedelta(hours=1)
DUE = NOW + HOUR
SENT, LOST = Finish(DeliveryState.SENT, message_id=5), Finish(DeliveryState.UNCERTAIN, "reset")
REFUSED = Finish(DeliveryState.FAILED, "too long")


async def _digests(database: Database, ledger: Ledger, readers: int = 1) -> tuple[int, list[Delivery]]:
    """Have a headline held for so many readers and their digests claimed; returns the publication and the digests."""
    for _ in range(readers):
        await a_reader(database, schedule=Hourly())
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 10**9, NOW, HOUR)
    await Digests(database).build(DUE)
    return number, sorted(await claimed(ledger, at=DUE), key=lambda one: one.reader.id)


async def _lines(database: Database, number: int) -> list[AnyRow]:
    statement = select(delivery).where(delivery.c.publication_id == number).order_by(delivery.c.reader_id)
    async with database.read() as connection:
        return list((await connection.execute(statement)).all())


async def test_what_arrived_is_not_held_again_for_whoever_left_meanwhile(database: Database) -> None:
    ledger = Ledger(database, "me")
    number, [whole] = await _digests(database, ledger)
    async with database.write() as connection:
        await connection.execute(update(reader).values(state=ReaderState.PAUSED))
    await ledger.finish([(whole.id, SENT)], DUE)
    [line] = await _lines(database, number)
    assert (line.state, line.digest_id, line.finished_at) == (DeliveryState.BUNDLED, whole.digest_id, DUE)


async def test_what_did_not_reach_a_reader_who_left_is_held_as_if_there_had_been_no_digest(database: Database) -> None:
    ledger = Ledger(database, "me")
    number, [mine, _] = await _digests(database, ledger, 2)
    blocked = Finish(DeliveryState.FAILED, "blocked", reader_state=ReaderState.BLOCKED)
    await ledger.finish([(mine.id, blocked)], DUE)
    line, other = await _lines(database, number)
    assert (line.state, line.digest_id, line.finished_at) == (DeliveryState.HELD, None, None)
    assert other.state is DeliveryState.BUNDLED


async def test_what_is_refused_fails_with_its_reason_and_nobody_else_s(database: Database) -> None:
    ledger = Ledger(database, "me")
    number, [mine, _] = await _digests(database, ledger, 2)
    await ledger.finish([(mine.id, REFUSED)], DUE)
    assert [(line.state, line.reason) for line in await _lines(database, number)] == [
        (DeliveryState.FAILED, "its digest failed"),
        (DeliveryState.BUNDLED, None),
    ]
    tally = (await Publications(database).get(number)).tally
    assert (tally.failed, tally.held) == (1, 1)


async def test_of_two_digests_that_were_let_go_only_that_which_arrived_gets_its_lines_back(database: Database) -> None:
    ledger = Ledger(database, "me")
    number, both = await _digests(database, ledger, 2)
    await ledger.finish([(one.id, LOST) for one in both], DUE)
    assert await Uncertain(database).decide(None, Policy.DROP, 1, DUE) == 2
    await ledger.finish([(both[0].id, SENT)], DUE)
    assert [(line.state, line.reason) for line in await _lines(database, number)] == [
        (DeliveryState.BUNDLED, None),
        (DeliveryState.DROPPED, "uncertain, let go"),
    ]
    tally = (await Publications(database).get(number)).tally
    assert (tally.dropped, tally.held) == (1, 1)
