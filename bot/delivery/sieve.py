"""Sieving what a claim has found: what may be sent now, and what has to end or to wait, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.pacing import ChatPacer
from bot.model.ledger import QUIET_HOURS, Delivery, DeliveryState, Finish, Postpone, Priority, ToDigest
from bot.model.readers import ReaderState
from bot.timing.clock import Clock
from bot.timing.schedules import is_quiet, quiet_end


@dataclass(frozen=True, slots=True)
class Sieve:
    """Decides about deliveries inside the transaction that claims them; it only decides."""

    chats: ChatPacer
    clock: Clock

    def aside(self, due: Sequence[Delivery]) -> dict[int, Finish | Postpone | ToDigest]:
        """Return what is not to be sent now: to readers who are gone, and what has to wait for its chat or reader."""
        now = self.clock.now()
        aside: dict[int, Finish | Postpone | ToDigest] = {}
        for delivery in due:
            if not _reachable(delivery):
                aside[delivery.id] = Finish(DeliveryState.DROPPED, delivery.reader.state.name.lower())
            elif _would_wake(delivery, now):
                aside[delivery.id] = ToDigest()
            elif (wait := self._wait_of(delivery, now)) is not None:
                aside[delivery.id] = wait
        return aside

    def _wait_of(self, delivery: Delivery, now: datetime) -> Postpone | None:
        """Return how a delivery has to wait, for its reader's quiet hours to end or for its chat; None if it may go."""
        reader = delivery.reader
        if delivery.kind.traits.waits_for_quiet_end:
            end = quiet_end(reader.quiet, reader.zone, now)
            if end is not None and end > now:
                return Postpone(end, QUIET_HOURS)
        seconds = self.chats.wait(reader.address.chat_id)
        return Postpone(now + timedelta(seconds=seconds), "its chat") if seconds > 0 else None


def _reachable(delivery: Delivery) -> bool:
    """Tell whether the row may be sent: news to those who want it, a correction to whoever still has the chat."""
    state = delivery.reader.state
    paused = {ReaderState.PAUSED, ReaderState.LEFT}
    return state is ReaderState.ACTIVE or (delivery.kind.traits.reaches_paused and state in paused)


def _would_wake(delivery: Delivery, now: datetime) -> bool:
    """Tell whether a headline that waited in the queue would come in its reader's quiet hours by now."""
    reader = delivery.reader
    breaks = delivery.lane is Priority.URGENT and reader.urgent_breaks
    silent = delivery.kind.traits.edits
    return delivery.kind.traits.may_become_item and not (breaks or silent) and is_quiet(reader.quiet, reader.zone, now)
