"""Rounds of asking over a real ledger, with a Telegram that remembers: crashes, several processes, what cannot be told."""

import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery.asker import Asker
from bot.delivery.pacing import Pacer
from bot.model.asking import Findings, Heard, Presence, SentMessages, counter_of
from bot.model.ledger import Delivery, DeliveryState, Finish
from bot.model.outcomes import Throttled, Unknown
from bot.model.readers import Address, ChatKind, Reader
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.people.readers import Readers
from storage.schema.tables import delivery, reader
from storage.store import Store
from tests.support.clock import TestClock
from tests.support.rows import LEASE, NOW, a_matter, a_publication, claimed
from tests.support.sending import LONG

pytestmark = pytest.mark.wide

CHANNEL, GROUP = -1_000_000_000_700, -55
UNKNOWN = Finish(DeliveryState.UNCERTAIN, "reset")


@dataclass(slots=True)
class Telegram:
    """Which message is in which chat, what it was asked, and what it answers instead, one after the other."""

    clock: TestClock
    messages: dict[tuple[int, int], int] = field(default_factory=dict)  # by counter and number
    given: dict[int, tuple[float, int]] = field(default_factory=dict)
    asked: list[tuple[int, int]] = field(default_factory=list)
    instead: list[Heard] = field(default_factory=list)
    counters: dict[int, Any] = field(default_factory=dict)

    def put(self, chat_id: int) -> int:
        """Put a message into a chat; returns its number."""
        counter = counter_of(chat_id)
        number: int = next(self.counters.setdefault(counter, itertools.count(101)))
        self.messages[counter, number] = chat_id
        return number

    def send(self, chat_id: int) -> int:
        """Put a message of this process into a chat."""
        number, counter = self.put(chat_id), counter_of(chat_id)
        self.given[counter] = (self.clock.monotonic(), number)
        return number

    async def exists(self, chat_id: int, message_id: int) -> Heard:
        self.asked.append((chat_id, message_id))
        if self.instead:
            return self.instead.pop(0)
        there = self.messages.get((counter_of(chat_id), message_id)) == chat_id
        return Presence.THERE if there else Presence.MISSING

    def given_since(self, moment: float, counter: int) -> int | None:
        begun, number = self.given.get(counter, (-1.0, 0))
        return number if begun >= moment else None


@dataclass(slots=True)
class Notice:
    """Tells the owners, which is a message to somebody."""

    telegram: Telegram
    record: Callable[[int, int], Awaitable[None]]
    told: list[object] = field(default_factory=list)

    async def begun(self, number: int) -> None:
        self.told.append(number)
        await self.record(1, self.telegram.send(1))

    async def ended(self, findings: Findings) -> None:
        self.told.append(findings)


@dataclass(slots=True)
class House:
    """A ledger, its Telegram, and whoever asks."""

    database: Database
    store: Store
    clock: TestClock
    telegram: Telegram
    marks: Any = field(default_factory=lambda: map(str, itertools.count()))
    polls: bool = True

    async def record(self, chat_id: int, number: int) -> None:
        await self.store.message_ids.end(await self.store.message_ids.begin(chat_id, NOW), [(chat_id, number)], NOW)

    def asker(self, holder: str = "me", **options: Any) -> Asker:
        store = Store(self.database, holder)
        parts: dict[str, Any] = {
            "doubts": store.doubts,
            "ids": store.message_ids,
            "leases": store.leases,
            "messenger": self.telegram,
            "pacer": Pacer(1000, self.clock),
            "listener": Notice(self.telegram, self.record),
            "clock": self.clock,
            "held": lambda: False,
            "wake_sender": lambda: None,
        }
        return Asker(**parts | options)

    async def publishes(self, *chats: int) -> list[Delivery]:
        """Publish to chats, and claim."""
        for chat_id in chats:
            kind = ChatKind.CHANNEL if chat_id == CHANNEL else ChatKind.GROUP if chat_id == GROUP else ChatKind.PRIVATE
            met, _ = await Readers(self.database).meet(Reader(id=0, address=Address(chat_id), name="x", kind=kind), NOW)
            await Readers(self.database).choose(met.id, list(a_matter().keys))
        _, number = await a_publication(self.database, f"Новина {chats}")
        await Publications(self.database).fan_out(number, a_matter(), 1000, NOW, LONG)
        return await claimed(self.store.ledger, 50)

    async def sent(self, deliveries: Sequence[Delivery]) -> None:
        """Let deliveries arrive, and record it."""
        for one in deliveries:
            chat_id = one.reader.address.chat_id
            end = Finish(DeliveryState.SENT, message_id=self.telegram.send(chat_id), chat_id=chat_id)
            await self.store.ledger.finish([(one.id, end)], NOW)

    async def loses(self, *chats: int, arrived: Sequence[int] = ()) -> None:
        """Publish, and lose the answers of some deliveries (of all, if none are named), of which some arrive."""
        for one in await self.publishes():
            chat_id = one.reader.address.chat_id
            if chats and chat_id not in chats:
                await self.sent([one])
                continue
            if chat_id in arrived:
                self.telegram.send(chat_id)
            await self.store.ledger.finish([(one.id, UNKNOWN)], NOW)

    async def passes(self, *askers: Asker, seconds: int = 400) -> None:
        """Let time pass, as long as there is something to ask."""
        for _ in range(seconds // 5):
            self.clock.advance(seconds=5)
            if self.polls:
                await self.store.inbox.store((), self.clock.now(), mark=next(self.marks))
            for asker in askers:
                await asker.look()
            if not await self.store.doubts.open():
                return

    async def states(self) -> dict[int, DeliveryState]:
        columns = select(reader.c.chat_id, delivery.c.state).join(reader, reader.c.id == delivery.c.reader_id)
        async with self.database.read() as connection:
            return {row.chat_id: row.state for row in await connection.execute(columns.order_by(delivery.c.id))}


SENT, QUEUED, UNCERTAIN = DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.UNCERTAIN


@pytest.fixture
async def house(database: Database) -> House:
    """A newsroom that has sent something before, to three readers, a group and a channel."""
    clock = TestClock(NOW, speed=0)
    opened = House(database, Store(database, "me"), clock, Telegram(clock))
    await opened.record(1, opened.telegram.put(1))
    await opened.sent(await opened.publishes(1, 2, 3, CHANNEL, GROUP))
    return opened


async def test_what_arrived_is_found_and_the_rest_goes_back(house: House) -> None:
    await house.loses(arrived=(2, CHANNEL))
    await house.record(1, house.telegram.put(1))
    asker = house.asker()
    await house.passes(asker, seconds=80)
    house.telegram.send(CHANNEL)
    await house.passes(asker)
    assert await house.states() == {1: QUEUED, 2: SENT, 3: QUEUED, CHANNEL: SENT, GROUP: QUEUED}


async def test_one_asks_at_a_time_and_whoever_dies_is_followed_by_another(house: House) -> None:
    await house.loses(arrived=(1, 2, 3, GROUP))
    first, second = house.asker("first", sees_groups=True), house.asker("second", sees_groups=True)
    house.telegram.instead = [Presence.MISSING, Throttled(300)]
    await house.passes(first, second, seconds=300)
    assert len(house.telegram.asked) == 2
    del first  # killed
    house.telegram.asked.clear()
    await house.passes(second, seconds=600)
    assert {chat for chat, state in (await house.states()).items() if state is SENT} >= {1, 2, 3, GROUP}
    assert max(Counter(house.telegram.asked).values()) == 1


async def test_a_wait_that_telegram_asks_for_is_kept_and_lost_answers_are_asked_again(house: House) -> None:
    await house.loses(1, arrived=(1,))
    asker = house.asker()
    house.telegram.instead = [Throttled(100), Unknown("reset")]
    await house.passes(asker, seconds=120)
    assert len(house.telegram.asked) == 1
    await house.passes(asker)
    assert (await house.states())[1] is SENT
    assert len(house.telegram.asked) == 3


async def test_a_chat_that_never_answers_holds_nobody_up(house: House) -> None:
    await house.loses(1, 2, arrived=(1, 2))
    house.telegram.instead = [Unknown("500")] * 5
    await house.passes(house.asker())
    assert (await house.states())[2] is SENT
    assert (await house.states())[1] is UNCERTAIN


async def test_nothing_is_asked_before_everything_that_came_is_in_the_inbox(house: House) -> None:
    await house.loses(1)
    number = house.telegram.put(1)  # a person's, which would be taken for the delivery
    house.polls, asker = False, house.asker()
    await house.passes(asker, seconds=200)
    assert house.telegram.asked == []
    assert (await house.states())[1] is UNCERTAIN
    await house.store.inbox.store([(7, 1, "{}")], NOW, {7: (1, number)})
    house.polls = True
    await house.passes(asker)
    assert (await house.states())[1] is QUEUED


async def test_nothing_is_asked_before_what_is_under_way_is_recorded(house: House) -> None:
    first, *others = await house.publishes()
    await house.store.ledger.finish([(first.id, UNKNOWN)], NOW)
    asker = house.asker()
    house.clock.advance(seconds=5)
    await asker.look()
    house.clock.advance(seconds=61)
    number = house.telegram.send(others[0].reader.address.chat_id)
    await house.passes(asker, seconds=100)
    assert house.telegram.asked == []
    assert (await house.states())[1] is UNCERTAIN
    end = Finish(SENT, message_id=number, chat_id=2)
    await house.store.ledger.finish([(others[0].id, end), *((one.id, UNKNOWN) for one in others[1:])], NOW)
    await house.passes(asker, seconds=30)
    assert (await house.states())[1] is QUEUED
    assert house.telegram.asked == []  # every number is known


@pytest.mark.parametrize(("chat", "fate"), [(2, QUEUED), (1, UNCERTAIN)])
async def test_a_reply_that_a_crash_cut_off_is_not_taken_for_the_delivery(house: House, chat: int, fate: Any) -> None:
    await house.loses(1)
    await house.store.inbox.store([(7, chat, "{}")], NOW)
    await Store(house.database, "gone").inbox.claim(1, NOW, LEASE)
    house.telegram.put(chat)  # the reply; its process dies
    await house.store.inbox.take_over(NOW + 2 * LEASE)
    (update,) = await house.store.inbox.claim(1, NOW, LEASE)
    await house.store.inbox.done(update.update_id, SentMessages(NOW, [(chat, house.telegram.put(chat))]))
    await house.passes(house.asker())
    assert (await house.states())[1] is fate


async def test_with_a_restored_backup_it_is_not_asked_through_everything_that_was_sent_since(house: House) -> None:
    await house.loses(1, 2, arrived=(1, 2))
    for _ in range(600):
        house.telegram.put(3)
    await house.passes(house.asker())
    assert house.telegram.asked == []
    assert (await house.states())[1] is UNCERTAIN
    assert await house.store.doubts.open() == []


async def test_after_a_day_nothing_is_asked_any_more(house: House) -> None:
    await house.loses(1, arrived=(1,))
    house.clock.advance(hours=21)
    await house.passes(house.asker())
    assert house.telegram.asked == []
    assert (await house.states())[1] is UNCERTAIN


@pytest.mark.parametrize(("sees_groups", "fate"), [(True, SENT), (False, UNCERTAIN)])
async def test_what_is_found_in_a_group_may_be_somebody_else_s(house: House, sees_groups: bool, fate: Any) -> None:
    await house.loses(GROUP, arrived=(GROUP,))
    await house.passes(house.asker(sees_groups=sees_groups))
    assert (await house.states())[GROUP] is fate


async def test_a_channel_that_gets_nothing_more_is_left_to_the_editor(house: House) -> None:
    await house.loses(CHANNEL, arrived=(CHANNEL,))
    await house.passes(house.asker(), seconds=600)
    assert len(await house.store.doubts.open()) == 1
    await house.passes(house.asker(), seconds=1200)
    assert (await house.states())[CHANNEL] is UNCERTAIN
    assert await house.store.doubts.open() == []


async def test_while_everything_is_held_nothing_is_asked(house: House) -> None:
    await house.loses(1, arrived=(1,))
    await house.passes(house.asker(held=lambda: True))
    assert house.telegram.asked == []
    assert len(await house.store.doubts.open()) == 1


async def test_what_fails_again_and_again_is_left_to_the_editor(house: House) -> None:
    await house.loses(1)
    for _ in range(4):
        await house.passes(house.asker())
        house.clock.advance(minutes=1)
        (again,) = await claimed(house.store.ledger, at=house.clock.now())
        await house.store.ledger.finish([(again.id, UNKNOWN)], house.clock.now())
    await house.passes(house.asker())
    assert (await house.states())[1] is UNCERTAIN
    assert await house.store.doubts.open() == []
