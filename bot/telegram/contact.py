"""Contact with Telegram: what became of the requests of this process, for whoever watches it."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Contact:
    """Counts answers by method and status, and failures to get one as status 0. Costs next to nothing."""

    monotonic: Callable[[], float] = time.monotonic
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    _failing_since: float | None = None

    def answered(self, method: str, status: int) -> None:
        """Note an answer, whatever it says: Telegram can be reached."""
        self.answers[method, status] += 1
        self._failing_since = None

    def failed(self, method: str) -> None:
        """Note that no answer came."""
        self.answers[method, 0] += 1
        if self._failing_since is None:
            self._failing_since = self.monotonic()

    @property
    def failing_for(self) -> float:
        """For how many seconds every request has failed; 0 when the last one was answered, or none was made."""
        return 0.0 if self._failing_since is None else self.monotonic() - self._failing_since
