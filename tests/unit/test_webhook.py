"""The webhook's keeper: what Telegram is told and asked, what is told to owners, and when. Without a server."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import orjson
import pytest
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import GetWebhookInfo

from bot.telegram.polling import ALLOWED_UPDATES, POLLING
from bot.telegram.webhook import LOOK_SECONDS, WebhookKeeper
from tests.support.clock import TestClock
from tests.support.waiting import until

ADDRESS = "https://news.example/hook"


@dataclass(slots=True)
class Telegram:
    """Everything round the keeper: what Telegram says of the webhook, and what was asked and told, in order."""

    info: dict[str, Any] = field(default_factory=dict)
    clock: TestClock = field(default_factory=lambda: TestClock(speed=0))
    acts: list[object] = field(default_factory=list)
    mine: bool = True
    haste: bool = False
    errors: list[Exception] = field(default_factory=list)
    rounds: list[str] = field(default_factory=list)

    async def __call__(self, method: Any, **_: object) -> Any:
        if self.errors:
            self.acts.append("error")
            raise self.errors.pop(0)
        if method.__api_method__ == "setWebhook":
            self.info["url"] = orjson.loads(method.body)["url"]
            self.acts.append(("set", orjson.loads(method.body)["secret_token"]))
            return True
        self.acts.append("asked")
        return self.info

    async def take(self, name: str, now: datetime, until_: datetime) -> bool:
        assert (name, until_ - now) == (POLLING, timedelta(seconds=LOOK_SECONDS + 30))
        return self.mine

    async def store(self, rows: Sequence[object], now: datetime, _: object, mark: str) -> None:
        assert (list(rows), now) == ([], self.clock.now())
        self.rounds.append(mark)

    def webhook_replaced(self) -> None:
        self.acts.append("replaced")

    def webhook_fails(self, reason: str, waiting: int) -> None:
        self.acts.append((reason, waiting))

    def webhook_works(self) -> None:
        self.acts.append("works")

    def keeper(self, *, leases: bool = True) -> WebhookKeeper:
        me = cast("Any", self)
        return WebhookKeeper(
            bot=me, address=ADDRESS, word="secret", inbox=me, clock=self.clock, alarm=me,
            leases=me if leases else None, in_haste=lambda: self.haste,
        )  # fmt: skip

    def did(self) -> list[object]:
        """Return what was done since the last time."""
        done, self.acts = self.acts, []
        return done


async def test_it_is_set_once_at_the_start_and_again_with_a_word_when_somebody_changed_it() -> None:
    telegram = Telegram({"url": ADDRESS})
    keeper = telegram.keeper()
    await keeper._look()
    assert telegram.did() == ["asked", ("set", "secret")], "the secret may be another one"
    await keeper._look()
    assert telegram.did() == ["asked"]
    telegram.info["url"] = "https://elsewhere.example"
    await keeper._look()
    assert telegram.did() == ["asked", "replaced", ("set", "secret")]
    assert telegram.info["url"] == ADDRESS
    telegram.info["allowed_updates"] = ["message"]
    await keeper._look()
    assert telegram.did() == ["asked", "replaced", ("set", "secret")], "our address, of which other kinds are wanted"
    telegram.info["allowed_updates"] = ["poll", *ALLOWED_UPDATES]
    await keeper._look()
    assert telegram.did() == ["asked"]


async def test_at_the_start_nobody_hears_of_another_one() -> None:
    telegram = Telegram({"url": ""})
    await telegram.keeper(leases=False)._look()
    assert telegram.did() == ["asked", ("set", "secret")]


async def test_who_has_not_the_lease_asks_nothing_and_sets_it_when_he_gets_it() -> None:
    telegram = Telegram({"url": ADDRESS})
    keeper = telegram.keeper()
    await keeper._look()
    telegram.mine = False
    telegram.did()
    await keeper._look()
    assert telegram.did() == []
    telegram.mine = True
    await keeper._look()
    assert telegram.did() == ["asked", ("set", "secret")]


async def test_that_all_came_is_noted_once_telegram_has_nothing_left() -> None:
    telegram = Telegram({"url": ADDRESS})
    keeper = telegram.keeper()
    await keeper._look()
    for waiting, rounds in ((0, 1), (3, 1), (None, 1), (0, 2)):
        telegram.info["pending_update_count"] = waiting
        await keeper._look()
        assert len(telegram.rounds) == rounds
    assert len(set(telegram.rounds)) == 2, "each is another mark"


@pytest.mark.parametrize(
    ("before", "waiting", "told"),
    [
        (0, 2, True),
        (0, 0, False),  # nothing waits: all has come
        (LOOK_SECONDS * 2, 2, True),
        (LOOK_SECONDS * 2 + 1, 2, False),
        (None, 2, False),
    ],
)
async def test_that_telegram_cannot_bring_updates_is_told_once_and_that_it_can_again(
    before: int | None, waiting: int, told: bool
) -> None:
    telegram = Telegram({"url": ADDRESS})
    keeper = telegram.keeper()
    await keeper._look()
    telegram.clock.advance(seconds=1000)
    telegram.did()
    if before is not None:
        telegram.info["last_error_date"] = int(telegram.clock.now().timestamp()) - before
    telegram.info |= {"last_error_message": "Connection refused", "pending_update_count": waiting}
    for _ in range(2):
        await keeper._look()
    expected: list[object] = [("Connection refused", waiting), ("set", "secret")] if told else []
    assert telegram.did() == ["asked", *expected, "asked"]
    if told:
        telegram.info["pending_update_count"] = 1
        await keeper._look()
        assert telegram.did() == ["asked"], "something waits still"
    telegram.info["pending_update_count"] = 0
    for _ in range(2):
        await keeper._look()
    assert telegram.did() == (["asked", "works", "asked"] if told else ["asked", "asked"])


async def test_what_failed_before_this_process_began_is_not_told() -> None:
    telegram = Telegram({"url": ADDRESS})
    keeper = telegram.keeper()
    await keeper._look()
    second = int(telegram.clock.now().timestamp())
    telegram.info |= {"pending_update_count": 1, "last_error_date": second - 1, "last_error_message": "x"}
    await keeper._look()
    telegram.info["last_error_date"] = second
    await keeper._look()
    assert telegram.did() == ["asked", ("set", "secret"), "asked", "asked", ("x", 1), ("set", "secret")]


async def _looks_after(telegram: Telegram, *seconds: float) -> list[int]:
    """Let a keeper run, moving the clock on by these; returns how often Telegram had been asked after each."""
    asked: list[int] = []
    running = asyncio.create_task(telegram.keeper().run())
    await until(lambda: telegram.acts, "it asks nothing")
    for span in seconds:
        for _ in range(round(span)):
            for _ in range(20):
                await asyncio.sleep(0)
            telegram.clock.advance(seconds=1)
        for _ in range(20):
            await asyncio.sleep(0)
        asked.append(sum(act in {"asked", "error"} for act in telegram.acts if isinstance(act, str)))
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return asked


_METHOD = GetWebhookInfo()


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (None, LOOK_SECONDS),
        (TelegramRetryAfter(_METHOD, "wait", 7), 7),
        (TelegramRetryAfter(_METHOD, "wait", 7000), 60),
        (TelegramNetworkError(_METHOD, "away"), 5),
        (OSError("away"), 5),
        (RuntimeError("nobody thought of this"), 5),
    ],
)
async def test_it_looks_again_after_a_minute_or_when_it_may(error: Exception | None, seconds: int) -> None:
    telegram = Telegram({"url": ADDRESS}, errors=[error] if error else [])
    assert await _looks_after(telegram, seconds - 1, 1) == [1, 2]


async def test_whoever_waits_for_what_came_has_it_asked_every_second() -> None:
    telegram = Telegram({"url": ADDRESS}, haste=True)
    assert await _looks_after(telegram, 1, 1, 1) == [2, 3, 4]
