"""A database that fails in the middle of a command of the shell: a sentence, status 1, and the same command does the rest."""

import asyncio
import json
import re
import shlex
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.__main__ import main
from bot.config import Settings
from bot.model.trouble import Loss
from bot.text.phrasebook import phrases
from storage.engine.database import Database
from storage.engine.losses import loss_of
from storage.engine.sqlite import LIBRARY
from tests.stories.test_shell_languages import foreign
from tests.support.rows import a_publication, a_reader
from tests.support.wire import Cut, Wire, wired

Shell = Callable[[str], tuple[int, str, str]]

FIRST, ITEMS = 18, 60  # what is said before is only how a connection begins; articles of the file
FEEDS = '<opml version="2.0"><body><outline type="rss" xmlUrl="https://rada.example/rss"/></body></opml>'
# Each with what the same command may end with once it goes through: where the first one had been through but for its
# last word, the second one says that it is done.
THEN = ("start", "on", "once", "again", "nothing")
LOST = {"uk": "З’єднання з базою даних обірвалося", "en": "The connection to the database was lost"}
COMMANDS = [
    ("copy-database {sqlite} {postgres}", {0, 2}),
    ("import news.jsonl", {0}),
    ("status", {0, 1}), ("status --json", {0, 1}), ("doctor", {1}), ("doctor --json", {1}),
    ("backup copies", {0}),
    ("search міст", {0}), ("search --json міст", {0}), ("related 1", {0}),
    ("feeds add list.opml", {0}), ("feeds list", {0}), ("feeds remove https://rada.example/rss", {0, 1}),
    ("token add site --scope draft", {0, 1}), ("token list", {0}), ("token revoke site", {0, 1}),
    ("webhooks add https://site.example/hook", {0, 1}), ("webhooks list", {0}), ("webhooks remove 1", {0, 1}),
    ("export-reader 7 --to reader.json", {0, 1}), ("erase-reader 7 --yes", {0, 1}),
    ("reindex", {0}), ("semantic status", {0}), ("semantic off", {0}),
    ("copy-database {postgres} sqlite:///back.db", {0, 2}),
]  # fmt: skip


@pytest.fixture
def wire(postgres_url: str) -> Iterator[Wire]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, wired(postgres_url, Path(folder)) as there:
        yield there


@pytest.fixture
def shell(
    wire: Wire, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Shell:
    """Return a function that runs a command line in a folder of its own; it returns status, output and complaints."""
    folder = tmp_path / "shell"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("LANGUAGE", language)
    monkeypatch.setenv("DATABASE_URL", wire.url)
    lines = [json.dumps({"title": f"Міст {n} відкрили", "text": f"Рух {n} відновлено."}) for n in range(ITEMS)]
    (folder / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "list.opml").write_text(FEEDS, encoding="utf-8")

    def run(line: str) -> tuple[int, str, str]:
        status = main(shlex.split(line))
        said = capfd.readouterr()
        return status, said.out, said.err

    return run


async def _begin(url: str) -> None:
    database = Database(url)
    await a_publication(database, "Міст відкрили")
    await a_reader(database, chat_id=7)
    await database.close()


def _cuts(wire: Wire, shell: Shell, line: str, how: Cut) -> Iterator[tuple[int, str, str]]:
    """Yield what a command says each time it is cut off, later and later, and what it says when it goes through."""
    at = FIRST
    while True:
        wire.arm(at, how)
        ended = shell(line)
        cut = wire.mend()
        yield ended
        if not cut:
            return
        at = at * 2


def _strange(wire: Wire, shell: Shell, line: str, ends: set[int], language: str, how: Cut) -> Iterator[str]:
    *cut, last = _cuts(wire, shell, line, how)
    assert cut, f"{line}: nothing was said"
    for status, out, err in (*cut, last):
        whole = status in ends and "Traceback" not in err  # a connection that was to be begun with, is begun anew
        lost = status == 1 and len((out + err).splitlines()) == 1 and LOST[language] in out + err
        said = out + err if "--json" not in line else " ".join(re.findall(r'"says": ?"([^"]*)"', out))
        if not (whole or lost) or (lost and foreign(said, language)):
            yield f"{line}: {status} {out} {err}"
    if last[0] not in ends or LOST[language] in last[1] + last[2]:
        yield f"{line}, in the end: {last}"


STATES = [
    ("57P01", Loss.LOST), ("57P03", Loss.LOST), ("08006", Loss.LOST), ("42501", Loss.FORBIDDEN), ("28P01", Loss.FORBIDDEN), ("25006", Loss.READ_ONLY),
    ("53100", Loss.FULL), ("53300", Loss.BUSY), ("3D000", Loss.GONE), ("42P01", Loss.GONE), ("58030", Loss.FAILING), ("XX001", Loss.FAILING),
    ("23505", None), ("42601", None), ("22P02", None), ("XX000", None),
]  # fmt: skip


def test_what_ended_a_command_is_told_from_a_fault_of_the_program() -> None:
    for state, loss in STATES:
        error = DBAPIError("SELECT 1", {}, psycopg.errors.lookup(state)("as the server says it"))
        assert loss_of(error) is loss, state
        assert loss_of(_led_to(ValueError("and so on"), error)) is loss, state
    assert loss_of(psycopg.OperationalError("server closed the connection unexpectedly")) is Loss.LOST
    assert (
        loss_of(ExceptionGroup("several", [KeyError("x"), psycopg.InterfaceError("the connection is closed")]))
        is Loss.LOST
    )
    assert loss_of(PoolTimeout("QueuePool limit of size 20")) is Loss.BUSY
    for said, loss in (
        ("attempt to write a readonly database", Loss.READ_ONLY),
        ("database or disk is full", Loss.FULL),
        ("no such column: x", None),
    ):
        assert loss_of(DBAPIError("SELECT 1", {}, LIBRARY.OperationalError(said))) is loss
    assert loss_of(FileNotFoundError(2, "No such file or directory")) is None
    for language in ("uk", "en"):
        said = {
            phrases(language)("database-lost", why=one.value, then=then, list="python -m bot token list")
            for one in Loss
            for then in THEN
        }
        assert len(said) == len(Loss) * len(THEN)
        assert not any(foreign(one, language) for one in said)


def _led_to(error: Exception, cause: Exception) -> Exception:
    error.__context__ = cause
    return error


@pytest.mark.thorough
@pytest.mark.parametrize(("how", "language"), [(Cut.ENDED, "uk"), (Cut.GONE, "en")], ids=["ended", "gone"])
def test_a_server_that_is_lost_in_the_middle_is_a_sentence_and_the_same_command_does_the_rest(
    wire: Wire, shell: Shell, language: str, how: Cut, sqlite_url: str
) -> None:
    asyncio.run(_begin(sqlite_url))
    strange = []
    for line, ends in COMMANDS:
        called = line.format(sqlite=sqlite_url, postgres=wire.url)
        strange += _strange(wire, shell, called, ends, language, how)
    assert strange == []
    assert [one.suffix for one in Path("copies").iterdir()] == [".db"] * len(list(Path("copies").iterdir()))
    assert json.loads(shell("search --json --limit 200 міст")[1])["total"] == ITEMS + 1
