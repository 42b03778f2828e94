"""A reader asks what is stored about them, and has it erased; an operator does it for them from the shell."""

import json
import resource
import signal
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.cli.personal_data import erase_reader, export_reader
from bot.model.readers import Address
from bot.sandbox.faults import Fault
from storage.delivery.personal_data import ERASED, KEPT, NOBODYS
from storage.engine.database import Database
from storage.schema.tables import delivery, metadata, publication, reader
from storage.store import Store
from tests.support.newsroom import OWNER, Newsroom, open_newsroom
from tests.support.people import Somebody
from tests.support.waiting import until

pytestmark = pytest.mark.wide

WHO = 700_123_457  # nothing else has these digits
NAME = "Мелетія"


async def _mentions(room: Newsroom, *words: str) -> list[str]:
    """Return where in the database words stand, as table and row."""
    found = []
    async with room.database.read() as connection:
        for table in metadata.sorted_tables:
            for row in (await connection.execute(select(table))).all():
                found += [f"{table.name}: {row}"] if any(word in str(v) for v in row for word in words) else []
    return found


async def _has_lived(room: Newsroom, desk: Any, who: Somebody) -> None:
    """Let somebody do what leaves something behind."""
    await who.says("/start")
    await desk.publishes("Міст відкрили\n\nМіст через Дніпро відкрили після ремонту.")
    await who.sees("Міст відкрили")
    await who.says("/search міст")
    await who.says("/words вітряк")
    await who.says("/timezone")  # a question stays open


def _file(room: Newsroom, who: Somebody) -> dict[str, Any]:
    [sent] = [m["document"] for m in who.got if "document" in m]
    content: dict[str, Any] = json.loads(room.world.files[sent["file_id"]])
    return content


async def test_a_reader_gets_all_that_is_stored_and_has_it_erased(database_url: str) -> None:
    async with open_newsroom(database_url) as room:
        desk, who, other = room.owner(), room.person(NAME, WHO), room.person("Оля", 2)
        await desk.says("/help")
        await other.says("/start")
        await _has_lived(room, desk, who)
        await who.says("/mydata")
        await room.heard()
        await who.says("/mydata")  # again at once: the ledger is read for it
        assert "Трохи повільніше" in who.screen
        told = _file(room, who)
        assert told["chat"] == WHO
        assert told["reader"][0]["name"] == NAME
        assert [row["words"] for row in told["subscription"] if "words" in row] == ["вітряк"]
        assert [row["title"] for row in told["delivery"]] == ["Міст відкрили"]
        assert told["query"][0]["text"] == "міст"
        assert "Оля" not in json.dumps(told, ensure_ascii=False)
        # What still waits for them is not sent.
        await who.says("/schedule 08:00")
        await desk.publishes("Рада ухвалила бюджет\n\nБюджет міста ухвалено.")
        await who.says("/forget")
        assert "Стерти все про вас?" in who.screen
        await who.taps("Так, стерти все")
        await who.sees("про вас тут нічого не лишилося")
        before = await who.count("")
        room.clock.advance(days=3)
        await room.tick()
        await desk.publishes("Потяги змінили розклад\n\nРозклад потягів змінено.")
        await other.sees("Потяги змінили розклад")
        assert await who.count("") == before
        await room.app.parts.ground.store.personal_data.sweep(room.clock.now())
        await room.store.inbox.forget(room.clock.now(), poisoned_before=room.clock.now())
        await room.store.message_ids.forget(room.clock.now())
        assert await _mentions(room, str(WHO), NAME) == []
        # The sends count what they did; nothing of them is still open.
        await until(partial(_all_done, room), "a send goes on")
        # Whoever comes back is new.
        await who.says("/start")
        assert [row["key"] for row in (await room.store.personal_data.export(WHO))["subscription"]] == ["*"]
        await desk.publishes("Басейн відкрили\n\nБасейн відкрили для всіх.")
        await who.sees("Басейн відкрили")


async def _all_done(room: Newsroom) -> bool:
    async with room.database.read() as connection:
        return {row.state.name for row in await connection.execute(select(publication))} == {"DONE"}


async def test_a_file_waits_where_a_reply_would_and_one_that_is_not_there_goes_nowhere(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with open_newsroom(sqlite_url) as room:
        who = room.person(NAME, WHO)
        await who.says("/start")
        files, to = room.app.parts.delivery.files, Address(WHO)
        for path in (tmp_path / "nothing", tmp_path):
            assert not await files.send(to, "visnyk.db", path)
        asked = [call for call in room.api.log if call.method == "sendDocument"]
        room.faults.order(Fault("answer", method="sendDocument", status=429, retry_after=2))
        assert await files.send(to, "visnyk.json", b"{}")
        room.faults.order(Fault("answer", method="sendDocument", status=429, retry_after=90))
        assert not await files.send(to, "visnyk.json", b"{}")
        room.faults.waiting.clear()
        before = len(room.api.log)  # nobody asks again before it is over
        assert not await files.send(to, "visnyk.json", b"{}")
        assert not [call for call in room.api.log[before:] if call.method == "sendDocument"]
        room.clock.advance(seconds=91)
        assert await files.send(to, "visnyk.json", b"{}")
        assert asked == []


async def test_people_of_the_desk_are_told_what_comes_first(sqlite_url: str) -> None:
    async with open_newsroom(sqlite_url) as room:
        desk = room.owner()
        await desk.says("/forget")
        assert "Спершу власник має вивести вас зі складу" in desk.screen
        assert (await room.store.personal_data.export(OWNER))["editor"]


async def test_a_full_disk_leaves_no_half_of_what_is_stored(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    database, file = Database(sqlite_url), tmp_path / "one.json"
    await Store(database, "one").inbox.store([(1, WHO, json.dumps({"text": "a" * 200_000}))], datetime.now(UTC))
    await database.close()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        assert await export_reader(str(WHO), str(file)) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert file.name in capsys.readouterr().err
    assert await export_reader(str(WHO), str(file)) == 0, "the next try may take the same name"


async def test_an_operator_exports_and_erases_while_the_bot_runs(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setenv("LANGUAGE", "en")
    async with open_newsroom(sqlite_url) as room:
        desk, who = room.owner(), room.person(NAME, WHO)
        await desk.says("/help")
        await _has_lived(room, desk, who)
        await desk.publishes("Рада ухвалила бюджет\n\nБюджет міста ухвалено.")
        await who.sees("Рада ухвалила бюджет")
        file = tmp_path / "one.json"
        assert await export_reader(str(WHO), str(file)) == 0
        assert json.loads(file.read_bytes())["reader"][0]["chat_id"] == WHO
        assert file.stat().st_mode & 0o077 == 0
        assert await export_reader(str(WHO), str(file)) == 1  # nothing is written over
        assert await export_reader("Мелетія", "") == await export_reader("99", "") == 1
        assert await erase_reader(str(OWNER), sure=True) == 1
        assert await erase_reader(str(WHO), sure=False) == 1  # nobody is here to ask
        assert (await room.store.personal_data.export(WHO))["reader"]
        assert await erase_reader(str(WHO), sure=True) == 0
        assert await erase_reader(str(WHO), sure=True) == 1
        async with room.database.read() as connection:
            left = (await connection.execute(select(delivery).order_by(delivery.c.id))).all()
        # The newest row of the ledger waits for the next one: its number would be given again.
        assert len(left) == 1
        await desk.says("/start")  # the desk reads as well
        said = capsys.readouterr()
    assert "works for the newsroom" in said.err
    assert "erase-reader 700123457 --yes" in said.err
    assert "Backups made before still hold it" in said.out


def test_every_table_says_whether_it_holds_something_of_readers() -> None:
    erased, kept = {table.name for table in ERASED}, {table.name for table in KEPT}
    assert erased | kept | set(NOBODYS) == set(metadata.tables)
    assert not erased & kept
    assert not (erased | kept) & set(NOBODYS)
    people = {
        "chat_id",
        "user_id",
        "reader_id",
        "author_id",
        "by",
        "added_by",
        "answered_by",
        "progress_chat",
        "counter",
    }
    with_people = {name for name, table in metadata.tables.items() if people & set(table.c.keys())}
    assert with_people <= erased | kept
    assert reader.name in erased
