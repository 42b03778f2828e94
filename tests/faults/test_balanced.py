"""Webhook mode with two processes behind a balancer, and a burst: none lost, a chat's order held, a kill survived.

A hundred and twenty updates; with `make faults` 5 000.
"""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from storage.engine.database import Database
from storage.schema.tables import inbox
from tests.support.balancer import balancer, free_port
from tests.support.burst import EACH, Burst
from tests.support.courier import courier
from tests.support.depth import depth
from tests.support.process import Process
from tests.support.standin import TOKEN, open_standin

pytestmark = pytest.mark.thorough


async def _taken_twice(url: str) -> int:
    """Return how many updates were handed to a handler again."""
    database = Database(url)
    async with database.read() as connection:
        number = await connection.scalar(select(func.count()).where(inbox.c.attempts > 1))
    await database.close()
    return int(number or 0)


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("people", [depth(1_000, 24)])
async def test_a_burst_is_answered_whole_and_in_order_though_one_of_two_processes_is_killed_and_comes_back(
    postgres_url: str, tmp_path: Path, people: int
) -> None:
    ports = [free_port(), free_port()]
    async with open_standin() as standin, balancer(ports) as public, courier(standin.world):
        settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": standin.address,
            "DATABASE_URL": postgres_url,
            "PUBLIC_URL": public.address,
            "WEBHOOK": "on",
            "SEND_RATE": "1000",
            "SEMANTIC": "off",
        }
        first, second = (
            Process({**settings, "HTTP_BIND": f"127.0.0.1:{port}"}, tmp_path / f"{port}.log", ("run", "--role", "web"))
            for port in ports
        )
        burst = Burst(standin, people)
        try:
            for process in (first, second):
                await process.start()
            burst.begin()
            await burst.until(people * EACH // 4, 900)
            await first.kill()
            await burst.until(people * EACH // 2, 900)
            await first.start()
            await burst.until(people * EACH, 900)
            assert await first.stop() == 0
            assert await second.stop() == 0
        finally:
            for process in (first, second):
                await process.end()
    assert burst.out_of_order() == {}
    # Whose handler the kill cut off is handled once more: it may have answered, and nobody knows.
    assert burst.repeated() <= await _taken_twice(postgres_url)
    assert standin.world.updates == []
