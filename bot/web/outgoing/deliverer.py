"""Telling listeners: a few at a time, each by one process, one event after the other, until it has taken it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from urllib.parse import urlsplit

import structlog

from bot.errors import NotFound
from bot.fetch.answers import Failed
from bot.fetch.fetcher import Fetcher
from bot.model.listeners import Event, Listener, ListenerForm, ListenerState
from bot.ports import ArticleStore, CorrectionStore, ListenerStore, PublicationStore
from bot.screens.links import Links
from bot.timing.clock import Clock
from bot.web.outgoing.hub import FORM, changed_feeds, notice
from bot.web.outgoing.messages import message_of
from bot.web.outgoing.signing import signed
from bot.web.outgoing.timetable import OUTAGE, after_failure, failure_of

LEASE = timedelta(seconds=60)  # longer than one try may take
WORKERS = 3
_AT_ONCE = 50
_LOOK_SECONDS = 2.0

log = structlog.get_logger(__name__)


async def tell(fetcher: Fetcher, listener: Listener, key: str, body: bytes, clock: Clock) -> Failed | None:
    """Bring a message to a listener once, signed; returns why it was not taken, None when it was."""
    said = {"Content-Type": "application/json", **signed(listener.secret, key, clock.now(), body)}
    return failure_of(await fetcher.post(listener.address, body, said))


@dataclass(slots=True, kw_only=True)
class Deliverer:
    """Tells listeners. Run `work` in as many tasks as there shall be told at once; `stop` lets them end.

    While `held` nobody is told anything: what would go out has to wait for the owner. `chance` spreads tries out.
    """

    listeners: ListenerStore
    articles: ArticleStore
    publications: PublicationStore
    corrections: CorrectionStore
    links: Links
    fetcher: Fetcher
    clock: Clock
    chance: Random
    held: Callable[[], bool]
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self) -> None:
        """Begin nothing any more; each `work` ends after the event it is at."""
        self._over.set()

    async def work(self) -> None:
        """Tell the listeners for which something waits, one after the other, until told to stop."""
        while not self._over.is_set():
            try:
                if self.held() or not await self.look():
                    await self.clock.wait(self._over, _LOOK_SECONDS)
            except Exception:
                log.exception("a listener could not be told; it is tried again")
                await self.clock.rest(_LOOK_SECONDS)

    async def look(self) -> bool:
        """Tell one listener what waits for it; returns whether there was one."""
        now = self.clock.now()
        listener = await self.listeners.claim(now, now + LEASE)
        if listener is None:
            return False
        try:
            events = await self.listeners.waiting(listener.id, now, _AT_ONCE)
            if listener.form is ListenerForm.HUB:
                await self._pinged(listener, events)
            else:
                await self._told_all(listener, events)
        finally:
            await self.listeners.give_back(listener.id)
        return True

    async def _told_all(self, listener: Listener, events: Sequence[Event]) -> None:
        for event in events:
            if self._over.is_set() or not await self.listeners.renew(listener.id, self.clock.now() + LEASE):
                break
            if not await self._told(listener, event):
                break
            listener = replace(listener, failures=0, failing_since=None, told=False)

    async def _pinged(self, hub: Listener, events: Sequence[Event]) -> None:
        """Tell a hub once which feeds all these events have changed."""
        if not events or self._over.is_set():
            return
        numbers = dict.fromkeys(event.article_id for event in events)
        feeds = await changed_feeds(numbers, self.articles, self.links.site)
        failed = failure_of(await self.fetcher.post(hub.address, notice(feeds), FORM))
        if failed is not None:
            await self._failed(hub, events[0], failed)
            return
        for event in events:
            await self._delivered(hub, event)
            hub = replace(hub, failures=0)

    async def _told(self, listener: Listener, event: Event) -> bool:
        try:
            message = await message_of(event, self.articles, self.publications, self.corrections, self.links)
        except NotFound:
            await self.listeners.drop(listener.id, event.id)
            return True
        failed = await tell(self.fetcher, listener, event.key, message.written(), self.clock)
        if failed is None:
            await self._delivered(listener, event)
        else:
            await self._failed(listener, event, failed)
        return failed is None

    async def _delivered(self, listener: Listener, event: Event) -> None:
        relieved = listener.failures >= OUTAGE
        await self.listeners.delivered(listener.id, event.id, self.clock.now(), relieved=relieved)

    async def _failed(self, listener: Listener, event: Event, failed: Failed) -> None:
        now = self.clock.now()
        waiting = await self.listeners.count(listener.id)
        failing = after_failure(listener, event, failed, waiting, now, self.chance)
        await self.listeners.failed(listener.id, event.id, failing, now)
        host, disabled = urlsplit(listener.address).hostname, failing.state is ListenerState.DISABLED
        log.warning(
            "a listener did not take an event",
            listener=listener.id,
            host=host,
            reason=failing.reason,
            detail=failing.detail,
            disabled=disabled,
            given_up=failing.event_at is None,
        )
