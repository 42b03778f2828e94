"""`python -m bot doctor` and `status`: how the newsroom is, for people and for scripts; the bot may be running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import __version__
from bot.cli.broken_off import lost
from bot.cli.language import shell_phrases, spoken
from bot.cli.lines import put, tell
from bot.config import Settings, load_settings
from bot.desk.checkup import Checkup, Seen, seen_of_settings
from bot.desk.doctor import findings
from bot.errors import ConfigError
from bot.model.vitals import DatabaseVitals, Finding
from bot.screens.checkup import sentence, status_head, status_lines, waiting
from bot.screens.look import Locale
from bot.timing.clock import SystemClock
from storage.engine.database import Database
from storage.engine.losses import loss_of
from storage.schema.migrate import wait_for_database
from storage.store import Store

if TYPE_CHECKING:
    from bot.telegram.probe import Probe


@asynccontextmanager
async def _checkup(settings: Settings, database: Database, *, asking: bool) -> AsyncIterator[Checkup | None]:
    """Open the database as it is; yields None where there is none."""
    if database.file is not None and not database.file.path.exists():
        yield None
        return
    store, clock = Store(database, "checkup"), SystemClock()
    try:
        await wait_for_database(database)
        async with _telegram(settings, clock) as probe:
            yield Checkup(
                settings=settings,
                vitals=store.vitals,
                loads=store.loads,
                feeds=store.feeds,
                backups=store.backups,
                clock=clock,
                ask_telegram=probe if asking else None,
            )
    finally:
        await database.close()


@asynccontextmanager
async def _telegram(settings: Settings, clock: SystemClock) -> "AsyncIterator[Probe | None]":
    from aiogram import Bot

    from bot.telegram.probe import Probe
    from bot.telegram.session import Session

    try:
        token = settings.token()
    except ConfigError:
        yield None
        return
    bot = Bot(token, session=Session(settings.telegram_api_url))
    try:
        yield Probe(bot=bot, api_url=settings.telegram_api_url, wall=clock.wall)
    finally:
        await bot.session.close()


async def _look(*, thoroughly: bool) -> Seen:
    settings = load_settings()
    database = Database(settings.database_url.get_secret_value())
    nothing = DatabaseVitals(engine="SQLite" if database.is_sqlite else "PostgreSQL", revision=None, up_to_date=False)
    seen = seen_of_settings(settings, SystemClock().now(), nothing)
    try:
        async with _checkup(settings, database, asking=thoroughly) as checkup:
            if checkup is not None:
                with database.in_a_sentence():
                    return await checkup.look(thoroughly=thoroughly)
    except ConfigError as error:
        return replace(seen, unusable=error)
    except Exception as error:
        loss = loss_of(error)
        if loss is None:
            raise
        return replace(seen, unusable=lost(loss, "doctor"))
    return seen


async def doctor(*, json: bool) -> int:
    """Say what is wrong and what to do about it; returns 0, or 1 when anything is."""
    seen = await _look(thoroughly=True)
    say, found = shell_phrases(), findings(seen)
    if json:
        put(
            {
                "ok": not found,
                "version": __version__,
                "findings": [_for_scripts(one, sentence(one, say)) for one in found],
            }
        )
    else:
        for one in found:
            tell(f"{'!!' if one.grave else '! '} {sentence(one, say)}")
        if not found:
            tell(say("doctor-well"))
    return int(bool(found))


def _for_scripts(one: Finding, says: str) -> dict[str, object]:
    return {"name": one.name, "grave": one.grave, "says": says, **({"values": dict(one.values)} if one.values else {})}


async def status(*, json: bool) -> int:
    """Say how the newsroom stands; returns 0, or 1 when something keeps news from getting through."""
    seen = await _look(thoroughly=False)
    found = findings(seen)
    grave = [one for one in found if one.grave]
    if json:
        put(_numbers(seen, ok=not grave))
        return int(bool(grave))
    settings = seen.settings
    look = Locale(spoken(), settings.timezone, SystemClock()).look()
    tell(status_head(found, "python -m bot doctor", look.say))
    tell(look.say("status-version", version=__version__))
    if seen.database.revision is None:  # there is nothing to say of a newsroom yet
        return int(bool(grave))
    for line in status_lines(seen.database, seen.load, seen.failing, seen.backup, look):
        tell(line)
    return int(bool(grave))


def _numbers(seen: Seen, *, ok: bool) -> dict[str, object]:
    database, load, backup = seen.database, seen.load, seen.backup
    return {
        "ok": ok,
        "version": __version__,
        "database": {
            "engine": database.engine,
            "revision": database.revision,
            "bytes": max(database.size, load.size if load else 0),
        },
        "readers": database.readers,
        "backlog": waiting(load),
        "last_send": database.last_send,
        "compact_until": database.compact_until,
        "messages_a_second": database.rate,
        "updates_waiting": load.updates if load else None,
        "uncertain": load.uncertain if load else None,
        "feeds_failing": list(seen.failing),
        "backup": backup.good_at if backup else None,
        "running": database.heard_at is not None and "not-running" not in {one.name for one in findings(seen)},
    }
