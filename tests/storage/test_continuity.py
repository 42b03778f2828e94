"""Whether a database is the one that was left, on both engines."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine.database import Database
from storage.runtime.continuity import Continuity
from storage.runtime.facts import Facts
from tests.support.rows import NOW


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
