"""A group gets another id: what goes along, what is lost there, and that no other chat notices."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.model.changes import ArticleChanges
from bot.model.desk import Correction
from bot.model.ledger import DeliveryKind, DeliveryState, Retry, sent
from bot.model.news import RevisionKind
from bot.model.readers import Address, ReaderState
from storage.delivery.publications import Publications
from storage.delivery.readers import LedgerReaders
from storage.engine.database import AnyRow, Database
from storage.schema.tables import delivery, opened, publication, reader, shown
from storage.store import Store
from tests.support.rows import LEASE, NO_TERMS, NOW, a_matter, a_publication, a_reader, claimed

OLD, NEW, OTHER = -5, -1005, -6


async def _rows(database: Database) -> list[AnyRow]:
    async with database.read() as connection:
        return list((await connection.execute(select(delivery).order_by(delivery.c.id))).all())


async def test_edits_in_the_old_group_are_over_and_those_of_other_chats_go_on(database: Database) -> None:
    for chat in (OTHER - 1, OLD, OTHER):
        await a_reader(database, chat_id=chat)
    _, number = await a_publication(database)
    async with database.write() as connection:
        for one in (await connection.execute(select(reader.c.id).order_by(reader.c.id))).scalars().all():
            edit = {"reader_id": one, "publication_id": number, "kind": DeliveryKind.EDIT, "lane": 2}
            edit |= {"state": DeliveryState.QUEUED, "not_before": NOW, "created_at": NOW, "target_message": 9}
            await connection.execute(delivery.insert().values(edit))
    await LedgerReaders(database).move_chat(OLD, NEW, NOW)
    rows = await _rows(database)
    assert [row.state for row in rows] == [DeliveryState.QUEUED, DeliveryState.DROPPED, DeliveryState.QUEUED]
    assert (rows[1].reason, rows[1].finished_at) == ("the chat has moved", NOW)
    async with database.read() as connection:
        assert await connection.scalar(select(publication.c.dropped)) == 1


async def test_what_was_opened_in_the_old_group_is_forgotten_and_elsewhere_not(database: Database) -> None:
    chats = (OLD - 100, OLD, OTHER, 7)
    for chat in chats:
        await a_reader(database, chat_id=chat)
    async with database.write() as connection:
        for chat in chats:
            await connection.execute(opened.insert().values(chat_id=chat, article_id=1, at=NOW))
    await LedgerReaders(database).move_chat(OLD, NEW, NOW)
    async with database.read() as connection:
        left = (await connection.execute(select(opened.c.chat_id))).scalars().all()
        assert not (await connection.execute(select(shown).where(shown.c.chat_id == OLD))).all()
    assert set(left) == set(chats) - {OLD}


async def test_what_both_ids_got_is_there_once_and_the_rest_goes_along(database: Database) -> None:
    older = await a_reader(database, chat_id=OLD)
    publications, both = Publications(database), []
    for _ in range(2):
        article_id, number = await a_publication(database)
        both.append(article_id)
        if len(both) == 2:
            younger = await a_reader(database, chat_id=NEW)
            async with database.write() as connection:  # which was met before its rows were written
                change = publication.update().where(publication.c.id == number)
                await connection.execute(change.values(fan_end=younger.id))
        await publications.fan_out(number, a_matter(), 10**9, NOW, timedelta(hours=1))
    stranger = await a_reader(database, chat_id=OTHER)
    readers = LedgerReaders(database)
    for _ in range(2):
        await readers.move_chat(OLD, NEW, NOW)
    found = [(row.reader_id, row.article_id) for row in await _rows(database)]
    assert sorted(found) == sorted([(younger.id, both[0]), (older.id, both[1]), (younger.id, both[1])])
    now = [await readers.get(one.id) for one in (older, younger, stranger)]
    assert [one.state for one in now if one is not None] == [ReaderState.GONE, ReaderState.ACTIVE, ReaderState.ACTIVE]
    assert (await readers.find(Address(NEW)) or older).id == younger.id
    assert (await readers.find(Address(OTHER)) or older).id == stranger.id


@pytest.mark.parametrize("late", [False, True])
async def test_what_arrived_in_the_group_before_it_moved_has_no_number_in_the_chat_it_became(
    database: Database, late: bool
) -> None:
    store = Store(database, "me")
    await a_reader(database, chat_id=OLD)
    await a_reader(database, chat_id=OTHER)
    article_id, number = await a_publication(database)
    await store.publications.fan_out(number, a_matter(), 100, NOW, timedelta(hours=1))
    flying = await claimed(store.ledger)
    await store.readers.move_chat(OLD, NEW, NOW)
    if late:  # whoever sent it was taken for gone
        assert (await Store(database, "another").ledger.recover(NOW + 2 * LEASE))[DeliveryState.UNCERTAIN] == 2
    sent_to = {one.id: one.reader.address.chat_id for one in flying}
    await store.ledger.finish([(one, sent(70 + one, chat)) for one, chat in sent_to.items()], NOW)
    rows = {sent_to[row.id]: (row.state, row.message_id) for row in await _rows(database)}
    assert rows == {OLD: (DeliveryState.SENT, None), OTHER: (DeliveryState.SENT, 70 + max(sent_to))}
    await store.corrections.correct(a_typo(article_id), NOW)
    for one in await store.publications.fanning():
        while await store.corrections.spread(one.id, 100, NOW):
            pass
    assert [row.target_message for row in (await _rows(database))[2:]] == [70 + max(sent_to)], (
        "and none is changed there"
    )


def a_typo(article_id: int) -> Correction:
    changes = ArticleChanges(title="Мости")
    return Correction(article_id=article_id, version=2, kind=RevisionKind.TYPO, by=1, changes=changes, terms=NO_TERMS)


@pytest.mark.parametrize("kind", [DeliveryKind.EDIT, DeliveryKind.NOTE, DeliveryKind.MENTION])
async def test_what_was_under_way_to_a_message_of_the_old_group_names_none_of_the_new_one(
    database: Database, kind: DeliveryKind
) -> None:
    store = Store(database, "me")
    one = await a_reader(database, chat_id=OLD)
    article_id, number = await a_publication(database)
    row = {"reader_id": one.id, "publication_id": number, "article_id": article_id, "kind": kind, "lane": 2}
    row |= {"state": DeliveryState.QUEUED, "not_before": NOW, "created_at": NOW, "target_message": 9}
    async with database.write() as connection:
        await connection.execute(delivery.insert().values(row))
    (flying,) = await claimed(store.ledger)
    assert flying.target_message == 9
    await store.readers.move_chat(OLD, NEW, NOW)
    await store.ledger.finish([(flying.id, Retry(NOW, "throttled", 1))], NOW)
    (again,) = await claimed(store.ledger)
    assert (again.reader.address.chat_id, again.target_message) == (NEW, None)


async def test_a_paused_edit_of_the_old_group_is_over_as_well(database: Database) -> None:
    one = await a_reader(database, chat_id=OLD)
    _, number = await a_publication(database)
    edit = {"reader_id": one.id, "publication_id": number, "kind": DeliveryKind.EDIT, "lane": 2}
    edit |= {"state": DeliveryState.PARKED, "not_before": NOW, "created_at": NOW, "target_message": 9}
    async with database.write() as connection:
        await connection.execute(delivery.insert().values(edit))
    await LedgerReaders(database).move_chat(OLD, NEW, NOW)
    assert [row.state for row in await _rows(database)] == [DeliveryState.DROPPED]
