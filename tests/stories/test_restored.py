"""A database that was put back from a copy: nothing that waits in it leaves before the owner has said so."""

import shutil
from pathlib import Path

import pytest

from bot.model.desk import PublicationState
from bot.model.ledger import DeliveryState
from bot.model.news import ArticleState
from bot.sandbox.faults import Fault
from storage.delivery.view import LedgerView
from storage.engine.sqlite import LIBRARY
from tests.support.newsroom import Desk, Newsroom
from tests.support.people import Somebody, buttons_of
from tests.support.rows import NO_TERMS

pytestmark = pytest.mark.wide


def _file(room: Newsroom) -> Path:
    return Path(room.database_url.removeprefix("sqlite:///"))


def _copied(room: Newsroom) -> Path:
    """Copy the database while the bot runs, as an operator does."""
    source, copy = _file(room), _file(room).with_name("copy.db")
    copy.unlink(missing_ok=True)
    connection, into = LIBRARY.connect(source), LIBRARY.connect(copy)
    connection.backup(into)
    into.close()
    connection.close()
    return copy


def _put_back(room: Newsroom, copy: Path, how: str) -> None:
    for ending in ("-wal", "-shm"):
        _file(room).with_name(f"{_file(room).name}{ending}").unlink(missing_ok=True)
    if how == "moved there":
        copy.replace(_file(room))
    else:
        shutil.copy(copy, _file(room))  # the file itself stays, and with it its number on the disk


def _state_of(folder: Path) -> dict[Path, bytes]:
    """Return all that a power cut would leave of the database."""
    return {path: path.read_bytes() for path in folder.iterdir() if not path.name.endswith(".lock")}


async def _reader_and_owner(room: Newsroom) -> tuple[Somebody, Desk]:
    reader, editor = room.person(), room.owner()
    await reader.says("/start")
    await editor.says("/help")
    return reader, editor


async def _plans(room: Newsroom, editor: Desk) -> None:
    await editor.says("/post Міст відкрили")
    await editor.taps("Запланувати")
    await editor.taps("Завтра о 8:00")


@pytest.mark.parametrize("how", ["moved there", "copied over it"])
async def test_a_copy_of_a_moment_ago_sends_nothing_again(room: Newsroom, how: str) -> None:
    reader, editor = await _reader_and_owner(room)
    room.sender.window = 0
    await editor.publishes("Міст відкрили")
    copy = _copied(room)
    room.sender.window = 10
    await room.settled()
    assert await reader.count("Міст відкрили") == 1
    await room.stop()
    _put_back(room, copy, how)
    await room.start()
    await editor.sees("відновлено з копії")
    await editor.sees("Чекає 1 надсилання")
    await room.tick()
    assert await reader.count("Міст відкрили") == 1
    await editor.taps("Пропустити те, що чекає")
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили") == 1
    await editor.publishes("Друга новина")
    await reader.sees("Друга новина")


async def test_what_is_planned_in_a_copy_waits_and_when_skipped_is_a_draft_again(room: Newsroom) -> None:
    reader, editor = await _reader_and_owner(room)
    await _plans(room, editor)
    copy = _copied(room)
    room.clock.advance(hours=30)
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили") == 1
    await room.stop()
    _put_back(room, copy, "copied over it")
    await room.start()
    await editor.sees("Чекає 1 запланована публікація")
    await room.tick()
    await room.tick()
    assert (await room.store.publications.get(1)).state is PublicationState.SCHEDULED
    await editor.taps("Пропустити те, що чекає")
    await editor.sees("1 заплановану публікацію повернуто до чернеток")
    room.clock.advance(hours=30)
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили") == 1
    assert (await room.store.articles.get(1)).state is ArticleState.DRAFT
    await editor.says("/drafts")
    assert "Міст відкрили" in editor.screen


async def test_what_is_planned_in_a_copy_goes_out_when_the_owner_says_so(room: Newsroom) -> None:
    reader, editor = await _reader_and_owner(room)
    await _plans(room, editor)
    copy = _copied(room)
    await room.stop()
    _put_back(room, copy, "moved there")
    room.clock.advance(hours=30)
    await room.start()
    await editor.sees("Чекає 1 запланована публікація")
    await editor.taps("Надіслати все, що чекає")
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили") == 1


async def test_a_send_that_was_not_all_written_does_not_go_on(room: Newsroom) -> None:
    reader, editor = await _reader_and_owner(room)
    await _plans(room, editor)
    publications = room.store.publications
    version = (await room.store.articles.get(1)).version
    assert await publications.start(1, version, NO_TERMS, (await publications.get(1)).at)
    copy = _copied(room)
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили") == 1
    await room.stop()
    _put_back(room, copy, "copied over it")
    await room.start()
    await editor.sees("1 розсилання почалося, але ще не дійшло до всіх")
    await room.tick()
    await editor.taps("Пропустити те, що чекає")
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили") == 1
    assert (await room.store.publications.get(1)).state is PublicationState.DONE


async def test_a_digest_in_a_copy_is_not_made_again(room: Newsroom) -> None:
    reader, editor = await _reader_and_owner(room)
    await reader.says("/schedule 19:00")
    await editor.publishes("Міст відкрили")
    copy = _copied(room)
    room.clock.advance(hours=9)
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили") == 1
    await room.stop()
    _put_back(room, copy, "copied over it")
    await room.start()
    await editor.sees("Чекає 1 надсилання")
    await room.tick()
    await editor.taps("Пропустити те, що чекає")
    room.clock.advance(hours=24)
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили") == 1


@pytest.mark.parametrize("crash", [False, True])
async def test_a_plain_restart_or_a_crash_asks_nobody(room: Newsroom, tmp_path: Path, *, crash: bool) -> None:
    reader, editor = await _reader_and_owner(room)
    await _plans(room, editor)
    room.sender.window = 0
    await editor.publishes("Друга новина")
    await room.app.parts.delivery.disk_guard.look()
    at_the_crash = _state_of(tmp_path)
    await room.stop()
    for path, content in at_the_crash.items() if crash else ():
        path.write_bytes(content)
    room.clock.advance(minutes=2)
    await room.start()
    await room.tick()
    await room.settled()
    assert await reader.count("Друга новина") == 1
    assert await editor.lacks("Розсилання чекає на вас")


async def test_after_a_long_stop_what_is_planned_for_later_waits_for_nobody(room: Newsroom) -> None:
    reader, editor = await _reader_and_owner(room)
    await _plans(room, editor)
    await room.app.parts.delivery.restart_guard.beat()
    await room.stop()
    room.clock.advance(hours=1)
    await room.start()
    room.clock.advance(hours=30)
    await room.tick()
    await room.settled()
    assert await reader.count("Міст відкрили") == 1
    assert await editor.lacks("Розсилання чекає на вас")


async def test_after_a_long_stop_what_became_due_meanwhile_waits(room: Newsroom) -> None:
    reader, editor = await _reader_and_owner(room)
    await _plans(room, editor)
    await room.app.parts.delivery.restart_guard.beat()
    await room.stop()
    room.clock.advance(hours=30)
    await room.start()
    await editor.sees("Бот не працював з")
    await editor.sees("Чекає 1 запланована публікація")
    await room.tick()
    assert await reader.lacks("Міст відкрили")
    assert not (await LedgerView(room.database).counts()).get(DeliveryState.SENT)


async def test_who_skips_hears_of_what_may_have_arrived_and_where_it_is_decided(room: Newsroom) -> None:
    reader, editor = await _reader_and_owner(room)
    await editor.publishes("Парк закрили")
    await room.settled()
    room.faults.order(Fault("reset", method="sendMessage", chat_id=reader.chat.id))
    await editor.publishes("Міст відкрили")
    await room.settled()
    room.sender.window = 0
    await editor.publishes("Порт зачинили")
    copy = _copied(room)
    await room.stop()
    _put_back(room, copy, "copied over it")
    await room.start()
    await editor.sees("Чекає 1 надсилання")
    await editor.taps("Пропустити те, що чекає")
    await editor.sees("Про 1 надсилання невідомо, чи воно дійшло: його не пропущено.")
    answer = editor.message_with("його не пропущено.")
    assert [b["text"] for b in buttons_of(answer)] == ["Міст відкрили: 1"]
    await editor.taps("Міст відкрили: 1", answer)
    await editor.sees("Невідомо, чи дійшло: 1")
