"""How long people wait for answers in a burst: by polling, and by webhook with one process and with two behind a balancer.

Everybody writes at once; a wait is from then to the answer's arrival, so the longest is the whole burst's.
"""

import argparse
import asyncio
import statistics
import tempfile
from pathlib import Path

from tests.bench import databases
from tests.bench.tables import show
from tests.support.balancer import balancer, free_port
from tests.support.burst import EACH, Burst
from tests.support.courier import courier
from tests.support.process import Process
from tests.support.standin import TOKEN, open_standin

_SECONDS = 600.0


def main(arguments: list[str]) -> int:
    """Print the waits; there is no goal."""
    parser = argparse.ArgumentParser(prog="burst")
    parser.add_argument("--people", type=int, default=1_000, help=f"who write at once, {EACH} things each")
    options = parser.parse_args(arguments)
    rows = []
    with tempfile.TemporaryDirectory() as folder, databases.servers(Path(folder), ("postgresql",)) as places:
        for place in places.values():
            for name, processes in (("polling", 0), ("webhook", 1), ("webhook, balanced", 2)):
                url = databases.make(place, f"burst_{processes}")
                waits = asyncio.run(_measure(url, Path(folder), options.people, processes))
                rows.append((name, max(1, processes), *_figures(waits)))
    columns = ("way", "processes", "p50 s", "p99 s", "longest", "answers/s")
    show(f"A burst of {options.people * EACH} updates of {options.people} people", columns, rows)
    return 0


def _figures(waits: list[float]) -> tuple[str, ...]:
    shares = statistics.quantiles(waits, n=100, method="inclusive")
    return (f"{shares[49]:.2f}", f"{shares[98]:.2f}", f"{max(waits):.2f}", f"{len(waits) / max(waits):.0f}")


async def _measure(url: str, folder: Path, people: int, processes: int) -> list[float]:
    ports = [free_port() for _ in range(max(1, processes))]
    async with open_standin() as standin, balancer(ports) as public, courier(standin.world):
        settings = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": standin.address, "DATABASE_URL": url}
        settings |= {"SEND_RATE": "1000", "SEMANTIC": "off"}
        if processes:
            settings |= {"PUBLIC_URL": public.address, "WEBHOOK": "on"}
        bots = [
            Process({**settings, "HTTP_BIND": f"127.0.0.1:{port}"}, folder / f"{port}.log", ("run", "--role", "web"))
            for port in ports
        ]
        burst = Burst(standin, people)
        try:
            for bot in bots:
                await bot.start()
            await _ready(bots)
            burst.begin()
            await burst.until(people * EACH, _SECONDS)
        finally:
            for bot in bots:
                await bot.end()
    return burst.waits


async def _ready(bots: list[Process]) -> None:
    import aiohttp

    async with aiohttp.ClientSession() as session:
        for bot in bots:
            for _ in range(1_000):
                try:
                    async with session.get(f"http://{bot.settings['HTTP_BIND']}/readyz") as answer:
                        if answer.status == 200:
                            break
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.1)
