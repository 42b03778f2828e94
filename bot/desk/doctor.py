"""What is wrong: each finding from what was seen, and from nothing else. The sentences are phrases `doctor-<name>`."""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from bot.desk.checkup import Seen
from bot.model.backups import BackupRecord
from bot.model.vitals import DatabaseVitals, Finding, TelegramVitals

_MEGABYTE = 2**20
_LITTLE_ROOM = 500 * _MEGABYTE
_LARGE_LOG = 256 * _MEGABYTE
_CLOCK_SECONDS = 5
_SILENT = timedelta(minutes=3)
_OLD_UPDATE = timedelta(minutes=1)
_OLD_SEND = timedelta(hours=6)
_MANY_WAITING = 100
_RIVAL_LASTS = timedelta(seconds=60)  # a restart or a change of machines takes less
_RIVAL_SEEN = timedelta(minutes=2)
_FREE_RATE = 30
_SHOWN = 5


_NEEDED = {"BOT_TOKEN", "DATABASE_URL"}
_PORTS = {None, 443, 80, 88, 8443}  # where Telegram brings updates to; Bot API, setWebhook
_CONNECTIONS = 25  # twenty of a process, and some for a command of the shell beside it


def findings(seen: Seen) -> list[Finding]:
    """Return what is wrong, what keeps news from getting through first; nothing where all is well."""
    found = [
        *_of_settings(seen),
        *_of_http(seen),
        *_of_database(seen),
        *_of_telegram(seen),
        *_of_work(seen),
        *_of_backups(seen),
    ]
    return sorted(found, key=lambda one: not one.grave)


def _of_settings(seen: Seen) -> Iterator[Finding]:
    settings = seen.settings
    yield from _of_token(seen)
    yield from _of_env_file(seen)
    if seen.is_without_model:
        yield Finding(name="model-missing")
    if settings.paid_rate and not settings.paid_stars:
        yield Finding(name="paid-nothing")
    if settings.send_rate > _FREE_RATE and settings.telegram_api_url == "https://api.telegram.org":
        yield Finding(name="too-fast", values={"rate": round(settings.send_rate)})
    yield from _of_passphrases(seen)
    for file in seen.open_files:
        yield Finding(name="open-file", values={"file": file})
    if seen.zones:
        yield Finding(name="zones", values={"zones": ", ".join(sorted(set(seen.zones))[:_SHOWN])})


def _of_token(seen: Seen) -> Iterator[Finding]:
    settings = seen.settings
    if seen.bot_fault == "none" or (settings.bot_token is None and settings.bot_token_file is None):
        yield Finding(name="no-token", grave=True)
    elif seen.bot_fault:
        yield Finding(name=f"token-{seen.bot_fault}", grave=True)
    if settings.bot_token is not None and settings.bot_token.get_secret_value() and settings.bot_token_file is not None:
        yield Finding(name="two-tokens")
    if _is_plain(settings.telegram_api_url):
        yield Finding(name="api-plain")


def _of_env_file(seen: Seen) -> Iterator[Finding]:
    if seen.unread_lines:
        yield Finding(name="env-lines", values={"lines": ", ".join(map(str, seen.unread_lines[:_SHOWN]))})
    for one in seen.misspelt[:_SHOWN]:
        yield Finding(name="misspelt", values={"name": one.name, "meant": one.meant})
    for name in seen.twice[:_SHOWN]:
        yield Finding(name="set-twice", values={"setting": name})
    for name in seen.unfilled[:_SHOWN]:
        yield Finding(name="unfilled", grave=name in _NEEDED, values={"setting": name})


def _is_plain(api_url: str) -> bool:
    """Tell whether the token goes unencrypted over networks of others."""
    address = urlsplit(api_url)
    return address.scheme == "http" and not _is_near(address.hostname or "")


def _can_be_brought_to(public_url: str) -> bool:
    """Tell whether Telegram can bring updates to an address, as far as the address says."""
    try:
        address = urlsplit(public_url)
        return address.port in _PORTS and not (address.hostname and _is_near(address.hostname))
    except ValueError:
        return False


def _is_near(host: str) -> bool:
    """Tell whether a host is this machine, or in a network of one's own."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".home.arpa", ".localhost"))


def _of_passphrases(seen: Seen) -> Iterator[Finding]:
    settings = seen.settings
    spoken, file = settings.backup_passphrase.get_secret_value(), settings.backup_passphrase_file
    if settings.backup_chat is not None and not spoken and file is None:
        yield Finding(name="backup-open")
    if spoken and file is not None:
        yield Finding(name="two-passphrases")
    if seen.passphrase_fault:
        yield Finding(name="passphrase", grave=True, values={"why": seen.passphrase_fault})
    if seen.emptied and settings.backup_to:
        yield Finding(name="passphrase-empty")


def _of_http(seen: Seen) -> Iterator[Finding]:
    settings = seen.settings
    webhook, reachable = settings.webhook == "on", bool(settings.public_url and settings.http_bind)
    if webhook and not reachable:
        yield Finding(name="webhook-nowhere", grave=True)
    if webhook and settings.public_url.startswith("http://"):
        yield Finding(name="webhook-not-https", grave=True)
    if webhook and not _can_be_brought_to(settings.public_url):
        yield Finding(name="webhook-unreachable", grave=True)
    if seen.certificate is not None:
        yield Finding(name="certificate", grave=webhook, values={"why": seen.certificate.value})
    elif settings.webhook_certificate is not None and not webhook:
        yield Finding(name="certificate-unused")
    if settings.websub_hub and not reachable:
        yield Finding(name="hub-nowhere", grave=True)
    if settings.public_url and not settings.http_bind and not webhook:
        yield Finding(name="public-unheard")


def _of_database(seen: Seen) -> Iterator[Finding]:
    database, refusal = seen.database, seen.unusable
    if refusal is not None:
        yield Finding(name=refusal.phrase, grave=True, values=refusal.variables)
    elif database.is_filling:
        yield Finding(name="database-half", grave=True)
    elif database.revision is None:
        yield Finding(name="no-database", grave=True)
    elif not database.up_to_date:
        yield Finding(name="other-version", grave=True, values={"revision": database.revision})
    if database.damaged:
        yield Finding(name="damaged", grave=True)
    if not database.durable:
        yield Finding(name="not-durable", grave=True)
    if database.log > _LARGE_LOG:
        yield Finding(name="large-log", values={"size": database.log // _MEGABYTE})
    if database.free is not None and database.free < max(_LITTLE_ROOM, database.size // 10):
        yield Finding(name="little-room", grave=True, values={"size": database.free // _MEGABYTE})
    if database.slow:
        worst = max(database.slow, key=lambda one: one.seconds)
        times = sum(one.times for one in database.slow)
        seconds, statement = round(worst.seconds), worst.statement[:100]
        yield Finding(name="slow-statements", values={"n": times, "seconds": seconds, "statement": statement})
    yield from _of_owners(database)
    yield from _of_server(database)


def _of_owners(database: DatabaseVitals) -> Iterator[Finding]:
    if database.up_to_date and not database.owners:
        yield Finding(name="no-owner")
    if database.owners_away:
        yield Finding(name="owners-away")


def _of_server(database: DatabaseVitals) -> Iterator[Finding]:
    if not database.is_safe:
        yield Finding(name="no-fsync", grave=True)
    if database.encoding != "UTF8":
        yield Finding(name="encoding", grave=True, values={"encoding": database.encoding})
    if database.connections is not None and database.connections < _CONNECTIONS:
        yield Finding(name="few-connections", values={"n": database.connections, "least": _CONNECTIONS})


def _of_telegram(seen: Seen) -> Iterator[Finding]:
    telegram = seen.telegram
    if telegram is None:
        return
    if telegram.is_refused:
        yield Finding(name="token-refused", grave=True)
    if telegram.failed:
        yield Finding(name="telegram-away", grave=True, values={"error": telegram.failed})
    if not telegram.is_refused and not telegram.failed:
        yield from _of_updates(seen, telegram)
        if abs(telegram.ahead) > _CLOCK_SECONDS:
            yield Finding(name="clock", values={"n": round(abs(telegram.ahead))})
        for chat in telegram.chats:
            yield Finding(name="chat-closed", values={"chat": chat.name, "status": chat.status})


def _of_updates(seen: Seen, telegram: TelegramVitals) -> Iterator[Finding]:
    wanted = seen.settings.webhook == "on"
    if telegram.webhook and not wanted:
        yield Finding(name="webhook-of-others", grave=True)
    if wanted and not telegram.webhook.startswith(seen.settings.public_url or "https://"):
        yield Finding(name="webhook-lost", grave=True)
    if telegram.webhook_error:
        yield Finding(name="webhook-fails", grave=True, values={"reason": telegram.webhook_error[:200]})
    if telegram.missing_updates:
        yield Finding(name="updates-missing", grave=True, values={"kinds": ", ".join(telegram.missing_updates)})
    if telegram.waiting > _MANY_WAITING:
        yield Finding(name="updates-not-fetched", grave=True, values={"n": telegram.waiting})


def _of_work(seen: Seen) -> Iterator[Finding]:
    load, database = seen.load, seen.database
    if load is None:
        return
    yield from _of_processes(seen)
    yield from _of_rival(seen)
    if load.oldest_update is not None and seen.now - load.oldest_update > _OLD_UPDATE:
        yield Finding(name="updates-late", grave=True, values={"n": load.updates})
    if load.waiting and load.oldest_send is not None and seen.now - load.oldest_send > _OLD_SEND:
        yield Finding(name="sends-late", grave=True, values={"n": load.waiting})
    if load.set_aside:
        yield Finding(name="set-aside", values={"n": load.set_aside})
    if load.uncertain:
        yield Finding(name="uncertain", values={"n": load.uncertain})
    if seen.failing:
        yield Finding(name="feeds-fail", values={"n": len(seen.failing), "feeds": ", ".join(seen.failing[:_SHOWN])})
    if database.untold:
        addresses = ", ".join(database.untold[:_SHOWN])
        yield Finding(name="webhooks-fail", values={"n": len(database.untold), "addresses": addresses})


def _of_processes(seen: Seen) -> Iterator[Finding]:
    database = seen.database
    if database.heard_at is not None and seen.now - database.heard_at > _SILENT and not database.is_held:
        yield Finding(name="not-running", grave=True)
    elif database.overdue and not database.is_held:
        yield Finding(name="overdue", grave=True, values={"n": database.overdue})
    if database.is_held:
        yield Finding(name="held", grave=True)


def _of_rival(seen: Seen) -> Iterator[Finding]:
    if seen.database.rival is None:
        return
    since, last = seen.database.rival
    if last - since >= _RIVAL_LASTS and seen.now - last < _RIVAL_SEEN:
        minutes = round((seen.now - since).total_seconds() / 60)
        yield Finding(name="second-poller", grave=True, values={"n": minutes})


def _of_backups(seen: Seen) -> Iterator[Finding]:
    record, settings = seen.backup, seen.settings
    if record is None:
        return
    if not settings.backup_to and record.good_at is None:
        yield Finding(name="no-backups")
    if seen.unwritable:
        yield Finding(name="backup-unwritable", grave=True)
    yield from _of_newest(seen, record)
    if not settings.backup_to:
        return
    if record.failed_at is not None and (record.good_at is None or record.failed_at > record.good_at):
        yield Finding(name="backup-fails", values={"why": record.why})
    elif record.good_at is not None and seen.now - record.good_at > timedelta(hours=settings.backup_every) * 2:
        yield Finding(name="backup-old", values={"n": round((seen.now - record.good_at).total_seconds() / 3600)})
    if seen.beside:
        yield Finding(name="backup-beside")
    size = max(seen.database.size, seen.load.size if seen.load is not None else 0)
    if seen.room is not None and seen.room < size * 2 + _MEGABYTE:
        yield Finding(name="backup-room", values={"size": seen.room // _MEGABYTE})


def _of_newest(seen: Seen, record: BackupRecord) -> Iterator[Finding]:
    if seen.lost:
        yield Finding(name="backup-lost", values={"file": record.path})
    elif seen.is_cut_short:
        yield Finding(name="backup-short", grave=True, values={"file": record.path})
