"""What each command does. Imports stand inside: `--help` must not wait for aiogram, nor for a database."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Coroutine
from typing import Any


def _loop(work: Coroutine[Any, Any, int]) -> int:
    """Run a coroutine in the quickest event loop there is."""
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return asyncio.run(work)
    return uvloop.run(work)


def run(_: argparse.Namespace) -> int:
    """Start the bot and stay until told to stop."""
    from bot import logs
    from bot.config import load_settings

    settings = load_settings()
    settings.token()
    logs.set_up(settings.log_level, settings.log_format)
    return _loop(_run())


async def _run() -> int:
    from bot.app import App
    from bot.config import load_settings

    app = App(load_settings())
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        await app.prepare()
        if app.code:
            print(  # noqa: T201  shown once, to whoever starts the bot, and never logged
                f"\n  This newsroom has no owner yet. Send the bot:  /claim {app.code}\n", file=sys.stderr, flush=True
            )
        await app.run(stop)
    finally:
        await app.close()
    return 0


def demo(options: argparse.Namespace) -> int:
    """Show the product: a stand-in for Telegram, the bot against it, and a page or a terminal to sit at."""
    from bot.sandbox.demo import run_demo

    return _loop(run_demo(port=options.port, terminal=options.terminal, speed=options.speed))


def import_(options: argparse.Namespace) -> int:
    """Take in files."""
    from bot.cli.importing import import_files

    return _loop(import_files(options.files, push=options.push, zone=options.zone))


def related(options: argparse.Namespace) -> int:
    """Answer what is related to articles."""
    from bot.cli.asking import related

    return _loop(related(options.ids, limit=options.limit, json=options.json))


def search(options: argparse.Namespace) -> int:
    """Answer what a search finds."""
    from bot.cli.asking import search

    return _loop(
        search(
            ["-"] if options.words == ["-"] else [" ".join(options.words)],
            limit=options.limit,
            json=options.json,
            newest=options.newest,
        )
    )


def compare(_: argparse.Namespace) -> int:
    """Tell of pairs of texts whether they are the same."""
    from bot.cli.comparing import compare

    return compare()


def reindex(_: argparse.Namespace) -> int:
    """Work out the word index anew."""
    from bot.cli.reindexing import reindex

    return _loop(reindex())
