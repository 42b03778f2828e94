"""Every part of one process, built from the settings: who is given what."""

from dataclasses import dataclass

from bot.config import Settings
from bot.timing.clock import Clock, SystemClock
from bot.wiring.delivery import Delivery, build_delivery
from bot.wiring.desk import DeskParts, build_desk
from bot.wiring.feeds import FeedParts, build_feeds
from bot.wiring.ground import Ground, build_ground
from bot.wiring.listeners import ListenerParts, build_listeners
from bot.wiring.pace import Pace, build_pace
from bot.wiring.reading import Reading, build_reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """Every part of one process, wired to the others; nothing runs yet."""

    ground: Ground
    reading: Reading
    pace: Pace
    delivery: Delivery
    desk: DeskParts
    feeds: FeedParts
    listeners: ListenerParts


def build(settings: Settings, clock: Clock | None = None) -> Components:
    """Return the parts; each builder is handed what it needs, so no other order would run."""
    ground = build_ground(settings, clock or SystemClock())
    reading = build_reading(ground)
    pace = build_pace(ground)
    delivery = build_delivery(ground, reading, pace)
    desk = build_desk(ground, reading, delivery.owners, delivery.sender.wake)
    feeds = build_feeds(ground, reading.adviser, delivery)
    listeners = build_listeners(ground, delivery, feeds.fetcher)
    return Components(
        ground=ground,
        reading=reading,
        pace=pace,
        delivery=delivery,
        desk=desk,
        feeds=feeds,
        listeners=listeners,
    )
