"""What the ledger costs: claim and finish, without sending, in batches as the sender makes them."""

import argparse
import json
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from bot.delivery.sender import LEASE
from bot.model.ledger import DeliveryState, Finish, Postpone
from storage.delivery.ledger import Ledger
from storage.engine.database import Database
from tests.bench import databases, processes
from tests.bench.processes import Meter
from tests.bench.tables import Goal, show, verdict

_MODULE = "tests.bench.ledger"
_BATCHES = (33, 100, 333)
_WANTED = {"sqlite": 20.0, "postgresql": 80.0}  # microseconds of processor time a message


def main(arguments: list[str]) -> int:
    """Print what a message costs in the ledger, on both engines and in several sizes of batches."""
    parser = argparse.ArgumentParser(prog="ledger")
    parser.add_argument("--count", type=int, default=10_000, help="messages in each measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", default="")
    parser.add_argument("--batch", type=int, default=100)
    options = parser.parse_args(arguments)
    if options.child:
        print(json.dumps(uvloop.run(_drain(options.child, options.batch))))
        return 0
    rows, best = [], {}
    with tempfile.TemporaryDirectory() as folder, databases.servers(Path(folder)) as places:
        for engine, place in places.items():
            for batch in _BATCHES:
                cpu, wall = _measure(place, batch, options)
                best[engine, batch] = statistics.median(cpu)
                figures = (min(cpu), statistics.median(cpu), statistics.median(wall))
                rows.append((engine, batch, *(f"{value:.1f}" for value in figures)))
    show(
        f"Ledger: claim, finish; {options.count} messages, {options.rounds} rounds",
        ("engine", "batch", "CPU µs/message, least", "median", "wall µs/message"),
        rows,
    )
    goals = [Goal(f"CPU a message on {e}, batches of 100, µs", best.get((e, 100)), w) for e, w in _WANTED.items()]
    return verdict(goals)


def _measure(
    place: "databases.Server | Path", batch: int, options: argparse.Namespace
) -> tuple[list[float], list[float]]:
    cpu, wall = [], []
    for number in range(options.rounds):
        url = databases.make(place, f"ledger_{batch}_{number}")
        databases.fill(url, options.count)
        figures = processes.run(_MODULE, ["--child", url, "--batch", str(batch)])
        cpu.append(figures["cpu"] / options.count * 1e6)
        wall.append(figures["wall"] / options.count * 1e6)
    return cpu, wall


def _all(_: object) -> dict[int, Finish | Postpone]:
    """Put nothing aside."""
    return {}


async def _drain(url: str, batch: int) -> dict[str, float]:
    database = Database(url)
    ledger = Ledger(database, "bench")
    await ledger.claim(0, datetime.now(UTC), LEASE, _all)  # opens the connection
    with Meter() as meter:
        while claimed := (await ledger.claim(batch, datetime.now(UTC), LEASE, _all)).deliveries:
            await ledger.finish(
                [(d.id, Finish(DeliveryState.SENT, message_id=d.id)) for d in claimed], datetime.now(UTC)
            )
    await database.close()
    return {"cpu": meter.cpu, "wall": meter.wall}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
