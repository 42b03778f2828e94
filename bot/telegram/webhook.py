"""The webhook: Telegram is told where to bring updates, and asked now and then whether it can."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.methods import SetWebhook
from aiogram.types import BufferedInputFile

from bot.ports import InboxStore, LeaseStore
from bot.telegram.calls import Call, ask
from bot.telegram.polling import ALLOWED_UPDATES, POLLING, missing_updates
from bot.timing.clock import Clock

log = structlog.get_logger(__name__)

LOOK_SECONDS = 60
_LEASE = timedelta(seconds=LOOK_SECONDS + 30)
_CONNECTIONS = 40
_LONGEST_WAIT = 60.0


class WebhookAlarm(Protocol):
    """Hears what somebody should know of the webhook."""

    def webhook_replaced(self) -> None:
        """Note that somebody had set another webhook, or none; ours is set again."""

    def webhook_fails(self, reason: str, waiting: int) -> None:
        """Note that Telegram cannot bring updates, in its own words, and how many wait there."""

    def webhook_works(self) -> None:
        """Note that Telegram can bring updates again."""


@dataclass(slots=True, kw_only=True)
class WebhookKeeper:
    """Keeps the webhook set. Of several processes the one that has the lease does; all of them take what is brought.

    While somebody waits to hear that all that came is in the inbox (`in_haste`), Telegram is asked every second whether
    anything waits there. A `certificate` in PEM form is one that Telegram would not believe by itself.
    """

    bot: Bot
    address: str
    word: str
    inbox: InboxStore
    clock: Clock
    alarm: WebhookAlarm
    leases: LeaseStore | None = None
    certificate: bytes | None = None
    in_haste: Callable[[], bool] = lambda: False
    _rounds: Iterator[str] = field(default_factory=lambda: map(str, itertools.count(1)))
    _set_once: bool = False
    _failing: bool = False
    _began: datetime | None = None

    async def run(self) -> None:
        """Look after the webhook until cancelled. It stays set: what comes meanwhile waits with Telegram."""
        while True:
            seconds = LOOK_SECONDS
            try:
                await self._look()
            except TelegramRetryAfter as error:
                seconds = round(min(_LONGEST_WAIT, error.retry_after))
            except (AiogramError, OSError) as error:
                log.warning("Telegram could not be asked about the webhook", error=type(error).__name__)
                seconds = 5
            except Exception:
                log.exception("the webhook could not be looked after")
                seconds = 5
            await self._rest(seconds)

    async def _rest(self, seconds: int) -> None:
        until = self.clock.monotonic() + seconds
        while self.clock.monotonic() < until:
            await self.clock.rest(1)
            if self.in_haste():
                return

    async def _look(self) -> None:
        now = self.clock.now()
        self._began = self._began or now.replace(microsecond=0)  # Telegram tells times in whole seconds
        if self.leases is not None and not await self.leases.take(POLLING, now, now + _LEASE):
            self._set_once = False
            return
        info: dict[str, Any] = await ask(self.bot, Call("getWebhookInfo", {}))
        elsewhere = info.get("url") != self.address or bool(missing_updates(info))
        if not self._set_once or elsewhere:
            await self._set(elsewhere=elsewhere)
            return
        if self._tell(info):  # our address may have been set with another word, of which nothing is told
            await self._set(elsewhere=False)
        if info.get("pending_update_count") == 0:  # what was brought was stored before Telegram heard that it arrived
            await self.inbox.store((), now, {}, f"{now.isoformat()} {next(self._rounds)}")

    async def _set(self, *, elsewhere: bool) -> None:
        if self._set_once and elsewhere:
            log.warning("somebody has changed this bot's webhook; setting it again")
            self.alarm.webhook_replaced()
        if self.certificate is None:
            settings = {
                "url": self.address,
                "secret_token": self.word,
                "allowed_updates": ALLOWED_UPDATES,
                "max_connections": _CONNECTIONS,
            }
            await ask(self.bot, Call("setWebhook", settings))
        else:
            await self.bot(self._with_file(self.certificate))
        self._set_once = True

    def _with_file(self, certificate: bytes) -> SetWebhook:
        """Return the same request with a file, which no `Call` brings."""
        return SetWebhook(
            url=self.address,
            certificate=BufferedInputFile(certificate, "certificate.pem"),
            secret_token=self.word,
            allowed_updates=ALLOWED_UPDATES,
            max_connections=_CONNECTIONS,
        )

    def _tell(self, info: dict[str, Any]) -> bool:
        """Have it told, once, when updates cannot be brought, and once when they can again.

        Returns whether it is the first look at which they cannot.
        """
        at, waiting = info.get("last_error_date"), int(info.get("pending_update_count") or 0)
        since = self.clock.now() - timedelta(seconds=2 * LOOK_SECONDS)
        recent = isinstance(at, int) and datetime.fromtimestamp(at, UTC) >= max(since, self._began or since)
        if recent and waiting and not self._failing:
            self._failing = True
            reason = str(info.get("last_error_message") or "")
            log.error("Telegram cannot bring updates", reason=reason, waiting=waiting)
            self.alarm.webhook_fails(reason, waiting)
            return True
        if self._failing and not waiting:
            self._failing = False
            self.alarm.webhook_works()
        return False
