"""Claiming: what a chat waits for, and what goes out with the claim."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.model.ledger import DeliveryState, Finish, Priority, Retry
from bot.model.readers import Hourly
from storage.delivery.digests import Digests
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.schema.tables import article, delivery
from tests.support.rows import NOW, a_matter, a_publication, a_reader, claimed

HOUR = timedelta(hours=1)
SENT = Finish(DeliveryState.SENT, message_id=5)


async def _published(database: Database, lane: Priority = Priority.INSTANT) -> int:
    article_id, number = await a_publication(database, lane=lane)
    await Publications(database).fan_out(number, a_matter(), 10**9, NOW, HOUR)
    return article_id


async def test_what_is_urgent_waits_while_its_chat_has_something_else_in_the_air(database: Database) -> None:
    await a_reader(database)
    ledger = Ledger(database, "me")
    await _published(database)
    [news] = await claimed(ledger)
    urgent = await _published(database, Priority.URGENT)
    assert await claimed(ledger) == []
    await ledger.finish([(news.id, SENT)], NOW)
    assert [one.article_id for one in await claimed(ledger)] == [urgent]


async def test_what_is_less_urgent_waits_also_when_it_is_older(database: Database) -> None:
    await a_reader(database)
    ledger = Ledger(database, "me")
    news, urgent = await _published(database), await _published(database, Priority.URGENT)
    for article_id in (urgent, news):
        [one] = await claimed(ledger)
        assert one.article_id == article_id
        await ledger.finish([(one.id, SENT)], NOW)


async def test_each_goes_out_in_the_revision_of_its_own_article(database: Database) -> None:
    for _ in range(2):
        await a_reader(database)
    corrected, other = await _published(database), await _published(database)
    async with database.write() as connection:
        await connection.execute(update(article).where(article.c.id == corrected).values(revision=3))
    ledger, found = Ledger(database, "me"), {}
    for _ in range(2):
        due = await claimed(ledger)
        found |= {one.article_id: one.revision for one in due}
        await ledger.finish([(one.id, SENT) for one in due], NOW)
    assert found == {corrected: 3, other: 1}


async def test_a_digest_has_no_article_and_keeps_the_revision_it_has(database: Database) -> None:
    await a_reader(database, schedule=Hourly())
    await _published(database)
    await Digests(database).build(NOW + HOUR)
    async with database.write() as connection:
        await connection.execute(update(article).values(revision=7))
    [one] = await claimed(Ledger(database, "me"), at=NOW + HOUR)
    assert (one.article_id, one.revision) == (None, 1)


async def test_a_claim_says_whose_it_is_until_when_and_how_often_it_was_tried_before(database: Database) -> None:
    await a_reader(database)
    await _published(database)
    ledger = Ledger(database, "me")
    for before in (0, 1, 2):
        [one] = await claimed(ledger)
        assert one.attempts == before
        async with database.read() as connection:
            row = (await connection.execute(select(delivery))).one()
        assert (row.holder, row.lease_until, row.attempts) == ("me", NOW + timedelta(seconds=45), before + 1)
        await ledger.finish([(one.id, Retry(NOW, "429", before + 1))], NOW)


async def test_of_many_that_are_due_as_many_are_claimed_as_are_asked_for_the_oldest_first(database: Database) -> None:
    for _ in range(4):
        await a_reader(database)
    await _published(database)
    ledger = Ledger(database, "me")
    found = [[one.id for one in await claimed(ledger, 3)] for _ in range(3)]
    numbers = sorted(number for some in found for number in some)
    assert found == [numbers[:3], numbers[3:], []]
