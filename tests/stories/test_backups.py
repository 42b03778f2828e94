"""Backups at their hours, with a word to the owner when there is none, and once more when there is."""

import signal
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.cli.backups import back_up, check, put_back
from bot.operations.backups import BackupCourier
from storage.engine.backup_folder import scratch
from storage.engine.database import Database
from storage.store import Store
from tests.support.newsroom import OWNER, TOKEN, open_newsroom
from tests.support.people import Somebody
from tests.support.process import Process
from tests.support.waiting import until

pytestmark = pytest.mark.wide

SECRET = "дев’ять журавлів і чайник"


def _backups(folder: Path) -> list[Path]:
    return list(folder.rglob("visnyk-*"))


def _readable(folder: Path) -> set[Path]:
    """Return the copies of the database that anybody could read who has the disk."""
    return {path for path in folder.rglob("*") if ".visnyk-backup-" in str(path) and path.suffix == ".db"}


async def test_a_backup_is_made_at_its_hours_and_the_owner_hears_once_that_there_is_none(
    sqlite_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    async with open_newsroom(sqlite_url, backup_to=str(folder), backup_every=2, backup_keep=2) as room:
        owner: Somebody = room.owner()
        await owner.says("/help")
        guard = room.app.parts.delivery.backup_guard
        await guard.look()
        await guard.look()
        [first] = folder.iterdir()
        room.clock.advance(hours=1)
        await guard.look()
        assert list(folder.iterdir()) == [first]
        # The folder becomes a file: nothing can be written there.
        first.unlink()
        folder.rmdir()
        folder.write_text("")
        room.clock.advance(hours=1, minutes=1)
        for _ in range(4):
            await guard.look()
            room.clock.advance(minutes=20)
        await owner.sees("Нової резервної копії немає")
        assert await owner.count("Нової резервної копії немає") == 1
        await owner.sees("Найновішу справну зроблено")
        folder.unlink()
        room.clock.advance(minutes=20)  # the bot's own guard may have tried a moment ago
        await guard.look()
        room.clock.advance(hours=2, minutes=1)
        await guard.look()
        await owner.sees("Резервне копіювання знову працює")
        assert await owner.count("Резервне копіювання знову працює") == 1
        assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("works", [True, False])
async def test_a_clock_that_was_a_year_ahead_leaves_nobody_without_backups(
    sqlite_url: str, tmp_path: Path, works: bool
) -> None:
    folder = tmp_path / "copies"
    async with open_newsroom(sqlite_url, backup_to=str(folder), backup_every=2, backup_keep=1) as room:
        guard, now = room.app.parts.delivery.backup_guard, room.clock.now()
        folder.mkdir()
        if not works:
            folder.rmdir()
            folder.write_text("")
        room.clock.set(now + timedelta(days=365))
        await guard.look()
        ahead = (await room.store.backups.record()).good_at
        assert (ahead is not None) is works
        if not works:
            folder.unlink()
        room.clock.set(now + timedelta(minutes=20))
        for hours in range(0, 6, 3):
            room.clock.set(now + timedelta(hours=hours, minutes=20))
            await guard.look()
            record = await room.store.backups.record()
            assert record.good_at is not None
            assert abs(record.good_at - room.clock.now()) < timedelta(minutes=5)
            assert list(folder.iterdir()) == [Path(record.path)], "and it is the one that stays"


async def test_nothing_is_backed_up_where_no_folder_is_named(sqlite_url: str, tmp_path: Path) -> None:
    async with open_newsroom(sqlite_url) as room:
        await room.app.parts.delivery.backup_guard.look()
    assert _backups(tmp_path) == []


@pytest.mark.usefixtures("quick_lock")
async def test_a_backup_too_large_for_a_chat_is_made_again_no_sooner_than_the_next_one(
    sqlite_url: str, tmp_path: Path
) -> None:
    # The bot's own guard, which looks each minute by a clock that jumps here, makes none.
    async with open_newsroom(sqlite_url, backup_every=6, backup_passphrase=SECRET) as room:
        owner: Somebody = room.owner()
        await owner.says("/help")
        files, editors = room.app.parts.delivery.files, room.store.editors
        beside = partial(scratch, tmp_path)
        courier = BackupCourier(files=files, editors=editors, chat=OWNER, folder=beside, most=1000)
        guard = replace(room.app.parts.delivery.backup_guard, courier=courier)
        tries = []
        for _ in range(8):
            room.clock.advance(hours=1)
            await guard.look()
            record = await room.store.backups.record()
            assert record.why == "too-large"
            tries.append(record.failed_at)
        assert len(set(tries)) == 2
        assert not [m for m in owner.got if "document" in m]


@pytest.mark.usefixtures("quick_lock")
async def test_a_backup_goes_to_an_owners_chat_encrypted_or_not_at_all(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_newsroom(sqlite_url, backup_to=f"chat:{OWNER}") as room:
        owner: Somebody = room.owner()
        await owner.says("/help")
        await room.app.parts.delivery.backup_guard.look()
        await owner.sees("Копії, що йдуть у чат, залишають цю машину")
        await owner.says("/doctor")
        assert "У BACKUP_TO вказано чат, а пароля немає" in owner.screen
        assert not [m for m in owner.got if "document" in m]
        room.options |= {"backup_to": "chat:77", "backup_passphrase": SECRET}
        await room.restart()
        room.clock.advance(hours=1)
        await room.app.parts.delivery.backup_guard.look()
        assert (await room.store.backups.record()).why == "stranger"
        room.options |= {"backup_to": f"chat:{OWNER}"}
        await room.restart()
        room.clock.advance(hours=1)
        await room.app.parts.delivery.backup_guard.look()
        [sent] = [m["document"] for m in owner.got if "document" in m]
        assert (await room.store.backups.record()).path == f"chat:{OWNER}"
        file = tmp_path / sent["file_name"]
        file.write_bytes(room.world.files[sent["file_id"]])
        assert await owner.lacks(SECRET)
    assert file.name.endswith(".age.tar")
    assert _backups(tmp_path) == [file]
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere' / 'n.db'}")
    assert await put_back(str(file)) == 1
    monkeypatch.setenv("BACKUP_PASSPHRASE", "another one entirely")
    assert await put_back(str(file)) == await check(str(file)) == 1
    monkeypatch.setenv("BACKUP_PASSPHRASE", SECRET)
    assert await check(str(file)) == await put_back(str(file)) == 0
    plain = tmp_path / "elsewhere" / "n.db"
    odd = plain.rename(tmp_path / "elsewhere" / "скачано%2F1?x=2#3.db")  # as browsers and mail call what they save
    assert await check(str(odd)) == await put_back(str(odd)) == 0
    said = capsys.readouterr()
    assert "This backup is encrypted" in said.err
    assert "The passphrase does not open this backup" in said.err
    assert SECRET not in said.out + said.err


@pytest.mark.parametrize(("to", "asked", "counts"), [
    ("", "", True), ("", "usb", True), ("copies", "", True), ("copies", "copies/", True), ("copies", "usb", False), ("chat:1", "", False),
])  # fmt: skip
async def test_a_backup_by_hand_takes_the_place_of_the_bots_own_only_where_that_goes(
    to: str, asked: str, *, counts: bool, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("DATABASE_URL", sqlite_url),
        ("BACKUP_TO", to),
        ("BACKUP_PASSPHRASE", SECRET if ":" in to else ""),
    ):
        monkeypatch.setenv(name, value)
    assert await back_up(asked) == 0
    [made] = _backups(tmp_path)
    assert made.parent.name == (asked.strip("/") or (to if ":" not in to else "") or "backups")
    database = Database(sqlite_url)
    record = await Store(database, "one").backups.record()
    await database.close()
    assert (record.good_at is not None) == counts


@pytest.mark.thorough
async def test_what_a_killed_backup_left_readable_is_gone_at_the_next_round_and_the_next_start(
    sqlite_url: str, tmp_path: Path
) -> None:
    settings = {"BOT_TOKEN": TOKEN, "DATABASE_URL": sqlite_url, "BACKUP_PASSPHRASE": SECRET}
    command = ("backup", str(tmp_path / "copies"))
    crew = [Process(settings, tmp_path / f"{number}.log", command) for number in range(3)]
    async with open_newsroom(sqlite_url) as room:
        try:
            living, *killed = crew
            left: set[Path] = set()
            theirs: Path | None = None
            for process in crew:
                await process.start()
                await until(lambda: len(_readable(tmp_path)) > len(left), "nothing is written")
                process.signal(signal.SIGSTOP)
                left.update(_readable(tmp_path))
                theirs = theirs or min(left)
            for process, comes in zip(killed, (room.app.parts.delivery.backup_guard.look, room.restart), strict=True):
                await process.kill()
                assert len(_readable(tmp_path)) > 1
                await comes()
                assert theirs in _readable(tmp_path)  # a neighbour's who lives, however slowly
            assert _readable(tmp_path) == {theirs}
            living.signal(signal.SIGCONT)
            assert await living.ends() == 0
        finally:
            for process in crew:
                await process.end()
    assert _readable(tmp_path) == set()
    assert len([file for file in _backups(tmp_path / "copies") if file.name.endswith(".age.tar")]) == 1
