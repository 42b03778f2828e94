"""What each command does. Imports stand inside: `--help` must not wait for aiogram, nor for a database."""

import argparse
import asyncio
import gc
import logging
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


def run(options: argparse.Namespace) -> int:
    """Start the bot and stay until told to stop."""
    # The first process of a container dies of no signal that it does not take itself, and loading takes seconds.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    from bot import logs
    from bot.config import Settings, load_settings
    from bot.desk.open_files import open_to_others
    from bot.environment import misspelt

    settings = load_settings()
    settings.token()
    logs.set_up(settings.log_level, settings.log_format)
    for one in misspelt(Settings.model_fields):
        logging.getLogger(__name__).warning("%s is no setting and changes nothing; is %s meant?", one.name, one.meant)
    for file in open_to_others(settings):
        logging.getLogger(__name__).warning(
            "%s holds secrets, and everybody on this machine can read it; close it: chmod 600 %s", file, file
        )
    return _loop(_run(options.role))


async def _run(role: str) -> int:
    gc.disable()  # nearly all that is made by loading stays, and would be looked through again and again
    from bot.app import App, Work
    from bot.cli.language import shell_phrases
    from bot.cli.lines import complain

    gc.enable()
    from bot.config import load_settings
    from bot.wiring.signals import StopSignals

    app = App(load_settings(), role=Work[role.upper()])
    stop = asyncio.Event()
    starting = asyncio.current_task()
    assert starting is not None
    signals = StopSignals(starting.cancel)  # Telegram or the database may be away for long
    signals.listen()
    try:
        await app.prepare()
        signals.act = stop.set
        if app.code:
            # Shown once, to whoever starts the bot, and never logged.
            complain("\n  " + shell_phrases()("config-no-owner", code=app.code) + "\n")
        # What is loaded by now stays: a collection that looks through all of it holds everybody up for a fifth of a
        # second, and a broadcast makes enough objects for one every few seconds.
        gc.collect()
        gc.freeze()
        await app.run(stop)
    except asyncio.CancelledError:
        return 0  # nothing had begun that would have to be finished
    finally:
        await app.close()
    return 0


def alive(options: argparse.Namespace) -> int:
    """Ask the process that listens whether it lives."""
    from bot.cli.alive import alive

    return alive(ready=options.ready)


def setup(options: argparse.Namespace) -> int:
    """Set the bot up, question by question."""
    from bot.cli.setup.begin import set_up

    return set_up(_loop, offer=options.offer)


def demo(options: argparse.Namespace) -> int:
    """Show the product: a stand-in for Telegram, the bot against it, and a page or a terminal to sit at."""
    from bot.cli.language import shell_phrases
    from bot.sandbox.demo import run_demo

    say = shell_phrases()
    return _loop(
        run_demo(port=options.port, terminal=options.terminal, speed=options.speed, language=options.language, say=say)
    )


def import_(options: argparse.Namespace) -> int:
    """Take in files."""
    from bot.cli.imports import import_files

    return _loop(import_files(options.files, push=options.push, zone=options.zone, update=options.update))


def feeds(options: argparse.Namespace) -> int:
    """Add, list, remove or try feeds."""
    from bot.cli import feeds

    match options.act:
        case "add":
            return _loop(feeds.add(options.addresses, options.mode))
        case "remove":
            return _loop(feeds.remove(options.addresses))
        case "check":
            return _loop(feeds.check(options.addresses))
        case _:
            return _loop(feeds.list_(opml=options.opml))


def token(options: argparse.Namespace) -> int:
    """Make, list or revoke tokens."""
    from bot.cli import tokens

    match options.act:
        case "add":
            return _loop(tokens.add(options.name, options.source, options.scope))
        case "revoke":
            return _loop(tokens.revoke(options.name))
        case _:
            return _loop(tokens.list_())


def webhooks(options: argparse.Namespace) -> int:
    """Add, list, remove, try or enable webhooks."""
    from bot.cli import webhooks

    match options.act:
        case "add":
            return _loop(webhooks.add(options.address, options.events))
        case "remove":
            return _loop(webhooks.remove(options.name))
        case "test":
            return _loop(webhooks.test(options.name))
        case "enable":
            return _loop(webhooks.enable(options.name))
        case _:
            return _loop(webhooks.list_())


def backup(options: argparse.Namespace) -> int:
    """Make a backup."""
    from bot.cli.backups import back_up

    return _loop(back_up(options.folder))


def restore(options: argparse.Namespace) -> int:
    """Put a backup back, or only look at it."""
    from bot.cli.backups import check, put_back

    return _loop(check(options.file) if options.check else put_back(options.file))


def export_reader(options: argparse.Namespace) -> int:
    """Hand out what is stored about somebody."""
    from bot.cli.personal_data import export_reader

    return _loop(export_reader(options.who, options.to))


def erase_reader(options: argparse.Namespace) -> int:
    """Erase what is stored about somebody."""
    from bot.cli.personal_data import erase_reader

    return _loop(erase_reader(options.who, sure=options.yes))


def copy_database(options: argparse.Namespace) -> int:
    """Move a newsroom to another database."""
    from bot.cli.moving import copy_database

    return _loop(copy_database(options.source, options.target))


def doctor(options: argparse.Namespace) -> int:
    """Say what is wrong."""
    from bot.cli.checkup import doctor

    return _loop(doctor(json=options.json))


def status(options: argparse.Namespace) -> int:
    """Say how the newsroom stands."""
    from bot.cli.checkup import status

    return _loop(status(json=options.json))


def related(options: argparse.Namespace) -> int:
    """Answer what is related to articles."""
    from bot.cli.queries import related

    return _loop(related(options.ids, limit=options.limit, json=options.json))


def search(options: argparse.Namespace) -> int:
    """Answer what a search finds."""
    from bot.cli.queries import search

    return _loop(
        search(
            ["-"] if options.words == ["-"] else [" ".join(options.words)],
            limit=options.limit,
            json=options.json,
            newest=options.newest,
        )
    )


def compare(options: argparse.Namespace) -> int:
    """Tell of pairs of texts whether they are the same."""
    from bot.cli.compare import compare, compare_semantic

    return compare_semantic() if options.semantic else compare()


def reindex(_: argparse.Namespace) -> int:
    """Work out the word index anew."""
    from bot.cli.reindex import reindex

    return _loop(reindex())


def semantic(options: argparse.Namespace) -> int:
    """Turn the optional model on or off, let it read, or be it."""
    if options.act == "serve":
        from bot.relevance.model_process import serve

        return serve(sys.stdin.buffer, sys.stdout.buffer)
    from bot.cli.semantic import ACTS

    return _loop(ACTS[options.act]())
