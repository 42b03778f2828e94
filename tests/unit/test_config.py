"""Settings: a wrong one is named with what is wrong with it, and its value, which may be a secret, is not repeated."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import Settings, load_settings
from bot.desk.open_files import open_to_others
from bot.screens.headlines import source_name
from bot.text.phrasebook import phrases, told
from tests.support.refusals import refused

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
    with refused(r"^BOT_TOKEN: this is no token; one looks like 123456789:AA… and comes from @BotFather\.$") as caught:
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
        ("fetch_allow", "10.0.0.0/99", "FETCH_ALLOW: entry 1 is no network, address or name"),
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
