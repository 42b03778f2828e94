"""An owner asks how the newsroom is; troubles are planted where they happen: in files, in Telegram, in the database."""

import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli.checkup import doctor, status
from bot.desk.doctor import findings
from bot.model.feeds import FeedMode, FeedState
from bot.model.listeners import EVERYTHING
from bot.sandbox.faults import Fault
from tests.support.newsroom import OWNER, TOKEN, Newsroom, open_newsroom
from tests.support.standin import open_standin

pytestmark = pytest.mark.wide

Plant = Callable[[Newsroom, Path], "Awaitable[None] | None"]


def _now() -> datetime:
    return datetime.now(UTC)


def _names(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


async def _sql(room: Newsroom, statement: str) -> None:
    async with room.database.write() as connection:
        await connection.execute(text(statement))


def _file(room: Newsroom) -> Path:
    return Path(room.database_url.removeprefix("sqlite:///"))


def _readable(room: Newsroom, _: Path) -> None:
    _file(room).chmod(0o644)


def _webhook(room: Newsroom, _: Path) -> None:
    room.world.webhook = "https://elsewhere.example/hook"


def _closed(room: Newsroom, _: Path) -> None:
    room.world.chats[-70].bot_status = "member"  # no administrator of the channel any more


def _no_backup(_: Newsroom, copies: Path) -> None:
    for one in copies.iterdir():
        one.unlink()


def _log_of_hours(room: Newsroom, _: Path) -> None:
    log = _file(room).with_name(f"{_file(room).name}-wal")
    os.truncate(log, 300 * 2**20)  # a hole: it takes no room


async def _uncertain(room: Newsroom, _: Path) -> None:
    await _sql(room, "UPDATE publication SET uncertain = 3")


async def _set_aside(room: Newsroom, _: Path) -> None:
    await room.store.inbox.store_poisoned(900, "{}", "KeyError: x", room.clock.now())


async def _feed(room: Newsroom, _: Path) -> None:
    await room.store.feeds.add(
        "https://rada.example/rss", "Рада", FeedMode.APPROVE, FeedState.PAUSED, None, room.clock.now()
    )
    await _sql(room, "UPDATE feed SET failures = 9, told = 1, reason = 'timeout'")


async def _zone(room: Newsroom, _: Path) -> None:
    await _sql(room, "UPDATE reader SET zone = 'Europe/Atlantis' WHERE id = 2")


async def _old(room: Newsroom, _: Path) -> None:
    record = await room.store.backups.record()
    before = room.clock.now() - timedelta(hours=60)
    await room.store.backups.remember(replace(record, good_at=before), room.clock.now())


def _cut_short(_: Newsroom, copies: Path) -> None:
    for one in copies.iterdir():
        os.truncate(one, one.stat().st_size - 4096)


async def _webhook_of_ours(room: Newsroom, _: Path) -> None:
    await room.store.listeners.add("https://site.example/hook", "s", EVERYTHING, 20, room.clock.now())
    await _sql(room, "UPDATE listener SET state = 1")


async def _owners(room: Newsroom, _: Path) -> None:
    await _sql(room, f"UPDATE reader SET state = 3 WHERE chat_id = {OWNER}")


async def _rival(room: Newsroom, _: Path) -> None:
    await room.app.parts.delivery.telegram_alarm.conflict(room.clock.now() - timedelta(minutes=5))


async def _slow(room: Newsroom, _: Path) -> None:
    for _number in range(3):
        room.database.slow.note("SELECT title FROM article", 7.0)
    await room.store.vitals.keep_slow(room.clock.now())


PLANTED: list[tuple[str, Plant]] = [
    ("open-file", _readable),
    ("webhook-of-others", _webhook),
    ("chat-closed", _closed),
    ("uncertain", _uncertain),
    ("set-aside", _set_aside),
    ("feeds-fail", _feed),
    ("zones", _zone),
    ("backup-old", _old),
    ("backup-short", _cut_short),
    ("backup-lost", _no_backup),
    ("large-log", _log_of_hours),
    ("second-poller", _rival),
    ("slow-statements", _slow),
    ("webhooks-fail", _webhook_of_ours),
    ("owners-away", _owners),
]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("uk", "✅ Новини доходять, але дещо потребує уваги: /doctor"),
        ("en", "✅ News gets through, but something needs attention: /doctor"),
    ],
)
async def test_all_is_not_well_while_the_doctor_has_something_to_say(room: Newsroom, language: str, says: str) -> None:
    owner = room.owner(language)  # without a folder for backups
    await owner.says("/status")
    await owner.sees_now(says)


async def test_the_owner_asks_on_a_healthy_machine_and_after_each_trouble_is_planted(
    sqlite_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copies = tmp_path_factory.mktemp("elsewhere")
    async with open_newsroom(sqlite_url, backup_to=str(copies)) as room:
        owner = room.owner()
        await owner.says("/help")
        await room.channel_of(owner)
        await owner.publishes("Міст відкрили")
        await room.settled()
        room.clock.set(_now())  # as Telegram's
        _file(room).chmod(0o600)
        await room.app.parts.delivery.restart_guard.beat()
        await room.app.parts.delivery.backup_guard.look()
        await owner.says("/doctor")
        await owner.sees("✅ Усе гаразд.")
        await owner.says("/status")
        await owner.sees("✅ Усе гаразд\n")
        assert "У черзі нічого немає." in owner.screen
        assert "Остання резервна копія" in owner.screen
        found: set[str] = set()
        for name, plant in PLANTED:
            planted = plant(room, copies)
            if planted is not None:
                await planted
            now = {one.name for one in findings(await room.app.parts.desk.checkup.look(thoroughly=True))}
            assert name in now, name
            assert now - found <= {name}, name
            found |= now
        await _sql(room, f"UPDATE reader SET state = 0 WHERE chat_id = {OWNER}")
        _webhook(room, copies)  # the poller has removed the first one
        await owner.says("/doctor")
        await owner.sees("Потребує уваги: ")
        assert "«Новини міста»" in owner.screen
        reader = room.person()
        await reader.says("/doctor")
        assert "Потребує уваги" not in reader.screen


async def test_the_shell_tells_scripts_and_goes_on_without_a_network(
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("ADMINS", str(OWNER))
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:9")  # nobody listens there
    assert await doctor(json=True) == 1
    told = json.loads(capsysbinary.readouterr().out)
    assert not told["ok"]
    assert "telegram-away" in {one["name"] for one in told["findings"]}
    assert TOKEN not in str(told)
    async with open_standin() as standin:
        monkeypatch.setenv("TELEGRAM_API_URL", standin.address)
        for code in (401, 404):  # 404: of what can be no token
            standin.faults.order(Fault("answer", 1, "getMe", status=code, description="No"))
            assert await doctor(json=True) == 1
            names = {one["name"] for one in json.loads(capsysbinary.readouterr().out)["findings"]}
            assert ("token-refused" in names, "telegram-away" in names) == (True, False), code
    assert await status(json=True) == 0
    told = json.loads(capsysbinary.readouterr().out)
    assert (told["ok"], told["readers"], told["running"]) == (True, 0, False)
    assert await status(json=False) == 0
    assert "Читачів: 0" in capsysbinary.readouterr().out.decode()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'nothing.db'}")
    assert await doctor(json=False) == 1
    assert "Бази даних ще немає" in capsysbinary.readouterr().out.decode()
    assert "nothing.db" not in _names(tmp_path)
