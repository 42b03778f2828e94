"""Whether a database is the one that was left, on both engines."""

import contextlib
import os
import pwd
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.model.ledger import DeliveryKind, DeliveryState, Priority
from bot.operations.restart_guard import RestartGuard
from bot.operations.turns import Turn
from storage.engine.database import Database
from storage.runtime.continuity import Continuity
from storage.runtime.facts import Facts
from storage.schema.migrate import migrate
from storage.schema.tables import delivery
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.postgres import Server, start_server
from tests.support.rows import NOW, a_reader
from tests.support.waiting import until


async def test_a_database_is_known_again_and_one_without_a_mark_is_not_doubted(database: Database) -> None:
    assert await Continuity(database).unbroken()
    for _ in range(3):
        await Continuity(database).renew(NOW)
        assert await Continuity(database).unbroken()


async def test_a_dump_that_was_restored_is_told_from_the_database_it_was_made_of(postgres_url: str) -> None:
    database = Database(postgres_url)
    await Continuity(database).renew(NOW)
    async with database.write() as connection:  # as pg_restore --clean does with every table
        await connection.execute(text("CREATE TABLE made_anew AS TABLE alembic_version"))
        await connection.execute(text("DROP TABLE alembic_version"))
        await connection.execute(text("ALTER TABLE made_anew RENAME TO alembic_version"))
    assert not await Continuity(database).unbroken()
    await Continuity(database).renew(NOW)
    assert await Continuity(database).unbroken()
    await database.close()


async def test_a_server_that_was_restored_to_an_earlier_moment_is_told_from_the_one_that_was_left(
    postgres_url: str,
) -> None:
    """What a cloud calls “restore to a point in time”, and a standby that took over: all numbers are the same."""
    database = Database(postgres_url)
    running, facts = Continuity(database), Facts(database)
    await running.renew(NOW)
    mark = await facts.get("continuity")
    assert len(mark["timeline"]) == 8
    assert await running.unmoved()
    await facts.put("continuity", mark | {"timeline": "000000FF"}, NOW)
    assert not await Continuity(database).unbroken()
    assert not await running.unmoved()
    await Continuity(database).renew(NOW)
    assert await running.unmoved()
    await facts.put("continuity", {"home": mark["home"]}, NOW)  # an older program’s
    assert await Continuity(database).unbroken()
    await database.close()


@pytest.mark.thorough
@pytest.mark.timeout(120)
async def test_a_server_that_is_restored_to_an_earlier_moment_under_a_running_process_makes_sending_wait(
    postgres: Server, tmp_path: Path
) -> None:
    assert postgres  # where there is none, this is skipped
    server = start_server(("restore_command=false",))  # a server asks for one where it is to be restored
    try:
        database, clock = Database(server.url("postgres")), TestClock(NOW, speed=0)
        await migrate(database)
        store = Store(database, "me")
        guard = RestartGuard(
            facts=store.facts,
            backlogs=store.backlogs,
            continuity=store.continuity,
            owners=cast("Any", None),
            turn=Turn(name="backlog", clock=clock),
            clock=clock,
            wake=lambda: None,
        )
        known = await a_reader(database)
        async with database.write() as connection:
            waits = {"kind": DeliveryKind.PUSH, "lane": Priority.INSTANT, "state": DeliveryState.QUEUED}
            row = {"reader_id": known.id, "not_before": NOW, "created_at": NOW - timedelta(minutes=1), **waits}
            await connection.execute(delivery.insert().values(row))
        assert not await guard.check()
        await guard.beat()
        earlier = tmp_path / "earlier"
        for signal in ("", "recovery.signal"):  # it only restarts; it is restored
            server.crash()
            if signal:
                shutil.rmtree(server.data)
                shutil.copytree(earlier, server.data)
                (server.data / signal).touch()
                _belongs_to(server.data, server.user)
            else:
                shutil.copytree(server.data, earlier)
            server.start_again()
            with contextlib.suppress(DBAPIError):
                await store.facts.get("any")
            await until(lambda: _looked_back(guard), "the server does not come back")
            assert await guard.held() is bool(signal)
            clock.advance(seconds=30)
            await guard.beat()
        await database.close()
    finally:
        server.stop()


async def _looked_back(guard: RestartGuard) -> bool:
    """Look back; False while the server recovers, which nothing may be concluded from."""
    try:
        await guard.look_back()
    except DBAPIError:
        return False
    return True


def _belongs_to(folder: Path, user: str | None) -> None:
    if user is not None:
        account = pwd.getpwnam(user)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


async def test_a_crash_between_the_mark_beside_the_file_and_the_one_in_it_changes_nothing(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await Continuity(database).renew(NOW)
    assert database.file is not None
    database.file.put_tokens([*database.file.tokens(), "the next one"])
    assert await Continuity(database).unbroken()
    await database.close()


@pytest.mark.parametrize("marked", [True, False])
async def test_an_older_copy_over_the_file_is_recognised(sqlite_url: str, tmp_path: Path, *, marked: bool) -> None:
    database, path = Database(sqlite_url), tmp_path / "visnyk.db"
    if marked:  # or a copy of an older program, which knew no marks
        await Continuity(database).renew(NOW)
    await database.close()
    shutil.copy(path, tmp_path / "copy.db")
    later = Database(sqlite_url)
    await Continuity(later).renew(NOW)
    await later.close()
    shutil.copy(tmp_path / "copy.db", path)
    restored = Database(sqlite_url)
    assert not await Continuity(restored).unbroken()
    await restored.close()


async def test_a_whole_folder_that_was_copied_is_recognised_by_the_file(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    await Continuity(database).renew(NOW)
    await database.close()
    (tmp_path / "elsewhere").mkdir()
    for name in ("visnyk.db", "visnyk.db.mark"):
        shutil.copy(tmp_path / name, tmp_path / "elsewhere" / name)
    moved = Database(f"sqlite:///{tmp_path / 'elsewhere' / 'visnyk.db'}")
    assert not await Continuity(moved).unbroken()
    await moved.close()


async def test_nothing_is_marked_in_the_database_that_cannot_be_marked_beside_it(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = Database(sqlite_url)
    await Continuity(database).renew(NOW)
    before = await Facts(database).get("continuity")
    (tmp_path / "visnyk.db.mark.new").mkdir()  # as where the folder may not be written to
    with pytest.raises(OSError, match="directory"):
        await Continuity(database).renew(NOW)
    assert await Facts(database).get("continuity") == before
    assert await Continuity(database).unbroken()
    await database.close()
