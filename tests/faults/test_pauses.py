"""Stopped longer than a lease, killed at random, left without its database: several bots on one PostgreSQL.

Leases are 1.5 s here and not 15, so that a pause need not be long.
"""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InternalError

from bot.model.desk import Order
from bot.model.ledger import OPEN, DeliveryState, Priority
from bot.sandbox.world import Person
from storage.delivery.publications import Publications
from storage.engine.database import Database
from storage.schema.migrate import migrate
from tests.support.clock import TestClock
from tests.support.launching import Bot, Job, Launcher
from tests.support.postgres import DURABLE, PATIENT, NoPostgres, Server, start_server
from tests.support.rows import NOW, a_crowd, a_draft
from tests.support.sending import fates, settled
from tests.support.standin import TOKEN, StandIn, open_standin
from tests.support.waiting import Allowance, until

pytestmark = pytest.mark.thorough

TITLE = "Міст відкрили"
LEASE = 1.5
WINDOW = 10
FIRST = 1000


@dataclass(slots=True)
class Field:
    """A newsroom with an article that is ordered, and bots that come and go."""

    standin: StandIn
    launcher: Launcher
    database: Database
    url: str
    folder: Path
    readers: int
    clock: TestClock

    def start(self, *, patient: bool = True) -> Bot:
        """Start one more bot; their clocks differ by the time that starting takes.

        PostgreSQL ends the transactions of one that is not patient after the seconds that the product asks for, sooner
        than a start gives up waiting for what they hold.
        """
        settings = {
            "bot_token": TOKEN,
            "telegram_api_url": self.standin.address,
            "database_url": self.url if patient else self.url.replace(PATIENT, ""),
            "send_rate": "30",
        }
        at = self.clock.now().isoformat()
        return self.launcher.start(Job(settings, at, str(self.folder), lease=LEASE, forever=True))

    @property
    def got(self) -> Counter[int]:
        return Counter(self.standin.headlines(TITLE))

    async def reached(self, number: int) -> None:
        await until(lambda: len(self.standin.headlines(TITLE)) >= number, f"{number} are not reached", 40)

    async def has_uncertain(self) -> None:
        """Wait until something is uncertain."""

        async def found() -> bool:
            return DeliveryState.UNCERTAIN in {state for state, _ in (await fates(self.database)).values()}

        await until(found, "nothing is uncertain", 40)

    async def _ended(self) -> dict[int, DeliveryState]:
        """Wait until nothing is open and nothing opens again; returns what became of each chat's row.

        A request that was under way when its bot was stopped may still be served and recorded, and what Telegram turns
        out not to have is sent once more.
        """
        allowance = Allowance(120)
        while True:
            await settled(self.database, 60)
            await asyncio.sleep(0.5)
            states = {chat: state for chat, (state, _) in (await fates(self.database)).items()}
            if not {*OPEN} & {*states.values()}:
                return states
            assert not allowance.over, Counter(states.values())

    async def ends_well(self, most_uncertain: int) -> dict[str, int]:
        """Wait for the end and hold the server's log against the ledger; returns the figures."""
        states = await self._ended()
        everybody = set(range(FIRST, FIRST + self.readers))
        uncertain = {chat for chat, state in states.items() if state is DeliveryState.UNCERTAIN}
        assert set(states) == everybody
        assert set(states.values()) <= {DeliveryState.SENT, DeliveryState.UNCERTAIN}, Counter(states.values())
        assert max(self.got.values()) == 1, "a headline came twice"
        assert everybody - set(self.got) <= uncertain, "a headline was lost without a word"
        assert len(uncertain) <= most_uncertain
        figures = {"uncertain": len(uncertain), "of them delivered": len(uncertain & set(self.got))}
        print(figures)
        return figures


@asynccontextmanager
async def _open_field(launcher: Launcher, url: str, folder: Path, readers: int) -> AsyncIterator[Field]:
    database = Database(url)
    await a_crowd(database, range(FIRST, FIRST + readers))
    article_id = await a_draft(database, TITLE)
    await Publications(database).order(Order(article_id, 0, NOW, 100, Priority.INSTANT), NOW)
    async with open_standin() as standin:
        for number in range(FIRST, FIRST + readers):
            standin.world.add_person(Person(number, f"Читач {number}"))
        try:
            yield Field(standin, launcher, database, url, folder, readers, TestClock())
        finally:
            await launcher.clear()
            await database.close()


@pytest.mark.timeout(180)
async def test_a_bot_stopped_longer_than_its_lease_doubles_nothing_when_it_goes_on(
    postgres_url: str, launcher: Launcher, tmp_path: Path
) -> None:
    async with _open_field(launcher, postgres_url, tmp_path, 90) as field:
        first = field.start(patient=False)
        await field.reached(15)
        await first.signal(signal.SIGSTOP)  # perhaps in a transaction, with the turn of the ledger
        field.start()
        await field.has_uncertain()  # the other bot has taken over what this one was sending
        await first.signal(signal.SIGCONT)
        await field.ends_well(WINDOW)


@pytest.mark.timeout(180)
async def test_a_bot_that_starts_has_the_turn_of_one_that_hangs_with_it(
    postgres_url: str, launcher: Launcher, tmp_path: Path
) -> None:
    hanging = Database(postgres_url.replace(PATIENT, ""))
    async with _open_field(launcher, postgres_url, tmp_path, 3) as field:

        async def hang() -> None:
            async with hanging.turn() as connection:
                field.start()
                await field.reached(3)
                await connection.execute(text("SELECT 1"))

        with pytest.raises(InternalError, match="idle-in-transaction timeout"):
            await hang()
        await hanging.close()
        await field.ends_well(0)


@pytest.mark.timeout(180)
async def test_three_bots_under_random_kills_send_everything_once(
    postgres_url: str, launcher: Launcher, tmp_path: Path
) -> None:
    dice, kills = random.Random(3), 8
    async with _open_field(launcher, postgres_url, tmp_path, 300) as field:
        bots = [field.start() for _ in range(3)]
        await field.reached(5)
        for _ in range(kills):
            await asyncio.sleep(dice.uniform(0.1, 0.6))
            victim = dice.randrange(3)
            await bots[victim].kill()
            bots[victim] = field.start()
        await field.ends_well(WINDOW * kills)


@pytest.fixture
def durable_postgres(postgres: Server) -> Iterator[Server]:
    """Return a server of its own that may be crashed: what it has committed is still there afterwards."""
    try:
        server = start_server(DURABLE)
    except NoPostgres as reason:
        pytest.skip(f"NOT TESTED: {reason}")
    yield server
    server.stop()


@pytest.mark.timeout(180)
async def test_a_database_that_crashes_and_comes_back_costs_nothing_but_time(
    durable_postgres: Server, launcher: Launcher, tmp_path: Path
) -> None:
    url = durable_postgres.create("field")
    prepared = Database(url)
    await migrate(prepared)
    await prepared.close()
    async with _open_field(launcher, url, tmp_path, 90) as field:
        bot = field.start()
        for reached in (15, 45):
            await field.reached(reached)
            durable_postgres.crash()
            await asyncio.sleep(1)
            await asyncio.to_thread(durable_postgres.start_again)
        await field.ends_well(2 * WINDOW)
        assert not bot.status.done(), "the bot has ended with its database"
