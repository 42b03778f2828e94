"""The person at the terminal: what they are asked, and what they are shown."""

import getpass
import io
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import segno

from bot.cli.lines import tell

_GLANCE = 0.2  # seconds


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
    return Terminal(ask=_heard(input), ask_secretly=_heard(getpass.getpass))


@contextmanager
def _glances() -> Iterator[None]:
    """Have Python look up from its wait for a line a few times a second.

    A Ctrl+C between the last instruction and the wait is noted but not seen by Python before the wait ends: whoever
    pressed it just as a question came would sit before a program that does not answer.
    """
    if sys.platform == "win32":  # the wait is another one there
        yield
        return
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, _GLANCE, _GLANCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _heard(ask: Callable[[str], str]) -> Callable[[str], str]:
    """Return a way of asking during which Ctrl+C is always heard."""

    def asked(question: str) -> str:
        with _glances():
            return ask(question)

    return asked
