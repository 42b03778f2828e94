"""Killed before and after each commit of compacting the ledger and of erasing: whoever comes next ends it, all of it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.model.ledger import DeliveryKind, DeliveryState
from storage.schema.tables import delivery, digest, kept_copy, reader, story_seen, subscription
from storage.store import Store
from tests.support.changes import Restoring
from tests.support.forgetting import ACTS, ERASED
from tests.support.life import Life, SlowCommits, begin
from tests.support.process import Process
from tests.support.rows import a_reader

pytestmark = pytest.mark.thorough

KILLED = -9
_LEFT = (
    (delivery, ("id", "reader_id", "article_id", "kind", "state", "message_id", "digest_id")),
    (kept_copy, ("article_id", "reader_id", "message_id", "digest_id", "revision")),
    (reader, ("id", "chat_id", "name", "state")),
    (subscription, ("key", "reader_id")),
    (story_seen, ("reader_id", "story_id")),
    (digest, ("id", "reader_id")),
)


async def _left(life: Life) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the database holds of readers, without the times."""
    async with life.database.read() as connection:
        return {
            table.name: sorted(
                map(tuple, await connection.execute(select(*(table.c[name] for name in names)))), key=repr
            )
            for table, names in _LEFT
        }


async def _forms(life: Life) -> list[tuple[int, int]]:
    """Return which reader holds a copy of which article, once for each form it is kept in."""
    sent = (
        (delivery.c.kind == DeliveryKind.PUSH) & (delivery.c.state == DeliveryState.SENT) & (delivery.c.message_id > 0)
    )
    lines = (delivery.c.kind == DeliveryKind.ITEM) & (delivery.c.state == DeliveryState.BUNDLED)
    async with life.database.read() as connection:
        rows = [
            *(await connection.execute(select(delivery.c.reader_id, delivery.c.article_id).where(sent | lines))),
            *(await connection.execute(select(kept_copy.c.reader_id, kept_copy.c.article_id))),
        ]
    return sorted((row.reader_id, row.article_id) for row in rows)


async def _dies(life: Life, act: str, step: int, folder: Path) -> list[str]:
    """Let a process do it that kills itself at a step; returns the steps it came to."""
    assert isinstance(life.database, SlowCommits)
    steps = folder / f"{act}-{step}.steps"
    command = (life.database.url, act, str(step), str(steps))
    process = Process({}, folder / f"{act}-{step}.log", command, "tests.support.forgetting")
    try:
        await process.start()
        status = await process.ends()
        assert status == (KILLED if step else 0), process.log.read_text(encoding="utf-8")
    finally:
        await process.end()
    return steps.read_text(encoding="utf-8").splitlines()


@pytest.mark.timeout(600)
async def test_killed_at_each_commit_of_forgetting_the_next_one_ends_it_and_nothing_is_half_done(
    database_url: str, tmp_path: Path
) -> None:
    database = SlowCommits(database_url)
    life = await begin(database)
    await life.go_on()
    await a_reader(database)  # the newest reader is nobody who is erased
    room = Restoring(database, life)
    await room.keep()
    for act, do in ACTS.items():
        whole = await room.again()
        before = await _forms(whole)
        steps = await _dies(whole, act, 0, tmp_path)
        wanted = await _left(whole)
        assert await _forms(whole) == [one for one in before if act == "compact" or one[0] != _erased(life)]
        assert len(steps) >= 6, steps
        await _closed(whole, room)
        for step in range(1, len(steps) + 1):
            there = await room.again()
            assert (await _dies(there, act, step, tmp_path))[-1] == steps[step - 1]
            held = await _forms(there)  # in one form, never in both or in none
            assert held == before or (act == "erase" and set(held) < set(before)), steps[step - 1]
            await do(Store(there.database, f"next {step}"))
            assert await _left(there) == wanted, steps[step - 1]
            await _closed(there, room)
    await database.close()


def _erased(life: Life) -> int:
    return next(one.id for one in life.readers.values() if one.address.chat_id == ERASED)


async def _closed(life: Life, room: Restoring) -> None:
    if life.database is not room.database:
        await life.database.close()
