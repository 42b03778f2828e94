"""The commands and their options."""

import argparse
from typing import TypeAlias

from bot import __version__
from bot.cli import commands
from bot.cli.arguments import Parser, count, port, speed
from bot.text.languages import LANGUAGES

Verbs: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001  argparse has no other name for it


def make_parser() -> Parser:
    """Return the parser of the command line; each command's function stands in `run`."""
    parser = Parser(prog="python -m bot", description="args-visnyk")
    parser.add_argument("--version", action="version", version=f"Visnyk {__version__}", help="args-version")
    verbs = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = verbs.add_parser("run", help="args-run")
    run.add_argument(
        "--role",
        choices=("all", "web", "sender"),
        default="all",
        help="args-role",
    )
    run.set_defaults(run=commands.run)

    setup = verbs.add_parser("setup", help="args-setup")
    setup.add_argument("--offer", action="store_true", help="args-offer")
    setup.set_defaults(run=commands.setup)

    alive = verbs.add_parser("alive", help="args-alive")
    alive.add_argument("--ready", action="store_true", help="args-ready")
    alive.set_defaults(run=commands.alive)

    demo = verbs.add_parser("demo", help="args-demo")
    demo.add_argument("--port", type=port, default=8088, help="args-demo-port")
    demo.add_argument("--terminal", action="store_true", help="args-terminal")
    demo.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0], help="args-demo-language")
    demo.add_argument("--speed", type=speed, default=1.0, help="args-demo-speed")
    demo.set_defaults(run=commands.demo)

    import_ = verbs.add_parser("import", help="args-import")
    import_.add_argument("files", nargs="+", metavar="FILE", help="args-files")
    import_.add_argument("--push", action="store_true", help="args-push")
    import_.add_argument("--update", action="store_true", help="args-update")
    import_.add_argument("--zone", default="", help="args-zone")
    import_.set_defaults(run=commands.import_)
    _add_feeds(verbs)
    _add_tokens(verbs)
    _add_webhooks(verbs)
    _add_operations(verbs)
    _add_relevance(verbs)
    return parser


def _add_feeds(verbs: Verbs) -> None:
    feeds = verbs.add_parser("feeds", help="args-feeds")
    acts = feeds.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="args-feeds-add")
    add.add_argument("addresses", nargs="+", metavar="ADDRESS", help="args-feed")
    add.add_argument(
        "--mode",
        choices=("approve", "publish", "archive"),
        default="approve",
        help="args-mode",
    )
    listing = acts.add_parser("list", help="args-feeds-list")
    listing.add_argument("--opml", action="store_true", help="args-opml")
    remove = acts.add_parser("remove", help="args-feeds-remove")
    remove.add_argument("addresses", nargs="+", metavar="ADDRESS", help="args-feed-listed")
    check = acts.add_parser("check", help="args-feeds-check")
    check.add_argument("addresses", nargs="+", metavar="ADDRESS", help="args-feed-or-page")
    feeds.set_defaults(run=commands.feeds)


def _add_tokens(verbs: Verbs) -> None:
    token = verbs.add_parser("token", help="args-token")
    acts = token.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="args-token-add")
    add.add_argument("name", metavar="NAME", help="args-token-name")
    add.add_argument("--source", default="", help="args-source")
    add.add_argument(
        "--scope",
        action="append",
        choices=("draft", "publish", "correct"),
        required=True,
        help="args-scope",
    )
    acts.add_parser("list", help="args-token-list")
    revoke = acts.add_parser("revoke", help="args-token-revoke")
    revoke.add_argument("name", metavar="NAME", help="args-token-listed")
    token.set_defaults(run=commands.token)


def _add_webhooks(verbs: Verbs) -> None:
    hooks = verbs.add_parser("webhooks", help="args-webhooks")
    acts = hooks.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="args-webhooks-add")
    add.add_argument("address", metavar="ADDRESS", help="args-webhook-address")
    add.add_argument(
        "--events",
        nargs="+",
        choices=("published", "corrected", "retracted", "finished"),
        default=("published", "corrected", "retracted", "finished"),
        help="args-events",
    )
    acts.add_parser("list", help="args-webhooks-list")
    for act, says in (
        ("remove", "args-webhooks-remove"),
        ("test", "args-webhooks-test"),
        ("enable", "args-webhooks-enable"),
    ):
        acts.add_parser(act, help=says).add_argument("name", metavar="WEBHOOK", help="args-webhook")
    hooks.set_defaults(run=commands.webhooks)


def _add_operations(verbs: Verbs) -> None:
    backup = verbs.add_parser("backup", help="args-backup")
    backup.add_argument("folder", nargs="?", default="", metavar="TO", help="args-backup-folder")
    backup.set_defaults(run=commands.backup)
    restore = verbs.add_parser("restore", help="args-restore")
    restore.add_argument("file", metavar="FROM", help="args-backup-file")
    restore.add_argument("--check", action="store_true", help="args-restore-check")
    restore.set_defaults(run=commands.restore)
    copy = verbs.add_parser("copy-database", help="args-copy")
    copy.add_argument("source", metavar="FROM", help="args-copy-from")
    copy.add_argument("target", metavar="TO", help="args-copy-to")
    copy.set_defaults(run=commands.copy_database)
    _add_personal_data(verbs)
    doctor = verbs.add_parser("doctor", help="args-doctor")
    doctor.add_argument("--json", action="store_true", help="args-json")
    doctor.set_defaults(run=commands.doctor)
    status = verbs.add_parser("status", help="args-status")
    status.add_argument("--json", action="store_true", help="args-json")
    status.set_defaults(run=commands.status)


def _add_personal_data(verbs: Verbs) -> None:
    who = "args-who"
    export = verbs.add_parser("export-reader", help="args-export")
    export.add_argument("who", metavar="WHO", help=who)
    export.add_argument("--to", default="", metavar="FILE", help="args-export-to")
    export.set_defaults(run=commands.export_reader)
    erase = verbs.add_parser("erase-reader", help="args-erase")
    erase.add_argument("who", metavar="WHO", help=who)
    erase.add_argument("--yes", action="store_true", help="args-yes")
    erase.set_defaults(run=commands.erase_reader)


def _add_relevance(verbs: Verbs) -> None:
    related = verbs.add_parser("related", help="args-related")
    related.add_argument("ids", nargs="+", metavar="ID", help="args-articles")
    related.add_argument("--json", action="store_true", help="args-json-lines")
    related.add_argument("--limit", type=count, default=5, metavar="N", help="args-limit")
    related.set_defaults(run=commands.related)

    search = verbs.add_parser("search", help="args-search")
    search.add_argument("words", nargs="+", metavar="WORDS", help="args-words")
    search.add_argument("--json", action="store_true", help="args-json-queries")
    search.add_argument("--limit", type=count, default=10, metavar="N", help="args-limit")
    search.add_argument("--newest", action="store_true", help="args-newest")
    search.set_defaults(run=commands.search)

    compare = verbs.add_parser(
        "compare",
        help="args-compare",
        description="args-compare-long",
    )
    compare.add_argument("--semantic", action="store_true", help="args-compare-semantic")
    compare.set_defaults(run=commands.compare)

    reindex = verbs.add_parser("reindex", help="args-reindex")
    reindex.set_defaults(run=commands.reindex)

    semantic = verbs.add_parser("semantic", help="args-semantic")
    semantic.add_argument(
        "act",
        choices=("on", "off", "fill", "status", "wanted", "serve"),
        help="args-semantic-act",
    )
    semantic.set_defaults(run=commands.semantic)
