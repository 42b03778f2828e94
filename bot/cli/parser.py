"""The commands and their options."""

import argparse

from bot import __version__
from bot.cli import commands


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; each command's function stands in `run`."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Visnyk: a newsroom inside Telegram.")
    parser.add_argument("--version", action="version", version=f"Visnyk {__version__}")
    verbs = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = verbs.add_parser("run", help="start the bot (settings: README)")
    run.set_defaults(run=commands.run)

    demo = verbs.add_parser("demo", help="show the whole product on this machine, without Telegram")
    demo.add_argument("--port", type=int, default=8088, help="where the page is served (default: %(default)s)")
    demo.add_argument("--terminal", action="store_true", help="in this terminal instead of a page")
    demo.add_argument(
        "--language", choices=("uk", "en"), default="uk", help="whose terminal it is (default: %(default)s)"
    )
    demo.add_argument("--speed", type=float, default=1.0, help="how fast the clock runs (default: %(default)s)")
    demo.set_defaults(run=commands.demo)

    import_ = verbs.add_parser("import", help="take in RSS, Atom or JSON Lines files; docs/IMPORT.md")
    import_.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder of files, or - for standard input")
    import_.add_argument(
        "--push", action="store_true", help="also send what is imported to readers (default: archive only)"
    )
    import_.add_argument("--zone", default="", help="time zone of dates that have none (default: TIMEZONE)")
    import_.set_defaults(run=commands.import_)
    return parser
