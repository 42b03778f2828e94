"""The person at the terminal: what they are asked, and what they are shown."""

import getpass
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass

import segno

from bot.cli.lines import tell


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where the wizard speaks. Both ways of asking return a line and raise EOFError where there is none."""

    ask: Callable[[str], str]
    ask_secretly: Callable[[str], str]  # what is typed is neither shown nor kept
    say: Callable[[str], None] = tell

    def answer(self, question: str, otherwise: str = "") -> str:
        """Return what is answered, without space around it; `otherwise` for nothing."""
        shown = f"{question} [{otherwise}]: " if otherwise else f"{question}: "
        return self.ask(shown).strip() or otherwise

    def show_code(self, link: str) -> None:
        """Show a link as a picture that a phone reads."""
        picture = io.StringIO()
        segno.make(link, micro=False, error="l").terminal(out=picture, border=2, compact=True)
        self.say(picture.getvalue())


def the_terminal() -> Terminal | None:
    """Return the terminal somebody sits at, or None when nobody does."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    return Terminal(ask=input, ask_secretly=getpass.getpass)
