"""A disaster rehearsed: the disk is lost in mid-work, then the newsroom moves. `VISNYK_FAULTS=all`: 2 000 readers."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bot.cli.backups import put_back
from bot.cli.moving import copy_database
from bot.model.ledger import DeliveryState
from bot.sandbox.world import Person
from storage.engine.database import Database
from storage.schema.tables import delivery
from tests.support.depth import depth
from tests.support.newsroom import OWNER, TOKEN, Desk, Newsroom, open_newsroom
from tests.support.process import Process
from tests.support.waiting import Allowance, until

pytestmark = pytest.mark.thorough

READERS = depth(2000, 200)
FIRST = 1000
_WANTS_ALL = "INSERT INTO subscription (key, reader_id) SELECT '*', id FROM reader WHERE chat_id >= 1000"
_READER = (
    "INSERT INTO reader (chat_id, kind, name, language, zone, created_at, updated_at) "
    "VALUES (:chat, 0, 'Читач', 'uk', 'Europe/Kyiv', 0, 0)"
)


async def _crowd(room: Newsroom) -> None:
    for number in range(FIRST, FIRST + READERS):
        room.world.add_person(Person(number, f"Читач {number}"))
    async with room.database.write() as connection:
        await connection.execute(text(_READER), [{"chat": n} for n in range(FIRST, FIRST + READERS)])
        await connection.execute(text(_WANTS_ALL))


def _got(room: Newsroom, title: str) -> Counter[int]:
    """Return how often each reader of the crowd was sent a headline, as the server saw it."""
    return Counter(
        int(call.payload["chat_id"])
        for call in room.api.log
        if call.method.startswith("send") and call.status == 200 and title in str(call.payload)
        if int(call.payload["chat_id"]) >= FIRST
    )


def _holding(room: Newsroom, words: str) -> int:
    """Return in how many chats of the crowd a message says this now."""
    chats = [room.world.chats[number] for number in range(FIRST, FIRST + READERS)]
    return sum(any(words in str(message) for message in chat.messages.values()) for chat in chats)


async def _sent(room: Newsroom, title: str, number: int) -> None:
    allowance = Allowance(240)
    while len(_got(room, title)) < number:
        assert not allowance.over, len(_got(room, title))
        room.sender.wake()
        await asyncio.sleep(0.05)


async def _all_sent(room: Newsroom, editor: Desk, title: str) -> None:
    await editor.publishes(title)
    await _sent(room, title, READERS)


async def _comes_to_all(count: Callable[[], int]) -> None:
    """Wait until something has come to everybody; looked at seldom, as the stand-in runs in this process."""
    allowance = Allowance(240)
    while (number := count()) < READERS:
        assert not allowance.over, number
        await asyncio.sleep(0.5)


async def _go_on_with_two(room: Newsroom, editor: Desk, folder: Path) -> None:
    """Let two processes go on with the newsroom: they correct what was sent from the disk that is lost, and send on.

    Each copy is edited, none is sent again; what is new reaches everybody once.
    """
    settings = {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": room.address,
        "DATABASE_URL": room.database_url,
        "ADMINS": str(OWNER),
        "SEND_RATE": "1000",
        "SEMANTIC": "off",
    }
    both = [Process(settings, folder / f"{number}.log") for number in range(2)]
    try:
        for process in both:
            await process.start()
        for place in ("1", "2", "3"):
            await editor.says("/published")
            await editor.taps(place)
            await until(lambda: any("✎ Виправити" in label for label in editor.buttons), "the card does not come")
            if "Міст відкрили" in editor.screen:
                break
        await editor.taps("✎ Виправити")
        await editor.taps("Заголовок")
        await editor.says("Міст зачинили")
        await editor.taps("Одрук")
        await _comes_to_all(lambda: _holding(room, "Міст зачинили"))
        await editor.says("/post Музей відкрили")
        await editor.taps("Опублікувати")
        await editor.taps("Так, опублікувати")
        await _comes_to_all(lambda: len(_got(room, "Музей відкрили")))
        for process in both:
            assert await process.stop() == 0
    finally:
        for process in both:
            await process.end()
    for title in (
        "Міст відкрили",
        "Рада ухвалила бюджет",
        "Потяги змінили розклад",
        "Басейн відкрили",
        "Музей відкрили",
    ):
        assert Counter(_got(room, title).values()) == {1: READERS}, title
    assert not _got(room, "Міст зачинили")  # edited, not sent again


async def _uncertain(url: str) -> int:
    """Return of how many deliveries nobody knows whether they arrived."""
    database = Database(url)
    async with database.read() as connection:
        number = await connection.scalar(select(func.count()).where(delivery.c.state == DeliveryState.UNCERTAIN))
    await database.close()
    return int(number or 0)


def _backups(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.glob("*.db"))


@pytest.mark.timeout(900)
async def test_the_disk_is_lost_in_the_middle_of_a_send_and_later_the_newsroom_moves(
    sqlite_template: Path,
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lost, copies, new = tmp_path / "lost", tmp_path / "copies", tmp_path / "new" / "visnyk.db"
    lost.mkdir()
    shutil.copy(sqlite_template, lost / "visnyk.db")
    async with open_newsroom(f"sqlite:///{lost / 'visnyk.db'}", backup_to=str(copies)) as room:
        editor = room.owner()
        await editor.says("/help")
        await _crowd(room)
        await _all_sent(room, editor, "Міст відкрили")
        # A backup is made in the middle of the second send, which then goes on to its end; and news after it.
        await room.app.parts.delivery.restart_guard.beat()
        sending = asyncio.create_task(_all_sent(room, editor, "Рада ухвалила бюджет"))
        await _sent(room, "Рада ухвалила бюджет", READERS // 4)
        await room.app.parts.delivery.backup_guard.look()
        await sending
        await _all_sent(room, editor, "Потяги змінили розклад")
        await room.stop()
        shutil.rmtree(lost)
        # Elsewhere.
        [backup] = _backups(copies)
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{new}")
        assert await put_back(backup) == 0
        said = capsys.readouterr().out.replace("\xa0", "")
        assert f"читачів — {READERS + 1}" in said
        assert "Востаннє бот працював із цими даними 2026-11-23" in said
        room.database_url = f"sqlite:///{new}"
        await room.start()
        await editor.sees("відновлено з копії")
        await editor.sees("У копії немає того, що сталося після")
        await room.tick()
        await editor.taps("Пропустити те, що чекає")
        await room.tick()
        # What the backup was made in the middle of may have arrived: it ends by nobody's word but the editor's, whom
        # the card of the send tells, with a button to decide.
        unclear = await _uncertain(room.database_url)
        assert 0 < unclear <= room.sender.window
        await editor.sees(f"Невідомо, чи дійшло: {unclear}")
        await editor.taps(f"Невідомо, чи дійшло: {unclear}")
        await editor.taps("Не повторювати")
        assert await _uncertain(room.database_url) == 0
        for title in ("Міст відкрили", "Рада ухвалила бюджет", "Потяги змінили розклад"):
            assert Counter(_got(room, title).values()) == {1: READERS}, title
        await _all_sent(room, editor, "Басейн відкрили")
        await room.settled()
        assert Counter(_got(room, "Басейн відкрили").values()) == {1: READERS}
        await room.stop()
        assert await copy_database(f"sqlite:///{new}", postgres_url) == 0
        room.database_url = postgres_url
        await _go_on_with_two(room, editor, tmp_path)
    database = Database(postgres_url)
    async with database.read() as connection:
        newest = await connection.scalar(text("SELECT max(id) FROM reader"))
    assert newest == READERS + 1
    await database.close()
    assert await _uncertain(postgres_url) == 0
