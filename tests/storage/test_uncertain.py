"""Deliveries in doubt: what is decided for one publication changes no other, and each policy does its own."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryState, Finish, Policy
from bot.model.readers import Hourly
from storage.delivery.digests import Digests
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.uncertain import TRIES, Uncertain
from storage.engine.database import AnyRow, Database
from storage.people.audit import Audit
from storage.schema.tables import delivery, publication
from tests.support.rows import LEASE, NOW, a_matter, a_publication, a_reader, claimed, told_nothing

HOUR = timedelta(hours=1)
LATER = NOW + HOUR
QUEUED, UNCERTAIN, DROPPED = DeliveryState.QUEUED, DeliveryState.UNCERTAIN, DeliveryState.DROPPED
LOST = Finish(UNCERTAIN, "reset")


async def _in_doubt(database: Database, times: int) -> list[int]:
    """Send so many publications to a reader each, of which nobody knows whether they arrived; they are done."""
    numbers, ledger, publications = [], Ledger(database, "me"), Publications(database)
    for _ in range(times):
        await a_reader(database, f"t{len(numbers) + 1}")
        _, number = await a_publication(database)
        await publications.fan_out(number, a_matter(len(numbers) + 1), 10**9, NOW, HOUR)
        numbers.append(number)
    await ledger.finish([(one.id, LOST) for one in await claimed(ledger)], NOW)
    assert sorted(await publications.settle(NOW)) == numbers
    return numbers


async def _in_vain(database: Database, times: int) -> list[int]:
    """The same, and Telegram has been asked and cannot tell."""
    numbers = await _in_doubt(database, times)
    await told_nothing(database)
    return numbers


async def _rows(database: Database) -> list[AnyRow]:
    async with database.read() as connection:
        return list((await connection.execute(select(delivery).order_by(delivery.c.id))).all())


async def _sends(database: Database) -> list[AnyRow]:
    async with database.read() as connection:
        return list((await connection.execute(select(publication).order_by(publication.c.id))).all())


@pytest.mark.parametrize(("policy", "state"), [(Policy.RESEND, QUEUED), (Policy.DROP, DROPPED)])
async def test_what_is_decided_for_one_publication_is_decided_for_no_other(
    database: Database, policy: Policy, state: DeliveryState
) -> None:
    numbers, doubts = await _in_vain(database, 3), Uncertain(database)
    assert await doubts.decide(numbers[1], policy, 7, LATER) == 1
    assert [row.state for row in await _rows(database)] == [UNCERTAIN, state, UNCERTAIN]
    sends = await _sends(database)
    assert [row.uncertain for row in sends] == [1, 0, 1]
    assert [row.dropped for row in sends] == [0, int(policy is Policy.DROP), 0]
    again = PublicationState.RUNNING if policy is Policy.RESEND else PublicationState.DONE
    assert [row.state for row in sends] == [PublicationState.DONE, again, PublicationState.DONE]
    assert (sends[1].finished_at is None) is (policy is Policy.RESEND)
    assert [len(await doubts.listed(number, 5)) for number in numbers] == [1, 0, 1]
    entry = (await Audit(database).of_article(sends[1].article_id))[-1]
    assert (entry.by, entry.act) == (7, f"uncertain {policy.name.lower()}")
    assert entry.detail == {"publication": numbers[1], "rows": 1}


async def test_what_is_sent_again_is_due_at_once_and_worth_an_hour(database: Database) -> None:
    [number] = await _in_vain(database, 1)
    await Uncertain(database).decide(number, Policy.RESEND, 7, LATER)
    [row] = await _rows(database)
    assert (row.not_before, row.expires_at, row.finished_at, row.holder) == (LATER, LATER + HOUR, None, None)
    ledger = Ledger(database, "another")
    assert [one.attempts for one in await claimed(ledger, at=LATER)] == [1]


@pytest.mark.parametrize("policy", [Policy.RESEND, Policy.DROP])
async def test_a_word_holds_for_what_telegram_cannot_tell_and_for_nothing_that_became_uncertain_since(
    database: Database, policy: Policy
) -> None:
    doubts, mine = Uncertain(database), Ledger(database, "me")
    for _ in range(2):
        await a_reader(database)
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 10**9, NOW, HOUR)
    [lost] = await claimed(mine, 1)
    await mine.finish([(lost.id, LOST)], NOW)
    await told_nothing(database)
    assert len(await claimed(mine)) == 1
    assert len(await doubts.listed(number, 5)) == 1  # as somebody is shown it, before a process is missed
    await Ledger(database, "another").recover(LATER)
    assert len(await doubts.listed(number, 5)) == 1
    assert (await Publications(database).get(number)).undecided == 1
    assert await doubts.decide(number, policy, 7, LATER) == 1
    assert [row.state for row in await _rows(database)][1:] == [UNCERTAIN]
    assert (await Publications(database).get(number)).undecided == 0


async def test_each_policy_does_its_own(database: Database) -> None:
    numbers, doubts = await _in_doubt(database, 5), Uncertain(database)
    policies = (Policy.HOLD, Policy.RESEND, Policy.DROP, Policy.RESEND, Policy.RESEND)
    async with database.write() as connection:
        for number, policy in zip(numbers, policies, strict=True):
            change = update(publication).where(publication.c.id == number)
            await connection.execute(change.values(policy=policy))
        tried = update(delivery).where(delivery.c.publication_id == numbers[3])
        await connection.execute(tried.values(attempts=TRIES))
        stopped = update(publication).where(publication.c.id == numbers[4])
        await connection.execute(stopped.values(state=PublicationState.STOPPED))
    assert await doubts.follow_policies(LATER) == 0, "Telegram is asked first"
    await told_nothing(database)
    assert await doubts.follow_policies(LATER) == 1
    assert [row.state for row in await _rows(database)] == [UNCERTAIN, QUEUED, DROPPED, UNCERTAIN, UNCERTAIN]
    assert await doubts.follow_policies(LATER) == 0


async def test_what_belongs_to_no_publication_is_counted_listed_and_decided_apart(database: Database) -> None:
    await _in_doubt(database, 1)
    ledger, doubts = Ledger(database, "me"), Uncertain(database)
    for _ in range(2):
        await a_reader(database, "t9", schedule=Hourly())
    _, held = await a_publication(database)
    await Publications(database).fan_out(held, a_matter(9), 10**9, NOW, HOUR)
    await Digests(database).build(LATER)
    due = (await ledger.claim(10, LATER, LEASE, lambda _: {})).deliveries
    lost, arrived = due
    await ledger.finish([(lost.id, LOST), (arrived.id, Finish(DeliveryState.SENT, message_id=5))], LATER + HOUR)
    async with database.write() as connection:
        await connection.execute(update(delivery).where(delivery.c.id == lost.id).values(finished_at=LATER))
    await told_nothing(database)
    loose = await doubts.loose()
    assert (loose.number, loose.newest) == (1, NOW)  # since when nobody but a person can tell
    assert len(await doubts.listed(None, 5)) == 1
    assert await doubts.decide(None, Policy.RESEND, 7, LATER) == 1
    loose_now = {row.id: row.state for row in await _rows(database) if row.publication_id is None}
    assert loose_now == {lost.id: QUEUED, arrived.id: DeliveryState.SENT}
    assert [row.uncertain for row in await _sends(database)] == [1, 0]
