"""Lines of digests: where they are when their digest has arrived, was refused or was let go."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.model.ledger import Delivery, DeliveryKind, DeliveryState, Finish, Policy, ToDigest
from bot.model.readers import Hourly, ReaderState
from storage.delivery.digests import Digests
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.uncertain import Uncertain
from storage.engine.database import AnyRow, Database
from storage.schema.tables import delivery, reader
from tests.support.rows import LEASE, NOW, a_matter, a_publication, a_reader, claimed, told_nothing

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


async def test_the_lines_of_a_digest_with_nothing_to_say_end_with_it_and_nobody_else_s(database: Database) -> None:
    ledger = Ledger(database, "me")
    number, [mine, away, _] = await _digests(database, ledger, 3)
    ends = [(mine.id, Finish(DeliveryState.DROPPED, "nothing to send"))]
    ends += [(away.id, Finish(DeliveryState.DROPPED, "paused"))]  # and back when it is written down
    await ledger.finish(ends, DUE)
    assert [(line.state, line.reason) for line in await _lines(database, number)] == [
        (DeliveryState.DROPPED, "its digest had nothing to say"),
        (DeliveryState.HELD, None),
        (DeliveryState.BUNDLED, None),
    ]
    tally = (await Publications(database).get(number)).tally
    assert (tally.dropped, tally.held) == (1, 2)


async def test_of_two_digests_that_were_let_go_only_that_which_arrived_gets_its_lines_back(database: Database) -> None:
    ledger = Ledger(database, "me")
    number, both = await _digests(database, ledger, 2)
    await ledger.finish([(one.id, LOST) for one in both], DUE)
    await told_nothing(database)
    assert await Uncertain(database).decide(None, Policy.DROP, 1, DUE) == 2
    await ledger.finish([(both[0].id, SENT)], DUE)
    assert [(line.state, line.reason) for line in await _lines(database, number)] == [
        (DeliveryState.BUNDLED, None),
        (DeliveryState.DROPPED, "uncertain, let go"),
    ]
    tally = (await Publications(database).get(number)).tally
    assert (tally.dropped, tally.held) == (1, 1)


async def _a_note(database: Database, whole: Delivery, state: DeliveryState) -> int:
    """Store a correction's note in reply to a digest, held by `me`; returns its number."""
    note = {"reader_id": whole.reader.id, "digest_id": whole.digest_id, "kind": DeliveryKind.NOTE, "lane": 2}
    note |= {"state": state, "holder": "me", "not_before": NOW, "created_at": NOW}
    async with database.write() as connection:
        return int(await connection.scalar(delivery.insert().values(note).returning(delivery.c.id)) or 0)


async def test_a_note_that_does_not_reach_its_reader_takes_no_line_out_of_the_digest_it_answers(
    database: Database,
) -> None:
    ledger = Ledger(database, "me")
    number, [whole] = await _digests(database, ledger)
    await ledger.finish([(whole.id, SENT)], DUE)
    blocked = Finish(DeliveryState.FAILED, "blocked", reader_state=ReaderState.BLOCKED)
    await ledger.finish([(await _a_note(database, whole, DeliveryState.SENDING), blocked)], DUE)
    assert [line.state for line in await _lines(database, number)] == [DeliveryState.BUNDLED]


async def test_a_note_and_its_digest_that_were_let_go_arrive_each_by_itself(database: Database) -> None:
    ledger = Ledger(database, "me")
    _, [whole] = await _digests(database, ledger)
    note = await _a_note(database, whole, DeliveryState.SENDING)
    await ledger.finish([(one, LOST) for one in (whole.id, note)], DUE)
    await told_nothing(database)
    assert await Uncertain(database).decide(None, Policy.DROP, 1, DUE) == 2

    async def states() -> list[DeliveryState]:
        rows = select(delivery.c.state).order_by(delivery.c.id)  # the line, its digest, the note
        async with database.read() as connection:
            return list((await connection.execute(rows)).scalars())

    gone, there = DeliveryState.DROPPED, DeliveryState.SENT
    await ledger.finish([(note, SENT)], DUE)
    assert await states() == [gone, gone, there]
    async with database.write() as connection:
        let_go = {"state": gone, "reason": "uncertain, let go"}
        await connection.execute(update(delivery).where(delivery.c.id == note).values(let_go))
    await ledger.finish([(whole.id, SENT)], DUE)
    assert await states() == [DeliveryState.BUNDLED, there, gone]


async def test_only_what_its_claim_found_in_quiet_hours_becomes_a_line(database: Database) -> None:
    ledger, readers = Ledger(database, "me"), [await a_reader(database) for _ in range(3)]
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 10**9, NOW, HOUR)
    asleep = readers[1].id
    found = await ledger.claim(
        5, NOW, LEASE, lambda due: {one.id: ToDigest() for one in due if one.reader.id == asleep}
    )
    assert (len(found.deliveries), found.aside) == (2, 1)
    lines = await _lines(database, number)
    assert [line.state for line in lines] == [DeliveryState.SENDING, DeliveryState.HELD, DeliveryState.SENDING]
    held = lines[1]
    assert (held.kind, held.attempts, held.holder, held.lease_until) == (DeliveryKind.ITEM, 0, None, None)
    assert held.reason == "quiet hours"
    assert (await Publications(database).get(number)).tally.held == 1
