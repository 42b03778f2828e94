"""Pausing, resuming and stopping one send: what happens to it, and that nothing happens to any other."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.model.changes import ArticleChanges
from bot.model.desk import Correction, PublicationState
from bot.model.ledger import DeliveryState, Finish
from bot.model.news import RevisionKind
from bot.model.readers import Hourly
from storage.delivery.corrections import Corrections
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.sends import Sends
from storage.engine.database import AnyRow, Database
from storage.people.audit import Audit
from storage.schema.tables import delivery, publication
from tests.support.rows import NO_TERMS, NOW, a_matter, a_publication, a_reader, claimed

LATER = NOW + timedelta(minutes=5)
QUEUED, PARKED, DROPPED = DeliveryState.QUEUED, DeliveryState.PARKED, DeliveryState.DROPPED


async def _sent_out(database: Database, times: int = 1) -> list[int]:
    """Publish so many articles and write their deliveries; returns the publications' numbers."""
    numbers = [(await a_publication(database))[1] for _ in range(times)]
    for number in numbers:
        await Publications(database).fan_out(number, a_matter(), 10**9, NOW, timedelta(hours=6))
    return numbers


async def _followed(database: Database) -> None:
    while await Sends(database).follow(LATER):
        pass


async def _states(database: Database, number: int) -> Counter[DeliveryState]:
    rows = select(delivery.c.state).where(delivery.c.publication_id == number)
    async with database.read() as connection:
        return Counter((await connection.execute(rows)).scalars())


async def _row(database: Database, number: int) -> AnyRow:
    async with database.read() as connection:
        return (await connection.execute(select(publication).where(publication.c.id == number))).one()


@pytest.mark.parametrize("act", ["pause", "stop"])
async def test_what_is_done_to_one_send_is_done_to_no_other(database: Database, act: str) -> None:
    for _ in range(2):
        await a_reader(database)
    numbers, sends = await _sent_out(database, 3), Sends(database)
    mine = numbers.pop(1)
    if act == "pause":
        await sends.pause(mine, "why", 7, NOW)
    else:
        await sends.stop(mine, 7, NOW)
    await _followed(database)
    assert await _states(database, mine) == {PARKED if act == "pause" else DROPPED: 2}
    row = await _row(database, mine)
    if act == "pause":
        assert (row.state, row.reason, row.finished_at) == (PublicationState.PAUSED, "why", None)
    else:
        assert (row.state, row.dropped, row.finished_at) == (PublicationState.STOPPED, 2, LATER)
    for other in numbers:
        assert await _states(database, other) == {QUEUED: 2}
        row = await _row(database, other)
        assert (row.state, row.dropped, row.finished_at) == (PublicationState.RUNNING, 0, None)


async def test_of_two_paused_sends_only_that_which_is_resumed_goes_on(database: Database) -> None:
    await a_reader(database)
    numbers, sends = await _sent_out(database, 2), Sends(database)
    for number in numbers:
        await sends.pause(number, "", 7, NOW)
    await _followed(database)
    await sends.resume(numbers[1], 7, NOW)
    await _followed(database)
    assert [await _states(database, number) for number in numbers] == [{PARKED: 1}, {QUEUED: 1}]
    assert [one.publication_id for one in await claimed(Ledger(database, "me"))] == [numbers[1]]


async def test_what_has_ended_is_neither_parked_nor_dropped(database: Database) -> None:
    await a_reader(database)
    [number] = await _sent_out(database)
    ledger = Ledger(database, "me")
    [one] = await claimed(ledger)
    await ledger.finish([(one.id, Finish(DeliveryState.SENT, message_id=5))], NOW)
    await Sends(database).pause(number, "", 7, NOW)
    await _followed(database)
    assert await _states(database, number) == {DeliveryState.SENT: 1}
    await Sends(database).stop(number, 7, NOW)
    await _followed(database)
    assert await _states(database, number) == {DeliveryState.SENT: 1}
    row = await _row(database, number)
    assert (row.state, row.sent, row.dropped) == (PublicationState.STOPPED, 1, 0)


async def test_a_stopped_correction_leaves_the_lines_that_wait_for_a_digest(database: Database) -> None:
    await a_reader(database, schedule=Hourly())
    article_id, number = await a_publication(database)
    await Publications(database).fan_out(number, a_matter(), 10**9, NOW, timedelta(hours=6))
    correction = Correction(
        article_id=article_id, version=2, kind=RevisionKind.TYPO, by=1,
        changes=ArticleChanges(title="Міст відкрито"), terms=NO_TERMS,
    )  # fmt: skip
    fix = await Corrections(database).correct(correction, NOW)
    await Sends(database).stop(fix, 7, NOW)
    await _followed(database)
    assert await _states(database, number) == {DeliveryState.HELD: 1}
    assert ((await _row(database, number)).held, (await _row(database, fix)).dropped) == (1, 0)
    await Sends(database).stop(number, 7, NOW)
    await _followed(database)
    assert await _states(database, number) == {DROPPED: 1}
    row = await _row(database, number)
    assert (row.held, row.dropped) == (0, 1)


async def test_every_act_is_shown_by_the_progress_message_and_written_into_the_log(database: Database) -> None:
    await a_reader(database)
    [number], sends = await _sent_out(database), Sends(database)
    for act in (sends.pause(number, "why", 7, NOW), sends.resume(number, 8, NOW), sends.stop(number, 9, NOW)):
        async with database.write() as connection:
            await connection.execute(update(publication).values(reported=True))
        await act
        assert (await _row(database, number)).reported is False
    entries = (await Audit(database).of_article((await _row(database, number)).article_id))[-3:]
    assert [(one.by, one.act, one.at) for one in entries] == [
        (7, "paused", NOW),
        (8, "running", NOW),
        (9, "stopping", NOW),
    ]
    assert [one.detail for one in entries] == [{"publication": number, "reason": why} for why in ("why", "", "")]
