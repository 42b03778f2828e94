"""Receiving: from the inbox to the handlers. Each chat's updates in their order; different chats' at the same time.

How they get into the inbox is told in bot/telegram/polling.py.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
import structlog
from aiogram import Bot, Dispatcher
from pydantic import ValidationError

from bot.model.asking import SentMessages
from bot.model.chats import StoredUpdate
from bot.ports import InboxStore
from bot.telegram.places import keeper
from bot.telegram.records import Handling, handling
from bot.telegram.updates import without_unreadable
from bot.timing.clock import Clock

log = structlog.get_logger(__name__)

PLACES = 8  # updates worked on at the same time; those that wait for Telegram do not count
_LEASE = timedelta(seconds=30)
_AGAIN_SECONDS = 0.5


def _nothing() -> None:
    """Do nothing."""


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Takes updates from the inbox and hands them to the dispatcher. `set_aside` is called when one cannot be handled.

    PLACES of them are worked on at a time. A handler that waits for Telegram leaves its place to another as long as
    there are workers: many slow answers keep nobody's tap from being heard.
    """

    bot: Bot
    dispatcher: Dispatcher
    inbox: InboxStore
    clock: Clock
    arrived: asyncio.Event
    set_aside: Callable[[], None] = _nothing
    _queue: asyncio.Queue[StoredUpdate | None] = field(default_factory=asyncio.Queue)
    _under_way: set[int] = field(default_factory=set)
    _aside: int = 0
    _stopping: bool = False

    async def feed(self, workers: int) -> None:
        """Claim updates for idle workers, until stopped."""
        while not self._stopping:
            self.arrived.clear()
            claimed: Sequence[StoredUpdate] = ()
            room = min(PLACES - len(self._under_way) + self._aside, workers - len(self._under_way))
            if room > 0:
                try:
                    claimed = await self.inbox.claim(room, self.clock.now(), _LEASE)
                except Exception:
                    log.exception("the inbox could not be read")
            for update in claimed:
                if update.update_id in self._under_way:
                    continue  # its lease ran out under its handler's hands, and now it is ours again: one is enough
                self._under_way.add(update.update_id)
                self._queue.put_nowait(update)
            if len(claimed) < room or not claimed:  # there was nothing else; who stores or finishes one says so
                await self.clock.wait(self.arrived, 1.0)
        for _ in range(workers):
            self._queue.put_nowait(None)

    async def work(self) -> None:
        """Handle updates, one at a time, until stopped."""
        keeper.set(self)
        while (update := await self._queue.get()) is not None:
            try:
                await self._handle(update)
            except Exception:
                log.exception("an update could not be put away", update=update.update_id)
            self._under_way.discard(update.update_id)
            self.arrived.set()  # its chat's next one is free now

    async def _handle(self, update: StoredUpdate) -> None:
        mine = Handling(update.chat_id)
        handling.set(mine)
        try:
            await self._dispatch(orjson.loads(update.payload))
        except Exception as error:
            log.exception("an update could not be handled", update=update.update_id)
            await self._put_away(update.update_id, f"{type(error).__name__}: {error}"[:500], mine)
        else:
            await self._put_away(update.update_id, "", mine)

    async def _put_away(self, update_id: int, error: str, mine: Handling) -> None:
        """Note what became of an update, again and again while the database is away: its chat waits behind it.

        The numbers of what was sent for it are noted by the same commit.
        """
        sent = SentMessages(self.clock.now(), mine.sent) if mine.sent else None
        while True:
            try:
                if error:
                    await self.inbox.quarantine(update_id, error, sent)
                    self.set_aside()
                else:
                    await self.inbox.done(update_id, sent)
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
        if self._under_way:
            await self.inbox.renew(self.clock.now(), _LEASE)

    def step_aside(self) -> None:
        """Note that a worker only waits from now on: another update may have its place."""
        self._aside += 1
        self.arrived.set()

    def step_back(self) -> None:
        """Note that a worker goes on."""
        self._aside -= 1

    @property
    def idle(self) -> bool:
        """Whether nothing is being handled."""
        return not self._under_way

    def stop(self) -> None:
        """Claim nothing more; the workers end after what they hold."""
        self._stopping = True
        self.arrived.set()
