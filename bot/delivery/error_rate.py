"""Error spikes: a send that fails for most of its readers is halted before it fails for all of them."""

from collections import deque
from dataclasses import dataclass, field

from bot.model.ledger import DeliveryState, Finish, Step

_SEEN = 40  # the last outcomes of a send that are looked at
_LEAST = 20  # fewer say nothing
_SHARE = 0.5


@dataclass(slots=True)
class ErrorRate:
    """Looks at what becomes of the deliveries of each publication. Readers who left are no error: they are normal."""

    _last: dict[int, deque[bool]] = field(default_factory=dict)

    def noted(self, publication_id: int, step: Step) -> bool:
        """Note an outcome; returns whether this one makes it a spike. The count then begins anew."""
        if not isinstance(step, Finish) or step.reader_state is not None:
            return False
        bad = step.state is DeliveryState.FAILED or step.state is DeliveryState.UNCERTAIN
        last = self._last.get(publication_id)
        if last is None:
            last = self._last[publication_id] = deque(maxlen=_SEEN)
        last.append(bad)
        if len(last) < _LEAST or not bad or sum(last) < _SHARE * len(last):
            return False
        del self._last[publication_id]
        return True
