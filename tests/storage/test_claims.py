"""Claiming: what a chat waits for, and what goes out with the claim."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import insert, select, update

from bot.delivery.pacing import ChatPacer
from bot.delivery.sieve import Sieve
from bot.model.ledger import Claimed, DeliveryKind, DeliveryState, Finish, Postpone, Priority, Retry
from bot.model.readers import Hourly, Quiet, Reader
from storage.delivery.digests import Digests
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.readers import LedgerReaders
from storage.engine.database import Database
from storage.schema.tables import article, delivery
from tests.support.clock import TestClock
from tests.support.rows import LEASE, NOW, a_matter, a_publication, a_reader, claimed

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


NOTE, EDIT, PUSH = DeliveryKind.NOTE, DeliveryKind.EDIT, DeliveryKind.PUSH
NIGHT = NOW.replace(hour=21)  # eleven in Kyiv
MORNING = NIGHT.replace(hour=5) + timedelta(days=1)


async def _queued(database: Database, whose: Reader, *kinds: DeliveryKind) -> list[int]:
    """Queue deliveries of one lane for a reader; returns their numbers."""
    columns = {"reader_id": whose.id, "lane": Priority.INSTANT, "state": DeliveryState.QUEUED, "not_before": NOW}
    rows = [{**columns, "kind": kind, "article_id": n, "created_at": NOW} for n, kind in enumerate(kinds, 1)]
    async with database.write() as connection:
        return [await connection.scalar(insert(delivery).values(row).returning(delivery.c.id)) or 0 for row in rows]


async def _sieved(ledger: Ledger, at: datetime) -> Claimed:
    """Claim as the product does, with what must wait put aside."""
    clock = TestClock(at)
    return await ledger.claim(10, at, LEASE, Sieve(ChatPacer(clock), clock).aside)


def _of(found: Claimed) -> Sequence[int]:
    return [one.id for one in found.deliveries]


async def test_what_waits_for_another_try_or_for_its_chat_is_overtaken_by_nothing(database: Database) -> None:
    ledger, soon = Ledger(database, "me"), NOW + timedelta(seconds=5)
    waits = {
        "a 429": lambda one: ledger.finish([(one, Retry(soon, "throttled", 1))], NOW),
        "its chat": lambda one: _put_aside(ledger, one, Postpone(soon, "its chat")),
    }
    for name, wait in waits.items():
        whose = await a_reader(database)
        note, *later = await _queued(database, whose, NOTE, NOTE, EDIT, PUSH)
        if name == "a 429":
            assert [one.id for one in await claimed(ledger)] == [note]
        await wait(note)
        assert await claimed(ledger) == [], name
        for number in (note, *later):
            assert [one.id for one in await claimed(ledger, at=soon)] == [number]
            await ledger.finish([(number, SENT)], soon)


async def _put_aside(ledger: Ledger, number: int, wait: Postpone) -> None:
    assert (await ledger.claim(10, NOW, LEASE, lambda _: {number: wait})).aside == 1


async def test_nothing_is_claimed_beside_a_note_in_the_air_whose_process_is_ahead_in_time(database: Database) -> None:
    ahead, ledger = Ledger(database, "ahead"), Ledger(database, "me")
    await _queued(database, await a_reader(database, quiet=Quiet(time(22), time(7))), NOTE, EDIT)
    assert (await _sieved(ahead, NIGHT)).aside == 1
    async with database.write() as connection:  # by its clock the morning has come
        await connection.execute(update(delivery).where(delivery.c.kind == NOTE).values(not_before=NIGHT + HOUR))
    [note] = await claimed(ahead, limit=1, at=NIGHT + HOUR)
    assert note.kind is NOTE
    assert _of(await _sieved(ledger, NIGHT + HOUR - timedelta(milliseconds=40))) == []


async def test_what_waits_for_the_morning_is_passed_by_edits_alone(database: Database) -> None:
    whose = await a_reader(database, quiet=Quiet(time(22), time(7)))
    ledger = Ledger(database, "me")
    first, second, edit, push, another = await _queued(database, whose, NOTE, NOTE, EDIT, PUSH, EDIT)
    assert (await _sieved(ledger, NIGHT)).aside == 1
    assert _of(await _sieved(ledger, NIGHT)) == [edit]
    assert _of(await _sieved(ledger, NIGHT)) == [], "one of a chat at a time"
    await ledger.finish([(edit, SENT)], NIGHT)
    found = await _sieved(ledger, NIGHT)
    assert (_of(found), found.aside) == ([], 0), "an edit behind news waits for it"
    for number in (first, second, push, another):
        assert _of(await _sieved(ledger, MORNING)) == [number]
        await ledger.finish([(number, SENT)], MORNING)


async def test_what_waits_for_the_morning_goes_out_when_its_reader_ends_the_quiet_hours(database: Database) -> None:
    whose, other = [await a_reader(database, quiet=Quiet(time(22), time(7))) for _ in range(2)]
    ledger = Ledger(database, "me")
    note, push = await _queued(database, whose, NOTE, PUSH)
    await _queued(database, other, NOTE)
    assert (await _sieved(ledger, NIGHT)).aside == 2
    await LedgerReaders(database).save(replace(whose, quiet=None), NIGHT)
    for number in (note, push):
        assert _of(await _sieved(ledger, NIGHT)) == [number]
        await ledger.finish([(number, SENT)], NIGHT)
    assert _of(await _sieved(ledger, NIGHT)) == []
