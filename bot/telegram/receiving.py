"""Receiving: from the inbox to the handlers. Each chat's updates in their order; different chats' at the same time.

How they get into the inbox is told in bot/telegram/polling.py.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
import structlog
from aiogram import Bot, Dispatcher
from aiogram.types import Update
from pydantic import ValidationError

from bot.model.asking import SentMessages
from bot.model.chats import StoredUpdate
from bot.ports import InboxStore
from bot.telegram.contact import Durations
from bot.telegram.places import keeper
from bot.telegram.records import Handling, handling
from bot.telegram.updates import without_unreadable
from bot.timing.clock import Clock
from bot.timing.leases import Lease

log = structlog.get_logger(__name__)

PLACES = 8  # updates worked on at the same time; those that wait for Telegram do not count
_LEASE = timedelta(seconds=30)
_SURE = timedelta(seconds=20)  # of a lease: a connection for the last request takes up to ten
_AGAIN_SECONDS = 0.5
_LATER_SECONDS = 2.0

_Work = tuple[StoredUpdate, Handling]
_Ending = Callable[[int, str, SentMessages | None], Awaitable[bool | None]]


def _nothing() -> None:
    """Do nothing."""


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Takes updates from the inbox and hands them to the dispatcher. `set_aside` is called when one cannot be handled.

    Where the inbox is `shared`, another process may take an update for lost that this one could not keep: nothing is
    answered any more then. `passes` tells of an error whether it is nothing of the update's, and will pass: then it is
    handled again for as long as that takes.

    PLACES of them are worked on at a time. A handler that waits for Telegram leaves its place to another as long as
    there are workers: many slow answers keep nobody's tap from being heard.
    """

    bot: Bot
    dispatcher: Dispatcher
    inbox: InboxStore
    clock: Clock
    arrived: asyncio.Event
    set_aside: Callable[[], None] = _nothing
    durations: Durations = field(default_factory=Durations)
    shared: bool = True
    passes: Callable[[BaseException], bool] = lambda _: False
    _queue: asyncio.Queue[_Work | None] = field(default_factory=asyncio.Queue)
    _under_way: dict[int, Handling] = field(default_factory=dict)
    _aside: int = 0
    _more: bool = True  # whether updates may be waiting that nobody has been told of
    _workers: int = 0
    _promised: int = 0  # places for what is being claimed just now
    _in_doubt: bool = False  # whether updates may be this process's that it has not heard of
    _stopping: bool = False

    def __post_init__(self) -> None:
        """Have the type of updates completed now, and not while somebody waits for the first answer."""
        Update.model_rebuild()

    async def feed(self, workers: int) -> None:
        """Claim updates for idle workers, until stopped."""
        self._workers = workers
        while not self._stopping:
            self.arrived.clear()
            claimed = await self._claim(self._room)
            for work in claimed:
                self._take(work)
            if not self._more or not claimed:  # there was nothing else; who stores or finishes one says so
                await self.clock.wait(self.arrived, 1.0)
        for _ in range(workers):
            self._queue.put_nowait(None)

    @property
    def _room(self) -> int:
        under_way = len(self._under_way) + self._promised
        return min(PLACES + self._aside, self._workers) - under_way

    async def _claim(self, room: int) -> Sequence[_Work]:
        if room <= 0:
            self._more = True
            return ()
        try:
            if self._in_doubt and not self._promised:
                await self.inbox.give_back(self.clock.now(), list(self._under_way))
                self._in_doubt = False
            return await self._claimed(room, self.inbox.claim(room, self.clock.now(), _LEASE))
        except Exception:
            log.exception("the inbox could not be read")
            return ()

    async def _claimed(self, room: int, claiming: Awaitable[Sequence[StoredUpdate]]) -> Sequence[_Work]:
        """Return what is claimed. What is not heard of, since the answer was lost, is in doubt."""
        self._promised += room
        lease = self._lease()
        try:
            claimed = await claiming
        except Exception:
            self._in_doubt = True
            raise
        finally:
            self._promised -= room
        self._more = len(claimed) >= room
        return [(update, Handling(update.chat_id, update.sent or (), lease)) for update in claimed]

    def _lease(self) -> Lease | None:
        return Lease.of(self.clock, _SURE) if self.shared else None

    def _take(self, work: _Work) -> None:
        update, anew = work
        mine = self._under_way.get(update.update_id)
        if mine is not None:  # its lease ran out under its handler's hands, and it is ours again: one is enough
            mine.lease, mine.taken = anew.lease, False
            return
        self._under_way[update.update_id] = anew
        self._queue.put_nowait(work)

    async def work(self) -> None:
        """Handle updates, one at a time, until stopped."""
        keeper.set(self)
        while (work := await self._queue.get()) is not None:
            update, mine = work
            claimed: Sequence[_Work] = ()
            try:
                claimed = await self._handle(update, mine)
            except Exception:
                log.exception("an update could not be put away", update=update.update_id)
                if self._stopping:
                    continue  # `give_back` does it, or a later start
            del self._under_way[update.update_id]
            for following in claimed:
                self._take(following)
            if self._more:
                self.arrived.set()  # there may be a place for one that waits

    async def _handle(self, update: StoredUpdate, mine: Handling) -> Sequence[_Work]:
        begun = self.clock.monotonic()
        handling.set(mine)
        try:
            await self._dispatch(orjson.loads(update.payload))
        except Exception as error:
            log.exception("an update could not be handled", update=update.update_id)
            # What cannot be read stays so; anything else may pass, like a database that was away for a moment.
            end = self.inbox.quarantine if isinstance(error, ValueError) else self._again
            if self.passes(error):
                end = self._later
            return await self._put_away(update.update_id, f"{type(error).__name__}: {error}"[:500], mine, end)
        finally:
            self.durations.add(self.clock.monotonic() - begun)
        if mine.refused:  # not everything was said; where nobody else has begun it by now, it is handled once more
            again = partial(self.inbox.try_again, counts=False)
            return await self._put_away(update.update_id, "another process had taken it", mine, again)
        mine.over = True
        return await self._put_away(update.update_id, "", mine)

    async def _again(self, update_id: int, error: str, sent: SentMessages | None) -> bool:
        """Have an update handled again, after a moment; returns whether it is set aside."""
        await self.clock.rest(_AGAIN_SECONDS)
        return await self.inbox.try_again(update_id, error, sent)

    async def _later(self, update_id: int, error: str, sent: SentMessages | None) -> bool:
        """Have an update handled again, however often it was, when there was time for the database to come back."""
        await self.clock.rest(_LATER_SECONDS)
        return await self.inbox.try_again(update_id, error, sent, counts=False)

    async def _put_away(
        self, update_id: int, error: str, mine: Handling, failed: _Ending | None = None
    ) -> Sequence[_Work]:
        """Note what became of an update, again and again while the database is away: its chat waits behind it.

        The numbers of what was sent for it are noted by the same commit. Returns what was claimed in it.
        """
        sent = mine.summary(self.clock.now())
        while True:
            try:
                if failed is not None:
                    if await failed(update_id, error, sent) is not False:
                        self.set_aside()
                elif (room := self._room + 1) > 0 and not self._in_doubt and not self._stopping:
                    ending = self.inbox.done_and_claim(update_id, room, self.clock.now(), _LEASE, sent)
                    return await self._claimed(room, ending)
                else:
                    await self.inbox.done(update_id, sent)
            except Exception:
                log.exception("an update could not be put away", update=update_id)
                if self._stopping:
                    raise
                await self.clock.rest(_AGAIN_SECONDS)
            else:
                self._more = True  # its chat's next one is free now
                return ()

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
        """Keep the leases of what is being handled; called every few seconds. What was not kept is not answered."""
        if self._under_way:
            handled, lease = dict(self._under_way), self._lease()
            kept = set(await self.inbox.renew(self.clock.now(), _LEASE))
            for number, mine in handled.items():
                mine.taken = self.shared and number not in kept
                if not mine.taken:
                    mine.lease = lease
            if not self._under_way.keys() >= kept:
                self._in_doubt = True

    async def give_back(self) -> None:
        """Let others have what was not handled to its end, when all workers have ended.

        What was handled is put away; what was sent for the others is kept, so that it is not sent again. Raises what
        the database raises.
        """
        now = self.clock.now()
        sent = {number: said for number, mine in self._under_way.items() if (said := mine.summary(now)) is not None}
        for number, mine in self._under_way.items():
            if mine.over:
                await self.inbox.done(number, sent.pop(number, None))
        await self.inbox.give_back(now, sent=sent)

    def step_aside(self) -> None:
        """Note that a worker only waits from now on: another update may have its place."""
        self._aside += 1
        if self._more:
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
