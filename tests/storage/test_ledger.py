"""The ledger's protocol: claim, finish, recover, on both engines."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import time, timedelta

import pytest
from aiogram.exceptions import TelegramBadRequest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.outcome import decide
from bot.model.ledger import ClaimUnconfirmed, Delivery, DeliveryKind, DeliveryState, Finish, Postpone, Priority, Retry
from bot.model.readers import Address, AtHours, ReaderState
from bot.telegram.outcomes import outcome_of
from storage.delivery.digests import Digests
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.uncertain import Uncertain
from storage.engine.database import Database
from storage.people.readers import Readers
from storage.schema.tables import delivery
from tests.support.rows import LEASE, NOW, a_matter, a_publication, a_reader, claimed, told_nothing

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, "me")


async def _fan(database: Database, title: str = "Міст", lane: Priority = Priority.INSTANT) -> int:
    _, number = await a_publication(database, title, lane)
    await Publications(database).fan_out(number, a_matter(), 1000, NOW, timedelta(hours=6))
    return number


async def _states(database: Database) -> list[DeliveryState]:
    async with database.read() as connection:
        return list((await connection.execute(select(delivery.c.state).order_by(delivery.c.id))).scalars())


async def test_a_delivery_goes_its_way_and_is_counted(database: Database, ledger: Ledger) -> None:
    reader = await a_reader(database)
    number = await _fan(database)
    [one] = await claimed(ledger)
    assert (one.reader.id, one.kind, one.publication_id) == (reader.id, DeliveryKind.PUSH, number)
    assert one.revision == 1
    assert await claimed(ledger) == []
    assert await _states(database) == [DeliveryState.SENDING]
    await ledger.finish([(one.id, Finish(DeliveryState.SENT, message_id=77))], NOW)
    assert await _states(database) == [DeliveryState.SENT]
    tally = (await Publications(database).get(number)).tally
    assert (tally.total, tally.sent, tally.left) == (1, 1, 0)


async def test_what_is_urgent_goes_first_and_then_what_is_older(database: Database, ledger: Ledger) -> None:
    for _ in range(2):
        await a_reader(database)
    await _fan(database, "Перша")
    await _fan(database, "Термінова", Priority.URGENT)
    lanes = [d.lane for d in await claimed(ledger)]
    assert lanes == [Priority.URGENT, Priority.URGENT]


async def test_a_chat_has_one_delivery_in_flight_and_keeps_its_order(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    for title in ("Перша", "Друга", "Третя"):
        await _fan(database, title)
    order = []
    for _ in range(3):
        [one] = await claimed(ledger)
        assert await claimed(ledger) == []
        await ledger.finish([(one.id, Finish(DeliveryState.SENT, message_id=1))], NOW)
        order.append(one.id)
    assert order == sorted(order)


async def test_a_newer_delivery_does_not_overtake_one_that_waits(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database, "Перша")
    await _fan(database, "Друга")
    [first] = await claimed(ledger)
    await ledger.finish([(first.id, Retry(NOW + timedelta(seconds=30), "throttled", 1))], NOW)
    assert await claimed(ledger) == []
    [again] = await claimed(ledger, at=NOW + timedelta(seconds=30))
    assert (again.id, again.attempts) == (first.id, 1)


async def test_what_is_put_aside_was_not_tried_and_comes_when_its_time_does(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    soon = NOW + timedelta(seconds=1)
    found = await ledger.claim(10, NOW, LEASE, lambda due: {one.id: Postpone(soon) for one in due})
    assert (found.deliveries, found.aside) == ([], 1)
    assert await _states(database) == [DeliveryState.QUEUED]
    assert await claimed(ledger) == []
    [one] = await claimed(ledger, at=soon)
    assert one.attempts == 0


async def test_a_delivery_that_nobody_wants_any_more_ends_with_the_claim(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    number = await _fan(database)
    found = await ledger.claim(
        10, NOW, LEASE, lambda due: {one.id: Finish(DeliveryState.DROPPED, "left") for one in due}
    )
    assert (found.deliveries, found.aside) == ([], 1)
    assert await _states(database) == [DeliveryState.DROPPED]
    tally = (await Publications(database).get(number)).tally
    assert (tally.dropped, tally.left) == (1, 0)


async def test_what_is_done_is_recorded_by_the_commit_that_claims_the_next(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    number = await _fan(database, "Перша")
    await _fan(database, "Друга")
    [first] = await claimed(ledger)
    done = [(first.id, Finish(DeliveryState.SENT, message_id=7, chat_id=1))]
    [second] = (await ledger.claim(10, NOW, LEASE, lambda _: {}, done)).deliveries
    assert second.id > first.id  # its chat has nothing in flight any more
    assert await _states(database) == [DeliveryState.SENT, DeliveryState.SENDING]
    assert (await Publications(database).get(number)).tally.sent == 1


async def test_what_is_recorded_of_a_reader_holds_for_what_the_same_commit_claims(
    database: Database, ledger: Ledger
) -> None:
    await a_reader(database)
    for title in ("Перша", "Друга"):
        await _fan(database, title)
    [first] = await claimed(ledger)
    gone = Finish(DeliveryState.FAILED, "blocked", reader_state=ReaderState.BLOCKED)
    [second] = (await ledger.claim(10, NOW, LEASE, lambda _: {}, [(first.id, gone)])).deliveries
    assert second.reader.state is ReaderState.BLOCKED  # the sieve lets nothing through to them


async def test_outcomes_of_one_commit_may_differ_and_each_is_counted_as_what_it_is(
    database: Database, ledger: Ledger
) -> None:
    for _ in range(5):
        await a_reader(database)
    number = await _fan(database)
    mine = [one.id for one in await claimed(ledger)]
    ends = [
        Finish(DeliveryState.SENT, message_id=7),
        Finish(DeliveryState.SENT, message_id=9),
        Finish(DeliveryState.FAILED, "blocked"),
        Finish(DeliveryState.FAILED, "kicked"),
    ]
    done = list(zip(mine, ends, strict=False))
    assert (await ledger.claim(10, NOW, LEASE, lambda _: {}, done)).deliveries == []
    columns = (delivery.c.state, delivery.c.message_id, delivery.c.reason, delivery.c.lease_until)
    async with database.read() as connection:
        rows = (await connection.execute(select(*columns).order_by(delivery.c.id))).all()
    assert [tuple(row)[:3] for row in rows[:4]] == [(e.state, e.message_id, e.reason or None) for e in ends]
    assert [row.lease_until is None for row in rows] == [True] * 4 + [False]
    tally = (await Publications(database).get(number)).tally
    assert (tally.sent, tally.failed, tally.left) == (2, 2, 1)


async def test_a_row_that_comes_back_may_be_claimed_by_the_same_commit(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    [one] = await claimed(ledger)
    back = [(one.id, Retry(NOW, "moved", 1))]
    [again] = (await ledger.claim(10, NOW, LEASE, lambda _: {}, back)).deliveries
    assert (again.id, again.attempts) == (one.id, 1)
    await ledger.finish(back, NOW)  # as after a commit in doubt
    assert await _states(database) == [DeliveryState.SENDING]


@pytest.mark.parametrize("when", ["before the commit", "after the commit"])
async def test_outcomes_of_a_claim_that_breaks_may_be_recorded_again(
    when: str, database: Database, database_url: str
) -> None:
    await a_reader(database)
    number = await _fan(database, "Перша")
    await _fan(database, "Друга")
    ledger = Ledger(database, "me")
    [first] = await claimed(ledger)
    done = [(first.id, Finish(DeliveryState.SENT, message_id=7, chat_id=1))]

    def sift(_: Sequence[Delivery]) -> dict[int, Postpone | Finish]:
        if when == "before the commit":
            raise ConnectionError("the database went away")
        return {}

    breaking = Breaking(database_url)
    with pytest.raises(ClaimUnconfirmed) as raised:
        await Ledger(breaking, "me").claim(10, NOW, LEASE, sift, done)
    await breaking.close()
    [second] = raised.value.deliveries
    await ledger.finish(done, NOW)
    await ledger.finish([(second.id, Retry(NOW, "not claimed", second.attempts + 1))], NOW)
    assert await _states(database) == [DeliveryState.SENT, DeliveryState.QUEUED]
    assert (await Publications(database).get(number)).tally.sent == 1


class Breaking(Database):
    """A database whose connection breaks just after a commit."""

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with super().write() as connection:
            yield connection
        raise ConnectionError("the connection broke")


@pytest.mark.parametrize("when", ["before the commit", "after the commit"])
async def test_a_claim_that_breaks_says_what_it_may_have_claimed(
    when: str, database: Database, database_url: str
) -> None:
    await a_reader(database)
    await _fan(database)

    def sift(_: Sequence[Delivery]) -> dict[int, Postpone | Finish]:
        if when == "before the commit":
            raise ConnectionError("the database went away")
        return {}

    breaking = Breaking(database_url)
    with pytest.raises(ClaimUnconfirmed) as raised:
        await Ledger(breaking, "me").claim(10, NOW, LEASE, sift)
    await breaking.close()
    assert await _states(database) == [DeliveryState.QUEUED if when == "before the commit" else DeliveryState.SENDING]
    [one] = raised.value.deliveries
    ledger = Ledger(database, "me")
    await ledger.finish([(one.id, Retry(NOW, "not claimed", one.attempts + 1))], NOW)
    assert [again.id for again in await claimed(ledger)] == [one.id]


async def test_a_lease_is_kept_while_its_owner_lives_and_lost_to_whoever_is_first(
    database: Database, ledger: Ledger
) -> None:
    await a_reader(database)
    await _fan(database)
    await claimed(ledger)
    another = Ledger(database, "another")
    await another.renew(NOW, timedelta(hours=1))
    await ledger.renew(NOW + timedelta(seconds=40), LEASE)
    assert not any((await another.recover(NOW + timedelta(seconds=60))).values())
    assert (await another.recover(LATER))[DeliveryState.UNCERTAIN] == 1
    await ledger.renew(LATER, LEASE)
    assert await _states(database) == [DeliveryState.UNCERTAIN]


async def test_a_clock_that_jumps_ahead_makes_nobody_lose_what_they_are_sending(
    database: Database, ledger: Ledger
) -> None:
    await a_reader(database)
    await _fan(database)
    await claimed(ledger)
    jumped = NOW + timedelta(hours=2)
    assert not any((await ledger.recover(jumped)).values())
    await ledger.renew(jumped, LEASE)
    assert not any((await Ledger(database, "another").recover(jumped)).values())


async def test_a_retry_takes_back_only_the_try_it_speaks_of(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    first = Retry(NOW, "throttled", 1)
    for _ in range(2):
        [one] = await claimed(ledger)
        await ledger.finish([(one.id, first)], NOW)
    assert await _states(database) == [DeliveryState.SENDING], "written down a second time, it opened the second try"


async def test_a_claim_in_doubt_is_put_back_whether_it_took_place_or_not(database: Database, ledger: Ledger) -> None:
    for _ in range(2):
        await a_reader(database)
    await _fan(database)
    [one] = await claimed(ledger, 1)
    other = one.id + 1
    await ledger.finish([(number, Retry(NOW, "not claimed", 1)) for number in (one.id, other)], NOW)
    assert await _states(database) == [DeliveryState.QUEUED, DeliveryState.QUEUED]


async def test_words_that_postgresql_cannot_keep_stop_no_recording(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    [one] = await claimed(ledger)
    error = TelegramBadRequest(method=None, message="Bad Request: \0 chat \0")  # type: ignore[arg-type]
    await ledger.finish([(one.id, decide(outcome_of(error), one.kind, 1, NOW))], NOW)
    assert await _states(database) == [DeliveryState.FAILED]


async def test_nobody_finishes_what_another_owns(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    other = Ledger(database, "another")
    [one] = await claimed(ledger)
    await other.finish([(one.id, Finish(DeliveryState.SENT, message_id=1))], NOW)
    assert await _states(database) == [DeliveryState.SENDING]


async def test_what_a_vanished_process_was_sending_is_uncertain(database: Database, ledger: Ledger) -> None:
    for _ in range(2):
        await a_reader(database)
    number = await _fan(database)
    await claimed(ledger, 1)
    other = Ledger(database, "another")
    assert not any((await other.recover(NOW)).values())
    numbers = await other.recover(LATER)
    assert (numbers[DeliveryState.QUEUED], numbers[DeliveryState.UNCERTAIN]) == (0, 1)
    assert await _states(database) == [DeliveryState.UNCERTAIN, DeliveryState.QUEUED]
    assert (await Publications(database).get(number)).tally.uncertain == 1
    assert await Uncertain(database).listed(number, 10) == []  # Telegram is asked first
    await told_nothing(database)
    assert len(await Uncertain(database).listed(number, 10)) == 1


async def test_whoever_is_alone_takes_over_at_once(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    await claimed(ledger)
    assert (await Ledger(database, "next start").recover(NOW, alone=True))[DeliveryState.UNCERTAIN] == 1


async def test_what_a_try_came_to_is_the_truth_however_late(database: Database, ledger: Ledger) -> None:
    for _ in range(2):
        await a_reader(database)
    number = await _fan(database)
    rows = [d.id for d in await claimed(ledger)]
    await Ledger(database, "another").recover(LATER)
    late = [
        (rows[0], Finish(DeliveryState.SENT, message_id=5)),
        (rows[1], Finish(DeliveryState.FAILED, "chat not found")),
    ]
    await ledger.finish(late, LATER)
    assert await _states(database) == [DeliveryState.SENT, DeliveryState.FAILED]
    tally = (await Publications(database).get(number)).tally
    assert (tally.sent, tally.uncertain, tally.failed) == (1, 0, 1)


async def test_an_interrupted_edit_is_simply_repeated(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    await _fan(database)
    async with database.write() as connection:
        await connection.execute(update(delivery).values(kind=DeliveryKind.EDIT, target_message=7))
    await claimed(ledger)
    numbers = await Ledger(database, "another").recover(LATER)
    assert (numbers[DeliveryState.QUEUED], numbers[DeliveryState.UNCERTAIN]) == (1, 0)


async def test_a_reader_who_blocked_the_bot_is_noted_with_the_failure(database: Database, ledger: Ledger) -> None:
    reader, other = await a_reader(database, chat_id=501), await a_reader(database, chat_id=502)
    await _fan(database)
    [one] = [due for due in await claimed(ledger) if due.reader.id == reader.id]
    step = Finish(DeliveryState.FAILED, "Forbidden: bot was blocked by the user", reader_state=ReaderState.BLOCKED)
    await ledger.finish([(one.id, step)], NOW)
    found = [await Readers(database).find(Address(chat_id)) for chat_id in (501, 502)]
    states = [(person.id, person.state) for person in found if person is not None]
    assert states == [(reader.id, ReaderState.BLOCKED), (other.id, ReaderState.ACTIVE)]


async def test_a_headline_that_is_late_becomes_a_line_of_the_next_digest(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    number = await _fan(database)
    assert await ledger.expire(NOW) == 0
    late = NOW + timedelta(hours=7)
    assert await ledger.expire(late) == 1
    assert await _states(database) == [DeliveryState.HELD]
    tally = (await Publications(database).get(number)).tally
    assert (tally.left, tally.held) == (0, 1)
    assert await Digests(database).build(late) == 1
    assert await _states(database) == [DeliveryState.BUNDLED, DeliveryState.QUEUED]


async def test_what_nobody_wants_to_read_any_more_expires(database: Database, ledger: Ledger) -> None:
    await a_reader(database)
    number = await _fan(database)
    assert await ledger.expire(NOW + timedelta(days=2)) == 1
    assert await _states(database) == [DeliveryState.EXPIRED]
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
    assert (await _states(database)).count(DeliveryState.QUEUED) == 3
    assert (await _states(database)).count(DeliveryState.HELD) == 2
