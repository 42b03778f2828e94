"""How much one transaction writes when there is much to write: little enough that nobody waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.timing.clock import Clock

_LEAST, _MOST = 5_000, 20_000  # readers; the first stretch is small, so that the first headlines leave at once
_WANTED = 0.030  # seconds


class BatchSizer:
    """Sizes of the stretches of readers whose rows are written together; they follow how long the last one took."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.size = _LEAST

    @contextmanager
    def next(self) -> Iterator[int]:
        """Return the size of the next stretch, which is written inside the block."""
        begun = self._clock.monotonic()
        yield self.size
        took = max(self._clock.monotonic() - begun, 0.001)
        self.size = min(_MOST, max(_LEAST, round(self.size * min(2.0, _WANTED / took))))
