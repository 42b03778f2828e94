"""This project's sender as the app builds it, over a ledger with deliveries that are due."""

import argparse
import asyncio
import gc
import uuid

from aiogram import Bot
from sqlalchemy import text

from bot.app import window_for, workers_for
from bot.clock import SystemClock
from bot.delivery.composing import CardComposer
from bot.delivery.pacing import ChatPacer, Pacer, Throttle
from bot.delivery.sender import RENEW_SECONDS, Sender
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.session import Session
from storage.database import Database
from storage.store import Store
from tests.bench.processes import TOKEN, Meter

UNPACED = 50_000.0
_WINDOW, _WORKERS = 1000, 64  # without a rate; with one the app's own numbers are taken


def visnyk_bot(options: argparse.Namespace) -> Bot:
    """Return the bot as the app makes it."""
    return Bot(TOKEN, session=Session(options.address))


async def _remember(scope: str, seconds: float) -> None:
    """Forget it: nothing is throttled here."""


async def run_sender(options: argparse.Namespace) -> Meter:
    """Send everything that is due; returns what it cost from the first claim to the last record."""
    database, clock = Database(options.database), SystemClock()
    store, bot = Store(database, str(uuid.uuid4())), visnyk_bot(options)
    pacer, chats = Pacer(options.rate or UNPACED, clock.monotonic), ChatPacer(clock.monotonic)
    messenger = TelegramMessenger(bot, pacer, chats)
    sender = Sender(
        ledger=store.ledger,
        readers=store.readers,
        composer=CardComposer(store.articles, store.digests, store.topics, clock),
        messenger=messenger,
        pacer=pacer,
        chats=chats,
        throttle=Throttle(clock.monotonic),
        clock=clock,
        remember=_remember,
        window=window_for(options.rate) if options.rate else _WINDOW,
    )
    workers = workers_for(options.rate) if options.rate else _WORKERS
    gc.collect()
    gc.freeze()  # as `python -m bot run` does
    with Meter() as meter:
        async with asyncio.TaskGroup() as tasks:
            for task in (sender.feed(), sender.record(), *(sender.work() for _ in range(workers))):
                tasks.create_task(task)
            housekeeping = tasks.create_task(_keep(sender, database))
            await _all_sent(database, options.count)
            housekeeping.cancel()
            await sender.stop(workers)
    await bot.session.close()
    await database.close()
    return meter


async def _keep(sender: Sender, database: Database) -> None:
    """Do what the app's ticker does while a send runs."""
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        await sender.renew()
        await database.checkpoint()


async def _all_sent(database: Database, count: int) -> None:
    ended = text("SELECT sum(sent + failed + uncertain + expired + dropped) FROM publication")
    while True:
        async with database.read() as connection:
            if (await connection.scalar(ended) or 0) >= count:
                return
        await asyncio.sleep(0.1)
