"""The shell speaks the operator's language: whatever is called wrongly, or finds nothing, is said in that one alone."""

import json
import re
import resource
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.cli.parser import make_parser
from bot.config import Settings

pytestmark = pytest.mark.wide

LANGUAGES = ("uk", "en")
Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture(params=LANGUAGES)
def shell(
    request: pytest.FixtureRequest,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Shell:
    """Return a function that runs a command line in an empty folder; it returns status, output and complaints."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def run(line: str, **settings: str) -> tuple[int, str, str]:
        with monkeypatch.context() as environment:
            for name, value in {"LANGUAGE": request.param, "DATABASE_URL": sqlite_url, **settings}.items():
                environment.setenv(name, value)
            try:
                status = main(shlex.split(line))
            except SystemExit as ended:
                status = int(ended.code or 0)
        said = capfd.readouterr()
        return status, said.out, said.err

    run.language = request.param  # type: ignore[attr-defined]
    return run


# What is the same in every language: names of settings, options, files, commands to type, and what was typed.
_NAMES = re.compile(
    r"python -m bot [a-z-]+( [a-z]+)?( NAME)?( --scope draft)?|make [a-z]+|--?[a-z-]+|\{[^}]*\}|"
    r"\S*[/.@:_=]\S*|\b[A-Z][A-Z_]+\b|«[^»]*»|“[^”]*”|\b(?:uk|en|usage)\b"
)
_ENGLISH = re.compile(r"\b[A-Za-z][a-z’]+(?:,? [a-z’]+)+\b")  # two words in a row
_CYRILLIC = re.compile(r"[а-яіїєґ]", re.IGNORECASE)


def foreign(text: str, language: str) -> str:
    """Return what is said in another language than this one, "" for nothing."""
    if language == "en":
        text = re.sub(r"“[^”]*”", "", text)
        found = [line for line in text.splitlines() if _CYRILLIC.search(line)]
    else:
        lines = [
            re.sub(r"(?:можна|можна лише|може означати різне|Бракує аргументів|Технічно): .*", "", line)
            for line in text.splitlines()
        ]
        found = [line for line in lines if _ENGLISH.search(_NAMES.sub(" · ", line))]
    return "\n".join(found)


Lines = list[tuple[str, dict[str, str]]]
CALLS: Lines = [
    # How a command is called.
    ("", {}), ("fly", {}), ("run --role all now", {}), ("run --role king", {}), ("run --role", {}), ("import", {}),
    ("demo --port x", {}), ("demo --port 70000", {}), ("demo --speed 0", {}), ("demo --speed nan", {}), ("demo --speed=", {}), ("demo --terminal=yes", {}),
    ("demo --language pl", {}), ("feeds", {}), ("feeds fly", {}), ("feeds add", {}), ("feeds add --mode soon x", {}),
    ("token", {}), ("token add", {}), ("token add cms", {}), ("token add cms --scope all", {}), ("token add '' --scope draft", {}),
    ("webhooks", {}), ("webhooks add https://a.example --events", {}),
    ("webhooks add nowhere", {}), ("webhooks add http://10.0.0.1/", {}), ("search --limit 0 x", {}), ("search --limit many x", {}), ("search", {}),
    ("related", {}), ("semantic", {}), ("semantic maybe", {}), ("copy-database a", {}), ("export-reader", {}), ("erase-reader", {}), ("restore", {}),
    ("import --p x", {}), ("import --up=3 x", {}),
    # Settings.
    *((command, {name: value}) for command in ("status",) for name, value in {
        "SEND_RATE": "fast", "PAID_RATE": "-1", "PAID_FOR": "me", "ADMINS": "@olha", "TIMEZONE": "Kyjiw",
        "HTTP_BIND": "8080", "PUBLIC_URL": "news.example", "HTTP_PROXIES": "proxy", "FETCH_ALLOW": "10.0.0.0/99", "FETCH_PROXY": "proxy:1",
        "FETCH_CONTACT": "редакція", "WEBSUB_HUB": "hub", "ALERT_URL": "hook", "TELEGRAM_API_URL": "x", "BACKUP_TO": "chat:me", "KEEP_LEDGER_DAYS": "3",
        "BACKUP_EVERY": "0", "BACKUP_KEEP": "1e9", "HOLD_ABOVE": "1.5", "LOG_LEVEL": "LOUD", "HTTP_DRAIN": "nan", "LANGUAGE": "",
        "RELATED_FROM_WORDS": "2", "WEBHOOK": "yes", "SEMANTIC": "1", "PAID_STARS": "9" * 5000,
    }.items()),
    ("run", {}), ("run", {"BOT_TOKEN": "x"}), ("run", {"BOT_TOKEN_FILE": "none"}), ("run", {"BOT_TOKEN_FILE": "."}), ("run", {"BOT_TOKEN_FILE": "text"}),
    ("setup", {}), ("setup --offer", {}), ("alive", {}), ("alive --ready", {"HTTP_BIND": "127.0.0.1:1"}),
    ("backup", {"BACKUP_PASSPHRASE": "short"}), ("backup", {"BACKUP_PASSPHRASE_FILE": "none"}), ("backup", {"BACKUP_PASSPHRASE_FILE": "empty"}),
]  # fmt: skip
PLACES: Lines = [
    ("token revoke nobody", {}), ("webhooks remove 7", {}), ("webhooks test 7", {}), ("webhooks enable 7", {}),
    # The database.
    *((command, {"DATABASE_URL": url}) for command in ("feeds list", "doctor") for url in (
        "mysql://u@h/n", "nothing", "sqlite://", "sqlite:///.", "sqlite:///text", "sqlite:///text/deeper.db"
    )),
    ("backup", {"DATABASE_URL": "sqlite:///none.db"}), ("backup", {"DATABASE_URL": "sqlite:///text"}), ("backup text", {}), ("backup text/deeper", {}),
    ("restore none", {}), ("restore text", {}), ("restore .", {}), ("restore --check empty", {}),
    ("copy-database nothing sqlite:///b.db", {}), ("copy-database sqlite:///none.db sqlite:///b.db", {}), ("copy-database sqlite:///text sqlite:///b.db", {}),
    ("copy-database sqlite:///old.db mysql://x", {}),
    # Nothing there, or nothing found.
    ("feeds list", {}), ("token list", {}), ("webhooks list", {}), ("search міст", {}), ("search '…'", {}), ("related 7", {}),
    ("feeds remove https://a.example/feed", {}), ("feeds add none.opml", {}), ("feeds add text.opml", {}), ("feeds add http://127.0.0.1:9/", {}), ("feeds check nowhere", {}),
    ("export-reader me", {}), ("export-reader 7", {}), ("erase-reader 7", {}), ("erase-reader 0", {}),
    ("import none.json", {}), ("import text", {}), ("import empty", {}), ("import --zone Nowhere x", {}), ("import .", {}),
    ("status", {}), ("doctor", {}), ("semantic status", {}), ("semantic wanted", {}), ("semantic off", {}), ("reindex", {}),
]  # fmt: skip


def _strange(shell: Shell, lines: Lines) -> Iterator[str]:
    """Yield the lines that say nothing, or something in another language."""
    for line, settings in lines:
        try:
            status, out, err = shell(line, **settings)
        except Exception as error:  # noqa: BLE001  all of them at once
            yield f"{line} {settings}: {error!r}"
            continue
        language = (settings.get("LANGUAGE") or "uk") if "LANGUAGE" in settings else shell.language  # type: ignore[attr-defined]
        if not (out + err).strip():
            yield f"{line} {settings}: silent, {status}"
        if strange := foreign(out + err, language):
            yield f"{line} {settings}: {strange}"


def test_what_is_called_wrongly_is_told_in_the_language_of_the_shell(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("SQLite ні\n" * 9)
    (tmp_path / "empty").write_text("")
    assert list(_strange(shell, CALLS)) == []


def test_what_cannot_be_opened_or_found_is_told_in_the_language_of_the_shell(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("SQLite ні\n" * 9)
    (tmp_path / "empty").write_text("")
    (tmp_path / "text.opml").write_text("нічого")
    assert list(_strange(shell, PLACES)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_of_every_command_is_in_the_language_of_the_shell(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    monkeypatch.setenv("COLUMNS", "300")
    parsers = [make_parser()]
    for parser in parsers:
        for action in parser._actions:
            if isinstance(action.choices, dict):
                parsers += action.choices.values()
        assert foreign(parser.format_help(), language) == "", parser.prog
    assert len(parsers) > 30


def test_a_list_that_is_empty_is_empty_for_a_script(shell: Shell) -> None:
    for line in ("feeds list", "token list", "webhooks list", "search міст"):
        status, out, err = shell(line)
        assert (status, out, bool(err)) == (0, "", True), line
    status, out, err = shell("search --json міст")
    assert (status, err, json.loads(out)["results"]) == (0, "", [])


# What scripts read: the command, settings, and what stands in the one line, sentences and values apart.
JSONS = [
    ("doctor --json", {}, "findings ok version"),
    ("status --json", {}, "backlog backup compact_until database feeds_failing last_send messages_a_second ok readers running uncertain updates_waiting version"),
    ("status --json", {"SEND_RATE": "fast"}, "error=config-settings ok=False says"),
    ("doctor --json", {"DATABASE_URL": "mysql://u@h/n"}, "error=database-address ok=False says"),
    ("doctor --json", {"DATABASE_URL": "sqlite:///a?b.db"}, "error=database-no-options ok=False says"),
    ("search --json міст", {"DATABASE_URL": "sqlite:///text"}, "error=database-trouble ok=False says"),
    ("related --json 7", {}, "asked=7 error=no-article says"),
    ("search --json '…'", {}, "error=nothing-to-search-for query=… says"),
]  # fmt: skip


def test_what_scripts_read_has_the_same_names_in_every_language_and_sentences_in_the_shells(
    shell: Shell, tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("SQLite ні\n" * 9)
    language = shell.language  # type: ignore[attr-defined]
    for line, settings, names in JSONS:
        status, out, err = shell(line, **settings)
        told = json.loads(out)
        assert (err, out.count("\n")) == ("", 1), line
        shown = {"error", "ok", "asked", "query"} if "error" in told else set()
        assert " ".join(f"{name}={told[name]}" if name in shown else name for name in sorted(told)) == names
        assert foreign(str(told.get("says", "")), language) == ""
        assert status > 0 or "error" not in told, line
    broken = json.loads(shell("doctor --json", DATABASE_URL="sqlite:///text")[1])
    found = {one["name"]: one for one in broken["findings"]}
    assert set(found) == {"no-token", "database-trouble"}
    assert found["database-trouble"]["values"] == {"why": "damaged", "path": "text"}
    assert foreign(found["database-trouble"]["says"], language) == ""
    assert set(json.loads(shell("status --json")[1])["backlog"]) == {"reply", "urgent", "instant", "digest"}


def test_pairs_that_are_none_are_answered_with_a_name_and_a_sentence(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = [
        "{",
        "7",
        '{"a": "x", "b": "y", "hours_apart": "z"}',
        '{"a": "x"}',
        '{"a": {"title": 5}, "b": "y"}',
        '{"a": "x", "b": " "}',
    ]
    (tmp_path / "pairs").write_text("\n".join(lines))
    with (tmp_path / "pairs").open() as pairs:
        monkeypatch.setattr("sys.stdin", pairs)
        status, out, _ = shell("compare")
    answers = [json.loads(line) for line in out.splitlines()]
    assert status == 1
    assert [one["error"] for one in answers] == ["no-json", "no-object", "no-number", "missing", "no-text", "empty"]
    assert all(foreign(one["says"], shell.language) == "" for one in answers)  # type: ignore[attr-defined]


def test_where_no_language_is_set_the_shell_speaks_the_terminals(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = {"uk": "BOT_TOKEN не задано", "en": "BOT_TOKEN is not set"}
    for terminal, language in (("en_GB.UTF-8", "en"), ("uk_UA.UTF-8", "uk"), ("C.UTF-8", "uk"), ("de_DE", "uk")):
        assert shell("run", LANGUAGE="", LANG=terminal)[2].startswith(said[language])
    (tmp_path / ".env").write_text("LANGUAGE=en\nSEND_RATE=fast\n", encoding="utf-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    assert shell("run", LANGUAGE="en_US:en", LANG="uk_UA")[2].startswith("Settings: ")


@contextmanager
def _small_disk(most: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes, as a full disk would not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("quick_lock")
def test_a_disk_that_gives_out_under_a_command_is_a_sentence_and_leaves_nothing_half_done(
    shell: Shell, tmp_path: Path
) -> None:
    language = shell.language  # type: ignore[attr-defined]
    secret = {"BACKUP_PASSPHRASE_FILE": "secret"}
    (tmp_path / "secret").write_text("дев’ять журавлів\r\n\n", encoding="utf-8")
    (tmp_path / "other").write_text("вісім журавлів і чайник\n", encoding="utf-8")
    (tmp_path / "n.jsonl").write_text(f'{{"title": "Міст", "text": "{"Слово. " * 9000}"}}\n', encoding="utf-8")
    assert shell("backup copies", **secret)[0] == 0
    [sealed] = (tmp_path / "copies").iterdir()
    place = {"DATABASE_URL": "sqlite:///new/visnyk.db"}
    for line, settings in (
        ("import n.jsonl", {}),
        ("backup copies", {}),
        ("backup copies", secret),
        (f"restore {sealed}", secret | place),
        ("copy-database sqlite:///visnyk.db sqlite:///copy/visnyk.db", {}),
        ("token add site --scope draft", {}),
        ("webhooks add https://site.example/", {}),
        ("export-reader 7 --to reader.json", {}),
    ):
        with _small_disk(20_000):
            status, out, err = shell(line, **settings)
        assert status in {1, 2}, line
        assert foreign(out + err, language) == "", line
        assert "Traceback" not in err
    assert list((tmp_path / "copies").iterdir()) == [sealed]
    assert shell(f"restore {sealed}", **place, BACKUP_PASSPHRASE_FILE="other")[0] == 1
    assert not (tmp_path / "new").exists()
    assert shell(f"restore {sealed}", **place, **secret)[0] == 0
    assert shell(f"restore {sealed}", **place, **secret)[0] == 2, "it is not empty any more"
