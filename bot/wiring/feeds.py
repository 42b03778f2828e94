"""How news flows in from feeds."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from bot import __version__
from bot.config import Settings
from bot.feeds.inflow import Inflow
from bot.feeds.parser import FeedParser
from bot.feeds.poller import FeedPoller
from bot.feeds.revisions import Revisions
from bot.fetch.fetcher import Fetcher
from bot.fetch.networks import allowed
from bot.relevance.threading import Threader
from bot.timing.clock import Clock
from bot.wiring.ground import PUBLISH, Ground
from storage.articles.imports import Imports


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedParts:
    """How news flows in from feeds."""

    fetcher: Fetcher
    parser: FeedParser
    inflow: Inflow
    poller: FeedPoller


def make_fetcher(settings: Settings, clock: Clock) -> Fetcher:
    """Return what asks servers that nobody here knows; it tells them who asks."""
    contact = f"+{settings.fetch_contact}" if settings.fetch_contact else "a newsroom inside Telegram"
    return Fetcher(
        clock=clock,
        agent=f"Visnyk/{__version__} ({contact})",
        allowed=allowed(settings.fetch_allow),
        proxy=settings.fetch_proxy,
    )


def build_feeds(ground: Ground, held: Callable[[], bool]) -> FeedParts:
    """Return how news flows in; nothing is asked for while `held`."""
    store, clock = ground.store, ground.clock
    publish_soon = partial(ground.ticker.soon, PUBLISH)
    fetcher, parser = make_fetcher(ground.settings, clock), FeedParser()
    revisions = Revisions(
        items=store.feed_items,
        notices=store.feed_notices,
        articles=store.articles,
        corrections=store.corrections,
        clock=clock,
        wake_fan_out=publish_soon,
    )
    inflow = Inflow(
        items=store.feed_items,
        notices=store.feed_notices,
        articles=store.articles,
        imports=Imports(ground.database),
        topics=store.topics,
        placing=Threader(store.stories),
        revisions=revisions,
        clock=clock,
        wake_fan_out=publish_soon,
    )
    poller = FeedPoller(
        feeds=store.feeds,
        notices=store.feed_notices,
        inflow=inflow,
        fetcher=fetcher,
        parser=parser,
        clock=clock,
        zone=ground.settings.timezone,
        chance=Random(),  # noqa: S311  spreads polls out, and hides nothing
        held=held,
    )
    return FeedParts(fetcher=fetcher, parser=parser, inflow=inflow, poller=poller)
