"""Polling: updates go into the inbox before Telegram is told that they arrived, and nothing ends that.

Raw JSON is read, so that one update that no model fits cannot stop it; one that is not even JSON is looked for alone.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.utils.backoff import Backoff, BackoffConfig

from bot.ports import InboxStore, LeaseStore
from bot.telegram.calls import Call, ask
from bot.telegram.updates import Batch, NotReadableError, batch_of, lenient_batch, only_one
from bot.timing.clock import Clock

log = structlog.get_logger(__name__)

POLL_SECONDS = 25  # the server allows at most 50
ALLOWED_UPDATES = [
    "message", "edited_message", "callback_query", "channel_post", "edited_channel_post", "my_chat_member",
    "inline_query",
]  # fmt: skip
POLLING = "poll"  # the lease of the process that asks for updates
_POLL_LEASE = timedelta(seconds=POLL_SECONDS + 20)
_HASTY_SECONDS = 1
_WATCH_SECONDS = 3.0  # how often the others look whether it is free
_AT_A_TIME = 100  # the most the server gives
_LONGEST_WAIT = 60.0
_REFUSED_SECONDS = 60.0
_SECOND_POLLER = timedelta(seconds=60)  # a restart or a change of machines takes less
_BACKOFF = BackoffConfig(min_delay=0.5, max_delay=20.0, factor=1.6, jitter=0.1)
_WEBHOOK = "webhook"  # in the server's words for a conflict that polling by itself does not end


def missing_updates(info: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the kinds of updates that are wanted and not brought, by what Telegram says of the webhook."""
    listed = info.get("allowed_updates")
    return tuple(one for one in ALLOWED_UPDATES if listed and one not in listed)


class PollAlarm(Protocol):
    """Hears what somebody should know of receiving."""

    async def conflict(self, since: datetime) -> None:
        """Have it known that another program asks for this bot's updates, since then and now. Raises nothing."""

    def second_poller(self, since: datetime) -> None:
        """Note that another program has been asking for this bot's updates since then."""

    def webhook_removed(self) -> None:
        """Note that somebody had set a webhook; it is deleted, and what had come in is kept."""

    def token_accepted_again(self, since: datetime) -> None:
        """Note that Telegram did not accept the token since then, and does now."""

    def set_aside(self) -> None:
        """Note that an update could not be read and is kept."""


@dataclass(slots=True)
class Rival:
    """Another program that asks for the same updates: since when, and whether it was told of."""

    since: datetime | None = None
    last: datetime | None = None
    told: bool = False

    def seen(self, now: datetime) -> bool:
        """Note a conflict; returns whether it goes on for long enough to be told, once for as long as it goes on."""
        if self.since is None or self.last is None or not timedelta() <= now - self.last <= _SECOND_POLLER:
            self.since, self.told = now, False
        self.last = now
        tell = not self.told and now - self.since >= _SECOND_POLLER
        self.told = self.told or tell
        return tell


@dataclass(slots=True, kw_only=True)
class Poller:
    """Asks Telegram for updates and stores them. Of several processes the one that has the lease does."""

    bot: Bot
    inbox: InboxStore
    clock: Clock
    arrived: asyncio.Event
    alarm: PollAlarm
    leases: LeaseStore | None = None
    in_haste: Callable[[], bool] = lambda: False  # somebody waits to hear that all that came is in the inbox
    _rounds: Iterator[str] = field(default_factory=lambda: map(str, itertools.count(1)))
    _offset: int | None = None
    _limit: int = _AT_A_TIME
    _rival: Rival = field(default_factory=Rival)
    _refused_since: datetime | None = None

    async def run(self) -> None:
        """Poll until cancelled. Cancelling loses nothing: what was not stored is not acknowledged."""
        backoff = Backoff(_BACKOFF)
        while True:
            try:
                await self._poll_once()
            except TelegramRetryAfter as error:
                await self.clock.sleep(min(_LONGEST_WAIT, error.retry_after))
            except TelegramUnauthorizedError:
                await self._refused()
            except TelegramConflictError as error:
                if not await self._without_webhook(error):
                    await self.clock.sleep(next(backoff))
            except (AiogramError, OSError) as error:
                log.warning("no updates", error=type(error).__name__, wait=round(backoff.next_delay, 1))
                await self.clock.sleep(next(backoff))
            except Exception:
                log.exception("updates could not be stored; they stay with Telegram")
                await self.clock.sleep(next(backoff))
            else:
                backoff.reset()

    async def _poll_once(self) -> None:
        if self.leases is not None:
            now = self.clock.now()
            if not await self.leases.take(POLLING, now, now + _POLL_LEASE):
                self._offset = None
                await self.clock.rest(_WATCH_SECONDS)
                return
        batch = await self._asked()
        if self._refused_since is not None:
            self.alarm.token_accepted_again(self._refused_since)
            self._refused_since = None
        await self._keep(batch)

    async def _asked(self) -> Batch:
        """Ask for updates; one that cannot be told from its neighbours is asked for alone, by and by."""
        seconds = _HASTY_SECONDS if self.in_haste() else POLL_SECONDS
        call = Call(
            "getUpdates",
            {"offset": self._offset, "timeout": seconds, "limit": self._limit, "allowed_updates": ALLOWED_UPDATES},
        )
        try:
            updates = await ask(self.bot, call, POLL_SECONDS + 15)
        except ClientDecodeError as error:
            return self._unread(error)
        batch = batch_of(updates)
        if not updates:
            self._limit = _AT_A_TIME
        elif batch.last is None:
            raise NotReadableError("updates without a number")
        return batch

    def _unread(self, error: ClientDecodeError) -> Batch:
        """Return what can be made of an answer that is not JSON; raises the error when it is none of the server's."""
        content = error.data if isinstance(error.data, str) else ""
        try:
            return lenient_batch(content)
        except NotReadableError as unreadable:
            if self._limit > 1:
                log.warning("an update cannot be read; asking for one at a time", error=str(unreadable))
                self._limit = 1
                return Batch(whole=False)
            one = only_one(content, str(unreadable))
            if one is None:
                raise
            self._limit = _AT_A_TIME
            return Batch(unreadable=[one], whole=False)
        except ValueError:
            raise error from None

    async def _keep(self, batch: Batch) -> None:
        """Store what came, what cannot be read as well, and only then go on behind it.

        When there was room for more, everything is here that had come before it was asked for.
        """
        now = self.clock.now()
        room = len(batch.rows) + len(batch.unreadable) < self._limit
        mark = f"{now.isoformat()} {next(self._rounds)}" if room and batch.whole else None
        await self.inbox.store(batch.rows, now, batch.came, mark)
        if batch.last is None:
            return
        for one in batch.unreadable:
            log.error("an update cannot be read; it is set aside", update=one.update_id, reason=one.reason)
            await self.inbox.store_poisoned(one.update_id, one.payload, one.reason, now)
            self.alarm.set_aside()
        self._offset = batch.last + 1
        self.arrived.set()

    async def _without_webhook(self, error: TelegramConflictError) -> bool:
        """Delete a webhook that keeps updates from us; returns whether that was the conflict."""
        if _WEBHOOK not in error.message.lower():
            now = self.clock.now()
            log.warning("another program asks for this bot's updates")
            lasts = self._rival.seen(now)
            since = self._rival.since or now
            await self.alarm.conflict(since)
            if lasts:
                self.alarm.second_poller(since)
            return False
        log.warning("somebody has set a webhook for this bot; deleting it")
        try:
            await ask(self.bot, Call("deleteWebhook", {}))  # what has come in meanwhile stays: nothing is dropped
        except AiogramError as failure:
            log.warning("the webhook could not be deleted", error=type(failure).__name__)
            return False
        self.alarm.webhook_removed()
        return True

    async def _refused(self) -> None:
        if self._refused_since is None:
            self._refused_since = self.clock.now()
        log.critical(
            "Telegram does not accept BOT_TOKEN any more: nothing is received and nothing is sent. Get the token from"
            " @BotFather, put it into BOT_TOKEN and start again. Trying once a minute until then."
        )
        await self.clock.sleep(_REFUSED_SECONDS)
