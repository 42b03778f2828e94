"""How the command line is read: argparse, whose help and complaints are phrases in the language of the shell."""

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from bot.cli.language import shell_phrases

_SECTIONS = {"positional arguments": "args-positional", "options": "args-options"}
_SHOWN = {
    "pair": '{"a": {"title", "text"}, "b": {"title", "text"}, "hours_apart": 0}',
    "answer": '{"duplicate", "same_story", "score"}',
}
_NAMED = r"argument (?P<name>.+?): "
# What argparse of the Pythons that are supported says; what it may say else is answered in general.
_COMPLAINTS = (
    (r"the following arguments are required: (?P<names>.+)", "args-missing"),
    (r"unrecognized arguments: (?P<names>.+)", "args-unknown"),
    (rf"{_NAMED}invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)", "args-choice"),
    (rf"{_NAMED}invalid \w+ value: (?P<value>.+)", "args-number"),
    (rf"{_NAMED}expected .*arguments?", "args-value-missing"),
    (rf"{_NAMED}ignored explicit argument (?P<value>.+)", "args-value-needless"),
    (rf"{_NAMED}(?P<phrase>args-[a-z-]+)", ""),
    (r"ambiguous option: (?P<name>.+?) could match (?P<choices>.+)", "args-ambiguous"),
)


class Formatter(argparse.HelpFormatter):
    """Writes help: what it is given are the keys of phrases, which are looked up only here, when somebody asks."""

    def add_usage(self, usage: str | None, actions: Iterable[Any], groups: Any, prefix: str | None = None) -> None:
        """Add how a command is called."""
        before = shell_phrases()("args-usage") + " " if prefix is None else prefix
        super().add_usage(usage, actions, groups, before)

    def start_section(self, heading: str | None) -> None:
        """Begin a part of the help."""
        super().start_section(shell_phrases()(_SECTIONS[heading]) if heading in _SECTIONS else heading)

    def add_text(self, text: str | None) -> None:
        """Add a paragraph."""
        super().add_text(shell_phrases()(text, **_SHOWN) if text and text.startswith("args-") else text)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return shell_phrases()(action.help) if action.help else action.help


class Parser(argparse.ArgumentParser):
    """A parser of one command. `description` and `help` are keys of phrases."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=Formatter, add_help=False)
        self.add_argument("-h", "--help", action="help", help="args-help")

    def error(self, message: str) -> NoReturn:
        """Say how the command is called and what is wrong with how it was; ends the process with 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{_said(message)}\n")


def _said(message: str) -> str:
    for pattern, phrase in _COMPLAINTS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            values = {name: value.replace("'", "") for name, value in found.groupdict().items()}
            return shell_phrases()(phrase or values["phrase"], **values)
    return shell_phrases()("args-wrong", command="--help")


def count(text: str) -> int:
    """Read how many of something are wanted."""
    return _number(text, 1, 200, "args-count")


def port(text: str) -> int:
    """Read a port of this machine."""
    return _number(text, 0, 65_535, "args-port")


def speed(text: str) -> float:
    """Read how fast a clock is to run."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number <= 100_000:
        raise argparse.ArgumentTypeError("args-speed")
    return number


def _number(text: str, least: int, most: int, phrase: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise argparse.ArgumentTypeError(phrase)
    return int(text)
