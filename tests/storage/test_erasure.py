"""Erasing readers in the middle of everything: nothing more goes to them, the sends end, and no number is inherited."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.errors import OnDesk
from bot.model.asking import SentMessages
from bot.model.desk import Editor, Role
from bot.model.ledger import DeliveryKind, DeliveryState, Finish, Priority
from bot.model.matching import MatchKind, story_key, topic_key
from bot.model.news import RevisionKind
from bot.model.readers import ReaderState, Rule
from storage.engine.database import Database
from storage.runtime.inbox import Inbox
from storage.schema.tables import (
    NOBODY,
    article,
    delivery,
    digest,
    inbox,
    publication,
    query,
    reader,
    story,
    story_seen,
    subscription,
)
from storage.store import Store
from tests.support.life import SHELF, Life, SlowCommits, begin
from tests.support.rows import LEASE, NOW, a_matter, a_publication, a_reader
from tests.support.together import blocked, together
from tests.support.waiting import until

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


async def test_what_a_button_of_before_kept_is_nothing_else_for_who_comes_back(database: Database) -> None:
    store, chat, words = Store(database, "one"), 501, ("міст", "- t3", "SCHEDULE now")
    screens, before = store.message_screens, []
    for forget in (lambda: store.personal_data.erase(chat, NOW), lambda: screens.forget(NOW + timedelta(days=91))):
        before += [await screens.remember_query(chat, one, NOW) for one in words]
        await forget()
        again = [await screens.remember_query(chat, one, NOW) for one in reversed(words)]
        assert not set(again) & set(before)
        assert [await screens.query(number, chat) for number in before] == [None] * len(before)
        before += again
        await store.personal_data.erase(chat, NOW)
        async with database.read() as connection:
            rows = (await connection.execute(select(query.c.chat_id, query.c.text))).all()
        assert {tuple(row) for row in rows} <= {(NOBODY, "")}


async def test_an_answer_that_comes_after_the_erasure_is_recorded_and_swept(database: Database) -> None:
    life = await begin(database)
    (taken, *_) = [(n, one) for n, (_, one, _) in life.taken.items() if not one.kind.traits.edits]
    number, one = taken
    await life.store.personal_data.erase(one.reader.address.chat_id, NOW)
    await life.other.ledger.finish([(number, Finish(DeliveryState.SENT, message_id=7))], NOW)
    assert (number, DeliveryState.SENT) in await _rows(life, one.reader.id)
    await _sweep(life)
    assert number not in dict(await _rows(life, one.reader.id))
    # And of a try whose process is gone: nobody asks what became of it, and it ends.
    lost, other = next((n, one) for n, (_, one, _) in life.taken.items() if n != number)
    await life.store.personal_data.erase(other.reader.address.chat_id, NOW)
    assert dict(await _rows(life, other.reader.id))[lost] is DeliveryState.SENDING
    assert sum((await life.store.ledger.recover(NOW + 2 * LEASE)).values()) > 0
    await _sweep(life)
    assert lost not in dict(await _rows(life, other.reader.id))


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


class Interrupted(Database):
    """A database after one of whose next reads something else happens."""

    reads_before = 0
    meanwhile: Callable[[], Awaitable[None]] | None = None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Any]:
        async with super().read() as connection:
            yield connection
        self.reads_before -= 1
        if self.meanwhile is not None and self.reads_before < 0:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()


async def _all_sent(life: Life) -> None:
    while await life.claim(life.store):
        await life.finish()
    await life.finish()


async def _there(life: Life, number: int) -> bool:
    async with life.database.read() as connection:
        return await connection.scalar(select(reader.c.id).where(reader.c.id == number)) is not None


async def test_a_reader_stays_as_long_as_a_correction_owes_them_something(database_url: str) -> None:
    database = Interrupted(database_url)
    life = await begin(database)
    await _all_sent(life)
    anna = life.readers["anna"]
    await life.store.personal_data.erase(anna.address.chat_id, NOW)
    (number,) = [p.id for p in await life.store.publications.fanning() if p.purpose is RevisionKind.CORRECTION]

    async def spread() -> None:
        while await life.other.corrections.spread(number, 1, NOW):  # in order: the newest row of the ledger stays
            pass

    database.reads_before, database.meanwhile = 1, spread  # what was theirs is known, and not deleted
    await _sweep(life)
    assert database.meanwhile is None
    assert await _rows(life, anna.id)
    assert await _there(life, anna.id)
    bohdan = await _rows(life, life.readers["bohdan"].id)
    await _sweep(life)
    assert await _rows(life, anna.id) == []
    assert not await _there(life, anna.id)
    assert await _rows(life, life.readers["bohdan"].id) == bohdan
    await database.close()


async def test_a_reader_stays_until_what_a_fan_out_is_writing_is_there(postgres_url: str) -> None:
    database = SlowCommits(postgres_url)
    life = await begin(database)
    await _all_sent(life)
    anna, opened = life.readers["anna"], asyncio.Event()
    number, stopped = life.names["fanning:send"], asyncio.Event()

    async def gate() -> None:
        stopped.set()
        await opened.wait()

    database.gate = gate
    writing = asyncio.create_task(life.other.publications.fan_out(number, a_matter(), 1000, NOW, SHELF))
    await stopped.wait()
    await life.store.personal_data.erase(anna.address.chat_id, NOW)
    sweeping = asyncio.create_task(_sweep(life))

    async def waits_or_over() -> bool:
        return sweeping.done() or await blocked(database)

    await until(waits_or_over, "sweeping neither waits nor ends")
    opened.set()
    await asyncio.gather(writing, sweeping)
    assert await _there(life, anna.id) or await _rows(life, anna.id) == []
    await a_reader(database)
    await life.go_on()
    await _sweep(life)
    await _sweep(life)
    assert await _rows(life, anna.id) == []
    await database.close()


async def test_who_cannot_be_deleted_yet_does_not_have_the_ledger_read_again(database: Database) -> None:
    life = await begin(database)
    await _all_sent(life)
    async with database.write() as connection:  # a ledger of many stretches
        newest = select(func.max(delivery.c.id)).scalar_subquery()
        moved = update(delivery).where(delivery.c.id == newest).values(id=200_000)
        await connection.execute(moved)
        await connection.execute(update(delivery).where(delivery.c.id == 200_000).values(reader_id=0))

    async def sweeps() -> int:
        number = 1
        while await life.store.personal_data.sweep(NOW):
            number += 1
        return number

    last, anna = life.readers["newcomer"], life.readers["anna"]
    await life.store.personal_data.erase(last.address.chat_id, NOW)
    assert await sweeps() > 5
    assert await _there(life, last.id)
    assert await sweeps() == 1
    await life.store.personal_data.erase(anna.address.chat_id, NOW)
    assert await sweeps() > 5
    assert (await _rows(life, anna.id), await _there(life, anna.id)) == ([], False)
    await a_reader(database)
    assert await sweeps() == 1
    assert not await _there(life, last.id)


async def test_who_is_erased_is_not_brought_back_by_a_tap_that_was_on_its_way(database: Database) -> None:
    store = Store(database, "first")
    life, known = Life(database, store, store), await a_reader(database)
    await a_reader(database)
    await life.store.personal_data.erase(known.address.chat_id, NOW)
    late = replace(known, language="en", state=ReaderState.ACTIVE, fold_sources=True)
    async with database.read() as connection:
        erased = (await connection.execute(select(reader).where(reader.c.id == known.id))).one()
    assert (await life.store.readers.save(late, NOW)).state is ReaderState.GONE
    async with database.read() as connection:
        assert (await connection.execute(select(reader).where(reader.c.id == known.id))).one() == erased
    await _sweep(life)
    assert not await _there(life, known.id)
    assert (await life.store.readers.save(late, NOW)).state is ReaderState.GONE
    assert not await _there(life, known.id)


async def test_nothing_stays_of_an_update_that_ended_every_process_and_had_been_answered(database: Database) -> None:
    known = await a_reader(database)
    chat, processes = known.address.chat_id, [Inbox(database, f"process {number}") for number in range(4)]
    await processes[0].store([(1, chat, "{}")], NOW)
    for number, process in enumerate(processes):
        await process.take_over(NOW, alone=True)
        claimed = await process.claim(1, NOW, LEASE)
        if number == 0:
            await process.try_again(1, "OSError", SentMessages(NOW, requests=[(chat, 5, 9)]))
    assert claimed == []
    await Store(database, "last").personal_data.erase(chat, NOW)
    async with database.read() as connection:
        (left,) = (await connection.execute(select(inbox))).all()
    assert [value for value in left if str(chat) in str(value)] == []


async def test_who_writes_while_they_are_erased_is_new(postgres_url: str) -> None:
    database = Database(postgres_url)
    life = await begin(database)
    anna = life.readers["anna"]
    async with database.write() as connection:  # so that both are in the middle of it
        await connection.execute(select(reader.c.id).where(reader.c.id == anna.id).with_for_update())
        erasing = asyncio.create_task(life.store.personal_data.erase(anna.address.chat_id, NOW))
        await until(lambda: blocked(database), "the erasure does not wait")
        meeting = asyncio.create_task(life.other.readers.meet(replace(anna, name="Ганна"), NOW))
        await until(lambda: blocked(database, 2), "the reader does not wait")
    assert await erasing
    again, new = await meeting
    assert (new, again.name, again.address) == (True, "Ганна", anna.address)
    async with database.read() as connection:
        rows = (await connection.execute(select(reader).where(reader.c.id.in_((anna.id, again.id))))).all()
        rules = await connection.scalar(select(func.count()).where(subscription.c.reader_id == anna.id))
    assert {(row.id, row.chat_id, row.name, row.state) for row in rows} == {
        (anna.id, NOBODY, "", ReaderState.GONE),
        (again.id, anna.address.chat_id, "Ганна", ReaderState.ACTIVE),
    }
    assert (rules, await _rows(life, again.id)) == (0, [])
    await database.close()


async def test_nothing_that_is_chosen_at_that_moment_outlives_who_is_erased(database_url: str) -> None:
    database = SlowCommits(database_url)
    store = Store(database, "first")
    number, other = [(await a_publication(database, title))[0] for title in ("Міст відкрили", "Рада ухвалила бюджет")]
    story = await store.stories.begin(number, NOW)
    assert story is not None
    await store.stories.begin(other, NOW)

    def doings(who: int) -> list[Callable[[], Awaitable[object]]]:
        return [
            lambda: store.readers.choose(who, [topic_key(1)]),
            lambda: store.readers.put_rules(who, [Rule(key=topic_key(2))]),
            lambda: store.readers.exclude(who, topic_key(3)),
            lambda: store.stories.look(who, story, NOW),
            lambda: store.stories.gather(other, number, 1, NOW),  # whoever followed it follows another from then on
        ]

    for turn in range(5):
        known = await a_reader(database, chat_id=500)
        await store.readers.choose(known.id, [story_key(story)])
        do = doings(known.id)[turn]
        await together(database, lambda: store.personal_data.erase(500, NOW), do)
        await do()  # and of a tap that comes later still
        async with database.read() as connection:
            for table in (subscription, story_seen):
                left = select(func.count()).select_from(table).where(table.c.reader_id == known.id)
                assert await connection.scalar(left) == 0, (turn, table.name)
    await database.close()


async def test_whoever_looks_at_a_story_that_becomes_a_part_of_another_is_told_of_no_fault(database_url: str) -> None:
    database = SlowCommits(database_url)
    store, known = Store(database, "first"), await a_reader(database)
    kept, lost = [(await a_publication(database, title))[0] for title in ("Міст відкрили", "Рада ухвалила бюджет")]
    await store.stories.begin(kept, NOW)
    story = await store.stories.begin(lost, NOW)
    assert story is not None
    merging = store.stories.gather(kept, lost, 1, NOW)
    await together(database, lambda: merging, lambda: store.stories.look(known.id, story, NOW))
    assert await store.stories.seen_at(known.id, story) is None
    await database.close()


async def test_an_erasure_and_whoever_chooses_meanwhile_wait_for_each_other_in_one_order(
    postgres_url: str,
) -> None:
    database = Database(postgres_url)
    store, other = Store(database, "shell"), Store(database, "bot")
    doings: list[Callable[[int], Awaitable[object]]] = [
        lambda who: other.readers.put_rules(who, [Rule(key=topic_key(2))], drop=[topic_key(1)]),
        lambda who: other.readers.choose(who, [topic_key(2)], drop=[topic_key(1)]),
        lambda who: other.readers.take_rule(who, topic_key(1)),
        lambda who: other.readers.exclude(who, topic_key(1)),
    ]
    number, _ = await a_publication(database, "Міст відкрили")
    for do in doings:
        known = await a_reader(database, chat_id=500)
        await store.readers.choose(known.id, [topic_key(1)])
        waits = {"kind": DeliveryKind.PUSH, "lane": Priority.INSTANT, "state": DeliveryState.QUEUED}
        row = {"reader_id": known.id, "article_id": number, "not_before": NOW, "created_at": NOW, **waits}
        async with database.write() as connection:
            await connection.execute(delivery.insert().values(row))
        async with database.write() as connection:  # so that the erasure is in the middle of it
            theirs = select(delivery.c.id).where(delivery.c.reader_id == known.id)
            await connection.execute(theirs.with_for_update())
            erasing = asyncio.create_task(store.personal_data.erase(500, NOW))
            await until(lambda: blocked(database), "the erasure does not wait")
            doing = asyncio.create_task(do(known.id))
            await until(lambda: blocked(database, 2), "the reader does not wait")
        assert await erasing
        await doing
    await database.close()


async def test_editors_who_unite_stories_and_what_comes_in_meanwhile_wait_in_the_order_of_articles(
    postgres_url: str,
) -> None:
    database = Database(postgres_url)
    store = Store(database, "first")
    first, alone, last = [
        (await a_publication(database, title))[0] for title in ("Рада ухвалила бюджет", "Міст відкрили", "Бюджет діє")
    ]
    await store.stories.gather(first, last, 1, NOW)
    await store.stories.begin(alone, NOW)
    async with database.write() as connection:  # so that the editor is in the middle of it
        await connection.execute(select(article.c.id).where(article.c.id == last).with_for_update())
        gathering = asyncio.create_task(store.stories.gather(alone, last, 1, NOW))
        await until(lambda: blocked(database), "the editor does not wait")
        coming = asyncio.create_task(store.stories.thread(alone, first, NOW))
        await until(lambda: blocked(database, 2), "what comes in does not wait")
    await gathering
    await coming
    assert len({(await store.articles.get(number)).story_id for number in (first, alone, last)}) == 1
    await database.close()


async def test_whoever_follows_two_stories_while_one_becomes_a_part_of_the_other_waits_in_their_order(
    postgres_url: str,
) -> None:
    database = Database(postgres_url)
    store, known = Store(database, "first"), await a_reader(database)
    one, two = [(await a_publication(database, title))[0] for title in ("Міст відкрили", "Рада ухвалила бюджет")]
    into, lost = await store.stories.begin(one, NOW), await store.stories.begin(two, NOW)
    assert into is not None
    assert lost is not None
    first = await a_reader(database, chat_id=501)
    await store.readers.choose(first.id, [story_key(lost)])
    async with database.write() as connection:
        await connection.execute(update(story).where(story.c.id == lost).values(external_id="budget"))
    async with database.write() as connection:  # so that the editor is in the middle of it
        await connection.execute(select(reader.c.id).where(reader.c.id == first.id).with_for_update())
        gathering = asyncio.create_task(store.stories.gather(one, two, 1, NOW))
        await until(lambda: blocked(database), "the editor does not wait")
        following = asyncio.create_task(store.readers.choose(known.id, [story_key(into), story_key(lost)]))
        await until(lambda: blocked(database, 2), "the reader does not wait")
    await following
    await gathering
    choices = await store.readers.choices(known.id, NOW)
    assert {key for key in choices.wanted if key.kind is MatchKind.STORY} == {story_key(into)}
    await database.close()
