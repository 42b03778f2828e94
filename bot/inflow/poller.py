"""Polling: feeds that are due are asked, a few at a time, a server never twice at once, each feed by one process."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

import structlog

from bot.fetch.answers import Failed, Fetched, Reason
from bot.fetch.damage import damage_of
from bot.fetch.fetcher import Fetcher
from bot.inflow.inflow import Inflow
from bot.inflow.parsed import Head
from bot.inflow.parser import FeedParser
from bot.inflow.timetable import LEASE, after_failure, after_success, interval, is_late
from bot.model.feeds import Feed, FeedState, NoticeKind, Polled, Skips
from bot.ports import FeedStore
from bot.timing.clock import Clock

CALM = timedelta(seconds=2)  # between two questions to one server
TELL_AFTER = 3
"""So many failures in a row, and owners are told."""
WORKERS = 6
_LOOK_SECONDS = 2.0
_ACTIVITY = timedelta(days=7)

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class FeedPoller:
    """Asks feeds. Run `work` in as many tasks as there shall be questions at once; `stop` lets them end.

    While `held` nothing is asked: what would go out has to wait for the owner. `chance` spreads polls out.
    """

    feeds: FeedStore
    inflow: Inflow
    fetcher: Fetcher
    parser: FeedParser
    clock: Clock
    zone: str
    chance: Random
    held: Callable[[], bool]
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False
    _asked: set[int] = field(default_factory=set)  # the feeds that are being asked here

    @property
    def idle(self) -> bool:
        """Whether no feed is being asked."""
        return not self._asked

    def wake(self) -> None:
        """Look at once which feeds are due."""
        self._wake.set()

    def stop(self) -> None:
        """Begin nothing any more; each `work` ends after the feed it is at."""
        self._stopping = True
        self.wake()

    async def work(self) -> None:
        """Ask the feeds that are due, one after the other, until told to stop."""
        while not self._stopping:
            try:
                feed = await self._next()
                if feed is not None:
                    await self.poll(feed)
            except Exception:
                log.exception("a feed could not be taken in; it is tried again")
                await self.clock.rest(_LOOK_SECONDS)

    async def _next(self) -> Feed | None:
        """Return the next feed that is due, waiting a while for one; None when there is none, or we stop."""
        async with self._turn:  # whoever waits does it for all
            while not self._stopping:
                self._wake.clear()
                now = self.clock.now()
                feed = None
                if not self.held():
                    feed = await self.feeds.claim(now, now + LEASE, now - CALM, self._asked)
                if feed is not None:
                    self._asked.add(feed.id)
                    return feed
                await self.clock.wait(self._wake, _LOOK_SECONDS)
        return None

    async def poll(self, feed: Feed) -> None:
        """Ask one feed that is claimed, take in what is new, and give it back with the time of its next turn."""
        try:
            answer = await self.fetcher.fetch(feed.address, etag=feed.etag, modified=feed.modified)
            polled = await self._failed(feed, answer) if isinstance(answer, Failed) else await self._had(feed, answer)
            await self.feeds.polled(feed.id, replace(polled, tell=_news(feed, polled)), self.clock.now())
        finally:
            self._asked.discard(feed.id)

    async def _had(self, feed: Feed, answer: Fetched) -> Polled:
        body_print = printed(answer.body)
        if answer.unchanged or body_print == feed.print:
            await self.inflow.nothing_new(feed)
            return await self._well(feed, answer, Head(ttl=feed.fresh_for), feed.skips)
        now = self.clock.now()
        found = await self.parser.parse(answer.body, answer.address, self.zone, now, answer.charset)
        if found.problem:
            return await self._failed(feed, Failed(Reason(found.problem)))
        if not await self.feeds.renew(feed.id, self.clock.now() + LEASE):
            return await self._well(feed, answer, found.head, feed.skips)  # somebody else has it, who takes it in
        try:
            categories = await self.inflow.take(feed, found)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            log.exception("what a feed brought could not be taken in", feed=feed.id)
            return await self._failed(feed, Failed(Reason.UNREADABLE))
        head = found.head
        polled = await self._well(feed, answer, head, Skips(hours=head.skip_hours, days=head.skip_days))
        damage = damage_of(found.damaged, found.spoilt)
        polled = replace(polled, reason=Reason.DAMAGED if damage else "", detail=damage)
        if found.early:  # its day comes without a change of the feed: it has to be read again
            polled, body_print = replace(polled, etag="", modified=""), ""
        return replace(polled, print=body_print, filled=True, categories=categories, name=head.name or None)

    async def _well(self, feed: Feed, answer: Fetched, head: Head, skips: Skips) -> Polled:
        now = self.clock.now()
        seconds = interval(feed.every, await self._a_day(feed))
        damaged = feed.reason == Reason.DAMAGED  # and still is, when it holds what it held
        return Polled(
            reason=feed.reason if damaged else "",
            detail=feed.detail if damaged else "",
            next_at=after_success(
                now,
                seconds,
                max(answer.fresh_for, head.ttl),
                skips,
                self.chance,
                late=is_late(feed.next_at, feed.polled_at),
            ),
            succeeded=True,
            state=FeedState.ENDED if head.over else FeedState.ACTIVE,
            address=answer.moved if answer.moved != feed.address else "",
            # Who says that nothing changed need not say again what it is known by.
            etag=answer.etag or None if answer.unchanged else answer.etag,
            modified=answer.modified or None if answer.unchanged else answer.modified,
            fresh_for=head.ttl,
            skips=skips,
        )

    async def _failed(self, feed: Feed, failed: Failed) -> Polled:
        failures = feed.failures + 1
        seconds = interval(feed.every, await self._a_day(feed))
        ended = failed.reason is Reason.GONE
        told = feed.told or ended or failures >= TELL_AFTER
        damaged = feed.reason == Reason.DAMAGED and not told  # a hiccup has not mended what owners were told of
        return Polled(
            next_at=after_failure(self.clock.now(), seconds, failures, failed.retry_after, feed.skips, self.chance),
            succeeded=False,
            failures=failures,
            reason=feed.reason if damaged else failed.reason,
            detail=feed.detail if damaged else failed.detail,
            told=told,
            state=FeedState.ENDED if ended else FeedState.ACTIVE,
        )

    async def _a_day(self, feed: Feed) -> float | None:
        if not feed.filled:
            return None
        return await self.feeds.brought(feed.id, self.clock.now() - _ACTIVITY) / _ACTIVITY.days


def printed(body: bytes) -> str:
    """Return the fingerprint of what a feed holds: the same as the last time, and it need not be read."""
    return hashlib.sha256(body).hexdigest()[:40]


def _news(feed: Feed, polled: Polled) -> NoticeKind | None:
    """Return what owners do not know: once that it fails or is over, once that it is well again."""
    if polled.state is FeedState.ENDED:
        return NoticeKind.ENDED
    if polled.told and not feed.told:
        return NoticeKind.FAILING
    if polled.succeeded and feed.told:
        return NoticeKind.RECOVERED
    return NoticeKind.DAMAGED if polled.reason == Reason.DAMAGED and feed.reason != Reason.DAMAGED else None
