"""What an operator's signals do: the first one stops a process in good order, a second one ends it at once.

A stop is over in ten seconds, whatever the process waits for: where the good order takes longer – a database that
hangs, a disk that does not answer – a thread that waits for nobody ends the process. Every commit is whole, so that
loses no more than a power cut does.
"""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

STOP_SECONDS = 9.0
_SAME_SECONDS = 1.0
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


@dataclass(slots=True)
class StopSignals:
    """Calls `act` in the running loop at the first signal; `act` may be exchanged while the process gets on.

    A signal that whoever started the process wants ignored, as `nohup` does, stays so. One stop may arrive twice, from
    a supervisor and from `make` between the two, or from a terminal and its shell: a second one counts a moment later.
    """

    act: Callable[[], object]
    _numbers: list[signal.Signals] = field(default_factory=list)
    _first_at: float | None = None

    def listen(self) -> None:
        """Take the signals over from now on; in the main thread."""
        there = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]  # Windows has no SIGHUP
        self._numbers = [number for number in there if signal.getsignal(number) is not signal.SIG_IGN]
        loop = asyncio.get_running_loop()

        def told(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  the interface
            if self._first_at is None:
                self._first_at = time.monotonic()
                _end_after(STOP_SECONDS)
                loop.call_soon_threadsafe(self._begin, loop)
            elif time.monotonic() - self._first_at >= _SAME_SECONDS:
                self._let_go()
                signal.raise_signal(number)

        for number in self._numbers:
            signal.signal(number, told)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        loop.call_later(_SAME_SECONDS, self._let_go)
        self.act()  # looked up when the loop gets to it

    def _let_go(self) -> None:
        """Leave the signals to the system: what it does needs nobody's help."""
        for number in self._numbers:
            signal.signal(number, signal.SIG_DFL)


def _end_after(seconds: float) -> None:
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()
