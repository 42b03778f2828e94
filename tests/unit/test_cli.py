"""The command line as processes of their own: what it says, how it ends, what it loads, and what a start costs."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from threading import Event, Thread

import pytest

from bot import __version__
from bot.cli.alive import alive
from tests.support.process import ROOT
from tests.support.standin import TOKEN

pytestmark = pytest.mark.wide  # a process each

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """Return a function that runs `python -m bot` with these arguments and settings, in an empty folder."""

    def running(
        *arguments: str, python: tuple[str, ...] = (), stdin: str = "", stdout: str = "", **settings: str
    ) -> "subprocess.CompletedProcess[str]":
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
            "PYTHONPATH": str(ROOT),
            "LANG": "en_US.UTF-8",
            **settings,
        }
        command = [sys.executable, *python, "-m", "bot", *arguments]
        with open(stdout, "w", encoding="utf-8") if stdout else nullcontext(subprocess.PIPE) as out:  # noqa: PTH123
            return subprocess.run(
                command, cwd=tmp_path, env=environment, input=stdin, stdout=out, stderr=subprocess.PIPE, text=True,
                timeout=60, check=False,
            )  # fmt: skip

    return running


def test_help_names_every_command(cli: Cli) -> None:
    done = cli("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(verb in done.stdout for verb in ("run", "demo", "import"))


def test_version(cli: Cli) -> None:
    assert cli("--version").stdout == f"Visnyk {__version__}\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="nothing stands for a full disk here")
@pytest.mark.parametrize("command", [("doctor",), ("doctor", "--json")])
def test_an_answer_that_finds_no_room_is_a_failure_in_a_sentence(command: tuple[str, ...], cli: Cli) -> None:
    done = cli(*command, stdout="/dev/full")
    assert (done.returncode, done.stderr.strip()) == (1, f"{command[0]}: no room on the disk.")


WRONG = [
    (("run",), {"LANG": "C.UTF-8"}, "BOT_TOKEN не задано. Візьміть токен"),
    (("run",), {}, "BOT_TOKEN is not set. Get a token from @BotFather"),
    (("run",), {"BOT_TOKEN": "mellon"}, "BOT_TOKEN: this is not a token"),
    (("run",), {"BOT_TOKEN": TOKEN, "SEND_RATE": "mellon"}, "Settings: SEND_RATE: "),
    (("setup",), {}, "The setup asks questions, and there is no terminal here."),
    (("import", "x.jsonl"), {"DATABASE_URL": "mellon"}, "DATABASE_URL must start with"),
    (("import", "x.jsonl"), {"DATABASE_URL": "mysql://u:mellon@h/n"}, "DATABASE_URL must start with"),
    (("import", "x.jsonl"), {"TIMEZONE": "mellon"}, "Settings: TIMEZONE: "),
    (("import", "--zone", "Nowhere", "x.jsonl"), {}, "--zone: there is no time zone “Nowhere”"),
]


@pytest.mark.parametrize(("arguments", "settings", "says"), WRONG, ids=[f"{a[0]} {s}" for a, s, _ in WRONG])
def test_a_wrong_setting_ends_the_start_with_one_sentence(
    cli: Cli, arguments: tuple[str, ...], settings: dict[str, str], says: str
) -> None:
    done = cli(*arguments, **settings)
    assert done.returncode == 2
    assert done.stderr.startswith(says)
    assert len(done.stderr.splitlines()) == 1
    assert "mellon" not in done.stdout + done.stderr


def test_a_command_that_is_called_wrongly_says_how_it_is_called(cli: Cli) -> None:
    for arguments in ((), ("fly",), ("import",), ("demo", "--port", "x")):
        done = cli(*arguments)
        assert done.returncode == 2
        assert done.stderr.startswith("usage: python -m bot")
        assert "Traceback" not in done.stderr


def test_importing_a_file_does_not_load_telegram(cli: Cli, sqlite_url: str) -> None:
    line = '{"title": "Міст відкрили", "text": "Рух відновлено."}\n'
    done = cli("import", "-", python=("-X", "importtime"), stdin=line, DATABASE_URL=sqlite_url)
    assert done.stdout.startswith("New: 1,")
    loaded = {name.rpartition("|")[2].strip() for name in done.stderr.splitlines() if name.startswith("import time:")}
    assert {"bot.feeds.importer", "simplemma", "sqlalchemy"} <= loaded
    assert not {"aiogram", "aiohttp", "bot.app", "bot.telegram"} & loaded


def test_another_python_has_the_one_beside_do_it_and_says_what_to_do_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "bot").symlink_to(ROOT / "bot")
    bare = [sys.executable, "-S", "-m", "bot", "import", "a file"]  # without what is installed
    for language, says in (
        ("en", rf"This Python \(.+\) does not have .+ Install it, in {tmp_path}: make setup\n"),
        ("uk", rf"У цьому Python \(.+\) бракує .+ Установіть його, у теці {tmp_path}: make setup\n"),
    ):
        environment = {**os.environ, "LANGUAGE": language}
        none = subprocess.run(bare, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert (none.returncode, none.stdout) == (2, "")
        assert re.fullmatch(says, none.stderr)
    beside = tmp_path / ".venv" / "bin" / "python"
    beside.parent.mkdir(parents=True)
    beside.write_text('#!/bin/sh\nprintf "%s|" "$@"\nexit 7\n', encoding="utf-8")
    beside.chmod(0o700)
    done = subprocess.run(bare, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (7, "-m|bot|import|a file|")


def test_a_server_whose_answer_trickles_in_is_waited_for_no_longer_than_one_that_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, enough = Event(), Event()

    def trickle() -> None:
        connection, _ = server.accept()
        asked.set()
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok":
            if enough.wait(0.2):
                break
            connection.send(bytes([byte]))
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        trickling = Thread(target=trickle)
        trickling.start()
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HTTP_BIND", f"127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("LANGUAGE", "uk")
        assert alive(ready=False, seconds=0.5) == 1
        assert asked.is_set(), "it went by before it had asked"
        assert trickling.is_alive(), "all of the answer was waited for"
        enough.set()
        trickling.join()
