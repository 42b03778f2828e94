"""How deep the drawn programmes go: a sample where everything is run, the whole of it in `make faults` (by night)."""

import os
from datetime import UTC, datetime

WHOLE = os.environ.get("VISNYK_FAULTS") == "all"

SAMPLE = int(os.environ.get("VISNYK_SAMPLE") or datetime.now(UTC).date().toordinal())
"""Which sample: another one each day. What fails says it; `VISNYK_SAMPLE` draws the same again."""


def depth(whole: int, sample: int) -> int:
    """Return how many of something are tried: `whole`, or `sample` of them."""
    return whole if WHOLE else sample


def each(step: int) -> slice:
    """Return which of a list are tried: one in `step`, beginning anywhere; all of them where the whole is wanted."""
    return slice(None) if WHOLE else slice(SAMPLE % step, None, step)
