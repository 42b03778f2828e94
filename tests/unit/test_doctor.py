"""What is wrong: each planted trouble is found by its name, and nothing where all is well."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.certificate import CertificateFault
from bot.config import Settings
from bot.desk.checkup import Seen
from bot.desk.doctor import findings
from bot.environment import Misspelt
from bot.errors import DatabaseAway
from bot.model.backups import BackupRecord
from bot.model.ledger import Priority
from bot.model.load import Load
from bot.model.vitals import ChatTrouble, DatabaseVitals, SlowStatement, TelegramVitals
from bot.screens.checkup import doctor_card, sentence, status_card, status_lines
from bot.screens.look import Look
from bot.text.languages import LANGUAGES
from bot.text.phrasebook import phrases
from tests.support.rows import NOW

_HERE: dict[str, Any] = {"bot_token": "1:A", "backup_to": "/mnt/copies"}


def _settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **{**_HERE, **values})  # type: ignore[call-arg]


_LOAD = Load(
    updates=2, oldest_update=NOW, set_aside=0, waiting=9, oldest_send=NOW, sent=1, failed=0, expired=0, uncertain=0,
    lanes={Priority.URGENT: 9, Priority.INSTANT: 0}, held=4, feeds=2, feeds_failing=0, events=0, oldest_event=None, size=50 * 2**20,
)  # fmt: skip
_DATABASE = DatabaseVitals(
    engine="SQLite",
    revision="0023",
    up_to_date=True,
    size=50 * 2**20,
    free=2**40,
    owners=1,
    readers=2000,
    heard_at=NOW - timedelta(seconds=40),
    last_send=NOW,
    rate=29.5,
)
_TELEGRAM = TelegramVitals(username="visnyk_bot", ahead=1.4, waiting=3)
HEALTHY = Seen(
    settings=_settings(),
    now=NOW,
    database=_DATABASE,
    telegram=_TELEGRAM,
    load=_LOAD,
    backup=BackupRecord(good_at=NOW - timedelta(hours=20), path="/mnt/copies/a.db"),
    room=2**40,
)


def _database(**values: Any) -> Seen:
    return replace(HEALTHY, database=replace(_DATABASE, **values))


def _telegram(**values: Any) -> Seen:
    return replace(HEALTHY, telegram=replace(_TELEGRAM, **values))


def _load(**values: Any) -> Seen:
    return replace(HEALTHY, load=replace(_LOAD, **values))


def _set(**values: Any) -> Seen:
    return replace(HEALTHY, settings=_settings(**values))


_WEBHOOK = {"webhook": "on", "public_url": "https://news.example", "http_bind": "127.0.0.1:8080"}
_OURS = {"telegram": replace(_TELEGRAM, webhook="https://news.example/telegram")}
PLANTED = [
    ("no-token", _set(bot_token=None)),
    ("no-token", replace(HEALTHY, bot_fault="none")),
    ("token-odd", replace(HEALTHY, bot_fault="odd")),
    ("token-unread", replace(HEALTHY, bot_fault="unread")),
    ("env-lines", replace(HEALTHY, unread_lines=(3, 7))),
    ("misspelt", replace(HEALTHY, misspelt=(Misspelt("SENDRATE", "SEND_RATE"),))),
    ("set-twice", replace(HEALTHY, twice=("SEND_RATE",))),
    ("unfilled", replace(HEALTHY, unfilled=("DATABASE_URL",))),
    ("model-missing", replace(HEALTHY, is_without_model=True)),
    ("api-plain", _set(telegram_api_url="http://bots.example:8081")),
    ("webhook-unreachable", replace(_set(**{**_WEBHOOK, "public_url": "https://news.example:9443"}), telegram=None)),
    ("webhook-unreachable", replace(_set(**{**_WEBHOOK, "public_url": "https://192.168.1.5"}), telegram=None)),
    ("webhook-unreachable", replace(_set(**{**_WEBHOOK, "public_url": "https://server/path"}), telegram=None)),
    ("passphrase", replace(HEALTHY, passphrase_fault="short")),
    ("owners-away", _database(owners_away=True)),
    ("no-fsync", _database(is_safe=False)),
    ("encoding", _database(encoding="SQL_ASCII")),
    ("few-connections", _database(connections=17)),
    ("database-half", replace(_database(revision="filling", up_to_date=False, is_filling=True), load=None, backup=None)),
    ("database-silent", replace(HEALTHY, unusable=DatabaseAway("database-silent", reason="X", setting="DATABASE_URL"))),
    ("overdue", _database(overdue=2)),
    ("webhooks-fail", _database(untold=("https://site.example/hook",))),
    ("backup-short", replace(HEALTHY, is_cut_short=True)),
    ("passphrase-empty", replace(HEALTHY, emptied=True)),
    ("backup-unwritable", replace(HEALTHY, unwritable=True)),
    ("two-tokens", _set(bot_token_file="/run/token")),
    ("webhook-nowhere", replace(_set(**{**_WEBHOOK, "http_bind": ""}), **_OURS)),
    ("webhook-not-https", replace(_set(**{**_WEBHOOK, "public_url": "http://news.example"}), telegram=None)),
    ("public-unheard", _set(public_url="https://news.example")),
    ("certificate", replace(_set(**_WEBHOOK), certificate=CertificateFault.KEY, **_OURS)),
    ("certificate-unused", _set(webhook_certificate="/etc/visnyk/certificate.pem")),
    ("hub-nowhere", _set(websub_hub="https://hub.example", http_bind="127.0.0.1:8080")),
    ("paid-nothing", _set(paid_rate=100)),
    ("too-fast", _set(send_rate=100)),
    ("open-file", replace(HEALTHY, open_files=(".env",))),
    ("zones", replace(HEALTHY, zones=("Europe/Kyiv",))),
    ("no-database", replace(_database(revision=None, up_to_date=False), load=None, backup=None)),
    ("other-version", replace(_database(revision="9999", up_to_date=False), load=None, backup=None)),
    ("damaged", _database(damaged=True)),
    ("not-durable", _database(durable=False)),
    ("large-log", _database(log=2**30)),
    ("little-room", _database(free=2**20)),
    ("no-owner", _database(owners=0)),
    ("slow-statements", _database(slow=(SlowStatement(statement="SELECT 1", seconds=7.4, times=3),))),
    ("second-poller", _database(rival=(NOW - timedelta(minutes=9), NOW - timedelta(seconds=20)))),
    ("token-refused", _telegram(is_refused=True)),
    ("telegram-away", _telegram(failed="TelegramNetworkError")),
    ("webhook-of-others", _telegram(webhook="https://elsewhere.example")),
    ("webhook-lost", _set(**_WEBHOOK)),
    ("webhook-fails", replace(_set(**_WEBHOOK), telegram=replace(_OURS["telegram"], webhook_error="Connection timed out"))),
    ("updates-missing", _telegram(missing_updates=("callback_query",))),
    ("updates-not-fetched", _telegram(waiting=500)),
    ("clock", _telegram(ahead=-90.0)),
    ("chat-closed", _telegram(chats=(ChatTrouble(name="Новини", status="left"),))),
    ("not-running", _database(heard_at=NOW - timedelta(minutes=10))),
    ("held", _database(heard_at=NOW - timedelta(minutes=10), is_held=True)),
    ("updates-late", _load(oldest_update=NOW - timedelta(minutes=2))),
    ("sends-late", _load(oldest_send=NOW - timedelta(hours=7))),
    ("set-aside", _load(set_aside=1)),
    ("uncertain", _load(uncertain=4)),
    ("feeds-fail", replace(HEALTHY, failing=("Рада", "Пошта"))),
    ("no-backups", replace(_set(backup_to=""), backup=BackupRecord(), room=None)),
    ("backup-open", replace(_set(backup_to="chat:5"), room=None)),
    ("two-passphrases", _set(backup_passphrase="0123456789", backup_passphrase_file="/run/secrets/word")),
    ("backup-lost", replace(HEALTHY, lost=True)),
    ("backup-fails", replace(HEALTHY, backup=BackupRecord(failed_at=NOW, why="full"))),
    ("backup-old", replace(HEALTHY, backup=BackupRecord(good_at=NOW - timedelta(hours=60)))),
    ("backup-beside", replace(HEALTHY, beside=True)),
    ("backup-room", replace(HEALTHY, room=2**20)),
]  # fmt: skip


def test_nothing_is_found_on_a_healthy_machine() -> None:
    assert findings(HEALTHY) == []
    assert findings(replace(_set(**_WEBHOOK), **_OURS)) == []
    assert findings(replace(HEALTHY, telegram=None)) == []  # where nobody asked Telegram
    for near in (
        "http://127.0.0.1:8081",
        "http://telegram-api:8081",
        "http://10.0.0.5",
        "http://[::1]:80",
        "https://x.example",
    ):
        assert findings(_set(telegram_api_url=near)) == []  # a Bot API server of one's own
    for public in ("https://news.example:8443/path", "https://xn--80a.example"):
        ours = {"telegram": replace(_TELEGRAM, webhook=f"{public}/telegram")}
        assert findings(replace(_set(**{**_WEBHOOK, "public_url": public}), **ours)) == []
    assert findings(_database(connections=97)) == []
    assert findings(_database(overdue=1, is_held=True, heard_at=NOW))[0].name == "held"
    for since, last in ((50, 20), (600, 130)):  # a restart elsewhere; one that is over
        rival = (NOW - timedelta(seconds=since), NOW - timedelta(seconds=last))
        assert findings(_database(rival=rival)) == []


@pytest.mark.parametrize(("name", "seen"), PLANTED, ids=[name for name, _ in PLANTED])
def test_a_planted_trouble_is_found_alone_and_told_in_every_language(name: str, seen: Seen) -> None:
    found = findings(seen)
    assert [one.name for one in found] == [name]
    for language in LANGUAGES:
        says = sentence(found[0], phrases(language))
        assert len(says) > 20
        assert f"doctor-{name}" not in says


def test_what_keeps_news_from_getting_through_comes_first_and_all_fits_a_message() -> None:
    everything = [findings(seen)[0] for _, seen in PLANTED]
    for language in LANGUAGES:
        look = Look(language, "Europe/Kyiv", NOW)
        assert len(str(doctor_card(everything, look).text)) < 8000
        lines = status_lines(_DATABASE, _LOAD, ("Рада",), HEALTHY.backup, look)
        assert any("29" in line for line in lines)
        assert status_card([], "1", lines, look) != status_card(everything, "1", lines, look)
    mixed = findings(replace(HEALTHY, open_files=(".env",), database=replace(_DATABASE, damaged=True)))
    assert [one.name for one in mixed] == ["damaged", "open-file"]
