"""Pause, resume, stop, doubts and the backlog: the rows follow what was decided, on both engines."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.errors import Stale
from bot.model.backlog import Backlog, Waterline
from bot.model.changes import ArticleChanges
from bot.model.desk import Correction, Order, PublicationState
from bot.model.ledger import Delivery, DeliveryKind, DeliveryState, Finish, Policy, Priority
from bot.model.news import RevisionKind
from bot.relevance.lemmas import terms_of
from storage.delivery.backlog import Backlogs
from storage.delivery.corrections import Corrections
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.sends import Sends
from storage.delivery.uncertain import Uncertain
from storage.engine.database import Database
from storage.schema.tables import delivery
from tests.support.rows import NO_TERMS, NOW, a_draft, a_matter, a_publication, a_reader, claimed, told_nothing

SHELF = timedelta(hours=6)


async def _published(database: Database, policy: Policy = Policy.HOLD, readers: int = 3) -> int:
    for _ in range(readers):
        await a_reader(database)
    publications = Publications(database)
    article_id = await a_draft(database)
    number = await publications.order(Order(article_id, 0, NOW, 100, Priority.INSTANT, policy), NOW)
    assert await publications.start(number, 1, terms_of("Міст", "", "", "uk"), NOW)
    assert not await publications.fan_out(number, a_matter(), 1000, NOW, SHELF)
    return number


async def _states(database: Database) -> Counter[DeliveryState]:
    async with database.read() as connection:
        return Counter((await connection.execute(select(delivery.c.state))).scalars())


async def _followed(database: Database) -> None:
    while await Sends(database).follow(NOW):
        pass


async def _in_doubt(database: Database, number: int) -> Ledger:
    """Send one delivery of which nobody knows what became."""
    ledger = Ledger(database, "me")
    (one,) = await claimed(ledger, 1)
    await ledger.finish([(one.id, Finish(DeliveryState.UNCERTAIN, "reset"))], NOW)
    assert (await Publications(database).get(number)).tally.uncertain == 1
    return ledger


async def test_of_a_paused_send_nothing_is_claimed_also_before_its_rows_have_followed(database: Database) -> None:
    number = await _published(database)
    control, ledger = Sends(database), Ledger(database, "me")
    await control.pause(number, "", 100, NOW)
    assert await claimed(ledger) == []
    await _followed(database)
    assert await _states(database) == {DeliveryState.PARKED: 3}
    await control.resume(number, 100, NOW)
    await _followed(database)
    assert len(await claimed(ledger)) == 3


async def test_a_chat_s_next_news_does_not_wait_behind_a_paused_send(database: Database) -> None:
    first = await _published(database)
    await Sends(database).pause(first, "", 100, NOW)
    await _followed(database)
    second = await _published(database, readers=0)
    found = await claimed(Ledger(database, "me"))
    assert {d.publication_id for d in found} == {second}
    assert len(found) == 3


async def test_what_is_stopped_is_dropped_and_counted_paused_rows_too(database: Database) -> None:
    number = await _published(database)
    control = Sends(database)
    await control.pause(number, "", 100, NOW)
    await _followed(database)
    await control.stop(number, 100, NOW)
    await _followed(database)
    publication = await Publications(database).get(number)
    assert publication.state is PublicationState.STOPPED
    assert (publication.tally.dropped, publication.tally.left) == (3, 0)
    assert await _states(database) == {DeliveryState.DROPPED: 3}


async def test_whoever_comes_second_hears_that_it_is_late(database: Database) -> None:
    number = await _published(database)
    control = Sends(database)
    with pytest.raises(Stale):
        await control.resume(number, 100, NOW)
    await control.pause(number, "", 100, NOW)
    with pytest.raises(Stale):
        await control.pause(number, "", 100, NOW)
    await control.stop(number, 100, NOW)
    with pytest.raises(Stale):
        await control.stop(number, 100, NOW)


async def test_doubts_are_sent_again_or_let_go_as_the_editor_decides(database: Database) -> None:
    number = await _published(database, readers=1)
    await _in_doubt(database, number)
    doubtful = Uncertain(database)
    assert await doubtful.listed(number, 10) == []  # Telegram is asked first
    await told_nothing(database)
    assert [d.reader for d in await doubtful.listed(number, 10)] == ["Оля"]
    assert await doubtful.follow_policies(NOW) == 0
    await Publications(database).settle(NOW)
    assert await doubtful.decide(number, Policy.RESEND, 100, NOW) == 1
    assert await _states(database) == {DeliveryState.QUEUED: 1}
    assert (await Publications(database).get(number)).state is PublicationState.RUNNING
    await _in_doubt(database, number)
    await told_nothing(database)
    assert await doubtful.decide(number, Policy.DROP, 100, NOW) == 1
    tally = (await Publications(database).get(number)).tally
    assert (tally.uncertain, tally.dropped, tally.left) == (0, 1, 0)
    assert await doubtful.decide(number, Policy.DROP, 100, NOW) == 0


async def test_a_policy_of_sending_again_gives_up_after_three_tries(database: Database) -> None:
    number = await _published(database, Policy.RESEND, readers=1)
    for again in (1, 1, 0):
        await _in_doubt(database, number)
        assert await Uncertain(database).follow_policies(NOW) == 0  # Telegram is asked first
        await told_nothing(database)
        assert await Uncertain(database).follow_policies(NOW) == again
    assert await _states(database) == {DeliveryState.UNCERTAIN: 1}


async def test_a_policy_of_letting_go_lets_go(database: Database) -> None:
    number = await _published(database, Policy.DROP, readers=1)
    await _in_doubt(database, number)
    await Uncertain(database).follow_policies(NOW)
    assert await _states(database) == {DeliveryState.UNCERTAIN: 1}  # Telegram is asked first
    await told_nothing(database)
    await Uncertain(database).follow_policies(NOW)
    assert await _states(database) == {DeliveryState.DROPPED: 1}
    assert (await Publications(database).get(number)).tally.left == 0


async def test_the_backlog_is_counted_and_dropped_with_what_waits_for_digests(database: Database) -> None:
    await a_reader(database, schedule=_hours())
    number = await _published(database)
    backlogs, later = Backlogs(database), NOW + timedelta(hours=3)
    assert not await backlogs.size(Waterline(since=NOW, newest=number))
    line = Waterline(since=later, newest=number)
    assert await backlogs.size(line) == Backlog(4, 0, 0)
    assert await backlogs.drop(line, later) == 4
    assert await backlogs.drop(line, later) == 0
    tally = (await Publications(database).get(number)).tally
    assert (tally.dropped, tally.held, tally.left) == (4, 0, 0)


async def test_what_a_policy_would_send_again_belongs_to_the_backlog(database: Database) -> None:
    resent = await _published(database, Policy.RESEND, readers=1)
    await _in_doubt(database, resent)
    line = Waterline(since=NOW + timedelta(hours=3), newest=resent)
    await told_nothing(database)
    assert await Backlogs(database).size(line) == Backlog(1, 0, 0)
    assert await Backlogs(database).drop(line, NOW) == 1
    assert await Uncertain(database).follow_policies(NOW) == 0
    tally = (await Publications(database).get(resent)).tally
    assert (tally.uncertain, tally.dropped, tally.left) == (0, 1, 0)


async def test_what_telegram_was_not_asked_about_is_left_to_the_editor_when_a_backlog_is_skipped(
    database: Database,
) -> None:
    resent = await _published(database, Policy.RESEND, readers=1)
    await _in_doubt(database, resent)
    line = Waterline(since=NOW + timedelta(hours=3), newest=resent)
    assert await Backlogs(database).drop(line, NOW) == 0
    assert await Backlogs(database).size(line) == Backlog(0, 0, 0)
    assert await Uncertain(database).follow_policies(NOW) == 0
    tally = (await Publications(database).get(resent)).tally
    assert (tally.uncertain, tally.dropped) == (1, 0), "it may be in the reader's chat"


async def test_plans_of_the_backlog_become_drafts_and_what_came_later_stays(database: Database) -> None:
    publications, backlogs, numbers = Publications(database), Backlogs(database), []
    for hours in (-1, 5, 5):
        article_id = await a_draft(database)
        numbers.append(await publications.order(Order(article_id, 0, NOW + timedelta(hours=hours), 100), NOW))
    line = Waterline(since=NOW, newest=numbers[1])
    assert await backlogs.size(replace(line, planned_to=NOW)) == Backlog(0, 1, 0)
    assert await backlogs.size(line) == Backlog(0, 2, 0)
    assert await backlogs.take_back(line, 100, NOW) == Backlog(0, 2, 0)
    assert await backlogs.take_back(line, 100, NOW) == Backlog()
    states = [(await publications.get(number)).state for number in numbers]
    assert states == [PublicationState.CANCELLED, PublicationState.CANCELLED, PublicationState.SCHEDULED]
    with pytest.raises(Stale):
        await publications.cancel(1, 2, 100, NOW)
    again = await publications.order(Order(1, 2, NOW, 100), NOW)  # a draft like any other
    assert (await publications.get(again)).state is PublicationState.SCHEDULED


async def test_a_send_of_the_backlog_that_is_not_all_written_ends_where_it_is(database: Database) -> None:
    for _ in range(3):
        await a_reader(database)
    _, number = await a_publication(database)
    publications, backlogs = Publications(database), Backlogs(database)
    assert await publications.fan_out(number, a_matter(), 1, NOW, SHELF)
    line = Waterline(since=NOW + timedelta(hours=1), newest=number)
    assert await backlogs.size(line) == Backlog(1, 0, 1)
    assert await backlogs.take_back(line, 100, NOW) == Backlog(0, 0, 1)
    assert await backlogs.drop(line, NOW) == 1
    assert not await publications.fan_out(number, a_matter(), 100, NOW, SHELF)
    assert await publications.settle(NOW) == [number]
    assert await _states(database) == {DeliveryState.DROPPED: 1}


async def test_whoever_holds_a_wrong_copy_gets_the_right_one_though_the_backlog_is_skipped(database: Database) -> None:
    await _published(database)
    ledger = Ledger(database, "me")
    sent = await claimed(ledger, at=NOW)
    await ledger.finish([(one.id, Finish(DeliveryState.SENT, message_id=one.id)) for one in sent], NOW)
    corrections = Corrections(database)
    fixes = [await corrections.correct(_correction(sent[0], version), NOW) for version in (2, 3)]
    while await corrections.spread(fixes[0], 1000, NOW):
        pass
    line = Waterline(since=NOW + timedelta(hours=1), newest=fixes[-1])
    assert await Backlogs(database).size(line) == Backlog(3, 0, 0), "the words about it"
    await Backlogs(database).take_back(line, 100, NOW)
    await Backlogs(database).drop(line, NOW)
    while await corrections.spread(fixes[1], 1000, NOW):
        pass
    async with database.read() as connection:
        waiting = delivery.c.state == DeliveryState.QUEUED
        rows = (await connection.execute(select(delivery.c.kind, delivery.c.target_message).where(waiting))).all()
    assert {row.kind for row in rows} == {DeliveryKind.EDIT}
    assert {row.target_message for row in rows} == {one.id for one in sent}


def _correction(sent: Delivery, version: int) -> Correction:
    assert sent.article_id is not None
    changes = ArticleChanges(title=f"Міст відкрито ({version})")
    common = {"article_id": sent.article_id, "kind": RevisionKind.CORRECTION, "by": 1, "terms": NO_TERMS}
    return Correction(version=version, note="Уточнено.", changes=changes, **common)


def _hours() -> object:
    from datetime import time

    from bot.model.readers import AtHours

    return AtHours((time(19),))
