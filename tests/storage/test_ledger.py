"""The ledger's protocol: claim, mark, finish, recover, on both engines."""

from datetime import time, timedelta

import pytest
from aiogram.exceptions import TelegramBadRequest
from sqlalchemy import select, update

from bot.delivery.outcome import decide
from bot.model.ledger import Finish, Kind, Lane, Retry, State
from bot.model.readers import Address, AtHours, ReaderState
from bot.telegram.outcomes import outcome_of
from storage.database import Database
from storage.digests import Digests
from storage.ledger import Ledger
from storage.publications import Publications
from storage.readers import Readers
from storage.tables import delivery
from storage.uncertain import Uncertain
from tests.support.rows import NOW, a_matter, a_publication, a_reader

LEASE = timedelta(seconds=45)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, "me")


async def _fan(database: Database, title: str = "Міст", lane: Lane = Lane.INSTANT) -> int:
    _, number = await a_publication(database, title, lane)
    await Publications(database).fan_out(number, a_matter(), 1000, NOW, timedelta(hours=6))
    return number


async def _states(database: Database) -> list[State]:
    async with database.read() as connection:
        return list((await connection.execute(select(delivery.c.state).order_by(delivery.c.id))).scalars())


async def test_a_delivery_goes_its_way_and_is_counted(database: Database, ledger: Ledger) -> None:
    reader = await a_reader(database)
    number = await _fan(database)
    [claimed] = await ledger.claim(10, NOW, LEASE)
    assert (claimed.reader.id, claimed.kind, claimed.publication_id) == (reader.id, Kind.PUSH, number)
    assert await ledger.claim(10, NOW, LEASE) == []
    assert await ledger.mark([claimed.id], NOW, LEASE) == {claimed.id: 1}
    assert await _states(database) == [State.SENDING]
    await ledger.finish([(claimed.id, Finish(State.SENT, message_id=77))], NOW)
    assert await _states(database) == [State.SENT]
    tally = (await Publications(database).get(number)).tally
    assert (tally.total, tally.sent, tally.left) == (1, 1, 0)


async def test_what_is_urgent_goes_first_and_then_what_is_older(database: Database, ledger: Ledger) -> None:
    for _ in range(2):
        await a_reader(database)
    await _fan(database, "Перша")
    await _fan(database, "Термінова", Lane.URGENT)
    lanes = [d.lane for d in await ledger.claim(10, NOW, LEASE)]
    assert lanes == [Lane.URGENT, Lane.URGENT]


async def test_a_chat_has_one_delivery_in_flight_and_keeps_its_order(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    for title in ("Перша", "Друга", "Третя"):
        await _fan(database, title)
    order = []
    for _ in range(3):
        [claimed] = await ledger.claim(10, NOW, LEASE)
        assert await ledger.claim(10, NOW, LEASE) == []
        await ledger.mark([claimed.id], NOW, LEASE)
        await ledger.finish([(claimed.id, Finish(State.SENT, message_id=1))], NOW)
        order.append(claimed.id)
    assert order == sorted(order)


async def test_a_newer_delivery_does_not_overtake_one_that_waits(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database, "Перша")
    await _fan(database, "Друга")
    [first] = await ledger.claim(10, NOW, LEASE)
    await ledger.mark([first.id], NOW, LEASE)
    await ledger.finish([(first.id, Retry(NOW + timedelta(seconds=30), "throttled", 1))], NOW)
    assert await ledger.claim(10, NOW, LEASE) == []
    [again] = await ledger.claim(10, NOW + timedelta(seconds=30), LEASE)
    assert (again.id, again.attempts) == (first.id, 1)


async def test_what_was_released_is_claimed_when_its_time_comes(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    [claimed] = await ledger.claim(10, NOW, LEASE)
    await ledger.release([(claimed.id, NOW + timedelta(seconds=1))])
    assert await ledger.claim(10, NOW, LEASE) == []
    assert [d.id for d in await ledger.claim(10, NOW + timedelta(seconds=1), LEASE)] == [claimed.id]


async def test_a_lease_is_kept_while_its_owner_lives_and_not_brought_back(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    [claimed] = await ledger.claim(10, NOW, LEASE)
    await ledger.mark([claimed.id], NOW, LEASE)
    await Ledger(database, "another").renew(NOW, timedelta(hours=1))
    await ledger.renew(NOW + timedelta(seconds=40), LEASE)
    assert not any((await ledger.recover(NOW + timedelta(seconds=60))).values())
    await ledger.renew(LATER, LEASE)
    assert (await ledger.recover(LATER))[State.UNCERTAIN] == 1


async def test_a_claim_that_its_owner_never_heard_of_is_not_kept(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    await ledger.claim(10, NOW, LEASE)
    await ledger.renew(NOW + timedelta(seconds=40), LEASE)
    assert (await ledger.recover(NOW + LEASE))[State.QUEUED] == 1


async def test_a_retry_takes_back_only_the_try_it_speaks_of(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    first = Retry(NOW, "throttled", 1)
    for _ in range(2):
        [claimed] = await ledger.claim(10, NOW, LEASE)
        await ledger.mark([claimed.id], NOW, LEASE)
        await ledger.finish([(claimed.id, first)], NOW)
    assert await _states(database) == [State.SENDING], "written down a second time, it opened the second try"


async def test_a_mark_that_failed_is_put_back_whether_it_is_there_or_not(database: Database, ledger: Ledger) -> None:
    for _ in range(2):
        await a_reader(database)
    await _fan(database)
    claimed = await ledger.claim(10, NOW, LEASE)
    await ledger.mark([claimed[0].id], NOW, LEASE)
    await ledger.finish([(d.id, Retry(NOW, "not marked", 1)) for d in claimed], NOW)
    assert await _states(database) == [State.QUEUED, State.QUEUED]


async def test_words_that_postgresql_cannot_keep_stop_no_recording(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    [claimed] = await ledger.claim(10, NOW, LEASE)
    await ledger.mark([claimed.id], NOW, LEASE)
    error = TelegramBadRequest(method=None, message="Bad Request: \0 chat \0")  # type: ignore[arg-type]
    await ledger.finish([(claimed.id, decide(outcome_of(error), claimed.kind, 1, NOW))], NOW)
    assert await _states(database) == [State.FAILED]


async def test_a_mark_after_the_lease_is_refused(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    [claimed] = await ledger.claim(10, NOW, LEASE)
    assert await ledger.mark([claimed.id], LATER, LEASE) == {}


async def test_nobody_marks_or_finishes_what_another_owns(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    other = Ledger(database, "another")
    [claimed] = await ledger.claim(10, NOW, LEASE)
    assert await other.mark([claimed.id], NOW, LEASE) == {}
    await other.finish([(claimed.id, Finish(State.SENT, message_id=1))], NOW)
    assert await _states(database) == [State.CLAIMED]


async def test_a_vanished_process_leaves_claimed_rows_to_others_and_sent_ones_uncertain(
    database: Database, ledger: Ledger
) -> None:
    for _ in range(2):
        await a_reader(database)
    number = await _fan(database)
    claimed = await ledger.claim(10, NOW, LEASE)
    await ledger.mark([claimed[0].id], NOW, LEASE)
    other = Ledger(database, "another")
    assert not any((await other.recover(NOW)).values())
    numbers = await other.recover(LATER)
    assert (numbers[State.QUEUED], numbers[State.UNCERTAIN]) == (1, 1)
    assert await _states(database) == [State.UNCERTAIN, State.QUEUED]
    assert (await Publications(database).get(number)).tally.uncertain == 1
    assert len(await Uncertain(database).listed(number, 10)) == 1


async def test_whoever_is_alone_takes_over_at_once(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    await ledger.claim(10, NOW, LEASE)
    assert (await Ledger(database, "next start").recover(NOW, alone=True))[State.QUEUED] == 1


async def test_a_late_success_is_the_truth_and_a_late_failure_changes_nothing(
    database: Database, ledger: Ledger
) -> None:
    for _ in range(2):
        await a_reader(database)
    number = await _fan(database)
    rows = [d.id for d in await ledger.claim(10, NOW, LEASE)]
    await ledger.mark(rows, NOW, LEASE)
    await Ledger(database, "another").recover(LATER)
    late = [(rows[0], Finish(State.SENT, message_id=5)), (rows[1], Finish(State.FAILED, "chat not found"))]
    await ledger.finish(late, LATER)
    assert await _states(database) == [State.SENT, State.UNCERTAIN]
    tally = (await Publications(database).get(number)).tally
    assert (tally.sent, tally.uncertain, tally.failed) == (1, 1, 0)


async def test_an_interrupted_edit_is_simply_repeated(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    async with database.write() as connection:
        await connection.execute(update(delivery).values(kind=Kind.EDIT, target_message=7))
    [claimed] = await ledger.claim(10, NOW, LEASE)
    await ledger.mark([claimed.id], NOW, LEASE)
    numbers = await Ledger(database, "another").recover(LATER)
    assert (numbers[State.QUEUED], numbers[State.UNCERTAIN]) == (1, 0)


async def test_a_reader_who_blocked_the_bot_is_noted_with_the_failure(database: Database, ledger: Ledger) -> None:
    reader = await a_reader(database, chat_id=501)
    await _fan(database)
    [claimed] = await ledger.claim(10, NOW, LEASE)
    await ledger.mark([claimed.id], NOW, LEASE)
    step = Finish(State.FAILED, "Forbidden: bot was blocked by the user", reader_state=ReaderState.BLOCKED)
    await ledger.finish([(claimed.id, step)], NOW)
    found = await Readers(database).find(Address(501))
    assert found is not None
    assert (found.id, found.state) == (reader.id, ReaderState.BLOCKED)


async def test_a_headline_that_is_late_becomes_a_line_of_the_next_digest(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    number = await _fan(database)
    assert await ledger.expire(NOW) == 0
    late = NOW + timedelta(hours=7)
    assert await ledger.expire(late) == 1
    assert await _states(database) == [State.HELD]
    tally = (await Publications(database).get(number)).tally
    assert (tally.left, tally.held) == (0, 1)
    assert await Digests(database).build(late) == 1
    assert await _states(database) == [State.BUNDLED, State.QUEUED]


async def test_what_nobody_wants_to_read_any_more_expires(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    number = await _fan(database)
    assert await ledger.expire(NOW + timedelta(days=2)) == 1
    assert await _states(database) == [State.EXPIRED]
    assert (await Publications(database).get(number)).tally.left == 0


async def test_a_clock_set_back_makes_no_second_digest_and_stops_no_other(database: Database) -> None:
    for _ in range(2):
        await a_reader(database, schedule=AtHours((time(14, 1),)))
    await _fan(database)
    digests, readers = Digests(database), Readers(database)
    due = NOW + timedelta(minutes=1)
    assert await digests.build(due) == 2
    await a_reader(database, schedule=AtHours((time(14, 1),)))
    await _fan(database, "Друга")
    for number in (1, 2):
        reader = await readers.get(number)
        assert reader is not None
        await readers.save(reader, NOW)  # the clock is a minute behind: the same time is due again
    assert await digests.build(due) == 3
    assert (await _states(database)).count(State.QUEUED) == 3
    assert (await _states(database)).count(State.HELD) == 2
