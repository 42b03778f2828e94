"""Logs: structured or for people, and never a secret, wherever it comes from."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

TOKEN = "7000000001:AAHs-mellon-mellon-mellon-mellon-000"
FORMS = ("text", "json")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    yield
    logs.set_up("ERROR", "text")


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
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "it failed there too" in printed.err
    assert "RuntimeError" in printed.err
    assert "***" in printed.err
    assert "mellon" not in printed.err
    assert "hunter2" not in printed.err


def test_for_machines_each_line_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "json")
    _say_everything()
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert len(lines) == 10
    assert all({"event", "level", "logger", "timestamp"} <= set(line) for line in lines)
    assert lines[2] == lines[2] | {"event": "an address", "level": "warning", "logger": "bot.test"}


def test_for_people_letters_are_letters(capsys: pytest.CaptureFixture[str]) -> None:
    for form in FORMS:
        logs.set_up("INFO", form)  # type: ignore[arg-type]
        structlog.get_logger("bot.test").warning("Вісник", reader="Оля")
        assert "Вісник" in (written := capsys.readouterr().err)
        assert "Оля" in written


def test_where_nobody_looks_auto_is_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", "auto")
    structlog.get_logger("bot.test").warning("x")
    assert json.loads(capsys.readouterr().err)["event"] == "x"


def test_less_than_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("WARNING", "json")
    structlog.get_logger("bot.test").info("quiet")
    logging.getLogger("aiogram.event").info("quiet")
    assert capsys.readouterr().err == ""


def test_redacting_leaves_what_is_no_secret() -> None:
    text = "12:30 о 7000000001 читачів: https://example.org/a:b@c, зустріч 10:00"
    assert logs.redacted(text) == text
