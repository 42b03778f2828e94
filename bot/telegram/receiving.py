"""Receiving: updates go into the inbox before Telegram is told that they arrived, and from there to the handlers.

Long polling reads raw JSON, so that one update that no model fits cannot stop it. Each chat's updates are handled in
their order; different chats' at the same time.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError, TelegramRetryAfter, TelegramUnauthorizedError
from aiogram.utils.backoff import Backoff, BackoffConfig
from pydantic import ValidationError

from bot.model.chats import StoredUpdate
from bot.ports import InboxStore, LeaseStore
from bot.telegram.calls import Call, ask
from bot.timing.clock import Clock

log = structlog.get_logger(__name__)

POLL_SECONDS = 25  # the server allows at most 50
ALLOWED_UPDATES = ["message", "callback_query", "channel_post", "my_chat_member", "inline_query"]
POLLING = "poll"  # the lease of the process that asks for updates
_POLL_LEASE = timedelta(seconds=POLL_SECONDS + 20)
_WATCH_SECONDS = 3.0  # how often the others look whether it is free
_LEASE = timedelta(seconds=30)
_AGAIN_SECONDS = 0.5
_BACKOFF = BackoffConfig(min_delay=0.5, max_delay=20.0, factor=1.6, jitter=0.1)


@dataclass(slots=True, kw_only=True)
class Poller:
    """Asks Telegram for updates and stores them. Of several processes the one that has the lease does."""

    bot: Bot
    inbox: InboxStore
    clock: Clock
    arrived: asyncio.Event
    leases: LeaseStore | None = None
    _offset: int | None = None

    async def run(self) -> None:
        """Poll until cancelled. Cancelling loses nothing: what was not stored is not acknowledged."""
        backoff = Backoff(_BACKOFF)
        while True:
            try:
                await self._poll_once()
            except TelegramRetryAfter as error:
                await self.clock.sleep(error.retry_after)
            except TelegramUnauthorizedError:
                log.critical("Telegram does not accept the token; trying again in a minute")
                await self.clock.sleep(60)
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
        call = Call(
            "getUpdates",
            {"offset": self._offset, "timeout": POLL_SECONDS, "limit": 100, "allowed_updates": ALLOWED_UPDATES},
        )
        updates = await ask(self.bot, call, POLL_SECONDS + 15)
        rows = [(update["update_id"], order_key(update), orjson.dumps(update).decode()) for update in updates or ()]
        if rows:
            await self.inbox.store(rows, self.clock.now())
            self._offset = rows[-1][0] + 1
            self.arrived.set()


def order_key(update: Mapping[str, Any]) -> int:
    """Return whose order an update belongs to: its chat, else the person it is from, else nobody's (0)."""
    for event in update.values():
        if not isinstance(event, dict):
            continue
        for holder in (event, event.get("message"), {"chat": event.get("from")}):
            chat = holder.get("chat") if isinstance(holder, dict) else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return int(chat["id"])
    return 0


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Takes updates from the inbox and hands them to the dispatcher."""

    bot: Bot
    dispatcher: Dispatcher
    inbox: InboxStore
    clock: Clock
    arrived: asyncio.Event
    _queue: asyncio.Queue[StoredUpdate | None] = field(default_factory=asyncio.Queue)
    _busy: int = 0
    _stopping: bool = False

    async def feed(self, workers: int) -> None:
        """Claim updates for idle workers, until stopped."""
        while not self._stopping:
            self.arrived.clear()
            claimed: Sequence[StoredUpdate] = ()
            if self._busy < workers:
                try:
                    claimed = await self.inbox.claim(workers - self._busy, self.clock.now(), _LEASE)
                except Exception:
                    log.exception("the inbox could not be read")
            for update in claimed:
                self._busy += 1
                self._queue.put_nowait(update)
            if not claimed:
                await self.clock.wait(self.arrived, 1.0)
        for _ in range(workers):
            self._queue.put_nowait(None)

    async def work(self) -> None:
        """Handle updates, one at a time, until stopped."""
        while (update := await self._queue.get()) is not None:
            try:
                await self._handle(update)
            except Exception:
                log.exception("an update could not be put away", update=update.update_id)
            self._busy -= 1
            self.arrived.set()  # its chat's next one is free now

    async def _handle(self, update: StoredUpdate) -> None:
        raw = orjson.loads(update.payload)
        try:
            await self._dispatch(raw)
        except Exception as error:
            log.exception("an update could not be handled", update=update.update_id)
            await self._put_away(update.update_id, f"{type(error).__name__}: {error}"[:500])
        else:
            await self._put_away(update.update_id, "")

    async def _put_away(self, update_id: int, error: str) -> None:
        """Note what became of an update, again and again while the database is away: its chat waits behind it."""
        while True:
            try:
                if error:
                    await self.inbox.quarantine(update_id, error)
                else:
                    await self.inbox.done(update_id)
            except Exception:
                log.exception("an update could not be put away", update=update_id)
                if self._stopping:
                    return
                await self.clock.rest(_AGAIN_SECONDS)
            else:
                return

    async def _dispatch(self, raw: dict[str, Any]) -> None:
        try:
            await self.dispatcher.feed_raw_update(self.bot, raw)
        except ValidationError as error:
            reduced = without_unreadable(raw, error)
            if reduced is None:
                raise
            log.warning("a part of an update is not known to this program", update=raw.get("update_id"))
            await self.dispatcher.feed_raw_update(self.bot, reduced)

    async def renew(self) -> None:
        """Keep the leases of what is being handled; called every few seconds."""
        if self._busy:
            await self.inbox.renew(self.clock.now(), _LEASE)

    @property
    def idle(self) -> bool:
        """Whether nothing is being handled."""
        return self._busy == 0

    def stop(self) -> None:
        """Claim nothing more; the workers end after what they hold."""
        self._stopping = True
        self.arrived.set()


def without_unreadable(raw: dict[str, Any], error: ValidationError) -> dict[str, Any] | None:
    """Return an update without the fields that no model fits, or None when nothing useful would be left.

    Telegram is often a version ahead of the library: a forwarded message with one new kind of block is still a message
    with a text.
    """
    reduced: dict[str, Any] = orjson.loads(orjson.dumps(raw))
    for problem in error.errors():
        path = [part for part in problem["loc"] if isinstance(part, (str, int))]
        if len(path) < 2 or not isinstance(reduced.get(str(path[0])), dict):
            return None
        event = reduced[str(path[0])]
        if str(path[1]) in {"chat", "date", "message_id", "id", "from", "from_user"}:
            return None
        event.pop(str(path[1]), None)
    return reduced
