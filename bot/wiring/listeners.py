"""How other systems are told what becomes public."""

from dataclasses import dataclass
from random import Random

from bot.fetch.fetcher import Fetcher
from bot.operations.listener_alarm import ListenerAlarm
from bot.web.outgoing.deliverer import Deliverer
from bot.wiring.delivery import Delivery
from bot.wiring.ground import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerParts:
    """What tells listeners, and what tells owners of them."""

    deliverer: Deliverer
    alarm: ListenerAlarm


def build_listeners(ground: Ground, delivery: Delivery, fetcher: Fetcher) -> ListenerParts:
    """Return how listeners are told; nothing is while everything is held back."""
    store, clock = ground.store, ground.clock
    deliverer = Deliverer(
        listeners=store.listeners,
        articles=store.articles,
        publications=store.publications,
        corrections=store.corrections,
        links=ground.links,
        fetcher=fetcher,
        clock=clock,
        chance=Random(),  # noqa: S311  spreads tries out, and hides nothing
        held=lambda: delivery.sender.held,
    )
    alarm = ListenerAlarm(listeners=store.listeners, owners=delivery.owners, turn=ground.turn("listeners"))
    return ListenerParts(deliverer=deliverer, alarm=alarm)
