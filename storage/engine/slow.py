"""Statements that took SQLite long, by the bot's own timing: the engine itself keeps no such list."""

import time
from collections import deque
from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")
_SECONDS = 2.0
_MOST = 100
_WORK = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")  # what changes tables, or copies all of them, may take long


class SlowStatements:
    """What took so many seconds or more since it was last asked for. SQLite's threads fill it, the loop empties it."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self.seconds = seconds
        self._found: deque[tuple[str, float]] = deque(maxlen=_MOST)

    def timed(self, work: Callable[[], _T], statement: object) -> _T:
        """Do the work of a statement and return what it returns; the values that are bound to it are not kept."""
        began = time.monotonic()
        try:
            return work()
        finally:
            self.note(statement, time.monotonic() - began)

    def note(self, statement: object, seconds: float) -> None:
        """Keep a statement that took so long, if that is slow for one of its kind."""
        if seconds >= self.seconds and isinstance(statement, str) and statement.lstrip().upper().startswith(_WORK):
            self._found.append((" ".join(statement.split())[:200], seconds))

    def taken(self) -> list[tuple[str, float]]:
        """Return what was found since the last call, as (statement, seconds)."""
        found = []
        while self._found:
            found.append(self._found.popleft())
        return found
