"""This project's sender as the app builds it, over a ledger with deliveries that are due."""

import argparse
import asyncio
import gc
from typing import Any

from aiogram import Bot
from sqlalchemy import text

from bot.app import App
from bot.config import Settings
from bot.delivery.pacing import Pacer
from bot.delivery.sender import RENEW_SECONDS
from bot.delivery.shared_pacing import SharedPacer
from bot.telegram.session import Session
from bot.timing.clock import SystemClock
from bot.wiring.delivery import workers_for
from storage.engine.database import Database
from tests.bench.processes import TOKEN, Meter

UNPACED = 50_000.0
_WINDOW, _WORKERS = 1000, 64  # without a rate; with one the app's own numbers are taken


def visnyk_bot(options: argparse.Namespace) -> Bot:
    """Return the bot as the app makes it."""
    return Bot(TOKEN, session=Session(options.address))


def the_app(options: argparse.Namespace) -> App:
    """Return the app with the settings of the benchmark; without a rate nothing paces it but the ledger."""
    values: dict[str, Any] = {
        "bot_token": TOKEN,
        "telegram_api_url": options.address,
        "database_url": options.database,
        "send_rate": options.rate or 1000,
        "semantic": "off",
    }
    app = App(Settings(_env_file=None, **values))  # type: ignore[call-arg]
    if not options.rate:
        delivery = app.parts.delivery
        delivery.messenger.pacer = delivery.sender.attempts.pacer = Pacer(UNPACED, SystemClock())
        delivery.sender.window = _WINDOW
    return app


async def run_sender(options: argparse.Namespace) -> Meter:
    """Send everything that is due; returns what it cost from the first claim to the last record."""
    app = the_app(options)
    sender = app.parts.delivery.sender
    workers = workers_for(options.rate) if options.rate else _WORKERS
    gc.collect()
    gc.freeze()  # as `python -m bot run` does
    with Meter() as meter:
        async with asyncio.TaskGroup() as tasks:
            for task in (sender.feed(), *(sender.work() for _ in range(workers))):
                tasks.create_task(task)
            helping = [tasks.create_task(_keep(app))]
            if isinstance(sender.attempts.pacer, SharedPacer):
                helping.append(tasks.create_task(sender.attempts.pacer.run()))
            await _all_sent(app.parts.ground.database, options.count)
            await sender.stop(workers)
            for task in helping:
                task.cancel()
    await app.close()
    return meter


async def _keep(app: App) -> None:
    """Do what the app's ticker does for a send that runs."""
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        await app.parts.delivery.sender.renew()
        await app.parts.ground.database.checkpoint()


async def _all_sent(database: Database, count: int) -> None:
    ended = text("SELECT sum(sent + failed + uncertain + expired + dropped) FROM publication")
    while True:
        async with database.read() as connection:
            if (await connection.scalar(ended) or 0) >= count:
                return
        await asyncio.sleep(0.1)
