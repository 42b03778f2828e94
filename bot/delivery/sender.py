"""The sender: takes deliveries from the ledger, has them sent, and records what happened.

`feed` claims and records, both by one commit where it can; `work` (any number of times) sends. At most `window`
deliveries are between "about to send" and their outcome: that many are uncertain after a crash.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from bot.delivery.attempts import Attempts, Taken
from bot.delivery.sieve import Sieve
from bot.model.ledger import Claimed, ClaimUnconfirmed, Retry, Step
from bot.ports import LedgerStore
from bot.timing.clock import Clock
from bot.timing.leases import Lease

LEASE = timedelta(seconds=15)
"""How long after its end a process's deliveries wait for another; kept while it lives.

What it could not keep, it does not begin to send any more: bot/delivery/asker.py rests on that.
"""
RENEW_SECONDS = 5.0
_POLL_SECONDS = 1.0
_RECORD_SECONDS = 0.05
_BATCH = 500
_LAST_SECONDS = 3.0  # how long a stop waits for the turns of what was claimed

log = structlog.get_logger(__name__)

_Steps = Sequence[tuple[int, Step]]


@dataclass(slots=True, kw_only=True)
class Sender:
    """Sends what is due. All waiting ends when `stop` is called; no request that was begun is cancelled.

    While `held`, nothing is claimed: see bot/operations/restart_guard.py.
    """

    ledger: LedgerStore
    attempts: Attempts
    clock: Clock
    window: int = 10
    lease: timedelta = LEASE
    held: bool = False
    _ready: asyncio.Queue[Taken | None] = field(default_factory=asyncio.Queue)
    _taken: dict[int, Taken] = field(default_factory=dict)  # what is claimed and not recorded
    _done: list[tuple[int, Step]] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)  # something to look at, or to write down
    _plenty: asyncio.Event = field(default_factory=asyncio.Event)  # outcomes that make room worth a claim
    _woken: bool = False
    _look_at: float = 0.0  # when the ledger is to be looked at again without being woken, by the monotonic clock
    _stopping: bool = False
    _workers: int = 0

    def wake(self) -> None:
        """Look at the ledger now: something may be due."""
        self._woken = True
        self._news.set()

    async def feed(self) -> None:
        """Claim what is due, as long as there is room in the window, and write outcomes down, until stopped.

        Then the rest is written down, until nothing is left.
        """
        while not self._stopping:
            if self._may_claim and self._room >= self._worth_a_claim:
                await self._claim()
            elif self._done:
                await self._gather()
                await (self._claim() if self._may_claim and self._room else self._record())
            else:
                await self._wait()
        for _ in range(self._workers):  # behind the last delivery that was claimed
            self._ready.put_nowait(None)
        while self._taken:
            await (self._record() if self._done else self._wait())

    @property
    def _room(self) -> int:
        """How much can be claimed by the commit that records what is done."""
        return max(0, self.window - len(self._taken) + min(len(self._done), _BATCH))

    @property
    def _worth_a_claim(self) -> int:
        """How much room there has to be: many small claims would cost more than the sending."""
        return max(1, self.window // 4)

    @property
    def _may_claim(self) -> bool:
        looks = self._woken or self.clock.monotonic() >= self._look_at
        return looks and not (self.held or self._stopping)

    async def _wait(self) -> None:
        """Wait for news, but not longer than until the next look."""
        await self.clock.wait(self._news, _POLL_SECONDS)
        self._news.clear()

    async def _gather(self) -> None:
        """Let a batch of outcomes gather, until it makes room that is worth a claim."""
        await self.clock.wait(self._plenty, _RECORD_SECONDS)

    async def _claim(self) -> None:
        """Record what is done, and claim what is due, by one commit; hand it to the workers.

        When nobody knows whether the claim took place, nothing of it is sent, and nothing more is claimed before it is
        put back: these rows could come to this process a second time meanwhile. What is recorded may be so again, and
        is so first: a row that was put back may be among those that were claimed.
        """
        room, done = self._room, self._next_batch()
        until = Lease.of(self.clock, self.lease)
        self._woken, now = False, self.clock.now()
        try:
            claimed = await self.ledger.claim(room, now, self.lease, Sieve(self.attempts.chats, self.clock).aside, done)
        except BaseException as error:
            self._put_back(done)
            if not isinstance(error, Exception):
                raise
            log.exception("deliveries could not be claimed")
            if isinstance(error, ClaimUnconfirmed):
                await self._record()
                await self._write_down([(d.id, Retry(now, "not claimed", d.attempts + 1)) for d in error.deliveries])
            claimed = Claimed()
        else:
            self._forget(done)
        found = claimed.deliveries or claimed.aside
        self._look_at = 0.0 if found else self.clock.monotonic() + _POLL_SECONDS
        await self._hand_out(claimed, until)

    async def _hand_out(self, claimed: Claimed, until: Lease) -> None:
        mine = [Taken(delivery, until) for delivery in claimed.deliveries]
        self._taken.update({taken.delivery.id: taken for taken in mine})
        # A handshake after the turn was granted would push messages together: the server would see more in a second.
        await self.attempts.ready(len(mine))
        for taken in mine:
            reader = taken.delivery.reader
            self.attempts.chats.wrote(reader.address.chat_id, reader.kind)
            self._ready.put_nowait(taken)

    async def work(self) -> None:
        """Send what was claimed, one at a time, until stopped and nothing is left."""
        while (taken := await self._ready.get()) is not None:
            try:
                step = await self.attempts.make(taken)
            except asyncio.CancelledError:
                if taken.begun:  # the others are put back by `give_back`
                    self._done.append((taken.delivery.id, self.attempts.cut_off(taken.delivery)))
                raise
            self._done.append((taken.delivery.id, step))
            self._news.set()
            if self._room >= self._worth_a_claim:
                self._plenty.set()

    # Writing down

    def _next_batch(self) -> _Steps:
        """Take outcomes to write down; they come back by `_put_back` when that fails."""
        self._plenty.clear()
        batch, self._done = self._done[:_BATCH], self._done[_BATCH:]
        return batch

    def _put_back(self, batch: _Steps) -> None:
        self._done = [*batch, *self._done]

    def _forget(self, batch: _Steps) -> None:
        """Let go what is recorded: there is room for others."""
        for number, _ in batch:
            self._taken.pop(number, None)

    async def _record(self) -> None:
        """Write outcomes down, without claiming."""
        batch = self._next_batch()
        try:
            await self._write_down(batch)
        except asyncio.CancelledError:
            self._put_back(batch)
            raise
        self._forget(batch)

    async def _write_down(self, batch: _Steps) -> None:
        """Record steps, again and again while the database is away: without them the rows would be uncertain."""
        while batch:
            try:
                await self.ledger.finish(batch, self.clock.now())
            except Exception:
                log.exception("the database could not be reached")
                await self.clock.sleep(_POLL_SECONDS)
            else:
                return

    async def renew(self) -> None:
        """Keep the leases of what is in flight; called every RENEW_SECONDS. What is not kept is not begun any more."""
        if self._taken:
            until = Lease.of(self.clock, self.lease)
            for number in await self.ledger.renew(self.clock.now(), self.lease):
                if number in self._taken:
                    self._taken[number].until = until

    async def stop(self, workers: int) -> None:
        """Claim nothing more and let the workers end after what was claimed. `feed` ends after the last outcome."""
        self._workers = workers
        self._stopping = True
        self._news.set()
        self._plenty.set()
        self.attempts.stop(_LAST_SECONDS)

    async def give_back(self) -> None:
        """Record what is known, and put back what was claimed and not begun; when all tasks of the sender have ended.

        Raises what the database raises; it may be repeated then.
        """
        if self._done:
            await self.ledger.finish(self._done, self.clock.now())
            self._forget(self._done)
            self._done.clear()
        # Of a claim that was cut off nobody here knows the rows; what was begun is known.
        await self.ledger.give_back({number for number, taken in self._taken.items() if taken.begun})
