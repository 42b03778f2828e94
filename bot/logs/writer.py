"""Writing lines from a thread of its own: whoever logs never waits, even for a pipe that nobody reads."""

import contextlib
import os
import select
import threading
from collections import deque
from collections.abc import Callable
from typing import TextIO

MOST_LINES = 10_000
MOST_CHARACTERS = 8_000_000


class LineWriter:
    """Takes lines and writes them one after the other; what there is no room for is dropped, counted and said.

    `dropped` makes the line that says how many. Safe to call from any thread, and after a fork.
    """

    def __init__(self, stream: TextIO, dropped: Callable[[int], str]) -> None:
        self._stream, self._dropped = stream, dropped
        self._descriptor = _descriptor_of(stream)
        self._reset()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._reset)  # the thread stays behind, perhaps with the lock

    def _reset(self) -> None:
        self._changed = threading.Condition()
        self._lines: deque[str] = deque()
        self._characters = self._lost = self._ahead = 0
        self._busy = self._closed = False
        self._thread: threading.Thread | None = None

    def put(self, line: str) -> None:
        """Take a line; returns at once."""
        with self._changed:
            if len(self._lines) >= MOST_LINES or self._characters + len(line) > MOST_CHARACTERS:
                if not self._lost:
                    self._ahead = len(self._lines)
                self._lost += 1
                return
            self._lines.append(line)
            self._characters += len(line)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="log", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, seconds: float) -> bool:
        """Wait until everything is written, but no longer than that; returns whether it is."""
        with self._changed:
            return self._changed.wait_for(self._is_idle, seconds)

    def close(self, seconds: float) -> None:
        """Write what is left, for that long at most, and end the thread. A thread that hangs is left behind."""
        self.flush(seconds)
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _is_idle(self) -> bool:
        return not self._lines and not self._busy and not self._lost

    def _run(self) -> None:
        while (line := self._next()) is not None:
            # Nobody reads, the disk is full: there is nowhere to say so.
            with contextlib.suppress(OSError, ValueError):
                self._write(line)

    def _next(self) -> str | None:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._lines or self._lost or self._closed)
            if not self._lines and not self._lost:
                return None
            self._busy = True
            if not self._lost or self._ahead:
                line = self._lines.popleft()
                self._characters -= len(line)
                self._ahead -= 1
                return line
            # Said where they are missing: behind the lines that were there before them.
            lost, self._lost = self._lost, 0
        return self._dropped(lost)

    def _write(self, line: str) -> None:
        if self._descriptor is None:
            self._stream.write(line)
            self._stream.flush()
            return
        # Past the stream's own buffer: its lock, held by a thread that hangs, would end the process with an error.
        rest = line.encode("utf-8", "backslashreplace")
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:  # whoever has the other end in common with this process may have made it so
                select.select((), (self._descriptor,), ())


def _descriptor_of(stream: TextIO) -> int | None:
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return None
