"""What is old becomes compact: corrections still find every copy, counts stay, and nothing that goes on is touched."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.model.ledger import DeliveryKind, DeliveryState
from bot.model.news import RevisionKind
from bot.operations.compaction import COMPACTED, Compaction
from storage.delivery.erasure import ENDED
from storage.engine.database import Database
from storage.schema.tables import article, delivery, kept_copy, publication, reader
from tests.support.clock import TestClock
from tests.support.life import Life, a_correction, begin
from tests.support.rows import NOW, a_reader

pytestmark = pytest.mark.wide

LONG = timedelta(days=30)
COUNTERS = [publication.c[n] for n in ("id", "total", "sent", "failed", "expired", "told", "dropped", "held")]


async def _all(life: Life, statement: Any) -> list[Any]:
    async with life.database.read() as connection:
        return list((await connection.execute(statement)).all())


async def _compact(life: Life, most: int = 7) -> None:
    place: int | None = 0
    while place is not None:
        done = await life.store.kept_copies.compact(place, life.now - timedelta(days=7), most)
        place = done.place if done is not None else None


async def _lived(database: Database) -> Life:
    """Return a newsroom a month after everything in it has ended."""
    life = await begin(database)
    await life.go_on()
    life.now += LONG
    await a_reader(database)
    return life


@pytest.mark.parametrize("most", [7, 200], ids=["digests after their lines", "digests beside their lines"])
async def test_a_month_later_a_correction_finds_every_copy_it_found_before(database: Database, most: int) -> None:
    life = await _lived(database)
    async with database.write() as connection:  # what came later may have happened before
        await connection.execute(update(article).values(published_at=NOW, updated_at=NOW))
        late = update(article).where(article.c.id == life.names["running"])
        await connection.execute(late.values(published_at=NOW + timedelta(minutes=1)))
    counted = await _all(life, select(*COUNTERS).order_by(publication.c.id))
    names = ("corrected", "running", "waiting", "retold")
    holders = {name: await life.store.corrections.holders(life.names[name]) for name in names}
    digests = {
        row.id: await life.store.digests.items(row.id)
        for row in await _all(
            life, select(delivery.c.digest_id.label("id")).where(delivery.c.kind == DeliveryKind.DIGEST)
        )
    }
    assert any(len(items[1]) > 2 for items in digests.values() if items)
    for items in digests.values():
        assert items is not None
        assert items[1] == sorted(items[1], key=lambda one: (one == life.names["running"], one))
    before = await _all(life, select(delivery).order_by(delivery.c.id))
    await _compact(life, most)
    once = await _all(life, select(delivery).order_by(delivery.c.id))
    await _compact(life, most)
    assert await _all(life, select(delivery).order_by(delivery.c.id)) == once
    left = await _all(life, select(delivery, reader.c.chat_id).join(reader, reader.c.id == delivery.c.reader_id))
    kept = await _all(life, select(kept_copy))
    newest = max(row.id for row in before)
    assert len(kept) > 5
    assert len(left) < len(before) - len(kept)  # history is gone, copies are compact
    # What stays: mentions, what a group has, what never ended, and the newest row.
    odd = [
        r for r in left if r.state in ENDED and r.state is not DeliveryState.TOLD and r.chat_id > 0 and r.id != newest
    ]
    assert odd == []
    assert await _all(life, select(*COUNTERS).order_by(publication.c.id)) == counted
    assert {name: await life.store.corrections.holders(life.names[name]) for name in names} == holders
    for number, items in digests.items():
        now = await life.store.digests.items(number)
        assert items is not None
        assert now == items
    for name in ("corrected", "running"):
        for kind in (RevisionKind.CORRECTION, RevisionKind.RETRACTION):
            number = await life.store.corrections.correct(await a_correction(life, name, kind), life.now)
            while await life.store.corrections.spread(number, 3, life.now):
                pass
    await life.go_on()
    assert [one for one in await life.broken() if "shows revision" in one] == []


async def test_nothing_that_goes_on_is_touched(database: Database) -> None:
    life = await begin(database)
    before = await _all(life, select(delivery).order_by(delivery.c.id))
    life.now += LONG
    await _compact(life)
    after = {row.id: row for row in await _all(life, select(delivery))}
    going = {0, 1, 2, 6}
    states = {row.id: row.state for row in await _all(life, select(publication.c.id, publication.c.state))}
    for row in before:
        if row.state not in ENDED or (row.publication_id is not None and states[row.publication_id] in going):
            assert after[row.id] == row
    life.now = NOW
    await life.go_on()
    miscounted = {"publication"}
    assert [one for one in await life.broken() if one.split()[0] not in miscounted] == []


async def test_two_that_compact_while_a_correction_spreads_lose_no_copy(database: Database) -> None:
    life = await _lived(database)
    correction = await a_correction(life, "corrected", RevisionKind.CORRECTION)
    number = await life.store.corrections.correct(correction, life.now)
    until = life.now - timedelta(days=7)

    async def spread() -> None:
        while await life.store.corrections.spread(number, 1, life.now):
            pass

    async def compact(store: Any) -> None:
        place: int | None = 0
        while place is not None:
            done = await store.kept_copies.compact(place, until, 1)
            place = done.place if done is not None else None

    await asyncio.gather(spread(), compact(life.store), compact(life.other))
    await life.go_on()
    assert [one for one in await life.broken() if "shows revision" in one] == []


async def test_who_is_erased_leaves_no_compact_copy_and_a_group_keeps_its_rows(database: Database) -> None:
    life = await _lived(database)
    anna, group = life.readers["anna"], life.readers["group"]
    had = len(await _all(life, select(delivery).where(delivery.c.reader_id == group.id)))
    await _compact(life)
    assert 0 < had == len(await _all(life, select(delivery).where(delivery.c.reader_id == group.id)))
    assert (await life.store.personal_data.export(anna.address.chat_id))["kept_copy"]
    assert await life.store.corrections.holders(life.names["corrected"])
    async with database.write() as connection:  # the newest row is theirs, and has to wait
        newest = select(func.max(delivery.c.id)).scalar_subquery()
        theirs = update(delivery).where(delivery.c.id == newest)
        await connection.execute(theirs.values(reader_id=anna.id, article_id=None))
    await life.store.personal_data.erase(anna.address.chat_id, life.now)
    while await life.store.personal_data.sweep(life.now):
        pass
    assert await _all(life, select(kept_copy).where(kept_copy.c.reader_id == anna.id)) == []


@pytest.mark.parametrize("jumped", [timedelta(0), timedelta(days=365)])
async def test_it_goes_a_day_further_each_time_and_waits_for_a_clock_that_jumped(
    sqlite_url: str, jumped: timedelta
) -> None:
    database = Database(sqlite_url)
    life = await begin(database)
    await life.go_on()
    clock = TestClock()
    clock.set(NOW + timedelta(days=10) + jumped)
    settled = [False, True, True]

    async def calm() -> bool:
        return settled.pop(0)

    compaction = Compaction(
        kept_copies=life.store.kept_copies,
        facts=life.store.facts,
        leases=life.store.leases,
        clock=clock,
        settled=calm,
        days=8,
    )
    await compaction.look()
    assert await life.store.facts.get(COMPACTED) is None
    untils = []
    async with database.write() as connection:  # rows of a whole month, ten minutes of work
        first = select(func.min(delivery.c.id)).scalar_subquery()
        old = update(delivery).where(delivery.c.id == first)
        await connection.execute(old.values(created_at=NOW - timedelta(days=20), finished_at=NOW))
    for _ in range(2):
        await compaction.look()
        untils.append((await life.store.facts.get(COMPACTED))["until"])
    assert untils == [(NOW - timedelta(days=20 - day)).isoformat() for day in (1, 2)]
    await database.close()
