"""What asking Telegram rests on, part by part: which messages are recorded, when, and what an answer means."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import TelegramMethod

from bot.model.asking import Heard, Presence
from bot.model.outcomes import Delivered, Outcome, Refused, Throttled, Unknown
from bot.model.readers import ReaderState
from bot.telegram.calls import Call
from bot.telegram.outcomes import presence_of
from bot.telegram.records import Handling, Newest, handling, makes_a_message, recorded
from bot.telegram.updates import batch_of
from bot.wiring.delivery import window_for
from tests.support.clock import TestClock

METHOD: Any = TelegramMethod
CHANNEL = -1_000_000_000_007


@dataclass(slots=True)
class Ids:
    """A record of messages that notes what it is told."""

    told: list[object] = field(default_factory=list)
    broken: bool = False

    async def begin(self, chat_id: int, now: datetime) -> int:  # noqa: ARG002  a port's parameter
        if self.broken:
            raise ConnectionError
        self.told.append(chat_id)
        return len(self.told)

    async def end(self, begun: int, sent: list[tuple[int, int]], now: datetime) -> None:  # noqa: ARG002  a port's
        self.told.append((begun, sent))


async def _sends(ids: Any, chat_id: int, outcome: Outcome) -> None:
    async with recorded(ids, TestClock(), chat_id, 0) as note:
        note(outcome)


async def test_what_a_handler_sends_to_its_chat_waits_for_the_end_of_the_update() -> None:
    ids, mine = Ids(), Handling(7)
    handling.set(mine)
    await _sends(ids, 7, Delivered(50, (51,)))
    await _sends(ids, 7, Unknown("reset"))
    await _sends(ids, 7, Throttled(1))
    assert (mine.sent, ids.told) == ([(7, 50), (7, 51), (7, 0)], [])


async def test_what_goes_elsewhere_is_recorded_before_it_is_begun_and_when_it_has_ended() -> None:
    ids, mine = Ids(), Handling(7)
    handling.set(mine)
    await _sends(ids, 8, Delivered(50))
    assert (mine.sent, ids.told) == ([], [8, (1, [(8, 50)])])
    handling.set(None)
    await _sends(ids, 9, Unknown("reset"))
    assert ids.told[2:] == [9, (3, [(9, 0)])]


async def test_what_is_cut_off_stays_begun() -> None:
    ids = Ids()
    with pytest.raises(asyncio.CancelledError):
        async with recorded(ids, TestClock(), 7, 0):
            raise asyncio.CancelledError
    assert ids.told == [7]


async def test_a_message_that_cannot_be_recorded_is_sent_all_the_same() -> None:
    ids, went_on = Ids(broken=True), False
    async with recorded(ids, TestClock(), 7, 0) as note:
        note(Delivered(50))
        went_on = True
    assert (went_on, ids.told) == (True, [])


def test_edits_and_answers_to_taps_make_no_message() -> None:
    made = [name for name in ("sendMessage", "sendMediaGroup", "editMessageText", "answerCallbackQuery", "deleteMessages")
            if makes_a_message(Call(name, {}))]  # fmt: skip
    assert made == ["sendMessage", "sendMediaGroup"]


def test_the_last_number_of_each_counter_is_known_with_the_moment_it_was_begun() -> None:
    newest = Newest()
    assert newest.since(0.0, 0) is None
    newest.note(7, 10.0, 50)
    newest.note(-5, 9.0, 51)  # begun earlier, answered later
    newest.note(CHANNEL, 12.0, 3)
    assert (newest.since(10.0, 0), newest.since(10.5, 0)) == (50, None)
    assert (newest.since(11.0, CHANNEL), newest.since(0.0, -1_000_000_000_008)) == (3, None)


def _message(chat: object, number: object) -> dict[str, object]:
    return {"message_id": number, "chat": {"id": chat}, "date": 1}


def test_new_messages_of_updates_are_known_and_those_that_are_only_spoken_of_are_not() -> None:
    updates = [
        {"update_id": 1, "message": {**_message(7, 50), "reply_to_message": _message(7, 40)}},
        {"update_id": 2, "edited_message": _message(7, 41)},
        {"update_id": 3, "callback_query": {"id": "1", "message": _message(7, 42)}},
        {"update_id": 4, "channel_post": _message(CHANNEL, 5)},
        {"update_id": 5, "message": _message("x", 5)},
        {"update_id": 6, "message": _message(2**63, 5)},
    ]
    batch = batch_of(updates)
    assert batch.came == {1: (7, 50), 4: (CHANNEL, 5)}
    assert batch.whole
    assert not batch_of([*updates, {"message": _message(7, 51)}]).whole  # one without a number is not here
    assert not batch_of([{"update_id": 7, "message": {"text": "\ud800"}}]).whole


@pytest.mark.parametrize(
    ("error", "heard"),
    [
        (TelegramBadRequest(METHOD, "Bad Request: message to react not found"), Presence.MISSING),
        (TelegramBadRequest(METHOD, "Bad Request: REACTION_EMPTY"), Presence.THERE),
        (TelegramBadRequest(METHOD, "Bad Request: message can't be reacted"), Presence.OTHER),
        (TelegramBadRequest(METHOD, "Bad Request: REACTION_INVALID"), Refused("Bad Request: REACTION_INVALID")),
        (TelegramBadRequest(METHOD, "Bad Request: MESSAGE_ID_INVALID"), Presence.UNCLEAR),
        (
            TelegramForbiddenError(METHOD, "Forbidden: bot was blocked by the user"),
            Refused("Forbidden: bot was blocked by the user", ReaderState.BLOCKED),
        ),
        (TelegramRetryAfter(METHOD, "Too Many Requests", 7), Throttled(7.0)),
        (TelegramNetworkError(METHOD, "reset"), Unknown("network")),
    ],
)
def test_what_an_answer_says_of_the_message(error: Exception, heard: Heard) -> None:
    assert presence_of(error) == heard


@pytest.mark.parametrize(("rate", "window"), [(1, 2), (3, 2), (10, 3), (30, 10), (1000, 333)])
def test_no_more_is_claimed_ahead_than_the_rate_warrants(rate: float, window: int) -> None:
    assert window_for(rate) == window
