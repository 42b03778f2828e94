"""Settings: a wrong one is named with what is wrong with it, and its value, which may be a secret, is not repeated."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import Settings, load_settings
from bot.desk.checkup import seen_of_settings
from bot.desk.doctor import findings
from bot.desk.open_files import open_to_others
from bot.environment import Misspelt, misspelt_in
from bot.model.vitals import DatabaseVitals
from bot.screens.headlines import source_name
from bot.text.phrasebook import phrases, told
from tests.support.refusals import refused
from tests.support.rows import NOW

ROOT = Path(__file__).parents[2]
SECRET = "7000000001:AAHs-secret-secret-secret-secret-000"
Load = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Return a function that reads settings from an environment that has these and no others."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def loading(**values: str) -> Settings:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        return load_settings()

    return loading


WRONG = [
    ("SEND_RATE", "fast", "valid number"),
    ("SEND_RATE", "0", "greater than 0"),
    ("SEND_RATE", "1001", "at most 1000"),
    ("ADMINS", "100,@olha", "valid integer"),
    ("LANGUAGE", "pl", "one of: uk, en"),
    ("LOG_LEVEL", "LOUD", "one of: DEBUG"),
    ("LOG_FORMAT", "xml", "one of: auto, text, json"),
    ("TIMEZONE", "Kyjiw", "one looks like Europe/Kyiv"),
    ("TIMEZONE", "../../etc/passwd", "one looks like Europe/Kyiv"),
    ("WEBSUB_HUB", "hub.example", "must start with http:// or https://"),
    ("WEBSUB_HUB", "https://hub.example/>; rel=x", "have no spaces"),
    ("PUBLIC_URL", "http://", "looks like https://news.example"),
    ("PUBLIC_URL", "https://news .example", "without spaces"),
    ("PUBLIC_URL", "https://news.example?utm=1", "without spaces, ? and #"),
    ("ADMINS", "-1001234567890", "number is positive"),
    ("ADMINS", "100,99999999999999999999", "number is positive"),
    ("TELEGRAM_API_URL", "localhost:8081", "must start with http:// or https://"),
    ("TELEGRAM_API_URL", "http://локальний:8081", "one line of ASCII"),
    *(
        (name, value, "name a server")
        for name in ("TELEGRAM_API_URL", "FETCH_PROXY", "ALERT_URL")
        for value in ("http://:3128", "http://proxy:99999", "http://proxy:x", "https://[::1", "http://pro xy/")
    ),
]


@pytest.mark.parametrize(("name", "value", "says"), WRONG, ids=[f"{name}={value}" for name, value, _ in WRONG])
def test_a_wrong_setting_is_named_in_one_sentence_and_its_value_is_not(
    load: Load, name: str, value: str, says: str
) -> None:
    with refused(f"^Settings: {name}: .*{re.escape(says)}") as caught:
        load(**{name: value})
    sentence = told(caught.value, phrases("en"))
    assert value == "0" or value not in sentence + str(caught.value)
    assert "pydantic" not in sentence


def test_all_wrong_settings_are_named_at_once(load: Load) -> None:
    with refused(r"LANGUAGE: .*; SEND_RATE: "):
        load(LANGUAGE="pl", SEND_RATE="fast")


def test_owners_are_read_with_commas_or_spaces(load: Load) -> None:
    assert load(ADMINS="100, 200 300,").admins == {100, 200, 300}
    assert load(ADMINS="").admins == frozenset()


def test_a_slash_at_the_end_of_the_servers_address_does_not_matter(load: Load) -> None:
    assert load(TELEGRAM_API_URL="http://localhost:8081/").telegram_api_url == "http://localhost:8081"


def test_settings_are_read_from_a_file_and_the_environment_wins(load: Load, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NEWSROOM=Файл\nLANGUAGE=en\nUNKNOWN=1\n", encoding="utf-8")
    settings = load(LANGUAGE="uk")
    assert (settings.newsroom, settings.language) == ("Файл", "uk")


def test_without_a_token_the_sentence_says_where_to_get_one(load: Load) -> None:
    for value in ({}, {"BOT_TOKEN": "  "}):
        with refused(r"BOT_TOKEN is not set.*@BotFather.*make demo"):
            load(**value).token()


@pytest.mark.parametrize("begins", ["", "export ", "\ufeff", "\ufeff# Налаштування\r\n"])
@pytest.mark.parametrize("written", ["{}", "'{}'", '"{}"', " {} ", "{} # наш"])
def test_a_token_is_read_however_editors_of_other_systems_save_it(
    load: Load, tmp_path: Path, begins: str, written: str
) -> None:
    text = f"{begins}BOT_TOKEN={written.format(SECRET)}\r\nLANGUAGE=en\r\n"
    (tmp_path / ".env").write_bytes(text.encode())
    assert load().token() == SECRET


@pytest.mark.parametrize("line", [f"BOT_TOKEN='{SECRET}", f"BOT_TOKEN: {SECRET}"])
def test_a_line_that_says_nothing_is_named_where_the_token_is_missed(
    load: Load, tmp_path: Path, line: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text(f"LANGUAGE=en\n{line}\n", encoding="utf-8")
    with refused(r"line 2 of \.env cannot be read"):
        load().token()
    assert capfd.readouterr().err == "", "no library speaks in between"


def test_the_token_can_stand_in_a_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{SECRET}\n", encoding="utf-8")
    assert load(BOT_TOKEN_FILE=str(tmp_path / "token")).token() == SECRET
    with refused("BOT_TOKEN_FILE cannot be read: no such file"):
        load(BOT_TOKEN_FILE=str(tmp_path / "none")).token()


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe\x00secret"])
def test_a_token_file_without_a_token_says_so(load: Load, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "token").write_bytes(content)
    with refused("BOT_TOKEN_FILE"):
        load(BOT_TOKEN_FILE=str(tmp_path / "token")).token()


@pytest.mark.parametrize("value", ["secret", "7000000001:", "BOT_TOKEN", f"{SECRET} {SECRET}"])
def test_what_cannot_be_a_token_is_refused_without_being_repeated(load: Load, value: str) -> None:
    with refused(
        r"^BOT_TOKEN: this is not a token; one looks like 123456789:AA… and comes from @BotFather\.$"
    ) as caught:
        load(BOT_TOKEN=value).token()
    assert value == "BOT_TOKEN" or value not in str(caught.value)


def test_a_setting_that_is_printed_does_not_show_its_secrets(load: Load) -> None:
    settings = load(BOT_TOKEN=SECRET, DATABASE_URL="postgresql://u:hunter2@h/n")
    assert SECRET not in repr(settings)
    assert "hunter2" not in f"{settings!r} {settings}"


def test_the_newsrooms_default_name_is_the_one_that_english_speakers_see_in_their_letters() -> None:
    default = Settings.model_fields["newsroom"].default
    assert [source_name(default, phrases(language)) for language in ("uk", "en")] == ["Вісник", "Visnyk"]
    assert source_name("Вісник Одеси", phrases("en")) == "Вісник Одеси"


def test_files_with_secrets_that_others_can_read_are_known(load: Load, tmp_path: Path) -> None:
    token, env = tmp_path / "token", tmp_path / ".env"
    token.write_text(SECRET)
    assert open_to_others(load()) == [], "there is no .env"
    env.write_text(f"BOT_TOKEN={SECRET}\n")
    for file in (token, env):
        file.chmod(0o600)
    settings = load(BOT_TOKEN_FILE=str(token))
    assert open_to_others(settings) == []
    env.chmod(0o644)
    assert open_to_others(settings) == [Path(".env")]
    token.chmod(0o604)
    assert open_to_others(settings) == [Path(".env"), token]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("fetch_allow", "10.0.0.0/99", "FETCH_ALLOW: entry 1 is not a network, an address or a name"),
        ("fetch_proxy", "proxy:3128", "FETCH_PROXY: it must start with http:// or https://"),
        ("fetch_contact", "a\r\nX-Forged: 1", "FETCH_CONTACT: it must be one line of ASCII"),
    ],
)
def test_what_fetching_cannot_use_is_said(name: str, value: str, said: str, load: Load) -> None:
    with refused(said):
        load(**{name: value})


@pytest.mark.parametrize(
    ("set_by_the_desktop", "language"), [("en_US:en", "uk"), ("uk_UA:uk:en", "uk"), ("", "uk"), ("en", "en")]
)
def test_a_list_of_locales_in_language_is_the_desktops_and_not_meant(
    set_by_the_desktop: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", set_by_the_desktop)
    assert load_settings().language == language


@pytest.mark.parametrize("nothing", ["", "  "])
def test_a_setting_that_is_set_to_nothing_counts_as_not_set(load: Load, tmp_path: Path, nothing: str) -> None:
    names = [name.upper() for name in Settings.model_fields if name != "database_url"]
    (tmp_path / ".env").write_text("".join(f"{name}='{nothing}'\n" for name in names), encoding="utf-8")
    assert load() == Settings(_env_file=None)  # type: ignore[call-arg]
    (tmp_path / ".env").write_text("SEND_RATE=9\nBOT_TOKEN=  # comes later\n", encoding="utf-8")
    settings = load(**dict.fromkeys(names, nothing))
    if not nothing:
        assert settings.send_rate == 9, "then the other place holds"
    with refused("BOT_TOKEN is not set"):
        settings.token()


def test_a_database_address_that_nobody_filled_in_does_not_lead_to_an_empty_newsroom(
    load: Load, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("DATABASE_URL=\n", encoding="utf-8")
    for values in ({}, {"DATABASE_URL": ""}):
        with refused("DATABASE_URL: it is set, and empty"):
            load(**values)
    with refused("DATABASE_URL: it is set, and empty"):
        load(DATABASE_URL=" ")
    assert load(DATABASE_URL="sqlite:///here.db").database_url.get_secret_value() == "sqlite:///here.db"


MISSPELT = [
    ("SENDRATE", "SEND_RATE"), ("BOT_TOKN", "BOT_TOKEN"), ("WEBHOK", "WEBHOOK"), ("webhok", "WEBHOOK"), ("SEND-RATE", "SEND_RATE"),
    ("ADMIN", "ADMINS"), ("TIME_ZONE", "TIMEZONE"), ("LOGLEVEL", "LOG_LEVEL"), ("BACKUP_EVRY", "BACKUP_EVERY"),
    ("TELEGRAM_BOT_TOKEN", "BOT_TOKEN"), ("VISNYK_SEND_RATE", "SEND_RATE"), ("RATE_SEND", "SEND_RATE"), ("BACKUP_PASSPHRASE_FILES", "BACKUP_PASSPHRASE_FILE"),
]  # fmt: skip
STRANGERS = """
    POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB PGPASSWORD PGHOST COMPOSE_PROJECT_NAME COMPOSE_PROFILES DOCKER_HOST TZ LANG LC_ALL LANGUAGE HTTP_PROXY
    HTTPS_PROXY NO_PROXY http_proxy all_proxy PATH HOME USER HOSTNAME PWD SHLVL GPG_KEY PYTHON_VERSION PYTHONUNBUFFERED PYTHON_SHA256 TMPDIR TEMP
    DATABASE_USER DATABASE_NAME DATABASE_HOST DATABASE_PASSWORD GITHUB_TOKEN NPM_TOKEN TOKEN LOG_FILE HTTP_PORT PUBLIC_KEY SERVICE_USER VISNYK_LANGUAGES
    VISNYK_READERS VISNYK_SQLITE INVOCATION_ID JOURNAL_STREAM SYSTEMD_EXEC_PID SECRET_KEY SMTP_HOST DOMAIN TRAEFIK_HTTP_PORT CADDY_DOMAIN MAILTO EDITOR TERM
    KUBERNETES_SERVICE_HOST KUBERNETES_PORT_443_TCP NODE_ENV DEBUG ALERTMANAGER_URL GRAFANA_ADMIN_PASSWORD
"""  # fmt: skip


def test_a_name_that_is_nearly_a_setting_is_told_and_what_belongs_to_others_is_not() -> None:
    known = Settings.model_fields
    for name, meant in MISSPELT:
        assert misspelt_in([name], known) == (Misspelt(name, meant),)
    assert misspelt_in([*STRANGERS.split(), *(name.upper() for name in known)], known) == ()
    assert misspelt_in(["BOT_TOKEN", "TELEGRAM_BOT_TOKEN"], known) == ()
    for name in map(str.upper, known):
        lost = {name[:at] + name[at + 1 :] for at in range(1, len(name))} - set(map(str.upper, known))
        swapped = {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(1, len(name) - 1)} - {name}
        assert {one.meant for one in misspelt_in(lost | swapped, known)} == {name}
        assert len(misspelt_in(lost | swapped, known)) == len(lost | swapped)


def test_nothing_that_the_project_itself_shows_is_taken_for_misspelt() -> None:
    deploy, shown = ROOT / "docs" / "deploy", set[str]()
    pages = [ROOT / ".env.example", *deploy.iterdir(), ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        shown |= set(re.findall(r"\b([A-Z][A-Z_]{2,})\b(?!\.md)", page.read_text("utf-8")))
        shown |= set(re.findall(r"\b([A-Za-z_]{3,})=", page.read_text("utf-8")))
    assert len(shown) > 100
    assert misspelt_in(shown, Settings.model_fields) == ()


def _found(settings: Settings) -> dict[str, dict[str, str | int]]:
    database = DatabaseVitals(engine="SQLite", revision="1", up_to_date=True, owners=1)
    return {one.name: dict(one.values) for one in findings(seen_of_settings(settings, NOW, database))}


def test_the_doctor_tells_of_misspelt_names_and_of_a_passphrase_that_is_empty(load: Load, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"BOT_TOKEN={SECRET}\nPOSTGRES_PASSWORD=x\nFOO=1\nBACKUP_TO=/mnt/x\n", encoding="utf-8")
    assert _found(load()) == {}
    with file.open("a", encoding="utf-8") as more:
        more.write("export sendrate=10\nBACKUP_PASSPHRASE=\nWEBHOOK\n")
    found = _found(load())
    assert found == {
        "misspelt": {"name": "sendrate", "meant": "SEND_RATE"},
        "passphrase-empty": {},
        "env-lines": {"lines": "7"},
    }
    file.unlink()
    assert _found(load(BOT_TOKEN=SECRET, BACKUPTO="/mnt"))["misspelt"] == {"name": "BACKUPTO", "meant": "BACKUP_TO"}


def test_the_doctor_tells_of_what_is_set_twice_left_open_or_no_good(load: Load, tmp_path: Path) -> None:
    lines = {
        "": {},
        "SEND_RATE=20\nSEND_RATE=20\n": {},
        "SEND_RATE=20\nsend_rate=9\n": {"set-twice": {"setting": "SEND_RATE"}},
        "NEWSROOM=a\nPASS=x\nDATABASE_URL=postgresql://u:${PASS}@h/n\nFETCH_CONTACT=${NOBODY:-me}\n": {},
        "DATABASE_URL=postgresql://u:${PASSWRD}@h/n\n": {"unfilled": {"setting": "DATABASE_URL"}},
        "FOO=${PASSWRD}\n": {},
        "BACKUP_PASSPHRASE='a${b}cdefghijk'\n": {"unfilled": {"setting": "BACKUP_PASSPHRASE"}},
        "BACKUP_PASSPHRASE=short\n": {"passphrase": {"why": "short"}},
        "BACKUP_PASSPHRASE_FILE=none\n": {"passphrase": {"why": "unread"}},
        "BACKUP_PASSPHRASE_FILE=empty\n": {"passphrase": {"why": "empty"}},
    }
    (tmp_path / "empty").write_text(" \n")
    for written, found in lines.items():
        (tmp_path / ".env").write_text(f"BOT_TOKEN={SECRET}\n{written}", encoding="utf-8")
        assert _found(load()) == found, written


def test_where_the_token_is_missed_a_name_that_may_be_meant_is_told(load: Load, tmp_path: Path) -> None:
    for name in ("BOT_TOKN", "TELEGRAM_TOKEN", "Token"):
        (tmp_path / ".env").write_text(f"{name}={SECRET}\n", encoding="utf-8")
        with refused(f"There is {name}, which is not a setting: should it be BOT_TOKEN"):
            load().token()
