"""Who administers a chat is asked once a minute; without an answer nobody does."""

from typing import Any, cast

import orjson
import pytest
from aiogram.exceptions import TelegramForbiddenError, TelegramNetworkError

from bot.telegram.admins import Admins
from bot.telegram.calls import Call
from tests.support.clock import TestClock


class Telegram:
    """A server that says what it is told to of a member, and notes who was asked about."""

    def __init__(self, *answers: object) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, int]] = []

    async def __call__(self, call: Call, request_timeout: int | None = None) -> object:  # noqa: ARG002
        assert call.__api_method__ == "getChatMember"
        self.asked.append(orjson.loads(call.body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def _admins(*answers: object) -> tuple[Admins, Telegram, TestClock]:
    telegram, clock = Telegram(*answers), TestClock(speed=0)
    return Admins(cast("Any", telegram), clock), telegram, clock


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"status": "creator"}, True),
        ({"status": "administrator"}, True),
        ({"status": "member"}, False),
        ({"status": "left"}, False),
        ({}, False),
        (None, False),
        (True, False),
        (TelegramForbiddenError(cast("Any", None), "bot was kicked"), False),
        (TelegramNetworkError(cast("Any", None), "away"), False),
    ],
)
async def test_an_administrator_is_who_telegram_says(answer: object, verdict: bool) -> None:
    admins, telegram, _ = _admins(answer)
    assert await admins.check(-50, 7) is verdict
    assert telegram.asked == [{"chat_id": -50, "user_id": 7}]


@pytest.mark.parametrize("status", ["administrator", "member"])
async def test_an_answer_holds_for_a_minute(status: str) -> None:
    admins, telegram, clock = _admins({"status": status}, {"status": "left"})
    first = await admins.check(-50, 7)
    clock.advance(seconds=59)
    assert await admins.check(-50, 7) is first is (status == "administrator")
    assert len(telegram.asked) == 1
    clock.advance(seconds=1)
    assert await admins.check(-50, 7) is False
    assert len(telegram.asked) == 2


async def test_an_answer_holds_for_that_person_in_that_chat() -> None:
    admins, telegram, _ = _admins({"status": "administrator"}, {"status": "member"})
    assert await admins.check(-50, 7)
    assert not await admins.check(-50, 8)
    assert not await admins.check(-51, 7)
    assert await admins.check(-50, 7)
    assert len(telegram.asked) == 3


async def test_no_answer_is_not_remembered() -> None:
    admins, telegram, _ = _admins(TelegramNetworkError(cast("Any", None), "away"), {"status": "administrator"})
    assert not await admins.check(-50, 7)
    assert await admins.check(-50, 7)
    assert len(telegram.asked) == 2


async def test_what_is_older_than_a_minute_is_forgotten_and_nothing_else() -> None:
    admins, _, clock = _admins({"status": "member"})
    for user in (1, 2):
        await admins.check(-50, user)
        clock.advance(seconds=30)
    await admins.check(-50, 3)
    assert set(admins._known) == {(-50, 2), (-50, 3)}
