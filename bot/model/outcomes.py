"""What happened to one request, as the messenger saw it. Sending failures are values, not exceptions."""

from dataclasses import dataclass

from bot.model.readers import ReaderState


@dataclass(frozen=True, slots=True)
class Delivered:
    """Telegram took the message. `message_id` 0 means that it is still being prepared and cannot be edited yet.

    `more` are the ids of the rest of an album.
    """

    message_id: int
    more: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Throttled:
    """Telegram asks to wait (429). `whole_bot` tells a limit of the bot from a limit of one chat."""

    seconds: float
    whole_bot: bool = False


@dataclass(frozen=True, slots=True)
class NotConnected:
    """No byte of the request was written: sending it again cannot double it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The group became a supergroup with another id; nothing was delivered."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Telegram said no for good. `reader_state` is what that says of the reader, None if it says nothing.

    It says it of every reader of the chat, unless `thread_only`: then it is one forum topic of it.
    """

    reason: str
    reader_state: ReaderState | None = None
    thread_only: bool = False


@dataclass(frozen=True, slots=True)
class BadContent:
    """Telegram does not accept this message for anybody: the content is wrong, not the reader."""

    reason: str


@dataclass(frozen=True, slots=True)
class MessageGone:
    """The message that was to be changed is not there any more, or too old to be changed: nothing is left to do."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """The token is not valid any more: nothing can be sent at all."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request may or may not have been delivered: a time-out, a reset, an answer nobody can read."""

    reason: str


Outcome = Delivered | Throttled | NotConnected | Moved | Refused | BadContent | MessageGone | Unauthorized | Unknown

PASSING = (Throttled, NotConnected, Unauthorized, Unknown)
"""Of what may be repeated, another try may do what this one has not."""
