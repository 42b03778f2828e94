"""Mentions as rows: who gets one instead of a push, once; which are shown by one edit; and what becomes of the rest."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.model.ledger import Aloud, Delivery, DeliveryCounts, DeliveryKind, DeliveryState, Finish, Priority, Retry
from bot.model.matching import MatchKey, keyword_key
from bot.model.readers import Hourly, Reader, Rule
from storage.delivery.ledger import Ledger
from storage.delivery.mentions import Mentions
from storage.delivery.publications import Publications
from storage.delivery.sends import Sends
from storage.engine.database import AnyRow, Database
from storage.people.readers import Readers
from storage.schema.tables import delivery
from storage.store import Store
from tests.support.rows import NOW, a_matter, a_publication, a_reader, claimed

SHELF = timedelta(hours=6)
SOON = NOW + timedelta(seconds=15)
NOTHING: frozenset[MatchKey] = frozenset()


async def _written(
    database: Database, source: str, told: Mapping[int, frozenset[MatchKey]], now: datetime = NOW
) -> tuple[int, int]:
    """Publish an article that tells others in other words, and write its deliveries; returns both numbers."""
    article_id, number = await a_publication(database, f"Міст відкрили, пише {source}", source=source)
    while await Publications(database).fan_out(number, a_matter(), 100, now, SHELF, told):
        pass
    return article_id, number


async def _sent(database: Database, message: int = 500, at: datetime = NOW) -> None:
    """Send what is due; each message's number is its reader's, counted from `message`."""
    ledger = Ledger(database, "me")
    while rows := await claimed(ledger, at=at):
        await ledger.finish([(one.id, _ended(one, message)) for one in rows], at)


def _ended(one: Delivery, message: int) -> Finish:
    if one.kind is DeliveryKind.MENTION:
        return Finish(DeliveryState.TOLD, message_id=one.target_message)
    return Finish(DeliveryState.SENT, message_id=message + one.reader.id)


async def _folding(database: Database, **settings: object) -> Reader:
    return await a_reader(database, fold_sources=True, **settings)


async def _rows(database: Database, article_id: int) -> dict[int, AnyRow]:
    async with database.read() as connection:
        mine = select(delivery).where(delivery.c.article_id == article_id)
        return {row.reader_id: row for row in await connection.execute(mine)}


async def _tally(database: Database, number: int) -> DeliveryCounts:
    return (await Publications(database).get(number)).tally


async def _owed(database: Database) -> tuple[Reader, int, int, int]:
    """Owe a reader one mention; returns them, the article that was sent, the one that tells it again, and its send."""
    folding = await _folding(database)
    first, _ = await _written(database, "А", {})
    await _sent(database)
    return folding, first, *await _written(database, "Б", {first: NOTHING})


async def test_who_wishes_and_has_the_first_gets_a_mention_and_nobody_else(database: Database) -> None:
    folding, loud = await _folding(database), await a_reader(database)
    first, _ = await _written(database, "А", {})
    await _sent(database)
    late, digests = await _folding(database), await _folding(database, schedule=Hourly())
    second, number = await _written(database, "Б", {first: NOTHING})
    rows = await _rows(database, second)
    assert {who: row.kind for who, row in rows.items()} == {
        folding.id: DeliveryKind.MENTION,
        loud.id: DeliveryKind.PUSH,
        late.id: DeliveryKind.PUSH,
        digests.id: DeliveryKind.ITEM,
    }
    mention = rows[folding.id]
    assert (mention.first_article, mention.target_message, mention.lane) == (first, 500 + folding.id, Priority.DIGEST)
    await _sent(database, 600, SOON)
    tally = await _tally(database, number)
    assert (tally.total, tally.sent, tally.told, tally.held, tally.left) == (4, 2, 1, 1, 0)
    assert await Mentions(database).under(folding.id, first) == [second]
    assert await Mentions(database).under(loud.id, first) == []


@pytest.mark.parametrize(
    "state",
    [DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.FAILED, DeliveryState.UNCERTAIN, DeliveryState.PARKED],
)
async def test_a_first_that_is_not_sent_leaves_the_push(database: Database, state: DeliveryState) -> None:
    folding = await _folding(database)
    first, _ = await _written(database, "А", {})
    async with database.write() as connection:
        await connection.execute(update(delivery).values(state=state, message_id=7, finished_at=NOW))
    second, _ = await _written(database, "Б", {first: NOTHING})
    assert (await _rows(database, second))[folding.id].kind is DeliveryKind.PUSH


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"message_id": None}, DeliveryKind.PUSH),
        ({"message_id": 0}, DeliveryKind.PUSH),
        ({"finished_at": NOW - timedelta(hours=48)}, DeliveryKind.PUSH),
        ({"finished_at": NOW - timedelta(hours=47)}, DeliveryKind.MENTION),
        ({"kind": DeliveryKind.ITEM}, DeliveryKind.PUSH),
    ],
)
async def test_a_first_that_cannot_be_shown_leaves_the_push(
    database: Database, values: dict[str, object], kind: DeliveryKind
) -> None:
    folding = await _folding(database)
    first, _ = await _written(database, "А", {})
    await _sent(database)
    async with database.write() as connection:
        await connection.execute(update(delivery).values(values))
    second, _ = await _written(database, "Б", {first: NOTHING})
    assert (await _rows(database, second))[folding.id].kind is kind


async def test_of_two_that_told_it_the_older_message_gets_the_mention(database: Database) -> None:
    folding = await _folding(database)
    first, _ = await _written(database, "А", {})
    other, _ = await _written(database, "Б", {})
    await _sent(database)
    third, _ = await _written(database, "В", {other: NOTHING, first: NOTHING})
    assert (await _rows(database, third))[folding.id].first_article == first
    assert await _rows(database, other)


async def test_who_asked_for_what_only_the_other_has_gets_the_push(database: Database) -> None:
    asking, muting, other = await _folding(database), await _folding(database), await _folding(database)
    await Readers(database).put_rules(asking.id, [Rule(key=keyword_key(5))])
    await Readers(database).put_rules(muting.id, [Rule(key=keyword_key(5), exclude=True)])
    first, _ = await _written(database, "А", {})
    await _sent(database)
    second, _ = await _written(database, "Б", {first: frozenset({keyword_key(5)})})
    kinds = {who: row.kind for who, row in (await _rows(database, second)).items()}
    assert kinds == {
        asking.id: DeliveryKind.PUSH,
        muting.id: DeliveryKind.MENTION,
        other.id: DeliveryKind.MENTION,
    }


async def test_two_that_wait_are_shown_by_one_edit_and_one_that_comes_meanwhile_by_its_own(database: Database) -> None:
    folding = await _folding(database)
    first, _ = await _written(database, "А", {})
    await _sent(database)
    second, one = await _written(database, "Б", {first: NOTHING})
    third, two = await _written(database, "В", {first: NOTHING})
    ledger = Ledger(database, "me")
    (edit,) = await claimed(ledger, at=SOON)
    assert edit.article_id == second
    fourth, three = await _written(database, "Г", {first: NOTHING})
    assert await Mentions(database).under(folding.id, first) == [second, third, fourth]
    await ledger.finish([(edit.id, Finish(DeliveryState.TOLD, message_id=edit.target_message))], SOON)
    states = [(await _rows(database, number))[folding.id].state for number in (second, third, fourth)]
    assert states == [DeliveryState.TOLD, DeliveryState.TOLD, DeliveryState.QUEUED]
    assert [(await _tally(database, number)).told for number in (one, two, three)] == [1, 1, 0]
    (own,) = await claimed(ledger, at=SOON)
    assert own.article_id == fourth


async def test_one_that_is_paused_meanwhile_is_not_counted_as_told(database: Database) -> None:
    folding = await _folding(database)
    first, _ = await _written(database, "А", {})
    await _sent(database)
    await _written(database, "Б", {first: NOTHING})
    third, two = await _written(database, "В", {first: NOTHING})
    ledger, sends = Ledger(database, "me"), Sends(database)
    (edit,) = await claimed(ledger, at=SOON)
    await sends.pause(two, "", 1, SOON)
    while await sends.follow(SOON):
        pass
    await ledger.finish([(edit.id, Finish(DeliveryState.TOLD, message_id=edit.target_message))], SOON)
    assert (await _rows(database, third))[folding.id].state is DeliveryState.PARKED
    assert third not in await Mentions(database).under(folding.id, first)
    await sends.resume(two, 1, SOON)
    while await sends.follow(SOON):
        pass
    await _sent(database, at=SOON)
    assert (await _tally(database, two)).told == 1


async def test_one_that_cannot_be_made_becomes_a_push_of_the_same_row(database: Database) -> None:
    folding, first, second, number = await _owed(database)
    ledger = Ledger(database, "me")
    (edit,) = await claimed(ledger, at=SOON)
    steps = [(edit.id, Aloud(SOON, "message to edit not found", edit.attempts + 1))]
    await ledger.finish(steps, SOON)
    await ledger.finish(steps, SOON)  # written down twice
    row = (await _rows(database, second))[folding.id]
    assert (row.id, row.kind, row.state, row.lane) == (edit.id, DeliveryKind.PUSH, DeliveryState.QUEUED, 2)
    assert (row.target_message, row.first_article, row.attempts) == (None, None, 0)
    (push,) = await claimed(ledger, at=SOON)
    await ledger.finish(steps, SOON)  # late: the push is on its way
    assert (await _rows(database, second))[folding.id].state is DeliveryState.SENDING
    await ledger.finish([(push.id, Finish(DeliveryState.SENT, message_id=9))], SOON)
    tally = await _tally(database, number)
    assert (tally.total, tally.sent, tally.told, tally.left) == (1, 1, 0, 0)
    assert await Mentions(database).under(folding.id, first) == []


async def test_a_crash_and_a_retry_make_the_edit_again(database: Database) -> None:
    folding, _, second, number = await _owed(database)
    ledger = Ledger(database, "me")
    (edit,) = await claimed(ledger, at=SOON)
    await ledger.finish([(edit.id, Retry(SOON, "429", 1))], SOON)
    assert len(await claimed(ledger, at=SOON)) == 1
    await Ledger(database, "next").recover(SOON, alone=True)
    assert (await _rows(database, second))[folding.id].state is DeliveryState.QUEUED
    await _sent(database, at=SOON)
    assert (await _tally(database, number)).told == 1


async def test_one_that_waits_too_long_becomes_a_line(database: Database) -> None:
    folding, _, second, number = await _owed(database)
    assert await Ledger(database, "me").expire(NOW + SHELF) == 1
    row = (await _rows(database, second))[folding.id]
    assert (row.kind, row.state, row.first_article) == (DeliveryKind.ITEM, DeliveryState.HELD, None)
    assert (await _tally(database, number)).held == 1


async def test_a_chat_that_moves_has_it_sent_whichever_of_its_readers_stays(database: Database) -> None:
    group = await _folding(database, chat_id=-5)
    first, _ = await _written(database, "А", {})
    await _sent(database)
    second, _ = await _written(database, "Б", {first: NOTHING})
    younger = await a_reader(database, chat_id=-1005)  # somebody wrote there before we knew
    store = Store(database, "me")
    await store.readers.move_chat(-5, -1005, NOW)
    (push,) = [one for one in await claimed(store.ledger, at=SOON) if one.article_id == second]
    assert (push.reader.id, push.kind, push.target_message) == (younger.id, DeliveryKind.PUSH, None)
    assert push.reader.fold_sources
    assert group.id != younger.id


async def test_a_stop_drops_those_that_wait_and_leaves_the_told(database: Database) -> None:
    for _ in range(2):
        await _folding(database)
    first, _ = await _written(database, "А", {})
    await _sent(database)
    second, number = await _written(database, "Б", {first: NOTHING})
    ledger, sends = Ledger(database, "me"), Sends(database)
    (edit,) = await claimed(ledger, 1, at=SOON)
    await ledger.finish([(edit.id, Finish(DeliveryState.TOLD, message_id=edit.target_message))], SOON)
    await sends.stop(number, 1, SOON)
    while await sends.follow(SOON):
        pass
    states = sorted(row.state for row in (await _rows(database, second)).values())
    assert states == [DeliveryState.DROPPED, DeliveryState.TOLD]
    tally = await _tally(database, number)
    assert (tally.total, tally.told, tally.dropped, tally.left) == (2, 1, 1, 0)


async def test_a_push_does_not_wait_behind_a_mention(database: Database) -> None:
    await _folding(database)
    first, _ = await _written(database, "А", {})
    await _sent(database)
    await _written(database, "Б", {first: NOTHING})
    other, _ = await _written(database, "В", {}, SOON)
    (push,) = await claimed(Ledger(database, "me"), at=SOON)
    assert push.article_id == other
