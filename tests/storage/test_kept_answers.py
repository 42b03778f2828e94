"""What updates were answered with: kept for whoever handles them again, and no longer."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.model.asking import SentMessages
from storage.engine.database import AnyRow, Database
from storage.runtime.inbox import Inbox, InboxState
from storage.schema.tables import inbox
from storage.store import Store
from tests.support.rows import LEASE, NOW, a_reader

READER, OWNER = 7, 100
SENT = SentMessages(NOW, [(READER, 5)], [[READER, 1234, 5], [OWNER, 5678, 6]])


async def _answered(database: Database) -> Inbox:
    """Have an update of a reader whose handler answered, told an owner, and met an error behind it."""
    one = Inbox(database, "one")
    await one.store([(1, READER, f'{{"from":{{"id":{READER},"name":"Леся"}}}}')], NOW)
    await one.claim(1, NOW, LEASE)
    assert not await one.try_again(1, "an error", SENT)
    return one


async def _row(database: Database) -> AnyRow:
    async with database.read() as connection:
        return (await connection.execute(select(inbox))).one()


async def test_what_ended_its_process_each_time_is_set_aside_without_what_it_was_answered_with(
    database: Database,
) -> None:
    await _answered(database)
    for number, holder in enumerate(("two", "three")):
        now = NOW + number * 2 * LEASE
        await Inbox(database, holder).claim(1, now, LEASE)
        await Inbox(database, "another").take_over(now + LEASE + timedelta(seconds=1))
    row = await _row(database)
    assert (row.state, row.sent) == (InboxState.POISONED, None)


async def test_what_an_update_was_answered_with_is_gone_with_its_reader(database: Database) -> None:
    await a_reader(database, chat_id=READER)
    await _answered(database)
    async with database.write() as connection:  # as it was left where the process was ended each time
        await connection.execute(update(inbox).values(state=InboxState.POISONED, error="?"))
    await Store(database, "two").personal_data.erase(READER, NOW)
    row = await _row(database)
    assert (row.payload, row.error, row.sent) == (None, None, None)


async def test_a_reader_who_asks_for_what_is_kept_is_shown_nobody_elses_chat(database: Database) -> None:
    await a_reader(database, chat_id=READER)
    await _answered(database)
    told = await Store(database, "two").personal_data.export(READER)
    assert told["inbox"][0]["update_id"] == 1
    assert str(OWNER) not in str(told["inbox"])
