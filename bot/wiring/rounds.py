"""What one process does again and again, each thing in a loop of its own."""

import asyncio
from dataclasses import dataclass
from functools import partial

from bot.delivery.batch_size import BatchSizer
from bot.delivery.sender import RENEW_SECONDS
from bot.operations.clock_guard import RENEWED_SECONDS
from bot.operations.lock_alarm import LOOK_SECONDS
from bot.operations.outside_alarm import OutsideAlarm
from bot.telegram.receiving import Receiver
from bot.wiring.components import Components
from bot.wiring.ground import CONTROL, ERASURE, PUBLISH, SPIKES, TROUBLES, UNREAD
from bot.wiring.upkeep import forget_old, sweep_erased


@dataclass(slots=True, kw_only=True)
class Rounds:
    """The rounds of a process that talks to people, sends, or does both; `arrived` wakes whoever handles updates."""

    parts: Components
    outside: OutsideAlarm | None
    arrived: asyncio.Event
    talks: bool
    sends: bool
    receiver: Receiver | None = None
    _unsure: bool = False
    _away_at: float = float("-inf")  # when the database last could not be asked, by the monotonic clock

    def set_up(self) -> None:
        """Tell the ticker of each, and how often; called once, before its loops run."""
        ticker, delivery = self.parts.ground.ticker, self.parts.delivery
        every = ticker.every
        every(1, PUBLISH, self._publish)
        every(1, "digests", self._build_digests)
        every(1, CONTROL, self._control)
        every(30, TROUBLES, delivery.troubles.tell)
        every(30, SPIKES, delivery.send_alarm.look)
        every(10, "ask", delivery.restart_guard.ask)
        if self.talks:
            every(2, "progress", delivery.progress.report)
            every(10, "doubts", delivery.doubt_alarm.look)
            every(10, "new drafts", delivery.new_drafts.look)
            every(10, "desk acts", delivery.desk_acts.look)
            every(30, "lapsed questions", delivery.lapsed_questions.look)
            every(10, "feed news", self.parts.feeds.news.look)
            every(2, "channel albums", self.parts.feeds.channels.flush)
            every(10, "listener news", self.parts.listeners.alarm.look)
            every(300, UNREAD, delivery.telegram_alarm.count_unread)
            ticker.soon(UNREAD)
        every(2, "asking", delivery.asker.look if self.sends else delivery.asker.watch)
        every(RENEW_SECONDS, "renew", self._renew)
        every(30, "promise", self._promise_digests)
        every(5, "recover", self.recover)
        every(1, "clock", delivery.clock_guard.look)
        every(LOOK_SECONDS, "locks", delivery.lock_alarm.look)
        every(60, "compare clocks", delivery.clock_guard.compare)
        every(10, "checkpoint", self.look_after)
        every(86_400, "quick check", partial(self.look_after, thoroughly=True))
        every(60, "backup", delivery.backup_guard.look)
        every(600, "compaction", delivery.compaction.look)
        every(600, ERASURE, partial(sweep_erased, self.parts.ground))
        every(30, "heartbeat", delivery.restart_guard.beat)
        every(60, "slow statements", self._keep_slow)
        if self.outside is not None:
            every(15, "outside", self.outside.look)
        ticker.hourly(17, "housekeeping", self.forget)
        every(3600, "menus", self.parts.desk.menus.refresh)
        for name in ("heartbeat", "checkpoint", "menus", "ask", TROUBLES, SPIKES, ERASURE):
            ticker.soon(name)

    async def tick(self) -> None:
        """Do now what the ticker does by and by: publish what is due, build digests, report progress."""
        delivery = self.parts.delivery
        await self._publish()
        await self._control()
        await self._promise_digests()
        await self._build_digests()
        if self.sends:
            await delivery.asker.look()
        await delivery.progress.report()
        await delivery.doubt_alarm.look()
        await delivery.send_alarm.look()
        await delivery.new_drafts.look()
        await delivery.desk_acts.look()
        await delivery.lapsed_questions.look()
        await self.parts.feeds.look()
        await self.parts.listeners.alarm.look()

    async def look_after(self, *, thoroughly: bool = False) -> None:
        """See whether the database is still there and takes what is written; while it does not, nothing is sent."""
        guard, sender = self.parts.delivery.disk_guard, self.parts.delivery.sender
        await guard.look(thoroughly=thoroughly)
        sender.held = sender.held or guard.trouble is not None

    async def recover(self) -> None:
        """Put back what a process took that is gone, and let go what is stale, when the clock is to be believed."""
        guard = self.parts.delivery.clock_guard
        if not await guard.settled():
            return  # nor is anything stale by a clock that may be set right again; it is not claimed meanwhile
        now, store = self.parts.ground.clock.now(), self.parts.ground.store
        if guard.steady and self._could_keep_leases():
            await store.ledger.recover(now)
            if await store.inbox.take_over(now):
                self.arrived.set()
        expire, sizes = partial(store.ledger.expire, now), self._sizes()
        while not self.parts.delivery.sender.held and await sizes.step(expire) > 0:
            pass

    async def forget(self) -> None:
        """Forget what is old enough, when the clock is to be believed: nothing of it comes back."""
        if await self.parts.delivery.clock_guard.settled():
            await forget_old(self.parts.ground)

    def _could_keep_leases(self) -> bool:
        """Tell whether who is alive had time to renew its leases since the database was away, when nobody could."""
        return self.parts.ground.clock.monotonic() - self._away_at >= RENEWED_SECONDS

    async def _control(self) -> None:
        """Follow what was decided about sends: pauses, stops, uncertain deliveries, and whether anything may go out."""
        delivery, store, now = self.parts.delivery, self.parts.ground.store, self.parts.ground.clock.now()
        held = await self._is_held()
        if delivery.sender.held and not held:
            delivery.sender.wake()
        delivery.sender.held = held
        sizes = self._sizes()
        while await sizes.step(partial(store.sends.follow, now)):
            delivery.sender.wake()
        if not held:
            await store.uncertain.follow_policies(now)

    async def _is_held(self) -> bool:
        """Tell whether nothing may go out; while that cannot be known, nothing does that was not yet claimed."""
        delivery = self.parts.delivery
        try:
            if self._unsure:  # the database was away, and may have come back as it was long ago
                await delivery.restart_guard.look_back()
            held = delivery.disk_guard.trouble is not None or await delivery.restart_guard.held()
        except Exception:
            self._unsure = delivery.sender.held = True
            self._away_at = self.parts.ground.clock.monotonic()
            raise
        self._unsure = False
        return held

    async def _publish(self) -> None:
        """Begin what is due, but for what is so by a jump of the clock that was just seen."""
        await self.parts.delivery.clock_guard.look()
        await self.parts.delivery.fan_out.run_due()

    async def _build_digests(self) -> None:
        sender, digests, sizes = self.parts.delivery.sender, self.parts.ground.store.digests, self._sizes()
        if not await self.parts.delivery.clock_guard.settled():
            return  # what has waited for days by a wrong clock is let go with it
        build = partial(digests.build, self.parts.ground.clock.now())
        while not sender.held and await sizes.step(build) > 0:
            sender.wake()

    async def _promise_digests(self) -> None:
        digests, sizes, now = self.parts.ground.store.digests, self._sizes(), self.parts.ground.clock.now()
        while await sizes.step(partial(digests.promise, now)):
            pass

    def _sizes(self) -> BatchSizer:
        return BatchSizer.of_rows(self.parts.ground.clock)

    async def _keep_slow(self) -> None:
        store = self.parts.ground.store
        await store.vitals.keep_slow(self.parts.ground.clock.now())

    async def _renew(self) -> None:
        """Keep what this process is sending and handling, however long that takes."""
        # At the same time: where the one cannot be kept, the other may be.
        keeping = [self.parts.delivery.sender.renew()]
        if self.receiver is not None:
            keeping.append(self.receiver.renew())
        await asyncio.gather(*keeping)
