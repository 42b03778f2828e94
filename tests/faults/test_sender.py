"""The sender when its own side fails: the database is away, a card cannot be made, it is told to stop."""

import asyncio
from typing import Any

import pytest

from bot.delivery.pacing import PROBE_SECONDS, Pacer
from bot.model.ledger import Delivery, DeliveryState, Priority
from bot.model.outcomes import Delivered, Moved, NotConnected, Outcome, Throttled
from storage.delivery.ledger import Ledger
from storage.delivery.publications import Publications
from storage.delivery.readers import LedgerReaders
from storage.engine.database import Database
from tests.support.clock import TestClock
from tests.support.rows import NOW, a_matter, a_publication, a_reader
from tests.support.sending import LONG, Deaf, Flaky, Scripted, a_sender, fates, running, settled
from tests.support.waiting import until

pytestmark = pytest.mark.thorough

READERS = 30


async def _send_to(database: Database, readers: int, lane: Priority = Priority.INSTANT) -> None:
    for number in range(readers):
        await a_reader(database, chat_id=1000 + number)
    _, publication = await a_publication(database, lane=lane)
    await Publications(database).fan_out(publication, a_matter(), 1000, NOW, LONG * 1000)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("method", ["claim", "finish"])
async def test_a_commit_that_fails_or_only_seems_to_doubles_and_loses_nothing(
    method: str, when: str, database: Database
) -> None:
    await _send_to(database, READERS)
    ledger = Flaky(Ledger(database, "me"))
    ledger.fail(method, when, times=3)
    messenger = Scripted()
    clock = TestClock(speed=20)  # leases of 15 s last less than one
    async with running(a_sender(database, messenger, ledger=ledger, clock=clock), recover_every=0.1):
        counts = await settled(database)
    assert counts == {DeliveryState.SENT: READERS}
    assert sorted(messenger.sent) == list(range(1000, 1000 + READERS))


async def test_a_retry_that_is_written_down_twice_does_not_take_back_the_next_try(database: Database) -> None:
    await _send_to(database, 1)
    ledger = Flaky(Ledger(database, "me"))
    ledger.fail("finish", "after")
    under_way, most = 0, 0

    async def answer(item: Delivery) -> Outcome:
        nonlocal under_way, most
        if item.attempts == 0:
            return Throttled(0.0)  # to be tried again at once
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(2.5)  # the retry is repeated after one second
        under_way -= 1
        return Delivered(1)

    messenger = Scripted(answer)
    async with running(a_sender(database, messenger, ledger=ledger)):
        assert await settled(database) == {DeliveryState.SENT: 1}
    assert (most, messenger.sent) == (1, [1000, 1000]), "the second try was taken back while it was under way"


async def test_a_claim_that_got_lost_comes_back_while_its_owner_is_busy(database: Database) -> None:
    await _send_to(database, READERS)
    ledger = Flaky(Ledger(database, "me"))
    ledger.fail("claim", "after")
    busy = asyncio.Event()

    async def answer(item: Delivery) -> Outcome:
        if item.reader.address.chat_id == 1029:
            await busy.wait()  # one request takes longer than all leases
        return Delivered(1)

    clock = TestClock(speed=20)
    messenger = Scripted(answer)
    async with running(a_sender(database, messenger, ledger=ledger, clock=clock), recover_every=0.1):
        await until(lambda: len(messenger.sent) == READERS, "the lost claim is kept for ever")
        busy.set()
        assert await settled(database) == {DeliveryState.SENT: READERS}


@pytest.mark.parametrize("outcome", [Moved(-100), Throttled(0.0)])
async def test_an_error_beside_a_delivery_ends_no_worker(outcome: Outcome, database: Database) -> None:
    await _send_to(database, READERS)
    readers = Flaky(LedgerReaders(database))
    readers.fail("move_chat", times=20)

    async def answer(item: Delivery) -> Outcome:
        return outcome if item.attempts == 0 and item.reader.address.chat_id < 1020 else Delivered(1)

    alarm = Flaky(Deaf())
    alarm.fail("throttled", times=20)
    clock = TestClock(speed=20, hurries=False)  # the waits that the refusals bring leave time to keep the leases
    sender = a_sender(database, Scripted(answer), readers=readers, alarm=alarm, clock=clock)
    async with running(sender, recover_every=0.1):
        assert await settled(database) == {DeliveryState.SENT: READERS}


async def test_leases_that_could_not_be_kept_while_telegram_slows_the_bot_down_hold_nothing_up_for_good(
    database: Database,
) -> None:
    """Refusals make the turns rare: what waits for one outlives its lease, and is not begun then."""
    await _send_to(database, READERS)
    ledger = Flaky(Ledger(database, "me"))
    ledger.fail("renew", times=9)  # for longer than a lease

    async def answer(item: Delivery) -> Outcome:
        return Throttled(0.0) if item.attempts == 0 and item.reader.address.chat_id < 1020 else Delivered(1)

    messenger = Scripted(answer)
    sender = a_sender(database, messenger, ledger=ledger, clock=TestClock(speed=20, hurries=False))
    async with running(sender, recover_every=0.1):
        assert await settled(database, 40.0) == {DeliveryState.SENT: READERS}
    assert len(ledger.orders) < 9  # where all is sent, no lease is left to be kept


async def test_a_messenger_that_raises_leaves_an_uncertain_delivery_and_goes_on(database: Database) -> None:
    await _send_to(database, READERS)

    async def answer(item: Delivery) -> Outcome:
        if item.reader.address.chat_id < 1010:
            raise RuntimeError("nobody thought of this")
        return Delivered(1)

    async with running(a_sender(database, Scripted(answer))):
        assert await settled(database) == {DeliveryState.SENT: READERS - 10, DeliveryState.UNCERTAIN: 10}


async def test_a_card_that_cannot_be_made_for_a_moment_is_made_later(database: Database) -> None:
    await _send_to(database, 3)
    sender = a_sender(database, Scripted())
    sender.attempts.composer = Flaky(sender.attempts.composer)
    sender.attempts.composer.fail("card", times=3)
    async with running(sender):
        assert await settled(database) == {DeliveryState.SENT: 3}


async def test_a_card_that_can_never_be_made_fails_with_its_reason(database: Database) -> None:
    await _send_to(database, 1)
    sender = a_sender(database, messenger := Scripted(), clock=TestClock(speed=50))
    sender.attempts.composer = Flaky(sender.attempts.composer)
    sender.attempts.composer.fail("card", times=100)
    async with running(sender):
        assert await settled(database) == {DeliveryState.FAILED: 1}
    assert (await fates(database))[1000] == (DeliveryState.FAILED, "cannot be composed")
    assert messenger.sent == []


async def test_a_stop_in_the_middle_of_a_send_leaves_nothing_uncertain(database: Database) -> None:
    await _send_to(database, 200)
    messenger = Scripted()
    for stops in range(1, 6):
        async with running(a_sender(database, messenger, holder=f"start {stops}")):
            goal = 30 * stops
            await until(lambda goal=goal: len(messenger.sent) >= goal, "nothing is sent")
        counts = {state for state, _ in (await fates(database)).values()}
        assert counts <= {DeliveryState.SENT, DeliveryState.QUEUED}
    assert len(messenger.sent) == len(set(messenger.sent))


async def test_waits_of_one_reader_hold_up_no_other(database: Database) -> None:
    await _send_to(database, READERS)

    async def answer(item: Delivery) -> Outcome:
        odd = item.reader.address.chat_id == 1000 and item.attempts < 2
        return NotConnected("refused") if odd else Delivered(1)

    messenger = Scripted(answer)
    async with running(a_sender(database, messenger)):
        await until(lambda: len(set(messenger.sent)) == READERS, "one reader holds the others up", 5)
        assert (await fates(database))[1000][0] is DeliveryState.QUEUED
        assert await settled(database) == {DeliveryState.SENT: READERS}


class SlowTurns:
    """Turns that come when the clock has been moved on, as often as it is told to; then at once."""

    def __init__(self, clock: TestClock, *seconds: float) -> None:
        self.clock, self.seconds = clock, list(seconds)
        self.before: list[Any] = []

    async def slot(self, lane: Priority) -> bool:  # noqa: ARG002  a port's parameter
        for wait in self.seconds:
            self.clock.advance(seconds=wait)
            for act in self.before:
                await act()
        self.seconds.clear()
        return False

    def pause(self, seconds: float) -> None:  # noqa: ARG002  a port's parameter
        return

    def go_on(self) -> None:
        return

    def unused(self) -> None:
        return


@pytest.mark.parametrize(("renewed", "tries"), [(True, 1), (False, 2)])
async def test_what_a_process_could_not_keep_it_does_not_begin(database: Database, renewed: bool, tries: int) -> None:
    """Somebody else may have asked Telegram by then, and have sent it."""
    await _send_to(database, 1)
    clock = TestClock(NOW, speed=0)
    turns = SlowTurns(clock, 10, 10, 10)
    attempts: list[int] = []

    async def answer(item: Delivery) -> Outcome:
        attempts.append(item.attempts + 1)
        return Delivered(7)

    sender = a_sender(database, Scripted(answer), clock=clock, pacer=turns)
    if renewed:
        turns.before.append(sender.renew)
    async with running(sender):

        def tried() -> bool:
            clock.advance(seconds=0.5)
            return bool(attempts)

        await until(tried, "nothing is sent")
        assert await settled(database) == {DeliveryState.SENT: 1}
    assert attempts == [tries]


async def test_after_a_wait_that_outlived_all_leases_the_bot_goes_on_at_once(database: Database) -> None:
    """Telegram asked for a minute and the database was away: of what had waited for its turn nothing may be begun."""
    await _send_to(database, READERS)
    clock = TestClock(NOW, speed=0)
    pacer = Pacer(1000, clock)
    ledger = Flaky(Ledger(database, "me"))
    messenger = Scripted()
    sender = a_sender(database, messenger, ledger=ledger, clock=clock, pacer=pacer, window=READERS)
    pacer.pause(60)
    async with running(sender):
        await until(lambda: len(sender._taken) == READERS, "nothing is claimed")
        for _ in range(20):
            await asyncio.sleep(0)
        clock.advance(seconds=60)
        began = clock.monotonic()
        for _ in range(2000):
            if len(messenger.sent) == READERS:
                break
            clock.advance(seconds=0.05)
            await asyncio.sleep(0.005)
        assert len(messenger.sent) == READERS
        # A busy machine is late by a few of these steps; one wait a turn would come to all of them.
        assert clock.monotonic() - began < READERS * PROBE_SECONDS / 4, (
            "each turn that nothing was sent in was waited for"
        )
        assert await settled(database) == {DeliveryState.SENT: READERS}
