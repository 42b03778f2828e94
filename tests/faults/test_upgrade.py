"""Upgrades rehearsed with real processes: on the tables of earlier programs, and beside an older program that runs."""

import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.model.ledger import DeliveryState
from bot.sandbox.world import Person
from storage.engine.database import Database
from storage.schema.migrate import move, revision_of
from storage.schema.migrations import HEAD, KNOWN
from tests.support.crowds import OWNER, owner_of, settings_of, states_of
from tests.support.people import Somebody
from tests.support.prefork import ROOT
from tests.support.process import Process
from tests.support.rows import a_publication, a_reader
from tests.support.standin import StandIn, open_standin
from tests.support.waiting import until

pytestmark = pytest.mark.thorough

FIRST = 1000
TITLE, SECOND = "Міст відкрили", "Рада ухвалила бюджет"
EARLIER = (min(KNOWN), sorted(KNOWN)[-2])
NEWER = "0999"
_NEWER = f'''"""A change that a newer program brings."""

import sqlalchemy as sa
from alembic import op

revision = "{NEWER}"
down_revision = "{HEAD}"
SAFE_BESIDE_OLDER = %s


def upgrade() -> None:
    """Add a column."""
    op.add_column("article", sa.Column("rehearsed", sa.Boolean(), nullable=False, server_default=sa.false()))
'''


def _people(standin: StandIn, readers: int) -> Somebody:
    """Let the readers and an editor in; returns the editor."""
    for number in range(FIRST, FIRST + readers):
        standin.world.add_person(Person(number, f"Читач {number}"))
    return owner_of(standin)


async def _fill(url: str, readers: int, revision: str = HEAD) -> None:
    """Leave readers and an article, in the tables of this revision."""
    database = Database(url)
    for number in range(FIRST, FIRST + readers):
        await a_reader(database, chat_id=number)
    await a_publication(database, "Басейн відкрили")
    async with database.write() as connection:
        await move(connection, revision)
    await database.close()


async def _revision(url: str, to: str = "") -> str | None:
    """Return the revision of a database, after it was set to another if one is named."""
    database = Database(url)
    if to:
        async with database.write() as connection:
            await connection.execute(text(f"UPDATE alembic_version SET version_num = '{to}'"))
    found = await revision_of(database)
    await database.close()
    return found


async def _publish(editor: Somebody, title: str) -> None:
    await editor.says(f"/post {title}\n\nТекст.")
    await editor.taps("Опублікувати")
    await editor.taps("Так, опублікувати")


@pytest.mark.parametrize("revision", EARLIER)
async def test_a_start_upgrades_what_an_earlier_program_left_and_the_newsroom_goes_on(
    database_url: str, tmp_path: Path, revision: str
) -> None:
    await _fill(database_url, 3, revision)
    async with open_standin() as standin:
        editor = _people(standin, 3)
        process = Process(settings_of(standin, database_url), tmp_path / "bot.log")
        await process.start()
        try:
            await editor.says("/search басейн")
            assert "Басейн відкрили" in editor.screen
            await _publish(editor, TITLE)
            await until(lambda: len(set(standin.headlines(TITLE)) - {OWNER}) == 3, "it does not reach the readers")
            assert await process.stop() == 0
            assert await _revision(database_url) == HEAD
            if database_url.startswith("sqlite"):
                assert _kept(tmp_path / f"visnyk.db.before-{HEAD}") == (revision, 3)
            await _revision(database_url, NEWER)  # a newer program was here, and the older one comes back
            await process.start()
            assert await process.ends() == 2
        finally:
            await process.end()
    written = process.log.read_text(encoding="utf-8")
    assert f"Це база новішого Вісника (її таблиці — {NEWER}): оновіть програму." in written
    assert await _revision(database_url) == NEWER


def _kept(copy: Path) -> tuple[str, int]:
    """Return the revision of a copy that was made before the tables changed, and how many readers it has."""
    with sqlite3.connect(copy) as kept:
        (row,) = kept.execute("SELECT version_num, (SELECT count(*) FROM reader) FROM alembic_version").fetchall()
    return str(row[0]), int(row[1])


def _newer(folder: Path, *, safe: bool) -> str:
    """Make a program that brings one more change of the tables, compiled as it is here; returns where it is."""
    for room in ("bot", "handlers", "storage"):
        shutil.copytree(ROOT / room, folder / room)
    script = folder / "storage" / "schema" / "migrations" / "versions" / f"{NEWER}_rehearsed.py"
    script.write_text(_NEWER % safe, encoding="utf-8")
    return str(folder)


@pytest.mark.timeout(600)
async def test_processes_are_upgraded_one_by_one_while_a_headline_goes_out(postgres_url: str, tmp_path: Path) -> None:
    readers = 80
    await _fill(postgres_url, readers)
    async with open_standin() as standin:
        editor = _people(standin, readers)
        settings = settings_of(standin, postgres_url, SEND_RATE="12")
        older = [Process(settings, tmp_path / f"older{number}.log") for number in range(2)]
        newer = [
            Process(
                settings | {"PYTHONPATH": _newer(tmp_path / str(safe), safe=safe)},
                tmp_path / f"{safe}.log",
                afresh=True,
            )
            for safe in (False, True)
        ]
        unsafe, safe = newer
        try:
            for process in older:
                await process.start()
            await _publish(editor, TITLE)
            # Beside a change that they could not live with they would do harm: it is not made.
            await unsafe.start()
            assert await unsafe.ends() == 2
            assert f"({NEWER})" in await _last_words(unsafe, "Спершу зупиніть усі його процеси")
            assert await _revision(postgres_url) == HEAD
            await safe.start()
            await until(lambda: _is_at(postgres_url, NEWER), "it does not upgrade")
            assert all(process.runs for process in older)
            await _publish(editor, SECOND)
            await until(lambda: len(standin.headlines(SECOND)) > 5, "the send does not begin")
            for process in older:
                assert await process.stop() == 0
            await older[0].start()
            assert await older[0].ends() == 2
            await _last_words(older[0], "Це база новішого Вісника")
            for title in (TITLE, SECOND):
                await until(lambda title=title: len(standin.headlines(title)) >= readers, "a send does not end")
            await editor.says("/help")
            assert await safe.stop() == 0
        finally:
            for process in (*older, *newer):
                await process.end()
        for title in (TITLE, SECOND):
            delivered = Counter(chat for chat in standin.headlines(title) if chat != OWNER)
            assert delivered == dict.fromkeys(range(FIRST, FIRST + readers), 1)
    assert set(await states_of(postgres_url)) == {DeliveryState.SENT}


async def _last_words(process: Process, words: str) -> str:
    written = process.log.read_text(encoding="utf-8")
    assert words in written
    return written


async def _is_at(url: str, revision: str) -> bool:
    return await _revision(url) == revision
