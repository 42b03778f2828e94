"""Attempts: one delivery is composed, waits for its turn, is sent; what comes of it is a step for the ledger."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from bot.delivery.circuit_breaker import CircuitBreaker
from bot.delivery.error_rate import OWN_ERROR, ErrorRate
from bot.delivery.messenger import Messenger
from bot.delivery.outcome import backoff, decide, uncomposed
from bot.delivery.pacing import ChatPacer, Slots
from bot.delivery.throttle import Throttle
from bot.model.ledger import NOTHING_TO_SEND, Delivery, DeliveryState, Finish, Priority, Retry, Step
from bot.model.outcomes import Delivered, MessageGone, Moved, NotConnected, Outcome, Throttled, Unauthorized, Unknown
from bot.ports import ReaderStore
from bot.screens.card import Card
from bot.timing.clock import Clock
from bot.timing.leases import Lease
from bot.timing.patience import Patience

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


@dataclass(slots=True)
class Taken:
    """A delivery that this process has claimed.

    It is certainly its own as long as `until` says, and may have reached Telegram once it has `begun`.
    """

    delivery: Delivery
    until: Lease
    begun: bool = False


async def _never(delivery: Delivery, card: Card) -> bool:  # noqa: ARG001
    return False


@dataclass(slots=True, kw_only=True)
class Attempts:
    """Makes attempts. All waiting ends after `stop`; no request that was begun is cancelled."""

    readers: ReaderStore
    composer: Composer
    messenger: Messenger
    pacer: Slots
    chats: ChatPacer
    throttle: Throttle
    clock: Clock
    alarm: Alarm
    refund: Callable[[], None] = lambda: None  # called for a paid turn that certainly cost nothing
    overtaken: Callable[[Delivery, Card], Awaitable[bool]] = _never  # whether a change has to be made anew
    _spikes: ErrorRate = field(default_factory=ErrorRate)
    _patience: Patience = field(default_factory=Patience)
    _caution: CircuitBreaker = field(init=False)

    def __post_init__(self) -> None:
        self._caution = CircuitBreaker(self.messenger.answers, self.clock)

    async def make(self, taken: Taken) -> Step:
        """Send a delivery that was claimed; returns what is to be recorded. Raises nothing but cancellation."""
        delivery = taken.delivery
        try:
            step = await self._sent(taken)
        except Exception:
            log.exception("a delivery met an error nobody thought of", delivery=delivery.id)
            step = self._failed(taken)
        if delivery.publication_id is not None and self._spikes.noted(delivery.publication_id, step):
            number, reason = delivery.publication_id, step.reason
            log.error("most deliveries of a publication fail; it is paused", publication=number, reason=reason)
            await _guarded(self.alarm.spiked(number, reason))
        return step

    def _failed(self, taken: Taken) -> Step:
        """Return the step of a delivery that met such an error; of what was not begun it is known that it is not there.

        The database may have been away in which the turns of all processes are, or what they may pay.
        """
        kind, attempts, now = taken.delivery.kind, taken.delivery.attempts + 1, self.clock.now()
        return decide(Unknown(OWN_ERROR) if taken.begun else NotConnected(OWN_ERROR), kind, attempts, now)

    async def ready(self, number: int) -> None:
        """Have connections open for so many attempts at once."""
        try:
            await self.messenger.ready(number)
        except Exception:
            log.exception("no connections could be opened ahead")

    def cut_off(self, delivery: Delivery) -> Step:
        """Return what is to be recorded of a delivery whose request was cut off."""
        return decide(Unknown("stopping"), delivery.kind, delivery.attempts + 1, self.clock.now())

    def stop(self, seconds: float) -> None:
        """Let nobody wait for longer than that any more."""
        # Telegram may have asked for minutes: what waits for them goes back to the queue.
        self._caution.stop()
        self._patience.end_in(seconds)

    async def _sent(self, taken: Taken) -> Step:
        delivery = taken.delivery
        if self._patience.over:
            return self._again(delivery, "stopping")
        if self._is_lost(taken):
            return self._again(delivery, "not sent in time")
        if delivery.kind.traits.edits and delivery.target_message is None:  # it moved while this one was under way
            return decide(MessageGone("the chat has moved"), delivery.kind, delivery.attempts + 1, self.clock.now())
        try:
            card = await self.composer.card(delivery)
        except Exception:
            # One article that cannot be rendered must not stop the others.
            log.exception("a delivery could not be composed", delivery=delivery.id)
            return uncomposed(delivery.attempts + 1, delivery.kind, self.clock.now())
        if card is None:
            return Finish(DeliveryState.DROPPED, NOTHING_TO_SEND)
        async with self._caution.turn() as leave:
            paid = await self._slot(delivery.lane) if leave else None
            if paid is None:
                return self._again(delivery, "stopping")
            if self._is_lost(taken):
                self._unused(paid=paid)
                return self._again(delivery, "not sent in time")
            taken.begun = True
            outcome = await self.messenger.send(replace(delivery, paid=True) if paid else delivery, card)
            self._caution.noted(outcome)
        if paid and not isinstance(outcome, (Delivered, Unknown)):
            self.refund()
        step = await self._noted(delivery, outcome)
        if isinstance(outcome, Delivered) and delivery.kind.traits.edits:
            return await self._again_if_overtaken(delivery, card) or step
        return step

    async def _again_if_overtaken(self, delivery: Delivery, card: Card) -> Step | None:
        """Return the step of a change whose reader may have lost by it what they have just opened; else None."""
        attempts, now = delivery.attempts + 1, self.clock.now()
        try:
            overtaken = await self.overtaken(delivery, card)
        except Exception:
            log.exception("the database could not be reached")
            return Retry(now + backoff(attempts), "not looked after", attempts)
        return Retry(now, "overtaken", attempts) if overtaken else None

    def _is_lost(self, taken: Taken) -> bool:
        """Tell whether somebody may have taken it for lost, and Telegram may have said that it is not there.

        See `LEASE` in bot/delivery/sender.py.
        """
        return taken.until.over(self.clock)

    def _again(self, delivery: Delivery, reason: str) -> Step:
        """Return the step of a delivery that was not sent, and may be at once."""
        return Retry(self.clock.now(), reason, delivery.attempts + 1)

    async def _slot(self, lane: Priority) -> bool | None:
        """Wait for the turn to send; returns whether it may be a paid message, or None when a stop cuts a long wait."""
        try:
            async with self._patience.bounded():
                return await self.pacer.slot(lane)
        except TimeoutError:
            return None

    def _unused(self, *, paid: bool) -> None:
        """Let another delivery have the turn, and keep the Stars."""
        self.pacer.unused()
        if paid:
            self.refund()

    async def _noted(self, delivery: Delivery, outcome: Outcome) -> Step:
        chat_id, now = delivery.reader.address.chat_id, self.clock.now()
        match outcome:
            case Delivered():
                self.throttle.accepted()
            case Throttled(seconds):
                await self._slow_down(chat_id, seconds)
            case Moved(new):
                # Where the database is away for a moment, Telegram says it again at the next try.
                await _guarded(self.readers.move_chat(chat_id, new, now))
            case Unauthorized(reason):
                log.critical("Telegram does not accept the token any more; sending is paused", reason=reason)
                self.pacer.pause(60)
        return decide(outcome, delivery.kind, delivery.attempts + 1, now, chat_id)

    async def _slow_down(self, chat_id: int, asked: float) -> None:
        if seconds := self.throttle.refused(chat_id, asked):
            log.warning("Telegram asks the bot to wait", asked=asked, seconds=seconds)
            await _guarded(self.alarm.throttled(seconds))


async def _guarded(step: Awaitable[object]) -> None:
    """Run a step against the database beside a delivery, which goes on without it."""
    try:
        await step
    except Exception:
        log.exception("the database could not be reached")
