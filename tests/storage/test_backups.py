"""Backups on both engines: whole, read through, put back into an empty place only."""

import asyncio
import resource
import shutil
import signal
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from pyrage import decrypt, x25519
from sqlalchemy import text, update

from bot.errors import BackupFailed
from bot.operations.backups import BackupMaker
from bot.screens.look import Locale
from storage.engine.backup_folder import scratch, sweep
from storage.engine.database import Database
from storage.engine.sealed import opened
from storage.engine.sqlite import LIBRARY, copy_whole, faults_of
from storage.index.archive import fill_archive
from storage.runtime.backups import opened_backup
from storage.runtime.continuity import Continuity
from storage.runtime.copying import TABLES, snapshot, tally
from storage.runtime.restoring import restore
from storage.schema.tables import article
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.refusals import refused
from tests.support.rows import NOW, a_publication, a_reader
from tests.support.waiting import until


def _maker(database: Database) -> BackupMaker:
    clock = TestClock()
    return BackupMaker(backups=Store(database, "one").backups, clock=clock, locale=Locale("uk", "Europe/Kyiv", clock))


async def _everything(database: Database) -> dict[str, tuple[int, int]]:
    async with snapshot(database, alone=False) as connection:
        found = {one.table.name: await tally(one, connection, 1000) for one in TABLES}
    return {name: (one.rows, one.total) for name, one in found.items()}


def _log_alone(file: Path) -> None:
    file.write_bytes(b"\0" * 4096)


def _damage(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: 4096 * 3] + b"\xff" * 4096 * 20 + content[4096 * 23 :])


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_backup_holds_one_state_and_is_put_back_into_an_empty_place_of_the_same_engine(
    database: Database, tmp_path: Path, sqlite_template: Path, request: pytest.FixtureRequest
) -> None:
    await a_publication(database, "Міст відкрили")
    await a_reader(database)
    before = await _everything(database)
    made = await _maker(database).make(str(tmp_path / "copies"), keep=2)
    assert (made.rows["article"], made.rows["reader"], made.rendered) == (1, 1, 1)
    await a_reader(database)
    if database.is_sqlite:
        target = Database(f"sqlite:///{tmp_path / 'elsewhere' / 'n.db'}")
    else:  # what is copied into PostgreSQL is tried with the other engine's, which is the same file
        target = Database(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'n.db')}")
        with refused("already"):
            await restore(Path(made.path), target, fill_archive, NOW, lambda *_: None)
        await target.close()
        target = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    await restore(Path(made.path), target, fill_archive, NOW, lambda *_: None)
    after = await _everything(target)
    assert {**after, "note": 0} == {**before, "note": 0}
    assert not await Continuity(target).unbroken()
    with refused("already"):
        await restore(Path(made.path), target, fill_archive, NOW, lambda *_: None)
    await target.close()
    _log_alone(tmp_path / "log.db-wal")
    target = Database(f"sqlite:///{tmp_path / 'log.db'}")
    with refused("the log of one"):
        await restore(Path(made.path), target, fill_archive, NOW, lambda *_: None)
    await target.close()


async def test_a_backup_is_put_back_into_postgresql(sqlite_url: str, postgres_url: str, tmp_path: Path) -> None:
    database, target = Database(sqlite_url), Database(postgres_url)
    await a_publication(database, "Міст відкрили")
    made = await _maker(database).make(str(tmp_path / "copies"), keep=2)
    await restore(Path(made.path), target, fill_archive, NOW, lambda *_: None)
    assert {**await _everything(target), "note": 0} == {**await _everything(database), "note": 0}
    await database.close()
    await target.close()


async def test_what_is_written_while_a_backup_is_made_is_all_in_it_or_not_at_all(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = Database(sqlite_url)
    connection = LIBRARY.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("CREATE TABLE filler (x, y)")
    connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000) "
        "INSERT INTO filler SELECT i, randomblob(3900) FROM n"
    )
    steps = 0

    def meddle() -> bool:
        nonlocal steps
        steps += 1
        connection.execute("UPDATE filler SET x = -x WHERE x <> 0")  # all of them, in one commit
        return False

    copy_whole(sqlite_url.removeprefix("sqlite:///"), str(tmp_path / "copy.db"), meddle)
    connection.close()
    assert steps > 2
    assert faults_of(str(tmp_path / "copy.db"), lambda: False) == ""
    copy = LIBRARY.connect(tmp_path / "copy.db")
    assert copy.execute("SELECT min(x) > 0 FROM filler").fetchone() == (1,)
    copy.close()
    await database.close()


async def test_half_a_backup_never_counts_and_the_newest_stay(database: Database, tmp_path: Path) -> None:
    maker, folder = _maker(database), tmp_path / "copies"
    clock = maker.clock
    assert isinstance(clock, TestClock)
    await a_publication(database)
    part = await maker.backups.begin(str(folder), clock.now())
    assert not list(folder.glob("*.db"))  # what is begun has another name
    await maker.backups.forget(part)
    assert _names(folder) == []
    for _ in range(4):
        clock.advance(hours=1)
        await maker.make(str(folder), keep=2)
    assert len(_names(folder)) == 2
    assert all(name.endswith(".db") for name in _names(folder))


async def test_a_backup_whose_article_cannot_be_shown_or_whose_pages_are_damaged_is_none(
    sqlite_url: str, tmp_path: Path
) -> None:
    database, folder = Database(sqlite_url), tmp_path / "copies"
    number, _ = await a_publication(database)
    maker = _maker(database)
    made = await maker.make(str(folder), keep=5)
    async with database.write() as connection:
        await connection.execute(update(article).where(article.c.id == number).values(photo={"kind": "?"}))
    with pytest.raises(BackupFailed) as caught:
        await maker.make(str(folder), keep=5)
    assert caught.value.variables["why"] == "unreadable"
    assert _names(folder) == [Path(made.path).name]
    _damage(Path(made.path))
    with pytest.raises(BackupFailed) as caught:
        await maker.check(made.path)
    assert caught.value.variables["why"] == "damaged"
    await database.close()


async def test_a_full_disk_is_told_and_leaves_nothing(sqlite_url: str, tmp_path: Path) -> None:
    database, folder = Database(sqlite_url), tmp_path / "copies"
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE filler AS SELECT randomblob(3000000) AS x"))
    await database.checkpoint()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(BackupFailed) as caught:
            await _maker(database).make(str(folder), keep=5)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.variables["why"] in {"full", "failing"}
    assert _names(folder) == []
    await database.close()


async def test_an_older_or_a_newer_programs_backup_is_told_apart(sqlite_url: str, tmp_path: Path) -> None:
    database, folder = Database(sqlite_url), tmp_path / "copies"
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BackupFailed) as caught:
        await _maker(database).make(str(folder), keep=5)
    assert caught.value.variables["why"] == "newer"
    empty = tmp_path / "empty.db"
    LIBRARY.connect(empty).close()
    with pytest.raises(BackupFailed) as caught:
        await _maker(database).check(str(empty))
    assert caught.value.variables["why"] == "foreign"
    await database.close()


async def test_a_backup_and_its_folder_may_be_called_as_they_like(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "100%20 копій?"
    made = await _maker(database).make(str(folder), keep=5)
    odd = folder / "скачано%2F1?x=2#3.db"
    shutil.move(made.path, odd)
    assert (await _maker(database).check(str(odd))).rows == made.rows
    back = Database(f"sqlite:///{tmp_path / 'back.db'}")
    await restore(odd, back, fill_archive, NOW, lambda *_: None)
    await back.close()
    assert _names(folder) == [odd.name]
    assert not [name for name in _names(tmp_path) if name.startswith(("100", "скачано")) and name != folder.name]
    await database.close()


SECRET = "дев’ять журавлів і чайник"


def _readable(file: Path, *words: bytes) -> list[bytes]:
    """Return which words stand in a file that others may not read."""
    assert file.stat().st_mode & 0o077 == 0
    return [word for word in words if word in file.read_bytes()]


def _written(file: Path, content: bytes) -> str:
    file.write_bytes(content)
    return str(file)


def _left(folder: Path) -> list[Path]:
    return list(folder.rglob(".visnyk-backup-*"))


def _sealing(database: Database, word: str = SECRET) -> BackupMaker:
    return replace(_maker(database), passphrase=word)


@pytest.mark.thorough
async def test_an_encrypted_backup_is_opened_again_and_shows_nothing_without_its_passphrase(
    database: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not database.is_sqlite:  # once the true lock, which takes its time; it is the same whatever is behind it
        request.getfixturevalue("quick_lock")
    await a_publication(database, "Міст відкрили")
    folder = tmp_path / "copies"
    made = await _sealing(database).make(str(folder), keep=2)
    file = Path(made.path)
    assert (_names(folder), made.rendered) == ([file.name], 1)
    assert file.name.endswith(".age.tar")
    assert _readable(file, "Міст".encode(), b"SQLite format") == []
    assert _left(tmp_path) == []  # what was not encrypted is gone
    # Anybody with tar and age opens it: these are their forms.
    with tarfile.open(file) as tar:
        assert tar.getnames() == ["README.txt", "key.age", "visnyk.db.age"]
        key, body = tar.extractfile("key.age"), tar.extractfile("visnyk.db.age")
        assert key is not None
        assert body is not None
        if database.is_sqlite:
            identity = x25519.Identity.from_str(opened(key.read(), SECRET).decode().strip())
            assert decrypt(body.read(), [identity]).startswith(b"SQLite format 3")
    target = Database(f"sqlite:///{tmp_path / 'elsewhere' / 'n.db'}")
    async with opened_backup(file, SECRET) as plain:
        await restore(plain, target, fill_archive, NOW, lambda *_: None)
    assert {**await _everything(target), "note": 0} == {**await _everything(database), "note": 0}
    await target.close()


@pytest.mark.usefixtures("quick_lock")
async def test_another_passphrase_and_a_byte_that_differs_are_told_apart(sqlite_url: str, tmp_path: Path) -> None:
    database, folder = Database(sqlite_url), tmp_path / "copies"
    maker = _sealing(database)
    made = await maker.make(str(folder), keep=2)
    content = await asyncio.to_thread(Path(made.path).read_bytes)
    wrong = {
        "passphrase": (_sealing(database, "інше слово зовсім"), content),
        "locked": (_maker(database), content),
        "damaged": (maker, content[:30_000]),
        "damaged ": (maker, content[:30_000] + b"\0" + content[30_001:]),
        "damaged  ": (maker, content[:1_500]),
    }
    for why, (asked, written) in wrong.items():
        other = _written(tmp_path / "other", written)
        with pytest.raises(BackupFailed) as caught:
            await asked.check(other)
        assert caught.value.variables["why"] == why.strip()
        assert SECRET not in str(caught.value)
    assert SECRET not in repr(maker)
    # Plain and encrypted ones are one row: the newest stay.
    clock = maker.clock
    assert isinstance(clock, TestClock)
    clock.advance(hours=1)
    newer = await replace(maker, passphrase="").make(str(folder), keep=2)
    clock.advance(hours=1)
    newest = await maker.make(str(folder), keep=2)
    assert _names(folder) == sorted(Path(one.path).name for one in (newer, newest))
    await database.close()


async def test_whoever_stops_while_it_is_encrypted_leaves_nothing(sqlite_url: str, tmp_path: Path) -> None:
    database, folder = Database(sqlite_url), tmp_path / "copies"
    making = asyncio.ensure_future(_sealing(database).make(str(folder), keep=2))
    await until(lambda: bool(_left(tmp_path)), "nothing was begun")
    making.cancel()
    with pytest.raises(asyncio.CancelledError):
        await making
    assert _left(tmp_path) == []
    assert _names(folder) == []
    await database.close()


def test_what_is_swept_was_left_by_a_process_of_ours_and_nothing_else(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lock").touch()
    (tmp_path / ".visnyk-backup-link").symlink_to(elsewhere)
    (tmp_path / ".visnyk-backup-file").touch()
    (tmp_path / ".visnyk-backup-new").mkdir()  # its lock is about to be made
    left = tmp_path / ".visnyk-backup-left"
    left.mkdir()
    (left / "lock").touch()
    (left / "visnyk.db").touch()
    with scratch(tmp_path) as living, scratch(tmp_path) as other:
        (living / "visnyk.db").touch()
        sweep(tmp_path)
        assert (living / "visnyk.db").exists()
        assert other.exists()
    assert _names(elsewhere) == ["lock"]
    assert _names(tmp_path) == [f".visnyk-backup-{name}" for name in ("file", "link", "new")] + ["elsewhere"]
