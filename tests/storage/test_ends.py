"""How deliveries end when something comes in between: stops, expiry, quiet hours, digests that fail, chats that move."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from bot.model.changes import ArticleChanges
from bot.model.desk import Correction, PublicationState
from bot.model.ledger import Delivery, DeliveryKind, DeliveryState, Finish, Policy, Retry, ToDigest
from bot.model.matching import topic_key
from bot.model.news import RevisionKind
from bot.model.readers import Address, Hourly, Quiet, Reader, ReaderState
from storage.delivery.corrections import Corrections
from storage.delivery.digests import KEPT_FOR, Digests
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.readers import LedgerReaders
from storage.delivery.sends import Sends
from storage.delivery.uncertain import Uncertain
from storage.engine import sqlite
from storage.engine.database import Database
from storage.schema.tables import delivery, publication, reader
from tests.support.rows import LEASE, NO_TERMS, NOW, a_matter, a_publication, a_reader, claimed, told_nothing

LATER = NOW + timedelta(hours=7)
SHELF = timedelta(hours=6)


async def _sent_out(database: Database, *people: Reader, shelf: timedelta = SHELF) -> tuple[int, int]:
    article_id, number = await a_publication(database)
    while await Publications(database).fan_out(number, a_matter(), 10**9, NOW, shelf):
        pass
    return article_id, number


async def _states(database: Database) -> list[DeliveryState]:
    async with database.read() as connection:
        return list((await connection.execute(select(delivery.c.state).order_by(delivery.c.id))).scalars())


async def _followed(database: Database, number: int) -> PublicationState:
    sends = Sends(database)
    for _ in range(20):
        if not await sends.follow(NOW):
            break
    return (await Publications(database).get(number)).state


@pytest.mark.thorough
async def test_of_thousands_of_stale_headlines_each_becomes_a_line(database: Database) -> None:
    one = await a_reader(database)
    rows = [
        {"reader_id": one.id, "article_id": n, "kind": DeliveryKind.PUSH, "lane": 2, "state": DeliveryState.QUEUED,
         "not_before": NOW, "created_at": NOW, "expires_at": NOW + SHELF}
        for n in range(1, 12_001)
    ]  # fmt: skip
    async with database.write() as connection:
        await connection.execute(delivery.insert(), rows)
    ledger = Ledger(database, "me")
    while await ledger.expire(LATER):
        pass
    async with database.read() as connection:
        counted = await connection.execute(select(delivery.c.state, func.count()).group_by(delivery.c.state))
        assert {row[0]: row[1] for row in counted} == {DeliveryState.HELD: 12_000}


async def test_a_stale_headline_is_not_claimed_before_the_tick_that_expires_it(database: Database) -> None:
    await a_reader(database)
    await _sent_out(database)
    assert await claimed(Ledger(database, "me"), at=LATER) == []


async def test_what_comes_back_from_the_air_after_a_stop_is_not_sent(database: Database) -> None:
    await a_reader(database)
    _, number = await _sent_out(database)
    ledger = Ledger(database, "me")
    (one,) = await claimed(ledger)
    await Sends(database).stop(number, 1, NOW)
    assert await _followed(database, number) is PublicationState.STOPPING, "one is in the air"
    await ledger.finish([(one.id, Retry(NOW, "throttled", 1))], NOW)
    assert await claimed(ledger) == []
    assert await _followed(database, number) is PublicationState.STOPPED
    assert await _states(database) == [DeliveryState.DROPPED]
    assert (await Publications(database).get(number)).tally.dropped == 1


async def test_what_comes_back_long_after_its_send_has_ended_is_not_sent(database: Database) -> None:
    await a_reader(database)
    _, number = await _sent_out(database)
    ledger = Ledger(database, "me")
    (one,) = await claimed(ledger)
    await Sends(database).stop(number, 1, NOW)
    await Ledger(database, "another").recover(NOW + 2 * LEASE)
    assert await _followed(database, number) is PublicationState.STOPPED
    await ledger.finish([(one.id, Retry(NOW, "throttled", 1))], NOW)
    assert await claimed(ledger) == []
    assert await _followed(database, number) is PublicationState.STOPPED
    assert await _states(database) == [DeliveryState.DROPPED]
    tally = (await Publications(database).get(number)).tally
    assert (tally.uncertain, tally.dropped) == (0, 1)


async def test_no_policy_sends_again_what_was_stopped(database: Database) -> None:
    await a_reader(database)
    _, number = await _sent_out(database)
    async with database.write() as connection:
        await connection.execute(update(publication).values(policy=Policy.RESEND))
    ledger = Ledger(database, "me")
    (one,) = await claimed(ledger)
    await ledger.finish([(one.id, Finish(DeliveryState.UNCERTAIN, "reset"))], NOW)
    await told_nothing(database)
    await Sends(database).stop(number, 1, NOW)
    await _followed(database, number)
    await Uncertain(database).follow_policies(NOW)
    assert await _states(database) == [DeliveryState.UNCERTAIN]


@pytest.mark.parametrize(("act", "then"), [("stop", DeliveryState.DROPPED), ("pause", DeliveryState.HELD)])
async def test_a_halted_send_does_not_go_out_in_digests(database: Database, act: str, then: DeliveryState) -> None:
    await a_reader(database, schedule=Hourly())
    _, number = await _sent_out(database)
    if act == "stop":
        await Sends(database).stop(number, 1, NOW)
    else:
        await Sends(database).pause(number, "", 1, NOW)
    await _followed(database, number)
    await Digests(database).build(NOW + timedelta(hours=2))
    assert await _states(database) == [then]
    counts = (await Publications(database).get(number)).tally
    assert (counts.held, counts.dropped) == ((0, 1) if act == "stop" else (1, 0))


async def test_a_late_success_in_an_old_revision_is_owed_its_edit(database: Database) -> None:
    await a_reader(database)
    article_id, _ = await _sent_out(database)
    ledger = Ledger(database, "me")
    (one,) = await claimed(ledger)
    await Ledger(database, "another").recover(NOW + 2 * LEASE)
    corrections = Corrections(database)
    correction = Correction(
        article_id=article_id, version=2, kind=RevisionKind.TYPO, by=1,
        changes=ArticleChanges(title="Міст відкрито"), terms=NO_TERMS,
    )  # fmt: skip
    number = await corrections.correct(correction, NOW)
    while await corrections.spread(number, 100, NOW):
        pass
    assert await _states(database) == [DeliveryState.UNCERTAIN], "nothing to change yet"
    await ledger.finish([(one.id, Finish(DeliveryState.SENT, message_id=77))], NOW)
    async with database.read() as connection:
        edit = (await connection.execute(select(delivery).where(delivery.c.kind == DeliveryKind.EDIT))).one()
    assert (edit.target_message, edit.publication_id, edit.state) == (77, number, DeliveryState.QUEUED)


@pytest.mark.parametrize("policy", [Policy.HOLD, Policy.DROP])
async def test_what_was_let_go_and_had_arrived_is_written_down_and_corrected(
    database: Database, policy: Policy
) -> None:
    await a_reader(database)
    article_id, number = await _sent_out(database)
    ledger = Ledger(database, "me")
    (one,) = await claimed(ledger)
    await Ledger(database, "another").recover(NOW + 2 * LEASE)
    await told_nothing(database)
    if policy is Policy.HOLD:
        await Uncertain(database).decide(number, Policy.DROP, 1, NOW)
    else:
        async with database.write() as connection:
            await connection.execute(update(publication).values(policy=policy))
        await Uncertain(database).follow_policies(NOW)
    correction = Correction(
        article_id=article_id, version=2, kind=RevisionKind.TYPO, by=1,
        changes=ArticleChanges(title="Міст відкрито"), terms=NO_TERMS,
    )  # fmt: skip
    fix = await Corrections(database).correct(correction, NOW)
    while await Corrections(database).spread(fix, 100, NOW):
        pass
    for _ in range(2):  # an outcome may be written down again
        await ledger.finish([(one.id, Finish(DeliveryState.SENT, message_id=77))], NOW)
        assert await _states(database) == [DeliveryState.SENT, DeliveryState.QUEUED]
        tally = (await Publications(database).get(number)).tally
        assert (tally.sent, tally.dropped, tally.uncertain) == (1, 0, 0)


async def test_what_was_let_go_stays_so_when_it_never_arrived(database: Database) -> None:
    await a_reader(database)
    _, number = await _sent_out(database)
    ledger = Ledger(database, "me")
    (one,) = await claimed(ledger)
    await Ledger(database, "another").recover(NOW + 2 * LEASE)
    await told_nothing(database)
    await Uncertain(database).decide(number, Policy.DROP, 1, NOW)
    await ledger.finish([(one.id, Finish(DeliveryState.FAILED, "chat not found"))], NOW)
    await ledger.finish([(one.id, Retry(NOW, "429", 1))], NOW)
    await Ledger(database, "another").finish([(one.id, Finish(DeliveryState.SENT, message_id=5))], NOW)
    assert await _states(database) == [DeliveryState.DROPPED]


async def test_the_lines_of_a_digest_that_was_let_go_and_had_arrived_are_there_again(database: Database) -> None:
    ledger = Ledger(database, "me")
    number, whole = await _an_uncertain_digest(database, ledger)
    await told_nothing(database)
    await Uncertain(database).decide(None, Policy.DROP, 1, NOW)
    await ledger.finish([(whole.id, Finish(DeliveryState.SENT, message_id=5))], LATER)
    assert await _states(database) == [DeliveryState.BUNDLED, DeliveryState.SENT]
    counts = (await Publications(database).get(number)).tally
    assert (counts.held, counts.dropped) == (1, 0)


async def test_a_headline_that_waited_into_quiet_hours_becomes_a_line(database: Database) -> None:
    one = await a_reader(database, quiet=Quiet(time(22), time(7)))
    _, number = await _sent_out(database)
    ledger = Ledger(database, "me")
    night = NOW.replace(hour=23)
    async with database.write() as connection:
        await connection.execute(update(delivery).values(expires_at=None))
        await connection.execute(update(reader).values(next_digest_at=None))

    def sift(due: list[Delivery]) -> dict[int, ToDigest]:
        return {row.id: ToDigest() for row in due}

    assert (await ledger.claim(5, night, LEASE, sift)).aside == 1
    assert await _states(database) == [DeliveryState.HELD]
    assert (await Publications(database).get(number)).tally.held == 1
    assert await Digests(database).promise(night) == 1
    planned = await LedgerReaders(database).get(one.id)
    assert planned is not None
    assert planned.next_digest_at == NOW.replace(hour=5) + timedelta(days=1), "at seven in Kyiv"


async def test_what_is_held_without_a_digest_to_wait_for_gets_one(database: Database) -> None:
    one = await a_reader(database, schedule=Hourly())
    await _sent_out(database)
    async with database.write() as connection:  # as when the settings were saved beside the fan-out
        await connection.execute(update(reader).values(schedule="now", next_digest_at=None))
    digests = Digests(database)
    assert await digests.build(NOW) == 0
    assert await digests.promise(NOW) == 1
    assert await digests.build(NOW) == 1
    assert await digests.promise(NOW) == 0
    assert (await LedgerReaders(database).get(one.id) or one).next_digest_at is None


async def test_a_digest_that_is_due_stays_due_when_settings_are_saved(database: Database) -> None:
    one = await a_reader(database, schedule=Hourly())
    await _sent_out(database)
    due = NOW + timedelta(hours=1, seconds=1)
    saved = await LedgerReaders(database).save(replace(one, language="en"), due)
    assert saved.next_digest_at is not None
    assert saved.next_digest_at <= due
    assert await Digests(database).build(due) == 1


@pytest.mark.parametrize("state", [ReaderState.ACTIVE, ReaderState.BLOCKED])
async def test_the_lines_of_a_digest_that_did_not_go_out_wait_or_fail_with_it(
    database: Database, state: ReaderState
) -> None:
    await a_reader(database, schedule=Hourly())
    _, number = await _sent_out(database)
    due = NOW + timedelta(hours=1)
    await Digests(database).build(due)
    ledger = Ledger(database, "me")
    (whole,) = await claimed(ledger, at=due)
    gone = None if state is ReaderState.ACTIVE else state
    await ledger.finish([(whole.id, Finish(DeliveryState.FAILED, "no", reader_state=gone))], due)
    counts = (await Publications(database).get(number)).tally
    if gone is None:
        assert await _states(database) == [DeliveryState.FAILED, DeliveryState.FAILED]
        assert (counts.held, counts.failed) == (0, 1)
    else:
        assert await _states(database) == [DeliveryState.HELD, DeliveryState.FAILED]
        assert (counts.held, counts.failed) == (1, 0)


async def _an_uncertain_digest(database: Database, ledger: Ledger) -> tuple[int, Delivery]:
    await a_reader(database, schedule=Hourly())
    _, number = await _sent_out(database)
    await Digests(database).build(NOW + timedelta(hours=1))
    (whole,) = await claimed(ledger, at=NOW + timedelta(hours=1))
    await ledger.finish([(whole.id, Finish(DeliveryState.UNCERTAIN, "reset"))], NOW + timedelta(hours=1))
    return number, whole


async def test_a_digest_in_doubt_is_counted_and_listed(database: Database) -> None:
    await _an_uncertain_digest(database, Ledger(database, "me"))
    uncertain = Uncertain(database)
    assert (await uncertain.loose()).number == 0  # Telegram is asked first
    await told_nothing(database)
    counts = await uncertain.loose()
    assert (counts.number, counts.newest) == (1, NOW)
    (listed,) = await uncertain.listed(None, 5)
    assert (listed.reader, listed.kind, listed.reason) == ("Оля", DeliveryKind.DIGEST, "reset")


async def test_a_digest_that_is_sent_again_does_not_expire_like_a_headline(database: Database) -> None:
    ledger = Ledger(database, "me")
    _, whole = await _an_uncertain_digest(database, ledger)
    await told_nothing(database)
    assert await Uncertain(database).decide(None, Policy.RESEND, 1, LATER) == 1
    much_later = LATER + timedelta(hours=5)
    assert await ledger.expire(much_later) == 0
    assert [one.id for one in await claimed(ledger, at=much_later)] == [whole.id]


async def test_the_lines_of_a_digest_that_is_let_go_end_with_it_and_a_notes_do_not(database: Database) -> None:
    ledger = Ledger(database, "me")
    number, whole = await _an_uncertain_digest(database, ledger)
    async with database.write() as connection:  # a correction's note in reply to a digest
        note = {"reader_id": whole.reader.id, "digest_id": whole.digest_id, "kind": DeliveryKind.NOTE, "lane": 2}
        note |= {"state": DeliveryState.UNCERTAIN, "not_before": NOW, "created_at": NOW, "finished_at": NOW}
        await connection.execute(delivery.insert().values(note))
        await connection.execute(update(delivery).where(delivery.c.id == whole.id).values(state=DeliveryState.SENT))
    await told_nothing(database)
    assert await Uncertain(database).decide(None, Policy.DROP, 1, NOW) == 1
    assert await _states(database) == [DeliveryState.BUNDLED, DeliveryState.SENT, DeliveryState.DROPPED]
    async with database.write() as connection:
        change = update(delivery).where(delivery.c.id == whole.id)
        await connection.execute(change.values(state=DeliveryState.UNCERTAIN))
    await told_nothing(database)
    assert await Uncertain(database).decide(None, Policy.DROP, 1, NOW) == 1
    assert await _states(database) == [DeliveryState.DROPPED] * 3
    counts = (await Publications(database).get(number)).tally
    assert (counts.held, counts.dropped) == (0, 1)


async def test_the_lines_of_a_digest_that_is_refused_late_fail_with_it(database: Database) -> None:
    ledger = Ledger(database, "me")
    number, whole = await _an_uncertain_digest(database, ledger)
    await ledger.finish([(whole.id, Finish(DeliveryState.FAILED, "too long"))], LATER)
    assert await _states(database) == [DeliveryState.FAILED, DeliveryState.FAILED]
    counts = (await Publications(database).get(number)).tally
    assert (counts.held, counts.failed) == (0, 1)


async def test_what_was_held_for_days_is_no_news_any_more(database: Database) -> None:
    await a_reader(database, schedule=Hourly())
    _, number = await _sent_out(database)
    await Digests(database).build(NOW + KEPT_FOR + timedelta(hours=1))
    assert await _states(database) == [DeliveryState.EXPIRED]
    counts = (await Publications(database).get(number)).tally
    assert (counts.held, counts.expired) == (0, 1)


async def test_whoever_comes_back_gets_no_digest_of_the_time_they_were_away_at_once(database: Database) -> None:
    one = await a_reader(database, schedule=Hourly())
    readers = LedgerReaders(database)
    await readers.shut_chat(one.address.chat_id, ReaderState.BLOCKED, NOW)
    back = NOW + timedelta(days=90)
    again, _ = await readers.meet(one, back)
    assert again.state is ReaderState.ACTIVE
    assert again.next_digest_at is not None
    assert again.next_digest_at > back


async def test_a_block_does_not_end_a_pause(database: Database) -> None:
    one = await a_reader(database)
    await _sent_out(database)
    ledger = Ledger(database, "me")
    (row,) = await claimed(ledger)
    readers = LedgerReaders(database)
    await readers.save(replace(one, state=ReaderState.LEFT), NOW)
    blocked = Finish(DeliveryState.FAILED, "blocked", reader_state=ReaderState.BLOCKED)
    await ledger.finish([(row.id, blocked)], NOW)
    found = await readers.get(one.id)
    assert found is not None
    assert found.state is ReaderState.LEFT


async def test_a_group_that_moved_takes_its_choices_along_and_keeps_no_message_numbers(database: Database) -> None:
    old = await a_reader(database, "t1", chat_id=-5, schedule=Hourly())
    await a_reader(database, chat_id=-1005)
    async with database.write() as connection:
        sent = {"reader_id": old.id, "article_id": 1, "kind": DeliveryKind.PUSH, "lane": 2, "not_before": NOW}
        await connection.execute(
            delivery.insert().values(**sent, state=DeliveryState.SENT, created_at=NOW, message_id=9)
        )
    readers = LedgerReaders(database)
    for _ in range(2):
        await readers.move_chat(-5, -1005, NOW)
    found = await readers.find(Address(-1005))
    assert found is not None
    assert found.schedule == Hourly()
    assert (await readers.choices(found.id, NOW)).wanted == {topic_key(1)}
    async with database.read() as connection:
        row = (await connection.execute(select(delivery))).one()
    assert (row.reader_id, row.message_id) == (found.id, None)


async def test_a_reader_deleted_by_hand_holds_nobody_up(database: Database) -> None:
    gone, stays = await a_reader(database), await a_reader(database)
    _, number = await _sent_out(database)
    async with database.write() as connection:
        await connection.execute(delete(reader).where(reader.c.id == gone.id))
    assert [one.reader.id for one in await claimed(Ledger(database, "me"))] == [stays.id]
    assert (await Publications(database).get(number)).tally.dropped == 1


def test_a_checkpoint_makes_no_file_where_the_database_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "visnyk.db"
    if sqlite.CHECKPOINTS_SAFELY:
        with pytest.raises(sqlite.LIBRARY.OperationalError):
            sqlite.checkpoint(str(gone))
    assert not gone.exists()
