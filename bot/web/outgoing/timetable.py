"""When a listener that failed is tried again, when it is given up, and what owners hear of it."""

from datetime import datetime, timedelta
from random import Random

from bot.fetch.answers import Failed, Posted, Reason
from bot.model.listeners import Event, Failing, Listener, ListenerNews, ListenerState

MOST_WAITING = 10_000
"""So many events one listener may leave untaken."""
GIVEN_UP_AFTER = timedelta(days=5)
TOLD_AFTER = timedelta(hours=1)
OUTAGE = 3
"""So many failures in a row are the listener's, not the event's."""
OVERFLOW = "overflow"
"""Why a listener was disabled for which more waits than may; else it is a reason of `bot.fetch`."""
_FAILURES_TO_GIVE_UP, _FAILURES_TO_TELL = 15, 4  # a clock that jumps ahead makes no days of failing
_FIRST, _FACTOR, _LONGEST, _MOST_STEPS = 5.0, 4.0, 21_600.0, 10
_DAY = 86_400.0
_SPREAD = 0.3  # of a wait, by chance: who failed together is spread out


def failure_of(answer: Posted | Failed) -> Failed | None:
    """Return why what was brought was not taken; None when it was."""
    if isinstance(answer, Failed):
        return answer
    match answer.status:
        case status if 200 <= status < 300:
            return None
        case status if 300 <= status < 400:
            reason = Reason.REDIRECT
        case 410:
            reason = Reason.GONE
        case 429 | 503:
            reason = Reason.BUSY
        case _:
            reason = Reason.STATUS
    return Failed(reason, str(answer.status), answer.retry_after)


def after_failure(
    listener: Listener, event: Event, failed: Failed, waiting: int, now: datetime, chance: Random
) -> Failing:
    """Return what follows from a try that failed; `waiting` is how many events the listener has not taken."""
    failures = listener.failures + 1
    since = now - (listener.failing_since or now)
    over = _is_over(failed, waiting) or (since >= GIVEN_UP_AFTER and failures >= _FAILURES_TO_GIVE_UP)
    late = since >= TOLD_AFTER and failures >= _FAILURES_TO_TELL
    news = ListenerNews.DISABLED if over else ListenerNews.FAILING if late and not listener.told else None
    # What one listener alone does not take may not be tried for ever; while it takes nothing, nothing is given up.
    refused = now - event.at >= GIVEN_UP_AFTER and event.attempts >= _FAILURES_TO_GIVE_UP and failures < OUTAGE
    return Failing(
        event_at=None if refused else now + wait(event.attempts + 1),
        listener_at=now + wait(failures, failed.retry_after, chance.random()),
        failures=failures,
        reason=OVERFLOW if waiting > MOST_WAITING else failed.reason,
        detail=str(waiting) if waiting > MOST_WAITING else failed.detail,
        told=listener.told or news is not None,
        state=ListenerState.DISABLED if over else ListenerState.ACTIVE,
        news=news,
    )


def _is_over(failed: Failed, waiting: int) -> bool:
    return failed.reason is Reason.GONE or waiting > MOST_WAITING


def wait(tries: int, retry_after: float = 0.0, chance: float = 0.0) -> timedelta:
    """Return how long to wait after so many tries that failed: seconds at first, hours in the end.

    `chance`, from 0 to 1, makes it longer by so much of what waits are spread out by.
    """
    seconds = min(_LONGEST, _FIRST * _FACTOR ** min(tries - 1, _MOST_STEPS))
    return timedelta(seconds=max(seconds, min(_DAY, retry_after)) * (1 + _SPREAD * chance))
