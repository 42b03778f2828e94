"""How much one transaction writes when there is much to write: little enough that nobody waits for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LEAST, _MOST = 5_000, 20_000  # readers; the first stretch is small, so that the first headlines leave at once
_LONG, _SHORT = 0.035, 0.015  # seconds


class Spans:
    """Sizes of the stretches of readers whose rows are written together; they follow how long the last ones took."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self.size = _LEAST

    @contextmanager
    def next(self) -> Iterator[int]:
        """Return the size of the next stretch, which is written inside the block."""
        begun = self._monotonic()
        yield self.size
        took = self._monotonic() - begun
        if took > _LONG:
            self.size = max(_LEAST, self.size // 2)
        elif took < _SHORT:
            self.size = min(_MOST, self.size * 2)
