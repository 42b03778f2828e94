"""What Telegram says of uncertain deliveries, in the ledger: each verdict by one commit, and only where it still holds."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from bot.model.asking import Absent, Closed, Doubt, Found, KnownIds, SentMessages, Sighting, Unclear, Verdict
from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryState, Finish, Policy
from bot.model.readers import ReaderState
from storage.delivery.doubts import Doubts
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.readers import LedgerReaders
from storage.delivery.sends import Sends
from storage.delivery.uncertain import Uncertain
from storage.engine.database import Database
from storage.runtime.inbox import Inbox
from storage.runtime.message_ids import MessageIds
from storage.schema.tables import delivery, message_ids, reader
from tests.support.rows import LEASE, NOW, a_matter, a_publication, a_reader, claimed

BEFORE = NOW - timedelta(hours=1)
LATER = NOW + timedelta(minutes=2)
CHANNEL = -1_000_000_000_700


async def _lost(database: Database, chats: tuple[int, ...] = (1, 2, 3)) -> tuple[int, list[Doubt]]:
    """Publish to these chats and lose every answer; returns the publication and the doubts."""
    for chat_id in chats:
        await a_reader(database, chat_id=chat_id)
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 1000, NOW, timedelta(hours=6))
    ledger = Ledger(database, "me")
    await ledger.finish([(one.id, _UNKNOWN) for one in await claimed(ledger)], NOW)
    await Publications(database).settle(NOW)
    return number, await Doubts(database).open()


_UNKNOWN = Finish(DeliveryState.UNCERTAIN, "reset")


async def _states(database: Database) -> Counter[DeliveryState]:
    async with database.read() as connection:
        return Counter((await connection.execute(select(delivery.c.state))).scalars())


async def test_each_verdict_is_written_down_and_counted(database: Database) -> None:
    number, (first, second, third) = await _lost(database)
    verdicts: dict[Doubt, Verdict] = {
        first: Found(71),
        second: Absent(),
        third: Closed("blocked", ReaderState.BLOCKED),
    }
    findings = await Doubts(database).settle(verdicts, LATER)
    assert (findings.found, findings.returned, findings.closed, findings.unclear) == (1, 1, 1, 0)
    assert await _states(database) == {DeliveryState.SENT: 1, DeliveryState.QUEUED: 1, DeliveryState.FAILED: 1}
    publication = await Publications(database).get(number)
    tally = publication.tally
    assert (tally.sent, tally.failed, tally.uncertain, tally.left, tally.found, tally.returned) == (1, 1, 0, 1, 1, 1)
    assert publication.state is PublicationState.RUNNING  # it had ended, and goes on
    assert await _blocked(database) == [third.chat_id]
    assert await Doubts(database).settle(verdicts, LATER) == type(findings)()
    assert (await Publications(database).get(number)).tally == tally


async def _blocked(database: Database) -> list[int]:
    async with database.read() as connection:
        blocked = select(reader.c.chat_id).where(reader.c.state == ReaderState.BLOCKED)
        return list((await connection.execute(blocked)).scalars())


async def test_a_verdict_about_an_earlier_try_changes_nothing(database: Database) -> None:
    number, doubts = await _lost(database, (1,))
    await Doubts(database).settle(dict.fromkeys(doubts, Unclear()), NOW)
    await Uncertain(database).decide(number, Policy.RESEND, 100, NOW)
    ledger = Ledger(database, "me")
    (again,) = await claimed(ledger, at=LATER)
    await Doubts(database).settle(dict.fromkeys(doubts, Absent()), LATER)
    assert await _states(database) == {DeliveryState.SENDING: 1}
    await ledger.finish([(again.id, _UNKNOWN)], LATER)
    await Doubts(database).settle(dict.fromkeys(doubts, Absent()), LATER)
    assert await _states(database) == {DeliveryState.UNCERTAIN: 1}


async def test_what_telegram_cannot_tell_is_for_somebody_to_decide_and_asked_no_more(database: Database) -> None:
    number, doubts = await _lost(database, (1,))
    publications, store = Publications(database), Doubts(database)
    assert (await publications.get(number)).asking == 1
    await store.settle(dict.fromkeys(doubts, Unclear()), LATER)
    assert (await publications.get(number)).asking == 0
    assert await store.open() == []
    assert await store.past() == doubts
    assert await Uncertain(database).decide(number, Policy.RESEND, 100, LATER) == 1
    ledger = Ledger(database, "me")
    (again,) = await claimed(ledger, at=LATER)
    await ledger.finish([(again.id, _UNKNOWN)], LATER)
    assert [one.attempt for one in await store.open()] == [2]  # a new try may be asked about
    assert set(await MessageIds(database).vague(BEFORE)) == {1}  # where one of the first may be


async def test_what_had_not_arrived_of_a_stopped_send_is_dropped(database: Database) -> None:
    number, doubts = await _lost(database, (1,))
    ledger = Ledger(database, "me")
    _, other = await a_publication(database, "Парк закрили")
    await Publications(database).fan_out(other, a_matter(), 1000, NOW, timedelta(hours=6))
    (one,) = await claimed(ledger)
    await Sends(database).stop(other, 100, NOW)
    await ledger.finish([(one.id, _UNKNOWN)], NOW)
    while await Sends(database).follow(NOW):
        pass
    doubts = await Doubts(database).open()
    await Doubts(database).settle(dict.fromkeys(doubts, Absent()), LATER)
    while await Sends(database).follow(LATER):
        pass
    assert await _states(database) == {DeliveryState.QUEUED: 1, DeliveryState.DROPPED: 1}
    assert (await Publications(database).get(number)).tally.returned == 1


async def test_the_truth_that_comes_late_wins_over_asking_and_is_counted_once(database: Database) -> None:
    number, doubts = await _lost(database, (1,))
    ledger = Ledger(database, "me")
    await ledger.finish([(doubts[0].id, Finish(DeliveryState.SENT, message_id=9, chat_id=1))], LATER)
    await Doubts(database).settle(dict.fromkeys(doubts, Found(9)), LATER)
    tally = (await Publications(database).get(number)).tally
    assert (tally.sent, tally.found, tally.uncertain) == (1, 0, 0)
    assert await MessageIds(database).known(0, 0, 99) == KnownIds(frozenset({9}))


async def test_a_claim_knows_the_highest_number_that_was_known(database: Database) -> None:
    ids = MessageIds(database)
    async with database.write() as connection:
        await ids.note(connection, [(5, 40), (6, 44), (CHANNEL, 3)], NOW)
    _, doubts = await _lost(database, (1, CHANNEL))
    assert {(one.chat_id, one.after) for one in doubts} == {(1, 44), (CHANNEL, 3)}


async def test_what_a_send_made_is_known_and_shows_how_it_is_counted(database: Database) -> None:
    for chat_id in (1, 2):
        await a_reader(database, chat_id=chat_id)
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 1000, NOW, timedelta(hours=6))
    async with database.write() as connection:
        await MessageIds(database).note(connection, [(9, 10)], NOW)
    ledger = Ledger(database, "me")
    first, second = await claimed(ledger)
    sent = [
        (one.id, Finish(DeliveryState.SENT, message_id=n, chat_id=n - 10)) for one, n in ((first, 11), (second, 12))
    ]
    for _ in range(2):  # written down twice, known once
        await ledger.finish(sent, NOW)
    known = await MessageIds(database).known(0, 10, 99)
    assert known == KnownIds(frozenset({11, 12}), distinct=True)
    assert await Doubts(database).evidence(first.id, second.id) == [Sighting(2, 12, 10), Sighting(1, 11, 10)]


async def test_what_people_wrote_is_known_with_the_update_once(database: Database) -> None:
    inbox = Inbox(database, "me")
    for _ in range(2):
        await inbox.store([(1, 7, "{}"), (2, 8, "{}")], NOW, {1: (7, 50), 2: (8, 51)}, "first")
    await inbox.store([(2, 8, "{}"), (3, 8, "{}")], NOW, {2: (8, 51), 3: (8, 52)}, "second")
    assert await MessageIds(database).known(0, 0, 99) == KnownIds(frozenset({50, 51, 52}))
    assert (await Doubts(database).under_way()).mark == "second"
    await inbox.store((), NOW, mark="third")
    assert (await Doubts(database).under_way()).mark == "third"


async def test_a_chat_is_vague_as_long_as_a_reply_in_it_is_not_recorded(database: Database) -> None:
    inbox, ids = Inbox(database, "me"), MessageIds(database)
    await inbox.store([(1, 7, "{}"), (2, 8, "{}")], NOW)
    await inbox.claim(10, NOW, LEASE)
    assert sorted(await ids.vague(BEFORE)) == [7, 8]
    assert (await Doubts(database).under_way()).handling == {1, 2}
    for _ in range(2):
        await inbox.done(1, SentMessages(NOW, [(7, 60), (7, 61)]))
    assert await ids.vague(BEFORE) == [8]
    await inbox.give_back(NOW)  # what was cut off may have answered
    assert await ids.vague(BEFORE) == [8]
    begun = await ids.begin(9, NOW)
    assert sorted(await ids.vague(BEFORE)) == [8, 9]
    for _ in range(2):
        await ids.end(begun, [(9, 62)], NOW)
    lost = await ids.begin(10, NOW)
    await ids.end(lost, [(10, 0)], NOW)
    assert sorted(await ids.vague(BEFORE)) == [8, 10]
    await inbox.store_poisoned(3, "…", "unreadable", NOW)
    assert 0 in await ids.vague(BEFORE)  # it may have been anybody's
    assert await ids.known(0, 59, 99) == KnownIds(frozenset({60, 61, 62}))
    assert await ids.vague(LATER) == []


async def test_a_number_that_was_given_twice_is_seen(database: Database) -> None:
    ids = MessageIds(database)
    async with database.write() as connection:
        await ids.note(connection, [(1, 5), (2, 6)], NOW)
        await ids.note(connection, [(3, 6)], NOW)
    assert not (await ids.known(0, 0, 99)).distinct
    assert (await ids.known(0, 0, 6)).distinct
    async with database.write() as connection:
        await ids.note(connection, [(1, 9), (2, 9)], NOW)
    assert not (await ids.known(0, 8, 99)).distinct


async def test_what_is_old_is_forgotten_but_for_the_highest_number(database: Database) -> None:
    ids = MessageIds(database)
    async with database.write() as connection:
        await ids.note(connection, [(1, 5), (1, 6)], NOW)
        await ids.note(connection, [(1, 7), (CHANNEL, 2), (2, 0)], NOW)
    await ids.forget(LATER)
    async with database.read() as connection:
        kept = select(message_ids.c.counter, message_ids.c.last).order_by(message_ids.c.counter)
        assert [tuple(row) for row in await connection.execute(kept)] == [(CHANNEL, 2), (0, 7)]
    assert await ids.vague(BEFORE) == []


async def test_in_a_chat_that_has_moved_nothing_can_be_asked(database: Database) -> None:
    await a_reader(database, chat_id=-5)
    async with database.write() as connection:
        await MessageIds(database).note(connection, [(1, 5)], NOW)
    _, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 1000, NOW, timedelta(hours=6))
    ledger = Ledger(database, "me")
    (one,) = await claimed(ledger)
    await ledger.finish([(one.id, _UNKNOWN)], NOW)
    await LedgerReaders(database).move_chat(-5, CHANNEL, NOW)
    assert [(d.chat_id, d.after) for d in await Doubts(database).open()] == [(CHANNEL, None)]
