"""What the database says of itself and of what waits in it, on both engines."""

from datetime import timedelta

from sqlalchemy import text

from bot.model.ledger import Priority
from bot.model.readers import ChatKind
from storage.engine.database import Database
from storage.runtime.facts import Facts
from storage.runtime.vitals import Vitals
from storage.store import Store
from tests.support.rows import NOW, a_matter, a_publication, a_reader


async def test_what_waits_who_receives_and_when_somebody_ran_are_seen(database: Database) -> None:
    store = Store(database, "one")
    for chat in (1, 2, -70):
        await a_reader(database, chat_id=chat)
    async with database.write() as connection:
        kind = {"kind": ChatKind.CHANNEL.value, "name": "Новини"}
        await connection.execute(text("UPDATE reader SET kind = :kind, name = :name WHERE chat_id = -70"), kind)
        await connection.execute(text("UPDATE reader SET zone = 'Europe/Atlantis' WHERE chat_id = 2"))
        await store.message_ids.note(connection, [(1, 501), (1, 502), (2, 503)], NOW)
    _, number = await a_publication(database, lane=Priority.URGENT)
    while await store.publications.fan_out(number, a_matter(), 100, NOW, timedelta(hours=6), {}):
        pass
    await store.editors.appoint_first([100], NOW)
    await Facts(database).put("heartbeat", NOW.isoformat(), NOW)
    seen = await Vitals(database).now(NOW + timedelta(seconds=10), thoroughly=True)
    assert (seen.up_to_date, seen.damaged, seen.is_held, seen.owners, seen.readers) == (True, False, False, 1, 3)
    assert [(chat.chat_id, chat.name, chat.is_channel) for chat in seen.chats] == [(-70, "Новини", True)]
    assert set(seen.zones) == {"Europe/Kyiv", "Europe/Atlantis"}
    assert seen.heard_at == NOW
    assert seen.last_send == NOW
    assert round(seen.rate * 60) == 3
    assert (seen.size > 0) == database.is_sqlite
    assert (seen.free is not None) == database.is_sqlite


async def test_commits_that_do_not_wait_for_the_disk_are_seen(postgres_url: str) -> None:
    database = Database(f"{postgres_url}&options=-c%20synchronous_commit%3Doff")
    assert not (await Vitals(database).now(NOW)).durable
    await database.close()
    database = Database(f"{postgres_url}&options=-c%20synchronous_commit%3Don")
    assert (await Vitals(database).now(NOW)).durable
    await database.close()


async def test_tables_of_another_version_are_not_read(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    seen = await Vitals(database).now(NOW)
    assert (seen.revision, seen.up_to_date, seen.readers) == ("9999", False, 0)
