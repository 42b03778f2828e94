"""The sender by itself: over a real database, with a messenger of the test's choosing, without the rest of the bot."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.delivery.attempts import Attempts
from bot.delivery.composer import CardComposer
from bot.delivery.messenger import Messenger
from bot.delivery.pacing import ChatPacer, Pacer
from bot.delivery.sender import Sender
from bot.delivery.throttle import Throttle
from bot.model.ledger import OPEN, Claimed, ClaimUnconfirmed, Delivery, DeliveryState
from bot.model.outcomes import Delivered, Outcome
from bot.screens.card import Card
from bot.screens.digests import DigestScreens
from bot.timing.clock import Clock
from bot.wiring.reading import make_subscriptions
from storage.engine.database import Database
from storage.schema.tables import delivery, reader
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.waiting import Allowance, a_moment, within

WORKERS = 8


@dataclass(slots=True)
class Scripted:
    """A messenger that notes what it was asked to send and answers as it is told; "delivered" if it is told nothing."""

    answer: Callable[[Delivery], Awaitable[Outcome]] | None = None
    sent: list[int] = field(default_factory=list)

    async def send(self, item: Delivery, card: Card) -> Outcome:  # noqa: ARG002  a port's parameter
        self.sent.append(item.reader.address.chat_id)
        return await self.answer(item) if self.answer else Delivered(len(self.sent))

    async def answers(self) -> bool:
        return True

    async def ready(self, number: int) -> None:  # noqa: ARG002  a port's parameter
        return


class Deaf:
    """An alarm that nobody hears."""

    async def throttled(self, _: float) -> None:
        return

    async def spiked(self, _: int, __: str) -> None:
        return


class Flaky:
    """Stands before a store, and fails where it is told to: before its method, or after, when the commit is made."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.orders: list[tuple[str, str]] = []

    def fail(self, method: str, when: str = "before", times: int = 1) -> None:
        self.orders += [(method, when)] * times

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if not asyncio.iscoroutinefunction(found):
            return found

        async def call(*arguments: Any, **options: Any) -> Any:
            if (name, "before") in self.orders:
                self.orders.remove((name, "before"))
                raise ConnectionError(f"{name}: the database is away")
            result = await found(*arguments, **options)
            if (name, "after") in self.orders:
                self.orders.remove((name, "after"))
                if isinstance(result, Claimed):
                    raise ClaimUnconfirmed(result.deliveries)
                raise ConnectionError(f"{name}: the connection broke after the commit")
            return result

        return call


def a_sender(database: Database, messenger: Messenger, holder: str = "me", **options: Any) -> Sender:
    """Return a sender that nobody slows down; `options` replace its parts."""
    clock = options.pop("clock", None) or TestClock()
    store = Store(database, holder)
    chats, pacer = options.get("chats") or ChatPacer(clock), options.get("pacer") or Pacer(1000, clock)
    chats.private_seconds = chats.group_seconds = 0.0
    parts: dict[str, Any] = {
        "readers": store.readers,
        "composer": CardComposer(
            articles=store.articles, digests=_digests(store, clock), ledger=store.ledger, clock=clock
        ),
        "messenger": messenger,
        "pacer": pacer,
        "chats": chats,
        "throttle": Throttle(clock=clock, pacer=pacer, chats=chats),
        "clock": clock,
        "alarm": Deaf(),
        "refund": lambda: None,
    }
    attempts = Attempts(**{name: options.pop(name, part) for name, part in parts.items()})
    return Sender(**{"ledger": store.ledger, "attempts": attempts, "clock": clock} | options)


def _digests(store: Store, clock: Clock) -> DigestScreens:
    subscriptions = make_subscriptions(store, clock)
    return DigestScreens(
        articles=store.articles, digests=store.digests, topics=store.topics, subscriptions=subscriptions
    )


@asynccontextmanager
async def running(sender: Sender, *, recover_every: float = 0.0) -> AsyncIterator[None]:
    """Let a sender work, and stop it in good order. With `recover_every` it keeps leases and takes over what lapsed."""
    tasks = [asyncio.create_task(sender.feed())]
    tasks += [asyncio.create_task(sender.work()) for _ in range(WORKERS)]
    chores = asyncio.create_task(_chores(sender, recover_every)) if recover_every else None
    try:
        yield
    finally:
        if chores:
            chores.cancel()
        await sender.stop(WORKERS)
        async with within(20):
            await asyncio.gather(*tasks)


async def _chores(sender: Sender, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await sender.renew()
            await sender.ledger.recover(sender.clock.now())
        except Exception:  # noqa: BLE001  the database may be away: the ticker logs it and comes again
            continue


async def fates(database: Database) -> dict[int, tuple[DeliveryState, str]]:
    """Return what became of each chat's delivery (the last one), and why."""
    columns = (reader.c.chat_id, delivery.c.state, delivery.c.reason)
    statement = select(*columns).join(reader, reader.c.id == delivery.c.reader_id).order_by(delivery.c.id)
    async with database.read() as connection:
        return {row.chat_id: (row.state, row.reason or "") for row in await connection.execute(statement)}


async def settled(database: Database, seconds: float = 20.0) -> Counter[DeliveryState]:
    """Wait until nothing is queued or under way; returns how many rows are in each state."""
    allowance, began = Allowance(seconds), time.monotonic()
    while True:
        counts = Counter(state for state, _ in (await fates(database)).values())
        if not any(counts[state] for state in OPEN):
            return counts
        assert not allowance.over, counts
        await a_moment(began)


LONG = timedelta(hours=6)
