"""How much one transaction writes when there is much to write: little enough that nobody waits for it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from bot.timing.clock import Clock

_T = TypeVar("_T")
_WANTED = 0.030  # seconds
# Readers of a fan-out, few of whom may want the article; the first stretch is small, so that the first headlines leave
# at once. Rows of anything else, each of which is changed. The least is where a quarter of the time goes with what
# every transaction costs: less would make a busy machine busier.
_FIRST, _LEAST, _MOST = 5_000, 4_000, 20_000
_ROWS_FIRST, _ROWS_LEAST, _ROWS_MOST = 500, 300, 5_000


class BatchSizer:
    """Sizes of the stretches that are written together; they follow how long the last one took.

    On a machine that is so busy that even the least takes longer, stretches stay that small.
    """

    def __init__(self, clock: Clock, *, first: int = _FIRST, least: int = _LEAST, most: int = _MOST) -> None:
        self._clock = clock
        self._least, self._most = least, most
        self.size = first

    @classmethod
    def of_rows(cls, clock: Clock) -> "BatchSizer":
        """Return sizes for what changes every row of its stretch, or looks each of them up elsewhere."""
        return cls(clock, first=_ROWS_FIRST, least=_ROWS_LEAST, most=_ROWS_MOST)

    @contextmanager
    def next(self) -> Iterator[int]:
        """Return the size of the next stretch, which is written inside the block."""
        begun = self._clock.monotonic()
        yield self.size
        took = max(self._clock.monotonic() - begun, 0.001)
        self.size = min(self._most, max(self._least, round(self.size * min(2.0, _WANTED / took))))

    async def step(self, write: Callable[[int], Awaitable[_T]]) -> _T:
        """Have the next stretch written by what is given its size; returns what that returns."""
        with self.next() as size:
            return await write(size)
