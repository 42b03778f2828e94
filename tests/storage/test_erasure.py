"""Erasing readers in the middle of everything: nothing more goes to them, the sends end, and no number is inherited."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.errors import OnDesk
from bot.model.desk import Editor, Role
from bot.model.ledger import DeliveryState, Finish
from storage.delivery.erasure import NOBODY
from storage.engine.database import Database
from storage.schema.tables import delivery, digest, publication, reader, subscription
from tests.support.life import Life, begin
from tests.support.rows import LEASE, NOW, a_reader

COUNTERS = [publication.c[name] for name in ("total", "sent", "failed", "expired", "told", "dropped", "held")]


async def _rows(life: Life, *readers: int) -> list[tuple[int, DeliveryState]]:
    async with life.database.read() as connection:
        theirs = select(delivery.c.id, delivery.c.state).where(delivery.c.reader_id.in_(readers))
        return [(row.id, row.state) for row in await connection.execute(theirs)]


async def _counters(life: Life) -> list[tuple[int, ...]]:
    async with life.database.read() as connection:
        return [tuple(row) for row in await connection.execute(select(*COUNTERS).order_by(publication.c.id))]


async def _sweep(life: Life) -> None:
    while await life.store.personal_data.sweep(life.now):
        pass


async def test_erased_in_every_state_they_get_nothing_more_and_every_send_ends(database: Database) -> None:
    life = await begin(database)
    everybody = [life.readers[name] for name in life.readers if name != "yeva"]
    chats = {one.address.chat_id for one in everybody}
    before = {number for number, message in life.telegram.items() if message.chat in chats}
    on_the_way = {number for number, (_, one, _) in life.taken.items() if one.reader.address.chat_id in chats}
    for one in everybody:
        assert await life.store.personal_data.erase(one.address.chat_id, life.now)
        assert not await life.store.personal_data.erase(one.address.chat_id, life.now)
    # What was on its way is known to who sends it; all else has ended.
    ids = [one.id for one in everybody]
    assert {number for number, state in await _rows(life, *ids) if state is DeliveryState.SENDING} == on_the_way
    await _sweep(life)  # in the middle of it
    assert {number for number, state in await _rows(life, *ids) if state is DeliveryState.SENDING} == on_the_way
    await life.go_on()
    assert {number for number, message in life.telegram.items() if message.chat in chats} == before
    async with database.read() as connection:
        open_ = {0, 1, 2, 6}
        states = {row.state for row in await connection.execute(select(publication.c.state))}
    assert not states & open_, states
    counted = await _counters(life)
    assert all(min(row) >= 0 for row in counted)
    await a_reader(database)  # the newest reader and row are others' by now
    await _sweep(life)
    await _sweep(life)
    newest = max(number for number, _ in await _rows(life, *ids, life.readers["yeva"].id))
    assert {number for number, _ in await _rows(life, *ids)} <= {newest}
    assert await _counters(life) == counted


async def test_a_number_that_was_somebodys_is_given_to_nobody(database: Database) -> None:
    life = await begin(database)
    while await life.claim(life.store):
        await life.finish()
    last = life.readers["newcomer"]
    await life.store.personal_data.erase(last.address.chat_id, NOW)
    await _sweep(life)
    again = await a_reader(database, chat_id=last.address.chat_id)
    assert again.id != last.id
    await a_reader(database)
    await _sweep(life)
    async with database.read() as connection:
        rows = (await connection.execute(select(reader.c.id, reader.c.chat_id, reader.c.name))).all()
        rules = await connection.scalar(select(func.count()).where(subscription.c.reader_id == last.id))
        digests = await connection.scalar(select(func.count()).where(digest.c.reader_id == last.id))
    assert (rules, digests) == (0, 0)
    assert [row.name for row in rows if row.chat_id == NOBODY] == []


async def test_an_answer_that_comes_after_the_erasure_is_recorded_and_swept(database: Database) -> None:
    life = await begin(database)
    (taken, *_) = [(n, one) for n, (_, one, _) in life.taken.items() if not one.kind.traits.edits]
    number, one = taken
    await life.store.personal_data.erase(one.reader.address.chat_id, NOW)
    await life.other.ledger.finish([(number, Finish(DeliveryState.SENT, message_id=7))], NOW)
    assert (number, DeliveryState.SENT) in await _rows(life, one.reader.id)
    await _sweep(life)
    assert number not in dict(await _rows(life, one.reader.id))
    # And of a try that was lost: the process is gone, the row is nobody's.
    assert await life.store.ledger.recover(NOW + 2 * LEASE)


async def test_the_desk_stays_and_two_who_erase_and_sweep_at_once_do_no_harm(database: Database) -> None:
    life = await begin(database)
    anna = life.readers["anna"]
    await life.store.editors.appoint(Editor(anna.address.chat_id, Role.AUTHOR), None, NOW)
    with pytest.raises(OnDesk):
        await life.store.personal_data.erase(anna.address.chat_id, NOW)
    assert await life.store.readers.find(anna.address) is not None
    chat = life.readers["bohdan"].address.chat_id
    erased = await asyncio.gather(*(one.personal_data.erase(chat, NOW) for one in (life.store, life.other)))
    assert sorted(erased) == [False, True]
    counted = await _counters(life)
    await asyncio.gather(*(one.personal_data.sweep(NOW) for one in (life.store, life.other)))
    assert await _counters(life) == counted
