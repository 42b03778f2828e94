"""Backups at their hours, with a word to the owner when there is none, and once more when there is."""

from pathlib import Path

from tests.support.newsroom import open_newsroom
from tests.support.people import Somebody


def _backups(folder: Path) -> list[Path]:
    return list(folder.rglob("visnyk-*"))


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
        await guard.look()
        room.clock.advance(hours=2, minutes=1)
        await guard.look()
        await owner.sees("Резервне копіювання знову працює")
        assert await owner.count("Резервне копіювання знову працює") == 1
        assert len(list(folder.iterdir())) == 2


async def test_nothing_is_backed_up_where_no_folder_is_named(sqlite_url: str, tmp_path: Path) -> None:
    async with open_newsroom(sqlite_url) as room:
        await room.app.parts.delivery.backup_guard.look()
    assert _backups(tmp_path) == []
