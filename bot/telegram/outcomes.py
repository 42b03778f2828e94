"""What Telegram's errors mean: an exception in, an outcome of a delivery out.

The texts are the Bot API server's own (tdlib/telegram-bot-api, Client.cpp). What is not known for certain not to have
arrived is unknown.
"""

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError

from bot.model.asking import Heard, Presence
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
from bot.telegram.connections import CannotConnect

_READER = (
    ("bot was blocked by the user", ReaderState.BLOCKED),
    ("bot can't initiate conversation", ReaderState.BLOCKED),
    ("user is deactivated", ReaderState.DEACTIVATED),
    ("bot was kicked", ReaderState.KICKED),
    ("bot is not a member", ReaderState.KICKED),
    ("group chat was deleted", ReaderState.KICKED),
    ("bot can't send messages to", ReaderState.GONE),  # "… the bot", "… bots"
    ("chat not found", ReaderState.GONE),
    ("peer_id_invalid", ReaderState.GONE),
    ("not enough rights", ReaderState.MUTED),
    ("have no rights", ReaderState.MUTED),
    ("need administrator rights", ReaderState.MUTED),
    ("chat_write_forbidden", ReaderState.MUTED),
    ("chat_restricted", ReaderState.MUTED),
    ("topic_closed", ReaderState.MUTED),
    ("topic_deleted", ReaderState.GONE),
    ("message thread not found", ReaderState.GONE),
)
_OF_A_THREAD = ("topic_closed", "topic_deleted", "message thread not found")
_CONTENT = (
    "can't parse", "too long", "must be non-empty", "is empty", "wrong file identifier", "wrong remote file",
    "http url", "wrong type of the web page", "button_", "reply_markup", "reply markup", "photo_", "media", "rich",
    "entity", "entities", "wrong string length", "document_invalid", "block", "can't use",
)  # fmt: skip
_WORDS = 500  # characters of an error that are kept
UNCHANGED = "message is not modified"
_GONE = ("message to edit not found", "message_id_invalid", "message can't be edited", "message to be replied")
# setMessageReaction: the message is looked up in the chat first; then there is no reaction to take away.
_PRESENCE = (
    (("message to react not found",), Presence.MISSING),
    (("reaction_empty", "message_not_modified", UNCHANGED), Presence.THERE),
    (("can't be reacted", "can't react"), Presence.OTHER),  # only a service message cannot
)


def outcome_of(error: BaseException) -> Outcome:
    """Return what an exception of a request means for the delivery."""
    match error:
        case TelegramRetryAfter():
            return Throttled(float(error.retry_after))
        case TelegramMigrateToChat():
            return Moved(error.migrate_to_chat_id)
        case TelegramEntityTooLarge():  # a subclass of the network errors, but a "no" all the same
            return BadContent(_words(error))
        case TelegramNetworkError():
            return _network(error)
        case TelegramUnauthorizedError():
            return Unauthorized(_words(error))
        case TelegramForbiddenError() | TelegramBadRequest() | TelegramNotFound():
            return _refusal(error)
        case ClientDecodeError():
            return _undecoded(error)
        case TelegramAPIError():  # 5xx, and whatever else the server says
            return Unknown(_words(error) or type(error).__name__)
        case _:
            return Unknown(type(error).__name__)


def presence_of(error: BaseException) -> Heard:
    """Return what the refusal of a reaction that takes none away says of the message it was meant for."""
    text = error.message.lower() if isinstance(error, TelegramBadRequest) else ""
    for fragments, presence in _PRESENCE:
        if any(fragment in text for fragment in fragments):
            return presence
    match outcome_of(error):
        case Throttled() | NotConnected() | Unknown() | Refused() as outcome:
            return outcome
        case Unauthorized(reason):
            return NotConnected(reason)
        case _:
            return Presence.UNCLEAR


def _words(error: TelegramAPIError) -> str:
    """Return the server's words as any database keeps them: PostgreSQL takes no NUL."""
    return error.message.replace("\0", "")[:_WORDS]


def _network(error: TelegramNetworkError) -> Outcome:
    # Connecting failed or took too long: no byte of the request was written. Anything later may have arrived.
    if isinstance(error.__cause__, (CannotConnect, ClientConnectorError, ConnectionTimeoutError)):
        return NotConnected(type(error.__cause__).__name__)
    return Unknown(type(error.__cause__).__name__ if error.__cause__ else "network")


def _refusal(error: TelegramAPIError) -> Outcome:
    text = error.message.lower()
    if UNCHANGED in text:
        return Delivered(0)
    if any(fragment in text for fragment in _GONE):
        return MessageGone(_words(error))
    for fragment, state in _READER:
        if fragment in text:
            return Refused(_words(error), state, thread_only=fragment in _OF_A_THREAD)
    if isinstance(error, TelegramForbiddenError):
        return Refused(_words(error))
    if isinstance(error, TelegramNotFound) or any(fragment in text for fragment in _CONTENT):
        return BadContent(_words(error))
    return Refused(_words(error))


def _undecoded(error: ClientDecodeError) -> Outcome:
    # An answer that says "ok" was delivered, whatever else of it could not be read.
    data = error.data
    if isinstance(data, dict) and data.get("ok") is True:
        result = data.get("result")
        message_id = result.get("message_id", 0) if isinstance(result, dict) else 0
        return Delivered(message_id if isinstance(message_id, int) else 0)
    return Unknown("an answer that is not JSON")
