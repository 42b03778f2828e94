"""SQLite as a file: held by one process under every name, refused with a sentence, its log short, its copies kept."""

import asyncio
import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.model.trouble import Trouble
from storage.engine.database import Database
from storage.engine.sqlite import LIBRARY
from storage.engine.trouble import trouble_of
from storage.runtime.health import Health
from storage.schema.migrate import migrate, wait_for_database
from storage.schema.migrations import HEAD
from tests.support.refusals import refused
from tests.support.rows import NOW, a_reader

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys, time
from storage.engine.database import Database
database = Database(sys.argv[1])
database.hold()
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def running(sqlite_url: str) -> "subprocess.Popen[str]":
    """Return another process that holds the file."""
    arguments = [sys.executable, "-c", HOLDER, sqlite_url]
    process = subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def _link(path: Path) -> Path:
    other = path.with_name("other.db")
    other.symlink_to(path)
    return other


def _hard_link(path: Path) -> Path:
    other = path.with_name("elsewhere") / "other.db"
    other.parent.mkdir()
    os.link(path, other)
    return other


def _unlock(path: Path) -> Path:
    path.with_name("visnyk.db.lock").unlink()
    return path


def _by_another_folder(path: Path) -> Path:
    path.with_name("folder").symlink_to(path.parent, target_is_directory=True)
    return path.with_name("folder") / path.name


@pytest.mark.parametrize("way", [_link, _hard_link, _unlock, _by_another_folder])
def test_a_second_process_is_refused_whatever_way_it_comes(
    running: "subprocess.Popen[str]", tmp_path: Path, way: Callable[[Path], Path]
) -> None:
    second = Database(f"sqlite:///{way(tmp_path / 'visnyk.db')}")
    try:
        with refused("Another Visnyk is running"):
            second.hold()
        running.kill()
        running.wait()
        second.hold()
    finally:
        running.kill()
        running.communicate()
        assert second.file is not None
        second.file.release()


async def test_holding_a_file_takes_no_lock_of_sqlite_away(sqlite_url: str, tmp_path: Path) -> None:
    """Closing any descriptor of a file ends all locks that its process has on it (POSIX): nothing may do that."""
    database = Database(sqlite_url)
    database.hold()
    await a_reader(database)
    await Health(database).look(NOW)
    script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT 1 FROM note')"
    # The last one that closes a database takes its log away; this one must see that it is not the last.
    look = [sys.executable, "-c", script, str(tmp_path / "visnyk.db")]
    await asyncio.to_thread(subprocess.run, look, check=True)
    assert (tmp_path / "visnyk.db-wal").exists()
    await a_reader(database)
    assert await Health(database).look(NOW) is None
    await database.close()


async def _started(url: str) -> None:
    database = Database(url)
    try:
        database.hold()
        await wait_for_database(database)
        with database.in_a_sentence():
            await migrate(database)
    finally:
        await database.close()


def _text(path: Path) -> None:
    path.write_text("Це не база даних. " * 300)


def _scribbled(path: Path) -> None:
    with path.open("r+b") as out:
        out.seek(4096 * 3)
        out.write(b"\xff" * 4096 * 10)


def _cut_short(path: Path) -> None:
    with path.open("r+b") as out:
        out.truncate(path.stat().st_size // 2)


@pytest.mark.parametrize("harm", [_text, _scribbled, _cut_short])
async def test_a_file_that_is_damaged_ends_the_start_with_a_sentence(
    sqlite_url: str, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    harm(tmp_path / "visnyk.db")
    before = (tmp_path / "visnyk.db").read_bytes()
    with refused("is damaged, or is not an SQLite database"):
        await _started(sqlite_url)
    assert (tmp_path / "visnyk.db").read_bytes() == before


async def test_a_place_that_is_no_file_or_cannot_be_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for place in ("folder", "file/visnyk.db"):
        with refused("cannot be opened for writing"):
            await _started(f"sqlite:///{tmp_path / place}")


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OSError(errno.ENOSPC, "no space"), Trouble.FULL),
        (OSError(errno.EDQUOT, "quota"), Trouble.FULL),
        (PermissionError(errno.EACCES, "denied"), Trouble.UNWRITABLE),
        (OSError(errno.EROFS, "read-only"), Trouble.UNWRITABLE),
        (OSError(errno.EIO, "I/O"), Trouble.FAILING),
        (OSError(errno.ECONNREFUSED, "refused"), None),
        (LIBRARY.OperationalError("database or disk is full"), Trouble.FULL),
        (LIBRARY.OperationalError("attempt to write a readonly database"), Trouble.UNWRITABLE),
        (LIBRARY.OperationalError("disk I/O error"), Trouble.FAILING),
        (LIBRARY.DatabaseError("database disk image is malformed"), Trouble.DAMAGED),
        (LIBRARY.OperationalError("database is locked"), None),
        (ValueError("full"), None),
    ],
)
def test_errors_say_what_is_wrong_with_the_disk(error: Exception, trouble: Trouble | None) -> None:
    assert trouble_of(error) is trouble


async def test_a_full_disk_is_known_by_its_error(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with refused("There is no room on the disk"):
        await _write_too_much(database)
    await database.close()


async def _write_too_much(database: Database) -> None:
    with database.in_a_sentence():
        async with database.write() as connection:
            await connection.execute(text("PRAGMA max_page_count=1"))
            await connection.execute(text("CREATE TABLE big AS SELECT zeroblob(100000)"))


async def test_the_log_is_short_again_when_nothing_happens(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE big (content)"))
        for _ in range(12):
            await connection.execute(text("INSERT INTO big VALUES (zeroblob(1000000))"))
    assert (tmp_path / "visnyk.db-wal").stat().st_size > 10_000_000
    await database.checkpoint()
    assert (tmp_path / "visnyk.db-wal").stat().st_size <= 4 * 2**20
    await database.close()


def _copied(path: Path, copy: Path) -> None:
    source, into = LIBRARY.connect(path), LIBRARY.connect(copy)
    source.backup(into)
    into.execute("PRAGMA journal_mode=DELETE")
    into.close()
    source.close()


async def test_the_log_of_another_file_is_not_written_into_a_copy_that_was_put_back(
    sqlite_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "visnyk.db"
    database = Database(sqlite_url)
    database.hold()
    await a_reader(database, chat_id=1)
    await database.checkpoint()
    _copied(path, tmp_path / "copy.db")
    await a_reader(database, chat_id=2)
    await Health(database)._continuity.renew(NOW)
    log, kept = tmp_path / "visnyk.db-wal", tmp_path / "kept"
    os.link(log, kept)  # as a kill leaves it: an orderly end takes it away
    content = kept.read_bytes()
    await database.close()
    assert not log.exists()
    kept.write_bytes(content)
    kept.replace(log)
    (tmp_path / "copy.db").replace(path)
    again = Database(sqlite_url)
    again.hold()
    await wait_for_database(again)
    async with again.read() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM reader")) == 1
    assert (tmp_path / "visnyk.db.log-of-another-file").exists()
    await again.close()


def _copies(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.before-*"))


async def test_an_older_program_is_refused_before_anything_changes(sqlite_url: str, tmp_path: Path) -> None:
    kept = tmp_path / f"visnyk.db.before-{HEAD}"
    kept.write_text("the copy that was made before the upgrade")
    database = Database(sqlite_url)
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with refused("newer Visnyk"):
        await migrate(database)
    await database.close()
    assert _copies(tmp_path) == [kept.name]
    assert kept.read_text() == "the copy that was made before the upgrade"
