"""What happened to a request, and what the ledger does next: the one place that decides, and it only decides."""

from datetime import datetime, timedelta

from bot.model.ledger import Aloud, DeliveryKind, DeliveryState, Finish, Retry, Step, sent
from bot.model.outcomes import (
    BadContent,
    Delivered,
    MessageGone,
    Moved,
    NotConnected,
    Outcome,
    Refused,
    Throttled,
    Unauthorized,
    Unknown,
)
from bot.model.readers import ReaderState

_LONGEST_WAIT = 300.0  # seconds between two tries when the server cannot be reached
_UNKNOWN_TRIES = 10  # of what is repeatable
_COMPOSE_TRIES = 5


def decide(outcome: Outcome, kind: DeliveryKind, attempts: int, now: datetime, chat_id: int | None = None) -> Step:
    """Return the next step of a delivery to a chat after its try number `attempts` (1 is the first).

    Only what certainly did not arrive is tried again, or what may be repeated: a second one changes nothing. A mention
    that cannot be made becomes a push, unless its reader cannot be reached at all.
    """
    if kind.traits.mentions:
        return _mentioned(outcome, attempts, now) or decide(outcome, DeliveryKind.EDIT, attempts, now)
    match outcome:
        case Delivered(message_id):
            made = None if kind.traits.edits else chat_id
            return sent(message_id, made)
        case Throttled(seconds):
            return Retry(now + timedelta(seconds=seconds), "throttled", attempts)
        case NotConnected(reason):
            return Retry(now + backoff(attempts), reason, attempts)
        case Unauthorized(reason):
            return Retry(now + timedelta(seconds=60), reason, attempts)
        case Moved():
            return _moved(kind, attempts, now)
        case Refused() | BadContent() | MessageGone():
            return _ended(outcome)
        case Unknown(reason) if kind.traits.repeatable and attempts < _UNKNOWN_TRIES:
            return Retry(now + backoff(attempts), reason, attempts)
        case Unknown(reason):
            return Finish(DeliveryState.UNCERTAIN, reason)


def _mentioned(outcome: Outcome, attempts: int, now: datetime) -> Step | None:
    """Return the next step of a mention; None where it is that of any change of a message."""
    match outcome:
        case Delivered(message_id):
            return Finish(DeliveryState.TOLD, message_id=message_id)
        case Refused(reason, None | ReaderState.MUTED) | BadContent(reason) | MessageGone(reason):
            return Aloud(now, reason, attempts)
        case Unknown(reason) if attempts >= _UNKNOWN_TRIES:
            return Aloud(now, reason, attempts)
        case Moved():  # the message is in the chat that was, and has no number in the new one
            return Aloud(now, "moved", attempts)
        case _:
            return None


def _moved(kind: DeliveryKind, attempts: int, now: datetime) -> Step:
    if kind.traits.edits:  # in the chat that this one became, the number that it names is another message's
        return Finish(DeliveryState.DROPPED, "the chat has moved")
    # A chat that says again and again that it has moved is not followed faster and faster.
    return Retry(now if attempts == 1 else now + backoff(attempts), "moved", attempts)


def _ended(outcome: Refused | BadContent | MessageGone) -> Finish:
    match outcome:
        case Refused(reason, reader_state, thread_only):
            return Finish(DeliveryState.FAILED, reason, reader_state=reader_state, thread_only=thread_only)
        case BadContent(reason):
            return Finish(DeliveryState.FAILED, reason)
        case MessageGone(reason):
            return Finish(DeliveryState.DROPPED, reason)


def uncomposed(attempts: int, kind: DeliveryKind, now: datetime) -> Step:
    """Return the next step of a delivery whose card could not be made in its try number `attempts`.

    Nothing was sent. The database may have been away for a moment; an article that cannot be rendered stays so.
    """
    if attempts < _COMPOSE_TRIES:
        return Retry(now + backoff(attempts), "cannot be composed", attempts)
    if kind.traits.mentions:
        return Aloud(now, "cannot be composed", attempts)
    return Finish(DeliveryState.FAILED, "cannot be composed")


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after a number of tries: 1 s, 2 s, 4 s … and never more than five minutes."""
    return timedelta(seconds=min(_LONGEST_WAIT, 2.0 ** max(0, min(attempts, 20) - 1)))
