"""The sender: takes deliveries from the ledger, sends them at the pace Telegram allows, and records what happened.

`feed` claims, `work` (any number of times) sends, `record` writes the outcomes down in batches. At most
`window` deliveries are between "about to send" and their outcome: that many are uncertain after a crash.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

import structlog

from bot.delivery.circuit_breaker import CircuitBreaker
from bot.delivery.error_rate import ErrorRate
from bot.delivery.messenger import Messenger
from bot.delivery.outcome import decide, uncomposed
from bot.delivery.pacing import ChatPacer, Slots
from bot.delivery.sieve import Sieve
from bot.delivery.throttle import Throttle
from bot.model.ledger import ClaimUnconfirmed, Delivery, DeliveryState, Finish, Priority, Retry, Step
from bot.model.outcomes import Delivered, Moved, Outcome, Throttled, Unauthorized, Unknown
from bot.ports import LedgerStore, ReaderStore
from bot.screens.card import Card
from bot.timing.clock import Clock
from bot.timing.patience import Patience

LEASE = timedelta(seconds=15)
"""How long after its end a process's deliveries wait for another; kept while it lives.

What it could not keep, it does not begin to send any more: bot/delivery/asker.py rests on that.
"""
RENEW_SECONDS = 5.0
_POLL_SECONDS = 1.0
_RECORD_SECONDS = 0.05
_BATCH = 200
_LAST_SECONDS = 3.0  # how long a stop waits for the turns of what was claimed

log = structlog.get_logger(__name__)


class Composer(Protocol):
    """Makes the card of a delivery; None when there is nothing to send any more."""

    async def card(self, delivery: Delivery) -> Card | None:
        """Return the card."""


class Alarm(Protocol):
    """Hears of what somebody should know, or remember over a restart."""

    async def throttled(self, seconds: float) -> None:
        """Note for how long the whole bot waits before it tries again, because Telegram asked it to."""

    async def spiked(self, publication_id: int, reason: str) -> None:
        """Note that most deliveries of a publication fail."""


@dataclass(slots=True, kw_only=True)
class Sender:
    """Sends what is due. All waiting ends when `stop` is called; no request that was begun is cancelled.

    While `held`, nothing is claimed: see bot/delivery/restart_guard.py.
    """

    ledger: LedgerStore
    readers: ReaderStore
    composer: Composer
    messenger: Messenger
    pacer: Slots
    chats: ChatPacer
    throttle: Throttle
    clock: Clock
    alarm: Alarm
    window: int = 10
    lease: timedelta = LEASE
    held: bool = False
    refund: Callable[[], None] = lambda: None  # called for a paid turn that certainly cost nothing
    _spikes: ErrorRate = field(default_factory=ErrorRate)
    _ready: asyncio.Queue[Delivery | None] = field(default_factory=asyncio.Queue)
    _done: list[tuple[int, Step]] = field(default_factory=list)
    _in_flight: int = 0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _room: asyncio.Event = field(default_factory=asyncio.Event)
    _to_record: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False
    _workers: int = 0
    _patience: Patience = field(default_factory=Patience)
    _mine_until: dict[int, float] = field(default_factory=dict)  # by the monotonic clock; what is claimed, not recorded
    _begun: set[int] = field(default_factory=set)  # may have reached Telegram, and their outcome is not recorded
    _caution: CircuitBreaker = field(init=False)

    def __post_init__(self) -> None:
        self._caution = CircuitBreaker(self.messenger.answers, self.clock)

    def wake(self) -> None:
        """Look at the ledger now: something may be due."""
        self._wake.set()

    async def feed(self) -> None:
        """Claim what is due and hand it to the workers, as long as there is room in the window; until stopped."""
        while not self._stopping:
            room = self.window - self._in_flight
            if self.held or room < self._worth_a_claim:
                await self._wait(self._room)
                continue
            self._wake.clear()
            if not await self._guarded(self._claim(room)):
                await self._wait(self._wake)
        for _ in range(self._workers):  # behind the last delivery that was claimed
            self._ready.put_nowait(None)

    @property
    def _worth_a_claim(self) -> int:
        """How much room there has to be: many small claims would cost more than the sending."""
        return max(1, self.window // 4)

    async def _claim(self, room: int) -> bool:
        """Claim what is due, once, and hand it to the workers; returns whether there was anything.

        When nobody knows whether the claim took place, nothing of it is sent, and nothing more is claimed before it is
        put back: these rows could come to this process a second time meanwhile.
        """
        mine_until = self.clock.monotonic() + self.lease.total_seconds()
        try:
            claimed = await self.ledger.claim(room, self.clock.now(), self.lease, Sieve(self.chats, self.clock).aside)
        except ClaimUnconfirmed as doubt:
            log.exception("deliveries could not be claimed; they are put back")
            now = self.clock.now()
            await self._write_down([(d.id, Retry(now, "not claimed", d.attempts + 1)) for d in doubt.deliveries])
            return False
        self._in_flight += len(claimed.deliveries)
        # A handshake after the turn was granted would push messages together: the server would see more in a second.
        await self.messenger.ready(len(claimed.deliveries))
        for delivery in claimed.deliveries:
            self._mine_until[delivery.id] = mine_until
            self.chats.wrote(delivery.reader.address.chat_id, delivery.reader.kind)
            self._ready.put_nowait(delivery)
        return bool(claimed.deliveries or claimed.aside)

    async def work(self) -> None:
        """Send what was claimed, one at a time, until stopped and nothing is left."""
        while True:
            delivery = await self._ready.get()
            if delivery is None:
                return
            try:
                step = await self._send(delivery)
            except asyncio.CancelledError:
                if delivery.id in self._begun:  # the others are put back by `give_back`
                    outcome = Unknown("stopping")
                    self._done.append(
                        (delivery.id, decide(outcome, delivery.kind, delivery.attempts + 1, self.clock.now()))
                    )
                raise
            except Exception:
                log.exception("a delivery met an error nobody thought of", delivery=delivery.id)
                step = Finish(DeliveryState.UNCERTAIN, "an error of the sender")
            if delivery.publication_id is not None and self._spikes.noted(delivery.publication_id, step):
                await self._guarded(self._spiked(delivery.publication_id, step))
            self._done.append((delivery.id, step))
            self._to_record.set()

    async def _send(self, delivery: Delivery) -> Step:
        if self._patience.over:
            return Retry(self.clock.now(), "stopping", delivery.attempts + 1)
        try:
            card = await self.composer.card(delivery)
        except Exception:
            # One article that cannot be rendered must not stop the others.
            log.exception("a delivery could not be composed", delivery=delivery.id)
            return uncomposed(delivery.attempts + 1, delivery.kind, self.clock.now())
        if card is None:
            return Finish(DeliveryState.DROPPED, "nothing to send")
        async with self._caution.turn() as leave:
            paid = await self._slot(delivery.lane) if leave else None
            if paid is None:
                return Retry(self.clock.now(), "stopping", delivery.attempts + 1)
            if self.clock.monotonic() >= self._mine_until.get(delivery.id, 0.0):
                # Somebody may have taken it for lost, and Telegram may have said that it is not there: see `LEASE`.
                if paid:
                    self.refund()
                return Retry(self.clock.now(), "not sent in time", delivery.attempts + 1)
            self._begun.add(delivery.id)
            outcome = await self.messenger.send(replace(delivery, paid=True) if paid else delivery, card)
            self._caution.noted(outcome)
        if paid and not isinstance(outcome, (Delivered, Unknown)):
            self.refund()
        return await self._note(delivery, outcome)

    async def _slot(self, lane: Priority) -> bool | None:
        """Wait for the turn to send; returns whether it may be a paid message, or None when a stop cuts a long wait."""
        try:
            async with self._patience.bounded():
                return await self.pacer.slot(lane)
        except TimeoutError:
            return None

    async def _note(self, delivery: Delivery, outcome: Outcome) -> Step:
        chat_id, now = delivery.reader.address.chat_id, self.clock.now()
        match outcome:
            case Delivered():
                self.throttle.accepted()
            case Throttled(seconds):
                await self._slow_down(chat_id, seconds)
            case Moved(new):
                # Where the database is away for a moment, Telegram says it again at the next try.
                await self._guarded(self.readers.move_chat(chat_id, new, now))
            case Unauthorized(reason):
                log.critical("Telegram does not accept the token any more; sending is paused", reason=reason)
                self.pacer.pause(60)
        return decide(outcome, delivery.kind, delivery.attempts + 1, now, chat_id)

    async def _slow_down(self, chat_id: int, asked: float) -> None:
        if seconds := self.throttle.refused(chat_id, asked):
            log.warning("Telegram asks the bot to wait", asked=asked, seconds=seconds)
            await self._guarded(self.alarm.throttled(seconds))

    async def _spiked(self, publication_id: int, step: Step) -> None:
        log.error("most deliveries of a publication fail; it is paused", publication=publication_id, reason=step.reason)
        await self.alarm.spiked(publication_id, step.reason)

    async def record(self) -> None:
        """Write outcomes down, a batch at a time, until stopped and nothing is left."""
        while not (self._stopping and not self._in_flight):
            await self._wait(self._to_record)
            await self.clock.sleep(_RECORD_SECONDS)  # let a batch gather
            self._to_record.clear()
            while self._done:
                batch, self._done = self._done[:_BATCH], self._done[_BATCH:]
                await self._record(batch)

    async def _record(self, batch: Sequence[tuple[int, Step]]) -> None:
        try:
            await self._write_down(batch)
        except asyncio.CancelledError:
            self._done = [*batch, *self._done]
            raise
        for number, _ in batch:
            self._begun.discard(number)
            self._mine_until.pop(number, None)
        self._in_flight -= len(batch)
        self._room.set()

    async def _write_down(self, batch: Sequence[tuple[int, Step]]) -> None:
        """Record steps, again and again while the database is away: without them the rows would be uncertain."""
        while True:
            if await self._guarded(self._finish(batch)):
                return
            await self.clock.sleep(_POLL_SECONDS)

    async def _wait(self, event: asyncio.Event) -> None:
        """Wait for the event, but not longer than until the next look; then it is cleared."""
        await self.clock.wait(event, _POLL_SECONDS)
        event.clear()

    async def _finish(self, batch: Sequence[tuple[int, Step]]) -> bool:
        await self.ledger.finish(batch, self.clock.now())
        return True

    async def _guarded(self, step: Awaitable[bool | None]) -> bool:
        """Run a step against the database; an error is logged and counts as "nothing done"."""
        try:
            return bool(await step)
        except Exception:
            log.exception("the database could not be reached")
            return False

    async def renew(self) -> None:
        """Keep the leases of what is in flight; called every RENEW_SECONDS. What is not kept is not begun any more."""
        if self._in_flight:
            mine_until = self.clock.monotonic() + self.lease.total_seconds()
            kept = await self.ledger.renew(self.clock.now(), self.lease)
            self._mine_until |= dict.fromkeys(self._mine_until.keys() & kept, mine_until)

    async def stop(self, workers: int) -> None:
        """Claim nothing more and let the workers end after what was claimed. `record` ends after the last outcome."""
        self._workers = workers
        self._stopping = True
        for event in (self._wake, self._room, self._to_record):
            event.set()
        # Telegram may have asked for minutes: what waits for them goes back to the queue.
        self._caution.stop()
        self._patience.end_in(_LAST_SECONDS)

    async def give_back(self) -> None:
        """Record what is known, and put back what was claimed and not begun; when all tasks of the sender have ended.

        Raises what the database raises; it may be repeated then.
        """
        if self._done:
            await self.ledger.finish(self._done, self.clock.now())
            self._begun.difference_update(number for number, _ in self._done)
            self._done.clear()
        # Of a claim that was cut off nobody here knows the rows; what was begun is known.
        await self.ledger.give_back(self._begun)
