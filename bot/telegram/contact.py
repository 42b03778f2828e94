"""Contact with Telegram: what became of the requests of this process, for whoever watches it."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(slots=True)
class Durations:
    """How long something took: how often up to each of BOUNDS, and beyond them all; seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


@dataclass(slots=True)
class Contact:
    """Counts answers by method and status, and failures to get one as status 0. Costs next to nothing.

    `updates` is how long the updates took that this process handled, from the claim to the end of the answer.
    """

    monotonic: Callable[[], float] = time.monotonic
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    updates: Durations = field(default_factory=Durations)
    refused: bool = False  # whether the last answer was that the token is not accepted
    _failing_since: float | None = None

    def answered(self, method: str, status: int) -> None:
        """Note an answer. Whatever it says Telegram can be reached, but for an error of the server's own (5xx).

        Those are what its door answers while nobody is behind it: nothing is done then, and nothing said of the token.
        """
        self.answers[method, status] += 1
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._fails()
            return
        self._failing_since = None
        self.refused = status == HTTPStatus.UNAUTHORIZED

    def failed(self, method: str) -> None:
        """Note that no answer came."""
        self.answers[method, 0] += 1
        self._fails()

    def _fails(self) -> None:
        if self._failing_since is None:
            self._failing_since = self.monotonic()

    @property
    def failing_for(self) -> float:
        """For how many seconds every request has failed; 0 when the last one did not, or none was made."""
        return 0.0 if self._failing_since is None else self.monotonic() - self._failing_since
