"""The commands and their options."""

import argparse

from bot import __version__
from bot.cli import commands
from bot.text.languages import LANGUAGES


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; each command's function stands in `run`."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Visnyk: a newsroom inside Telegram.")
    parser.add_argument("--version", action="version", version=f"Visnyk {__version__}")
    verbs = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = verbs.add_parser("run", help="start the bot (settings: README)")
    run.add_argument(
        "--role",
        choices=("all", "web", "sender"),
        default="all",
        help="what this process does: talk to people, send, or both; several need PostgreSQL (default: %(default)s)",
    )
    run.set_defaults(run=commands.run)

    setup = verbs.add_parser("setup", help="set the bot up, question by question: token, name, language; writes .env")
    setup.add_argument(
        "--offer", action="store_true", help="only if there is no token, and somebody at a terminal agrees (make run)"
    )
    setup.set_defaults(run=commands.setup)

    alive = verbs.add_parser("alive", help="tell by the exit status whether the process at HTTP_BIND lives")
    alive.add_argument("--ready", action="store_true", help="whether it can serve, and if not, why")
    alive.set_defaults(run=commands.alive)

    demo = verbs.add_parser("demo", help="show the whole product on this machine, without Telegram")
    demo.add_argument("--port", type=int, default=8088, help="where the page is served (default: %(default)s)")
    demo.add_argument("--terminal", action="store_true", help="in this terminal instead of a page")
    demo.add_argument(
        "--language", choices=LANGUAGES, default=LANGUAGES[0], help="whose terminal it is (default: %(default)s)"
    )
    demo.add_argument("--speed", type=float, default=1.0, help="how fast the clock runs (default: %(default)s)")
    demo.set_defaults(run=commands.demo)

    import_ = verbs.add_parser("import", help="take in files: RSS, Atom, JSON, CSV, Telegram; docs/IMPORT.md")
    import_.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder of files, or - for standard input")
    import_.add_argument(
        "--push", action="store_true", help="also send what is imported to readers (default: archive only)"
    )
    import_.add_argument(
        "--update", action="store_true", help="also take over what has changed since (default: it is only reported)"
    )
    import_.add_argument("--zone", default="", help="time zone of dates that have none (default: TIMEZONE)")
    import_.set_defaults(run=commands.import_)
    _add_feeds(verbs)
    _add_tokens(verbs)
    _add_webhooks(verbs)
    _add_operations(verbs)
    _add_relevance(verbs)
    return parser


def _add_feeds(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    feeds = verbs.add_parser("feeds", help="add, list, remove or try feeds that news comes from; docs/IMPORT.md")
    acts = feeds.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="add feeds; nothing is sent of what they hold already")
    add.add_argument("addresses", nargs="+", metavar="ADDRESS", help="a feed, a page that has one, or an OPML file")
    add.add_argument(
        "--mode",
        choices=("approve", "publish", "archive"),
        default="approve",
        help="what becomes of new items: drafts, published at once, or only the archive (default: %(default)s)",
    )
    acts.add_parser("list", help="list the feeds, a line each, columns separated by tabs")
    remove = acts.add_parser("remove", help="remove feeds; what came from them stays")
    remove.add_argument("addresses", nargs="+", metavar="ADDRESS", help="the feed's address, as it is listed")
    check = acts.add_parser("check", help="show what is at an address; adds nothing, needs no database")
    check.add_argument("addresses", nargs="+", metavar="ADDRESS", help="a feed, or a page that has one")
    feeds.set_defaults(run=commands.feeds)


def _add_tokens(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    token = verbs.add_parser("token", help="make, list or revoke tokens of systems that bring articles; docs/API.md")
    acts = token.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="make a token; it is printed once and kept nowhere")
    add.add_argument("name", metavar="NAME", help="what it is called here")
    add.add_argument("--source", default="", help="the source its articles name (default: NAME)")
    add.add_argument(
        "--scope",
        action="append",
        choices=("draft", "publish", "correct"),
        required=True,
        help="what it is good for; may be given several times",
    )
    acts.add_parser("list", help="list the tokens, a line each, columns separated by tabs")
    revoke = acts.add_parser("revoke", help="end a token; what it has brought stays")
    revoke.add_argument("name", metavar="NAME", help="as it is listed")
    token.set_defaults(run=commands.token)


def _add_webhooks(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    hooks = verbs.add_parser("webhooks", help="tell other systems what is published; docs/HTTP.md")
    acts = hooks.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="add an address; the secret that signs is printed once")
    add.add_argument("address", metavar="ADDRESS", help="where it is told: https://…")
    add.add_argument(
        "--events",
        nargs="+",
        choices=("published", "corrected", "retracted", "finished"),
        default=("published", "corrected", "retracted", "finished"),
        help="what it is told (default: everything)",
    )
    acts.add_parser("list", help="list the webhooks, a line each, columns separated by tabs")
    for act, says in (
        ("remove", "end a webhook; what it was still to be told is forgotten"),
        ("test", "tell it something at once that means nothing, and say what comes of it"),
        ("enable", "tell one again that was disabled; what waits goes out"),
    ):
        acts.add_parser(act, help=says).add_argument("name", metavar="WEBHOOK", help="its number, or its address")
    hooks.set_defaults(run=commands.webhooks)


def _add_operations(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = verbs.add_parser("backup", help="make a backup and check it; the bot may be running; docs/OPERATIONS.md")
    backup.add_argument(
        "folder", nargs="?", default="", metavar="TO", help="a folder (default: BACKUP_TO, else backups)"
    )
    backup.set_defaults(run=commands.backup)
    restore = verbs.add_parser("restore", help="put a backup into an empty database; docs/OPERATIONS.md")
    restore.add_argument("file", metavar="FROM", help="the backup")
    restore.add_argument("--check", action="store_true", help="only read it through and say what it holds")
    restore.set_defaults(run=commands.restore)
    copy = verbs.add_parser(
        "copy-database", help="copy everything into an empty database of either engine; docs/OPERATIONS.md"
    )
    copy.add_argument("source", metavar="FROM", help="sqlite:///file or postgresql://user:password@host/name")
    copy.add_argument("target", metavar="TO", help="the same, of an empty one")
    copy.set_defaults(run=commands.copy_database)
    _add_personal_data(verbs)
    doctor = verbs.add_parser("doctor", help="say what is wrong and what to do; exit status 1 when anything is")
    doctor.add_argument("--json", action="store_true", help="one JSON object")
    doctor.set_defaults(run=commands.doctor)
    status = verbs.add_parser(
        "status", help="say how the newsroom stands; exit status 1 when news does not get through"
    )
    status.add_argument("--json", action="store_true", help="one JSON object")
    status.set_defaults(run=commands.status)


def _add_personal_data(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    who = "the number of a person, group or channel; a person's own is at the end of /help"
    export = verbs.add_parser(
        "export-reader", help="write everything stored about somebody as JSON; docs/OPERATIONS.md"
    )
    export.add_argument("who", metavar="WHO", help=who)
    export.add_argument("--to", default="", metavar="FILE", help="a new file (default: standard output)")
    export.set_defaults(run=commands.export_reader)
    erase = verbs.add_parser("erase-reader", help="erase everything stored about somebody; the bot may be running")
    erase.add_argument("who", metavar="WHO", help=who)
    erase.add_argument("--yes", action="store_true", help="do not ask")
    erase.set_defaults(run=commands.erase_reader)


def _add_relevance(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    related = verbs.add_parser("related", help="list what is related to articles; docs/RELEVANCE.md")
    related.add_argument(
        "ids", nargs="+", metavar="ID", help="an article's number, the id it was imported with, or - for standard input"
    )
    related.add_argument("--json", action="store_true", help="one JSON object a line")
    related.add_argument("--limit", type=_count, default=5, metavar="N", help="at most so many (default: %(default)s)")
    related.set_defaults(run=commands.related)

    search = verbs.add_parser("search", help="search the archive as readers do; docs/RELEVANCE.md")
    search.add_argument(
        "words", nargs="+", metavar="WORDS", help="what to look for, or - for a query a line on standard input"
    )
    search.add_argument("--json", action="store_true", help="one JSON object a query, on one line")
    search.add_argument("--limit", type=_count, default=10, metavar="N", help="at most so many (default: %(default)s)")
    search.add_argument("--newest", action="store_true", help="newest first, not best first")
    search.set_defaults(run=commands.search)

    compare = verbs.add_parser(
        "compare",
        help="tell whether two texts are duplicates or one story; docs/RELEVANCE.md",
        description='Reads JSON Lines {"a": {"title", "text"}, "b": {"title", "text"}, "hours_apart": 0} and answers '
        'each with {"duplicate", "same_story", "score"}, in order. Needs no database.',
    )
    compare.add_argument(
        "--semantic", action="store_true", help="let the optional model read the texts too (make semantic)"
    )
    compare.set_defaults(run=commands.compare)

    reindex = verbs.add_parser("reindex", help="work out the word index anew; the bot may be running")
    reindex.set_defaults(run=commands.reindex)

    semantic = verbs.add_parser("semantic", help="the optional model that ranks by meaning; docs/RELEVANCE.md")
    semantic.add_argument(
        "act",
        choices=("on", "off", "fill", "status", "wanted", "serve"),
        help="turn it on or off, let it read what is published, tell how far it is; wanted: the exit status tells "
        "whether there is room for it here and the setting agrees; serve: "
        "texts on standard input, a JSON string a line, are answered with vectors (what the bot starts)",
    )
    semantic.set_defaults(run=commands.semantic)


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 200:
        raise argparse.ArgumentTypeError("must be 1 to 200")
    return number
