"""The disk under the database fails while the bot runs: nothing more is sent, and the owner hears of it in time."""

import contextlib
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from storage.engine.database import Database
from tests.support.newsroom import Desk, Newsroom, open_newsroom
from tests.support.people import Somebody, text_of
from tests.support.rows import a_reader

pytestmark = pytest.mark.wide


def _file(room: Newsroom) -> Path:
    return Path(room.database_url.removeprefix("sqlite:///"))


async def _working(room: Newsroom) -> tuple[Somebody, Desk]:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says("/help")
    await room.app.parts.delivery.disk_guard.look()
    return reader, editor


async def _looks(room: Newsroom) -> None:
    """Let the time of the next checkpoint come."""
    await room.app.rounds.look_after()


def _logs(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith("visnyk.db-")]


def _delete(path: Path) -> None:
    path.unlink()


def _replace(path: Path) -> None:
    shutil.copy(path, path.with_name("other.db"))
    path.with_name("other.db").replace(path)


def _cut(path: Path) -> None:
    with path.open("r+b") as out:
        out.truncate(0)


def _scribble(path: Path) -> None:
    with path.open("r+b") as out:
        out.write(b"\0" * 4096)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_delete, "Файла бази даних немає на місці"),
        (_replace, "лежить інший файл"),
        (_cut, "Файл бази даних пошкоджено"),
        (_scribble, "Файл бази даних пошкоджено"),
    ],
)
async def test_a_file_that_is_lost_is_noticed_and_nothing_more_is_sent(
    room: Newsroom, harm: Callable[[Path], None], words: str
) -> None:
    reader, editor = await _working(room)
    room.sender.window = 0
    await editor.publishes("Міст відкрили")
    harm(_file(room))
    await _looks(room)
    room.sender.window = 10
    await editor.sees("Розсилання зупинено: база даних у небезпеці")
    await editor.sees(words)
    assert room.sender.held
    if "пошкоджено" not in words:  # else nobody can say what is under way
        assert await reader.count("Міст відкрили") == 0
    await _looks(room)
    assert sum(words in text_of(message) for message in editor.got) == 1


async def test_what_a_deleted_file_held_is_saved_and_can_be_put_in_its_place(room: Newsroom, tmp_path: Path) -> None:
    reader, editor = await _working(room)
    room.sender.window = 0
    await editor.publishes("Міст відкрили")
    _delete(_file(room))
    await _looks(room)
    await editor.sees("visnyk.db.rescued")
    await room.stop()
    assert _logs(tmp_path) == []
    assert not _file(room).exists()
    _file(room).with_name("visnyk.db.rescued").replace(_file(room))
    await room.start()
    await editor.sees("Чекає 1 надсилання")
    await editor.taps("Надіслати все, що чекає")
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили") == 1


async def _read_only(room: Newsroom, *, so: bool) -> None:
    """As where the rights of the file were taken away: whoever runs the tests may have all of them."""
    async with room.database._one.connected() as connection:
        raw = await connection.get_raw_connection()
        await raw.driver_connection.execute(f"PRAGMA query_only={int(so)}")  # type: ignore[union-attr]


async def _full(room: Newsroom, *, so: bool) -> None:
    """As on a disk that is full: /dev/full has no room for what is written beside the file."""
    beside = _file(room).with_name("visnyk.db.mark.new")
    if so:
        beside.symlink_to("/dev/full")
    else:
        beside.unlink()


async def _folder(room: Newsroom, *, so: bool) -> None:
    """As in a folder that cannot be written to."""
    beside = _file(room).with_name("visnyk.db.mark.new")
    if so:
        beside.mkdir()
    else:
        beside.rmdir()


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (_read_only, "не вдається писати"),
        (_folder, "не вдається писати"),
        (_full, "На диску з базою даних немає місця"),
    ],
)
async def test_a_disk_that_takes_nothing_stops_sending_until_it_does(
    room: Newsroom, harm: Callable[..., Awaitable[None]], words: str
) -> None:
    reader, editor = await _working(room)
    room.sender.window = 0
    await editor.publishes("Міст відкрили")
    await harm(room, so=True)
    await _looks(room)
    room.sender.window = 10
    await editor.sees(words)
    assert await reader.count("Міст відкрили") == 0
    await harm(room, so=False)
    await _looks(room)
    await editor.sees("З базою даних знову все гаразд")
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили") == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of eight megabytes."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", tmp_path]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield tmp_path
    subprocess.run(["umount", "--lazy", tmp_path], check=True)


async def test_a_disk_that_is_full_loses_and_doubles_nothing(small_disk: Path, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, small_disk / "visnyk.db")
    async with open_newsroom(f"sqlite:///{small_disk / 'visnyk.db'}") as room:
        reader, editor = await _working(room)
        room.sender.window = 0
        await editor.publishes("Міст відкрили")
        _fill(small_disk / "ballast")
        await _looks(room)
        room.sender.window = 10
        await editor.sees("На диску з базою даних немає місця")
        (small_disk / "ballast").unlink()
        await _looks(room)
        await editor.sees("З базою даних знову все гаразд")
        await room.tick()
        await room.settled()
        assert await reader.count("Міст відкрили") == 1


def _fill(ballast: Path) -> None:
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as out:
        while True:
            out.write(b"\0" * 4096)


@pytest.mark.thorough
async def test_damage_in_the_middle_of_the_file_is_found_by_the_daily_look(room: Newsroom) -> None:
    _, editor = await _working(room)
    other = Database(room.database_url)
    for number in range(300):
        await a_reader(other, chat_id=5000 + number)
    await other.checkpoint()
    await other.close()
    with _file(room).open("r+b") as out:
        out.seek(4096 * 10)
        out.write(b"\xff" * 4096 * 30)
    await room.app.rounds.look_after(thoroughly=True)
    await editor.sees("Файл бази даних пошкоджено")
    assert room.sender.held
