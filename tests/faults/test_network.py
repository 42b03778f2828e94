"""What the network and the server do wrong: nothing is doubled, nothing is lost unsaid, and sending goes on by itself.

The real sender, messenger and session send to the stand-in server over HTTP; its own log is what they are held to. A
request may take half a second here and not 25.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from aiogram import Bot

from bot.delivery.pacing import ChatPacer, Pacer
from bot.delivery.sender import Sender
from bot.delivery.throttle import Throttle
from bot.model.ledger import DeliveryState
from bot.sandbox.faults import Fault
from bot.sandbox.world import Person
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.session import Session
from storage.delivery.publications import Publications
from storage.engine.database import Database
from tests.support.clock import TestClock
from tests.support.rows import NOW, a_crowd, a_matter, a_publication
from tests.support.sending import LONG, WORKERS, a_sender, fates, running, settled
from tests.support.standin import TOKEN, StandIn, open_standin
from tests.support.waiting import Allowance, until

pytestmark = pytest.mark.thorough

TITLE = "Міст відкрили"
FIRST = 1000
WINDOW = 10
REQUEST_SECONDS = 0.5
RATE = 200


@dataclass(slots=True)
class Line:
    """A sender and the server at the other end of its line."""

    standin: StandIn
    database: Database
    sender: Sender
    bot: Bot
    readers: int

    @property
    def got(self) -> Counter[int]:
        return Counter(self.standin.headlines(TITLE))

    async def ends_well(self, seconds: float = 20.0) -> Counter[DeliveryState]:
        """Wait for the end, hold the server's log against the ledger; returns how many rows are in each state."""
        counts = await settled(self.database, seconds)
        await asyncio.sleep(0)
        states = {chat: state for chat, (state, _) in (await fates(self.database)).items()}
        sent = {chat for chat, state in states.items() if state is DeliveryState.SENT}
        uncertain = {chat for chat, state in states.items() if state is DeliveryState.UNCERTAIN}
        assert max(self.got.values()) == 1, "a headline came twice"
        assert set(range(FIRST, FIRST + self.readers)) - set(self.got) <= uncertain, "one was lost without a word"
        assert sent <= set(self.got), "one was recorded as sent that never arrived"
        assert sent | uncertain == set(states)
        return counts


@asynccontextmanager
async def _line(url: str, readers: int, rate: float = RATE, address: str = "") -> AsyncIterator[Line]:
    database = Database(url)
    await a_crowd(database, range(FIRST, FIRST + readers))
    _, publication = await a_publication(database, TITLE)
    await Publications(database).fan_out(publication, a_matter(), 1000, NOW, LONG * 1000)
    async with open_standin() as standin:
        for number in range(FIRST, FIRST + readers):
            standin.world.add_person(Person(number, f"Читач {number}"))
        bot = Bot(TOKEN, session=Session(address or standin.address, seconds=REQUEST_SECONDS))
        clock = TestClock(hurries=False)  # the server's troubles are real, and so is the time they take
        pacer, chats = Pacer(rate, clock), ChatPacer(clock)
        chats.private_seconds = 0.0
        throttle = Throttle(clock=clock, pacer=pacer, chats=chats)
        messenger = TelegramMessenger(bot=bot, pacer=pacer, chats=chats, throttle=throttle, clock=clock)
        parts = {"pacer": pacer, "chats": chats, "throttle": throttle}
        sender = a_sender(database, messenger, clock=clock, window=WINDOW, **parts)
        async with running(sender):
            yield Line(standin, database, sender, bot, readers)
        await bot.session.close()
    await database.close()


_LIMIT = "Too Many Requests: retry after 1"
# fault, how many become uncertain at most, how many of those are there at least
CASES = {
    "429 with a time": (Fault("answer", status=429, description=_LIMIT, retry_after=1), 0, 0),
    "429 without a time": (Fault("answer", status=429, description="Too Many Requests"), 0, 0),
    "500": (Fault("answer", status=500), 6, 6),
    "502 with a page": (Fault("page", status=502), 6, 6),
    "reset before the effect": (Fault("reset"), 6, 6),
    "reset after the effect": (Fault("lost"), 6, 6),
    "hangs": (Fault("hang"), 6, 6),
    "late but in time": (Fault("slow", seconds=REQUEST_SECONDS / 2), 0, 0),
    "later than anybody waits": (Fault("slow", seconds=REQUEST_SECONDS * 2), 6, 6),
}


@pytest.mark.parametrize("name", CASES)
async def test_a_fault_costs_what_it_must_and_no_more(name: str, sqlite_url: str) -> None:
    fault, most, least = CASES[name]
    async with _line(sqlite_url, 40) as line:
        line.standin.faults.order(replace(fault, times=6, method="sendMessage"))
        counts = await line.ends_well()
        await asyncio.sleep(REQUEST_SECONDS * 2 if fault.kind == "slow" else 0)
        assert least <= counts[DeliveryState.UNCERTAIN] <= most
        assert max(line.got.values()) == 1


async def test_a_storm_of_429s_is_waited_out(sqlite_url: str) -> None:
    async with _line(sqlite_url, 60) as line:
        limit = Fault("answer", times=10**6, method="sendMessage", status=429, description=_LIMIT, retry_after=1)
        line.standin.faults.order(limit)
        await asyncio.sleep(4)
        limit.times, calm = 0, Allowance(8)
        line.standin.faults.waiting.clear()
        assert await line.ends_well() == {DeliveryState.SENT: 60}
        assert not calm.over


@pytest.mark.parametrize("how", ["502", "refused", "silent"])
async def test_a_server_that_is_away_for_a_while_costs_its_window_at_most(how: str, sqlite_url: str) -> None:
    readers, away = 120, 4.0
    async with _line(sqlite_url, readers, rate=60) as line:
        await until(lambda: len(line.got) >= 20, "nothing is sent")
        if how == "refused":
            await line.standin.go_away()
        elif how == "502":
            line.standin.faults.away = lambda: True
        else:
            line.standin.faults.order(Fault("hang", times=10**6, method="sendMessage"))
            line.standin.faults.order(Fault("hang", times=10**6, method="getMe"))
        await asyncio.sleep(away)
        reached = len(line.got)
        line.standin.faults.away = lambda: False
        line.standin.faults.waiting.clear()
        if how == "refused":
            await line.standin.come_back()
        # It is asked again after 1, 2, 4, … 15 seconds; then everything goes at its pace.
        back = Allowance(8 + (readers - reached) / 60)
        counts = await line.ends_well(30)
        print(
            how, {state.name: n for state, n in counts.items()}, f"{back.spent:.1f} s for {readers - reached} after it"
        )
        assert counts[DeliveryState.UNCERTAIN] <= WINDOW
        assert not back.over


async def test_a_name_that_cannot_be_resolved_costs_nothing_but_time(sqlite_url: str) -> None:
    async with _line(sqlite_url, 40, address="http://no-such-host.invalid") as line:
        await asyncio.sleep(1.5)
        assert line.got == {}
        lost, line.bot.session = line.bot.session, Session(line.standin.address, seconds=REQUEST_SECONDS)
        assert await line.ends_well() == {DeliveryState.SENT: 40}
        await lost.close()


@pytest.mark.parametrize("seed", range(3))
async def test_all_of_it_at_once_keeps_every_promise(seed: int, sqlite_url: str) -> None:
    dice = random.Random(seed)
    chats = list(range(FIRST, FIRST + 150))
    dice.shuffle(chats)
    unclear = 0
    async with _line(sqlite_url, 150) as line:
        for chat_id in chats[:40]:
            fault = dice.choice([fault for fault, _, _ in CASES.values()])
            unclear += fault.kind in {"page", "reset", "lost", "hang"} or fault.status == 500
            line.standin.faults.order(replace(fault, times=dice.randint(1, 2), method="sendMessage", chat_id=chat_id))
        counts = await line.ends_well(40)
        assert counts[DeliveryState.UNCERTAIN] <= unclear


async def test_a_stop_while_telegram_asks_for_minutes_leaves_nothing_uncertain(sqlite_url: str) -> None:
    async with _line(sqlite_url, 40) as line:
        line.sender.attempts.pacer.pause(600)
        await asyncio.sleep(0.5)
        stop = Allowance(10)
    assert not stop.over
    database = Database(sqlite_url)
    assert {state for state, _ in (await fates(database)).values()} == {DeliveryState.QUEUED}
    await database.close()


async def test_a_stop_while_the_server_is_away_leaves_no_more_uncertain_than_was_under_way(sqlite_url: str) -> None:
    async with _line(sqlite_url, 60) as line:
        line.standin.faults.away = lambda: True
        await asyncio.sleep(1.5)
    database = Database(sqlite_url)
    counts = Counter(state for state, _ in (await fates(database)).values())
    await database.close()
    assert set(counts) == {DeliveryState.QUEUED, DeliveryState.UNCERTAIN}
    assert counts[DeliveryState.UNCERTAIN] <= WORKERS
