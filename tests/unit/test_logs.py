"""Logs: structured or for people, and never a secret, wherever it comes from."""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.logs.writer import MOST_LINES

TOKEN = "7000000001:AAHs-mellon-mellon-mellon-mellon-000"
FORMS = ("text", "json")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    yield
    logs.set_up("ERROR", "text")


def _printed(capsys: pytest.CaptureFixture[str]) -> Any:
    assert logs.flush()
    return capsys.readouterr()


class Odd:
    def __repr__(self) -> str:
        return f"<Odd bot{TOKEN}>"


def _fail() -> None:
    raise RuntimeError(f"cannot reach https://api.telegram.org/bot{TOKEN}/getMe")


def _say_everything() -> None:
    log = structlog.get_logger("bot.test")
    library = logging.getLogger("aiogram.test")
    log.warning("the token", address=f"/bot{TOKEN}/getMe".replace(":", "%3A"))
    log.warning(TOKEN)
    log.warning("an address", url=f"https://api.telegram.org/bot{TOKEN}/sendMessage")
    log.warning("a database", url="postgresql://visnyk:hunter2@db.example/news")
    log.warning("inside", value={"deep": [TOKEN]}, pair=(TOKEN, 1), odd=Odd())
    library.warning("of a library: %s", TOKEN)
    library.warning("its arguments: %r", {"token": TOKEN})
    try:
        _fail()
    except RuntimeError:
        log.exception("it failed")
        library.exception("it failed there too")
    library.error("with a trace", stack_info=True, extra={"token": TOKEN})


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_never_written_down(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", form)  # type: ignore[arg-type]
    _say_everything()
    printed = _printed(capsys)
    assert printed.out == ""
    assert "it failed there too" in printed.err
    assert "RuntimeError" in printed.err
    assert "***" in printed.err
    assert "mellon" not in printed.err
    assert "hunter2" not in printed.err


def test_for_machines_each_line_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "json")
    _say_everything()
    lines = [json.loads(line) for line in _printed(capsys).err.splitlines()]
    assert len(lines) == 10
    assert all({"event", "level", "logger", "timestamp"} <= set(line) for line in lines)
    assert lines[2] == lines[2] | {"event": "an address", "level": "warning", "logger": "bot.test"}


def test_for_people_letters_are_letters(capsys: pytest.CaptureFixture[str]) -> None:
    for form in FORMS:
        logs.set_up("INFO", form)  # type: ignore[arg-type]
        structlog.get_logger("bot.test").warning("Вісник", reader="Оля")
        assert "Вісник" in (written := _printed(capsys).err)
        assert "Оля" in written


def test_where_nobody_looks_auto_is_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "auto")
    structlog.get_logger("bot.test").warning("x")
    assert json.loads(_printed(capsys).err)["event"] == "x"


def test_less_than_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("WARNING", "json")
    structlog.get_logger("bot.test").info("quiet")
    logging.getLogger("aiogram.event").info("quiet")
    assert _printed(capsys).err == ""


def test_redacting_leaves_what_is_no_secret() -> None:
    text = "12:30 о 7000000001 читачів: https://example.org/a:b@c, зустріч 10:00"
    assert logs.redacted(text) == text


_HEAD = st.text("aя1:/@= &?'\"{}[],%\n", max_size=12)
_ALPHABET = "abcdefXYZ0123456789_-"
_TOKENS = st.builds("{}:{}".format, st.integers(10**6, 10**11), st.text(_ALPHABET, min_size=30, max_size=40))
_PASSWORDS = st.text("abcXYZ012!$*()-_.~:/@", min_size=8, max_size=20).map(lambda word: f"mellon{word}mellon")
_QUERY_PASSWORDS = st.text("abcXYZ012!$*()-_.~", min_size=8, max_size=20).map(lambda word: f"mellon{word}")


@given(_HEAD, _TOKENS, _HEAD)
def test_no_token_survives(before: str, token: str, after: str) -> None:
    assert token.partition(":")[2] not in logs.redacted(f"{before}x{token} {after}")


@given(_HEAD, _PASSWORDS, _HEAD)
def test_no_password_before_a_host_survives(before: str, password: str, after: str) -> None:
    assert "mellon" not in logs.redacted(f"{before} postgresql://visnyk:{password}@db.example/news {after}")


@given(_HEAD, st.sampled_from(["?password={}", "?a=1&sslpassword={}", " password={} ", "BACKUP_PASSPHRASE={}", "?api_key={}", "?access_token={}",
                               "{{'password': '{}'}}", '{{"token": "{}"}}', "PASSWORD='{}'"]), _QUERY_PASSWORDS, _HEAD)  # fmt: skip
def test_no_password_that_is_called_so_survives(before: str, form: str, password: str, after: str) -> None:
    assert "mellon" not in logs.redacted(f"{before}postgresql://db.example/news{form.format(password)} {after}")


@pytest.mark.thorough
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    ["1", "123456:", "://a:", "://", "password=", "password='", "password=\"'", "DETAIL:", "1:a@", "token'", "a:b@://"],
)
def test_whatever_a_stranger_writes_a_text_is_read_once(piece: str) -> None:
    logs.redacted(piece * (3_000_000 // len(piece)))  # read again from each place, it takes hours


def test_what_is_called_a_secret_is_none_of_the_logs_business(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "json")
    structlog.get_logger("bot.test").warning(
        "x", bot_token="mellon", passphrase="mellon", api_key=("mellon",), tokens=3
    )
    printed = _printed(capsys).err
    assert "mellon" not in printed
    assert json.loads(printed)["tokens"] == 3


def test_the_values_of_a_row_that_the_database_does_not_take_are_not_written_down(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.set_up("INFO", "json")
    told = 'duplicate key value violates unique constraint "uq"\nDETAIL:  Key (name)=(mellon) already exists.'
    structlog.get_logger("bot.test").error("it failed", exc_info=RuntimeError(told), cause=told)
    assert "mellon" not in _printed(capsys).err


_MANY = 3_000  # lines, several times what a pipe holds
_UNDER_WAY = f"""
import structlog
from bot import logs
logs.set_up("INFO", "json")
log = structlog.get_logger("bot.test")
for number in range({_MANY}):
    log.info("x" * 100, number=number)
logs.flush(30)
"""


def test_a_pipe_that_takes_no_more_at_the_moment_is_waited_for() -> None:
    reads, writes = os.pipe()
    os.set_blocking(writes, False)  # as a program leaves it that shares it with this one
    with subprocess.Popen([sys.executable, "-c", _UNDER_WAY], cwd=Path(__file__).parents[2], stderr=writes):
        os.close(writes)
        time.sleep(1.5)
        with os.fdopen(reads, encoding="utf-8") as log:
            assert [json.loads(line)["number"] for line in log] == list(range(_MANY))


_LINES = MOST_LINES + 2_000  # more than are kept and than a pipe holds
_CHATTY = f"""
import sys
import structlog
from bot import logs
from bot.logs.writer import MOST_LINES
logs.set_up("INFO", "json")
log = structlog.get_logger("bot.test")
for number in range({_LINES}):
    log.info("x" * 100, number=number)
print("went on", flush=True)
sys.stdin.readline()
"""


@pytest.mark.thorough
@pytest.mark.timeout(120)
@pytest.mark.parametrize("reads", [True, False])
def test_a_full_pipe_that_nobody_reads_stops_nobody_and_what_is_missing_is_counted(*, reads: bool) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _CHATTY], cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert process.stdout.readline() == "went on\n"
        if not reads:
            process.stdin.close()
            assert process.wait() == 0, "it ends although its log is full"
            return
        process.stdin.write("\n")
        process.stdin.flush()
        lines = [json.loads(line) for line in process.stderr]
        assert process.wait() == 0
        told = [line["event"] for line in lines if line["logger"] == "bot.logs"]
        dropped = sum(int("".join(filter(str.isdigit, event))) for event in told)
        assert dropped > 0
        assert dropped + len(lines) - len(told) == _LINES
    finally:
        process.kill()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


@pytest.mark.parametrize("secret", ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", f"visnyk_{'aB3-_' * 9}"])
def test_secrets_of_webhooks_and_of_the_api_are_in_no_log(secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "text")
    logging.getLogger("other").warning("cannot sign with %s", secret)
    assert secret not in _printed(capsys).err
