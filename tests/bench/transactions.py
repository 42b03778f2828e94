"""The longest transaction of everything that changes many rows, while nothing else happens: replies wait that long.

Each act does what the product does, in the product's stretches, on a database of its own with so many readers. The goal
is one of processor time: how long a transaction is open beyond that tells of the machine.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from tests.bench import databases, processes
from tests.bench.processes import Meter
from tests.bench.tables import Goal, show, verdict
from tests.bench.transaction_acts import ACTS, prepare

_MODULE = "tests.bench.transactions"
_LONGEST = 50.0  # milliseconds


class TimedDatabase(Database):
    """A database that notes of each transaction how long it was open, and the processor time that it took.

    Both with its commit; processor time is that of this process and of PostgreSQL's for the connection.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.seen: list[tuple[float, float]] = []

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction. Nobody else writes, so that none waits for another."""
        begun, own, server, theirs = time.perf_counter(), time.process_time(), 0, 0.0
        async with super().write() as connection:
            if not self.is_sqlite:
                raw = await connection.get_raw_connection()
                server = raw.driver_connection.info.backend_pid  # type: ignore[union-attr]
                theirs = _processor_seconds(server)
            yield connection
        theirs = _processor_seconds(server) - theirs if server else 0.0
        self.seen.append((time.perf_counter() - begun, time.process_time() - own + theirs))


def _processor_seconds(pid: int) -> float:
    """Return the processor time of another process; Linux only."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def main(arguments: list[str]) -> int:
    """Print the longest transaction of each act on each engine."""
    parser = argparse.ArgumentParser(prog="transactions")
    parser.add_argument("--readers", type=int, default=100_000)
    parser.add_argument("--engines", nargs="+", default=list(databases.ENGINES))
    parser.add_argument("--acts", nargs="+", default=list(ACTS), choices=list(ACTS))
    parser.add_argument("--child", default=None)
    parser.add_argument("--database", default="")
    options = parser.parse_args(arguments)
    if options.child:
        print(json.dumps(uvloop.run(_act(options.database, options.child, options.readers))))
        return 0
    figures: dict[tuple[str, str], dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder, databases.servers(Path(folder), tuple(options.engines)) as places:
        for engine, place in places.items():
            url = databases.make(place, "readers")
            asyncio.run(prepare(url, options.readers))
            for act in options.acts:
                with databases.copied(place, "readers") as copy:
                    arguments = ["--child", act, "--database", copy, "--readers", str(options.readers)]
                    figures[engine, act] = processes.run(_MODULE, arguments)
    return _report(figures)


async def _act(url: str, name: str, readers: int) -> dict[str, Any]:
    database = TimedDatabase(url)
    act = ACTS[name]
    rest = act(database, readers)
    await anext(rest)  # makes ready what is to be changed
    await database.checkpoint()
    database.seen.clear()
    with Meter() as meter:
        await anext(rest, None)
    await database.close()
    wall, cpu = zip(*database.seen, strict=True)
    return {
        "number": len(wall),
        "open": max(wall),
        "median": statistics.median(cpu),
        "longest": max(cpu),
        "wall": meter.wall,
        "cpu": sum(cpu),
    }


def _report(figures: dict[tuple[str, str], dict[str, Any]]) -> int:
    rows = [
        (
            f"{engine}, {act}",
            seen["number"],
            f"{seen['median'] * 1000:.1f}",
            f"{seen['longest'] * 1000:.1f}",
            f"{seen['open'] * 1000:.0f}",
            f"{seen['wall']:.2f}",
            f"{seen['cpu']:.2f}",
        )
        for (engine, act), seen in figures.items()
    ]
    show(
        "Transactions", ("act", "number", "median CPU ms", "longest CPU ms", "longest open ms", "all s", "CPU s"), rows
    )
    goals = [
        Goal(f"{engine}, {act}: longest transaction, CPU ms", seen["longest"] * 1000, _LONGEST, form=".0f")
        for (engine, act), seen in figures.items()
    ]
    return verdict(goals)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
