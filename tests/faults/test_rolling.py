"""A rolling restart: each process in turn is stopped and started again while people write and a headline goes out."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from bot.model.ledger import DeliveryState
from bot.sandbox.world import Person
from storage.engine.database import Database
from storage.schema.tables import delivery
from tests.support.balancer import Balancer, balancer, free_port
from tests.support.burst import Burst
from tests.support.courier import courier
from tests.support.people import Somebody, at_once
from tests.support.process import Process
from tests.support.rows import a_crowd
from tests.support.standin import TOKEN, StandIn, open_standin
from tests.support.waiting import until, within

pytestmark = pytest.mark.thorough

FIRST, READERS, OWNER = 100_000, 900, 100
TITLE = "Міст відкрили"
# Seconds of a machine with no other work. By webhook: until another process looks at the inbox by itself. By polling:
# until another one looks whether it is to ask for updates, and what a stop takes at most before that is over.
LONGEST = {"webhook": 3.0, "polling": 6.0}


@dataclass(slots=True)
class Crew:
    """Two processes on one database, and what is in front of them."""

    standin: StandIn
    front: Balancer
    processes: list[Process]
    url: str

    async def restart_each(self) -> None:
        """Stop each in good order and start it again, as the documents say: the next one when this one is ready."""
        for process, port in zip(self.processes, self.front.ports, strict=True):
            assert await process.stop() == 0
            await process.start()
            await _is_ready(process, self.front, port)

    async def states(self) -> Counter[DeliveryState]:
        """Return how many deliveries are in which state."""
        database = Database(self.url)
        async with database.read() as connection:
            found = Counter((await connection.execute(select(delivery.c.state))).scalars())
        await database.close()
        return found


@asynccontextmanager
async def _crew(url: str, folder: Path, by: str) -> AsyncIterator[Crew]:
    database = Database(url)
    await a_crowd(database, range(FIRST, FIRST + READERS))
    await database.close()
    ports = [free_port(), free_port()]
    async with open_standin() as standin, balancer(ports, watches=True) as front, courier(standin.world):
        for number in range(FIRST, FIRST + READERS):
            standin.world.add_person(Person(number, f"Читач {number}"))
        settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": standin.address,
            "DATABASE_URL": url,
            "PUBLIC_URL": front.address,
            "WEBHOOK": "on" if by == "webhook" else "off",
            "SEND_RATE": "30",
            "HTTP_DRAIN": "3",
            "SEMANTIC": "off",
            "ADMINS": str(OWNER),
        }
        crew = [Process({**settings, "HTTP_BIND": f"127.0.0.1:{port}"}, folder / f"{port}.log") for port in ports]
        try:
            for process, port in zip(crew, ports, strict=True):
                await process.start()
                await _is_ready(process, front, port)
            yield Crew(standin, front, crew, url)
        finally:
            for process in crew:
                await process.end()


async def _is_ready(process: Process, front: Balancer, port: int) -> None:
    """Wait until the balancer hands requests to a process that was started."""

    def taken() -> bool:
        assert process.runs, process.log.read_text(encoding="utf-8")
        return front.takes(port)

    await until(taken, "it is never ready")


async def _ask_on(address: str, enough: asyncio.Event) -> None:
    """Ask over HTTP again and again, a new connection each time."""
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        while not enough.is_set():
            async with session.get(f"{address}/healthz") as answer:
                await answer.read()
            await asyncio.sleep(0.05)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("by", ["webhook", "polling"])
async def test_each_process_is_restarted_in_turn_and_nobody_notices(postgres_url: str, tmp_path: Path, by: str) -> None:
    async with _crew(postgres_url, tmp_path, by) as crew:
        person, world = Person(OWNER, "Редакторка"), crew.standin.world
        editor = Somebody(world, person, world.add_person(person), lambda: True, at_once)
        await editor.says(f"/post {TITLE}\n\nТекст про міст.")
        await editor.taps("Опублікувати")
        await editor.sees(f"Отримають зараз: {READERS}")
        enough, burst = asyncio.Event(), Burst(crew.standin)
        writing = asyncio.create_task(burst.flow(enough))
        asking = asyncio.create_task(_ask_on(crew.front.address, enough))
        await editor.taps("Так, опублікувати")
        await until(lambda: len(crew.standin.headlines(TITLE)) > READERS // 10, "the send does not begin")
        await crew.restart_each()
        assert len(crew.standin.headlines(TITLE)) < READERS, "all was sent before"
        enough.set()
        async with within():
            await asyncio.gather(writing, asking)
        await until(lambda: len(crew.standin.headlines(TITLE)) >= READERS, lambda: len(crew.standin.headlines(TITLE)))
        for process in crew.processes:
            assert await process.stop() == 0
        states = await crew.states()
    assert burst.out_of_order() == {}
    assert burst.repeated() == 0
    assert max(burst.waits) < LONGEST[by], sorted(burst.waits)[-20:]
    delivered = Counter(chat for chat in crew.standin.headlines(TITLE) if FIRST <= chat < FIRST + READERS)
    assert delivered == dict.fromkeys(range(FIRST, FIRST + READERS), 1)
    assert set(states) == {DeliveryState.SENT}  # none is uncertain
    assert world.updates == []
    assert set(crew.front.answers) == {200}, crew.front.failures
    assert not crew.front.failures, "the balancer had no time to see that a process leaves"
