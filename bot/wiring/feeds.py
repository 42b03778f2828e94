"""How news flows in from feeds."""

from dataclasses import dataclass
from functools import partial
from random import Random

from bot.desk.feeds import FeedDesk
from bot.fetch.fetcher import Fetcher
from bot.inflow.channels import ChannelInflow
from bot.inflow.extractor import Extractor
from bot.inflow.finder import FeedFinder
from bot.inflow.inflow import Inflow
from bot.inflow.pages import PageReader
from bot.inflow.parser import FeedParser
from bot.inflow.poller import FeedPoller
from bot.inflow.revisions import Revisions
from bot.inflow.warm_up import WarmUp
from bot.operations.feed_news import FeedNews
from bot.relevance.threading import Threader
from bot.relevance.topic_adviser import TopicAdviser
from bot.wiring.delivery import Delivery
from bot.wiring.fetch import make_fetcher
from bot.wiring.ground import PUBLISH, Ground
from storage.articles.imports import Imports


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedParts:
    """How news flows in from feeds."""

    fetcher: Fetcher
    parser: FeedParser
    inflow: Inflow
    poller: FeedPoller
    channels: ChannelInflow
    desk: FeedDesk
    news: FeedNews
    warm_up: WarmUp

    async def look(self) -> None:
        """Do now what is done by and by: take in albums that are whole, and tell the desk what it does not know."""
        await self.channels.flush()
        await self.news.look()

    async def close(self) -> None:
        """End the processes that read for us. May be repeated."""
        await self.parser.close()
        await self.inflow.pages.extractor.close()


def build_feeds(ground: Ground, adviser: TopicAdviser | None, delivery: Delivery) -> FeedParts:
    """Return how news flows in; nothing is asked for while everything is held back."""
    store, clock = ground.store, ground.clock
    publish_soon = partial(ground.ticker.soon, PUBLISH)
    fetcher, parser = make_fetcher(ground.settings, clock), FeedParser()
    pages = PageReader(feeds=store.feeds, fetcher=fetcher, extractor=Extractor(), clock=clock)
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
        pages=pages,
        clock=clock,
        wake_fan_out=publish_soon,
        adviser=adviser,
    )
    poller = FeedPoller(
        feeds=store.feeds,
        inflow=inflow,
        fetcher=fetcher,
        parser=parser,
        clock=clock,
        zone=ground.settings.timezone,
        chance=Random(),  # noqa: S311  spreads polls out, and hides nothing
        held=lambda: delivery.sender.held,
    )
    finder = FeedFinder(fetcher=fetcher, parser=parser, clock=clock, zone=ground.settings.timezone)
    desk = _desk(ground, inflow, finder, poller)
    news = _news(ground, delivery)
    return FeedParts(
        fetcher=fetcher,
        parser=parser,
        inflow=inflow,
        poller=poller,
        channels=_channels(ground, inflow),
        desk=desk,
        news=news,
        warm_up=_warm_up(ground, parser),
    )


def _warm_up(ground: Ground, parser: FeedParser) -> WarmUp:
    settings = ground.settings
    return WarmUp(
        feeds=ground.store.feeds,
        parser=parser,
        clock=ground.clock,
        zone=settings.timezone,
        language=settings.language,
    )


def _channels(ground: Ground, inflow: Inflow) -> ChannelInflow:
    store = ground.store
    return ChannelInflow(
        feeds=store.feeds,
        items=store.feed_items,
        notices=store.feed_notices,
        inflow=inflow,
        revisions=inflow.revisions,
        clock=ground.clock,
    )


def _desk(ground: Ground, inflow: Inflow, finder: FeedFinder, poller: FeedPoller) -> FeedDesk:
    store = ground.store
    return FeedDesk(
        feeds=store.feeds,
        items=store.feed_items,
        notices=store.feed_notices,
        articles=store.articles,
        topics=store.topics,
        finder=finder,
        inflow=inflow,
        revisions=inflow.revisions,
        clock=ground.clock,
        wake=poller.wake,
    )


def _news(ground: Ground, delivery: Delivery) -> FeedNews:
    store = ground.store
    return FeedNews(
        feeds=store.feeds,
        notices=store.feed_notices,
        articles=store.articles,
        editors=store.editors,
        owners=delivery.owners,
        people=delivery.notices,
        turn=ground.turn("feeds"),
        clock=ground.clock,
    )
