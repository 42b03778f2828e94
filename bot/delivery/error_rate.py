"""Error spikes: a send that fails for most of its readers is halted before it fails for all of them."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field

from bot.model.ledger import DeliveryState, Finish, Retry, Step

OWN_ERROR = "an error of the sender"  # one that nobody thought of
_SEEN = 40  # the last outcomes of a send that are looked at
_LEAST = 20  # fewer say nothing
_SHARE = 0.5
_PASSES = 5  # tries in which an error of our own may pass, as where the database was away
_SENDS = 256  # that are looked at; of more, those whose last outcome is longest ago are forgotten


@dataclass(slots=True)
class ErrorRate:
    """Looks at what becomes of the deliveries of each publication. Readers who left are no error: they are normal."""

    _last: OrderedDict[int, deque[bool]] = field(default_factory=OrderedDict)

    def noted(self, publication_id: int, step: Step) -> bool:
        """Note an outcome; returns whether this one makes it a spike. The count then begins anew."""
        bad = _is_bad(step)
        if bad is None:
            return False
        last = self._last.setdefault(publication_id, deque(maxlen=_SEEN))
        self._last.move_to_end(publication_id)
        if len(self._last) > _SENDS:
            self._last.popitem(last=False)
        last.append(bad)
        if len(last) < _LEAST or not bad or sum(last) < _SHARE * len(last):
            return False
        del self._last[publication_id]
        return True


def _is_bad(step: Step) -> bool | None:
    """Tell whether a step is an error; None where it says nothing. What is tried for ever is one in the end."""
    if isinstance(step, Retry):
        return True if step.reason == OWN_ERROR and step.attempt > _PASSES else None
    if not isinstance(step, Finish) or step.reader_state is not None:
        return None
    return step.state is DeliveryState.FAILED or step.state is DeliveryState.UNCERTAIN
