"""Whose a delivery is that is being sent: what its holder keeps and gives back, and what others take over."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.model.ledger import DeliveryState, Finish, Postpone, Retry
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import AnyRow, Database
from storage.schema.tables import delivery
from tests.support.rows import LEASE, NOW, a_matter, a_publication, a_reader, claimed

QUEUED, SENDING, SENT = DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.SENT
UNCERTAIN = DeliveryState.UNCERTAIN
LATER = NOW + timedelta(seconds=30)


async def _four(database: Database) -> tuple[Ledger, Ledger]:
    """Have one delivery sent by `one`, one being sent by it and one by the `other`, and one that waits."""
    for _ in range(4):
        await a_reader(database)
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 10**9, NOW, timedelta(hours=6))
    one, other = Ledger(database, "one"), Ledger(database, "other")
    [first] = await claimed(one, 1)
    await one.finish([(first.id, Finish(SENT, message_id=5))], NOW)
    await claimed(one, 1)
    await claimed(other, 1)
    return one, other


async def _rows(database: Database) -> list[AnyRow]:
    async with database.read() as connection:
        return list((await connection.execute(select(delivery).order_by(delivery.c.id))).all())


async def test_a_holder_keeps_what_it_is_sending_and_nothing_else(database: Database) -> None:
    one, _ = await _four(database)
    await one.renew(LATER, LEASE)
    leases = [row.lease_until for row in await _rows(database)]
    assert leases == [None, LATER + LEASE, NOW + LEASE, None]


async def test_what_a_holder_gives_back_is_its_own_and_was_not_tried(database: Database) -> None:
    one, _ = await _four(database)
    assert await one.give_back(()) == 1
    rows = await _rows(database)
    assert [row.state for row in rows] == [SENT, QUEUED, SENDING, QUEUED]
    assert [row.holder for row in rows] == ["one", None, "other", None]
    assert [row.attempts for row in rows] == [1, 0, 1, 0]
    assert rows[1].lease_until is None


async def test_what_has_begun_is_not_given_back_and_a_second_try_stays_counted(database: Database) -> None:
    one, _ = await _four(database)
    mine = (await _rows(database))[1].id
    assert await one.give_back([mine]) == 0
    assert [row.state for row in await _rows(database)] == [SENT, SENDING, SENDING, QUEUED]
    await one.finish([(mine, Retry(NOW, "429", 1))], NOW)
    assert mine in {again.id for again in await claimed(one, 1)}
    assert await one.give_back(()) == 1
    assert (await _rows(database))[1].attempts == 1


@pytest.mark.parametrize(
    ("alone", "now", "states"),
    [
        (False, NOW + LEASE - timedelta(seconds=1), [SENT, SENDING, SENDING, QUEUED]),
        (False, NOW + LEASE, [SENT, UNCERTAIN, SENDING, QUEUED]),
        (True, NOW, [SENT, UNCERTAIN, SENDING, QUEUED]),
    ],
)
async def test_others_take_over_what_is_being_sent_and_never_their_own(
    database: Database, alone: bool, now: datetime, states: list[DeliveryState]
) -> None:
    _, other = await _four(database)
    taken = sum(state is UNCERTAIN for state in states)
    assert await other.recover(now, alone=alone) == {QUEUED: 0, UNCERTAIN: taken}
    rows = await _rows(database)
    assert [row.state for row in rows] == states
    if taken:
        assert (rows[1].reason, rows[1].lease_until, rows[1].finished_at) == (
            "crash",
            NOW + LEASE,
            now,
        )  # asking needs the lease
    assert await other.recover(now, alone=alone) == {QUEUED: 0, UNCERTAIN: 0}


@pytest.mark.parametrize(
    ("age", "state"),
    [(timedelta(hours=23, minutes=59), DeliveryState.HELD), (timedelta(days=1), DeliveryState.EXPIRED)],
)
async def test_a_headline_of_the_last_day_becomes_a_line_and_an_older_one_ends(
    database: Database, age: timedelta, state: DeliveryState
) -> None:
    await a_reader(database)
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 10**9, NOW, timedelta(hours=6))
    ledger = Ledger(database, "one")
    assert await ledger.expire(NOW + timedelta(hours=6) - timedelta(seconds=1)) == 0
    assert await ledger.expire(NOW + age) == 1
    assert [row.state for row in await _rows(database)] == [state]


@pytest.mark.parametrize("way", ["a try that failed", "put aside"])
async def test_of_what_one_holder_is_sending_only_that_goes_back_which_is_meant(database: Database, way: str) -> None:
    for _ in range(3):
        await a_reader(database)
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 10**9, NOW, timedelta(hours=6))
    ledger = Ledger(database, "one")
    second = (await _rows(database))[1].id
    if way == "put aside":
        await ledger.claim(5, NOW, LEASE, lambda due: {one.id: Postpone(LATER) for one in due if one.id == second})
    else:
        await claimed(ledger)
        await ledger.finish([(second, Retry(LATER, "429", 1))], NOW)
    rows = await _rows(database)
    assert [row.state for row in rows] == [SENDING, QUEUED, SENDING]
    assert [row.not_before for row in rows] == [NOW, LATER, NOW]
    assert (rows[1].holder, rows[1].lease_until) == (None, None)
