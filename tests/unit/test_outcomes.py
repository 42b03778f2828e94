"""What Telegram's answers mean: each exact text of the server, and every way a request can fail."""

from datetime import timedelta

import aiohttp
import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    RestartingTelegram,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp.client_reqrep import ConnectionKey

from bot.delivery.error_rate import ErrorRate
from bot.delivery.outcome import backoff, decide, uncomposed
from bot.model.ledger import Aloud, DeliveryKind, DeliveryState, Finish, Retry, Step
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
from bot.telegram.outcomes import outcome_of
from tests.support.rows import NOW

M: object = None  # exceptions carry the method they were raised for; what it was does not matter here


def _error(kind: type[TelegramAPIError], text: str) -> TelegramAPIError:
    return kind(method=M, message=text)  # type: ignore[arg-type]


READERS = [
    (TelegramForbiddenError, "Forbidden: bot was blocked by the user", ReaderState.BLOCKED),
    (TelegramForbiddenError, "Forbidden: user is deactivated", ReaderState.DEACTIVATED),
    (TelegramForbiddenError, "Forbidden: bot can't initiate conversation with a user", ReaderState.BLOCKED),
    (TelegramForbiddenError, "Forbidden: bot can't send messages to the bot", ReaderState.GONE),
    (TelegramForbiddenError, "Forbidden: bot was kicked from the group chat", ReaderState.KICKED),
    (TelegramForbiddenError, "Forbidden: bot was kicked from the supergroup chat", ReaderState.KICKED),
    (TelegramForbiddenError, "Forbidden: bot was kicked from the channel chat", ReaderState.KICKED),
    (TelegramForbiddenError, "Forbidden: bot is not a member of the channel chat", ReaderState.KICKED),
    (TelegramForbiddenError, "Forbidden: the group chat was deleted", ReaderState.KICKED),
    (TelegramBadRequest, "Bad Request: chat not found", ReaderState.GONE),
    (TelegramBadRequest, "Bad Request: PEER_ID_INVALID", ReaderState.GONE),
    (TelegramBadRequest, "Bad Request: not enough rights to send text messages to the chat", ReaderState.MUTED),
    (TelegramBadRequest, "Bad Request: need administrator rights in the channel chat", ReaderState.MUTED),
    (TelegramBadRequest, "Bad Request: TOPIC_CLOSED", ReaderState.MUTED),
    (TelegramBadRequest, "Bad Request: message thread not found", ReaderState.GONE),
    (TelegramBadRequest, "Bad Request: CHAT_WRITE_FORBIDDEN", ReaderState.MUTED),
]

CONTENT = [
    'Bad Request: can\'t parse entities: Unsupported start tag "h1" at byte offset 0',
    "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    "Bad Request: message is too long",
    "Bad Request: message caption is too long",
    "Bad Request: text must be non-empty",
    "Bad Request: wrong file identifier/HTTP URL specified",
    "Bad Request: failed to get HTTP URL content",
    "Bad Request: wrong type of the web page content",
    "Bad Request: BUTTON_DATA_INVALID",
    "Bad Request: reply markup is too long",
]


@pytest.mark.parametrize(("kind", "text", "state"), READERS)
def test_what_an_error_says_of_the_reader(kind: type[TelegramAPIError], text: str, state: ReaderState) -> None:
    outcome = outcome_of(_error(kind, text))
    only = "TOPIC" in text.upper() or "thread" in text  # what a forum's topic is refused says nothing of the others
    assert outcome == Refused(text, state, thread_only=only)
    ended = Finish(DeliveryState.FAILED, text, reader_state=state, thread_only=only)
    assert decide(outcome, DeliveryKind.PUSH, 1, NOW) == ended


@pytest.mark.parametrize("text", CONTENT)
def test_an_error_of_the_content_says_nothing_of_the_reader(text: str) -> None:
    outcome = outcome_of(_error(TelegramBadRequest, text))
    assert outcome == BadContent(text)
    assert decide(outcome, DeliveryKind.PUSH, 1, NOW) == Finish(DeliveryState.FAILED, text)


def _caused(cause: BaseException) -> TelegramNetworkError:
    error = TelegramNetworkError(method=M, message="…")  # type: ignore[arg-type]
    error.__cause__ = cause
    return error


_KEY = ConnectionKey("x", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)

OTHERS: list[tuple[BaseException, Outcome]] = [
    (TelegramRetryAfter(method=M, message="Too Many Requests: retry after 7", retry_after=7), Throttled(7.0)),  # type: ignore[arg-type]
    (TelegramMigrateToChat(method=M, message="…", migrate_to_chat_id=-1005), Moved(-1005)),  # type: ignore[arg-type]
    (_error(TelegramEntityTooLarge, "Request Entity Too Large"), BadContent("Request Entity Too Large")),
    (_error(TelegramUnauthorizedError, "Unauthorized"), Unauthorized("Unauthorized")),
    (_error(TelegramNotFound, "Not Found"), BadContent("Not Found")),
    (_error(TelegramForbiddenError, "Forbidden: something new"), Refused("Forbidden: something new")),
    (_error(TelegramBadRequest, "Bad Request: something new"), Refused("Bad Request: something new")),
    (_error(TelegramBadRequest, "Bad Request: message is not modified: …"), Delivered(0)),
    (_error(TelegramServerError, "Internal Server Error"), Unknown("Internal Server Error")),
    (_error(RestartingTelegram, "Internal Server Error: restart"), Unknown("Internal Server Error: restart")),
    (_caused(aiohttp.ClientConnectorError(_KEY, OSError(111, "refused"))), NotConnected("ClientConnectorError")),
    (_caused(aiohttp.ClientConnectorDNSError(_KEY, OSError(-2, "no name"))), NotConnected("ClientConnectorDNSError")),
    (_caused(aiohttp.ConnectionTimeoutError("…")), NotConnected("ConnectionTimeoutError")),
    (_caused(aiohttp.ServerDisconnectedError()), Unknown("ServerDisconnectedError")),
    (_caused(TimeoutError()), Unknown("TimeoutError")),
    (_caused(aiohttp.ClientOSError(104, "reset")), Unknown("ClientOSError")),
    (ClientDecodeError("…", ValueError(), "<html>502</html>"), Unknown("an answer that is not JSON")),
    (ClientDecodeError("…", ValueError(), {"ok": True, "result": {"message_id": 5}}), Delivered(5)),
    (ClientDecodeError("…", ValueError(), {"ok": False}), Unknown("an answer that is not JSON")),
]


@pytest.mark.parametrize(("error", "outcome"), OTHERS, ids=lambda value: type(value).__name__)
def test_only_what_certainly_did_not_arrive_is_known_not_to(error: BaseException, outcome: Outcome) -> None:
    assert outcome_of(error) == outcome


GONE = [
    "Bad Request: message to edit not found",
    "Bad Request: MESSAGE_ID_INVALID",
    "Bad Request: message can't be edited",
    "Bad Request: message to be replied not found",
]


@pytest.mark.parametrize("text", GONE)
def test_an_edit_of_a_message_that_is_gone_ends_and_is_no_error(text: str) -> None:
    outcome, errors = outcome_of(_error(TelegramBadRequest, text)), ErrorRate()
    assert outcome == MessageGone(text)
    step = decide(outcome, DeliveryKind.EDIT, 1, NOW)
    assert step == Finish(DeliveryState.DROPPED, text)
    assert not any(errors.noted(1, step) for _ in range(200)), "nothing is paused because readers tidy up"
    refused = Finish(DeliveryState.FAILED, "odd")
    assert any(errors.noted(2, refused) for _ in range(200))


def test_what_may_have_arrived_is_not_sent_again_but_an_edit_may_be() -> None:
    assert decide(Unknown("reset"), DeliveryKind.PUSH, 1, NOW) == Finish(DeliveryState.UNCERTAIN, "reset")
    assert decide(Unknown("reset"), DeliveryKind.DIGEST, 1, NOW) == Finish(DeliveryState.UNCERTAIN, "reset")
    assert isinstance(decide(Unknown("reset"), DeliveryKind.EDIT, 1, NOW), Retry)
    assert decide(Unknown("reset"), DeliveryKind.EDIT, 10, NOW) == Finish(DeliveryState.UNCERTAIN, "reset")


@pytest.mark.parametrize("outcome", [Throttled(3), NotConnected("x"), Moved(-5), Unauthorized("x")])
def test_what_did_not_arrive_goes_back_to_the_queue(outcome: Outcome) -> None:
    step = decide(outcome, DeliveryKind.PUSH, 1, NOW)
    assert isinstance(step, Retry)
    assert step.not_before >= NOW


def test_waits_grow_to_five_minutes() -> None:
    assert [backoff(n).total_seconds() for n in (1, 2, 3, 9, 10, 1000)] == [1, 2, 4, 256, 300, 300]


def test_the_kinds_that_bring_the_article_are_those_a_reader_gets_once() -> None:
    once = {kind for kind in DeliveryKind if kind <= 2}  # the condition of the unique index of article and reader
    assert {kind for kind in DeliveryKind if kind.traits.holds_article or kind.traits.mentions} == once


@pytest.mark.parametrize(
    ("outcome", "step"),
    [
        (Delivered(7), Finish(DeliveryState.TOLD, message_id=7)),
        (Delivered(0), Finish(DeliveryState.TOLD, message_id=0)),  # "message is not modified": it shows it already
        (MessageGone("message to edit not found"), Aloud(NOW, "message to edit not found", 2)),
        (BadContent("BUTTON_DATA_INVALID"), Aloud(NOW, "BUTTON_DATA_INVALID", 2)),
        (Refused("odd"), Aloud(NOW, "odd", 2)),
        (Refused("not enough rights", ReaderState.MUTED), Aloud(NOW, "not enough rights", 2)),
        (Moved(-100), Aloud(NOW, "moved", 2)),
        (Refused("blocked", ReaderState.BLOCKED), Finish(DeliveryState.FAILED, "blocked", None, ReaderState.BLOCKED)),
        (Throttled(5), Retry(NOW + timedelta(seconds=5), "throttled", 2)),
        (Unknown("reset"), Retry(NOW + timedelta(seconds=2), "reset", 2)),
    ],
)
def test_a_mention_is_told_or_tried_again_or_sent_aloud(outcome: Outcome, step: Step) -> None:
    assert decide(outcome, DeliveryKind.MENTION, 2, NOW) == step


def test_a_mention_of_which_nobody_knows_for_long_is_sent_aloud() -> None:
    assert decide(Unknown("reset"), DeliveryKind.MENTION, 10, NOW) == Aloud(NOW, "reset", 10)
    assert uncomposed(5, DeliveryKind.MENTION, NOW) == Aloud(NOW, "cannot be composed", 5)
    assert isinstance(uncomposed(4, DeliveryKind.MENTION, NOW), Retry)


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 0), (2, 2), (3, 4), (20, 300)])
def test_a_chat_that_moved_is_followed_at_once_and_then_more_and_more_slowly(attempts: int, seconds: int) -> None:
    moved = Retry(NOW + timedelta(seconds=seconds), "moved", attempts)
    assert decide(Moved(-5), DeliveryKind.PUSH, attempts, NOW) == moved


def test_an_edit_does_not_follow_its_chat_where_its_number_is_another_message_s() -> None:
    ended = Finish(DeliveryState.DROPPED, "the chat has moved")
    assert [decide(Moved(-5), DeliveryKind.EDIT, attempts, NOW) for attempts in (1, 2)] == [ended, ended]


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (4, 8), (5, None), (6, None)])
def test_what_cannot_be_composed_is_tried_five_times(attempts: int, seconds: int | None) -> None:
    step = uncomposed(attempts, DeliveryKind.PUSH, NOW)
    if seconds is None:
        assert step == Finish(DeliveryState.FAILED, "cannot be composed")
    else:
        assert step == Retry(NOW + timedelta(seconds=seconds), "cannot be composed", attempts)
