"""What the ledger costs: record and claim, without sending, in batches as the sender makes them.

Beside it, in the same process and in turn, SQLite alone with the same rows (tests/bench/raw_ledger.py).
"""

import argparse
import gc
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from bot.delivery.sender import LEASE
from bot.model.ledger import Finish, Postpone, Step, sent
from storage.delivery.ledger import Ledger
from storage.engine.database import Database
from tests.bench import databases, processes
from tests.bench.processes import Meter
from tests.bench.raw_ledger import RawLedger
from tests.bench.tables import Goal, show, verdict

_MODULE = "tests.bench.ledger"
_BATCHES = (33, 100, 333)
_WANTED = {"sqlite": 20.0, "postgresql": 80.0}  # microseconds of processor time a message
_AGAINST_RAW = 1.5
_BLOCK = 1000  # messages, after which the other's turn comes

Figures = dict[str, float | None]


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
                seen = _measure(place, batch, options)
                best[engine, batch] = {name: _median(seen, name) for name in ("cpu", "wall", "raw", "ratio")}
                least = min(one["cpu"] or 0.0 for one in seen)
                rows.append((engine, batch, f"{least:.1f}", *map(_shown, best[engine, batch].values())))
    show(
        f"Ledger: record and claim by one commit; {options.count} messages, {options.rounds} rounds",
        ("engine", "batch", "CPU µs/message, least", "median", "wall", "SQLite alone, CPU", "× it"),
        rows,
    )
    none: Figures = {}
    goals = [
        Goal(f"CPU a message on {engine}, batches of 100, µs", best.get((engine, 100), none).get("cpu"), wanted)
        for engine, wanted in _WANTED.items()
    ]
    against = best.get(("sqlite", 100), none).get("ratio")
    return verdict([*goals, Goal("the same, × SQLite alone in the same run", against, _AGAINST_RAW)])


def _shown(value: float | None) -> str | None:
    return None if value is None else f"{value:.1f}"


def _median(seen: list[Figures], name: str) -> float | None:
    values = [value for one in seen if (value := one[name]) is not None]
    return statistics.median(values) if values else None


def _measure(place: "databases.Server | Path", batch: int, options: argparse.Namespace) -> list[Figures]:
    seen = []
    for number in range(options.rounds):
        url = databases.make(place, f"ledger_{batch}_{number}")
        databases.fill(url, options.count)
        seen.append(processes.run(_MODULE, ["--child", url, "--batch", str(batch)]))
    return seen


def _all(_: object) -> dict[int, Finish | Postpone]:
    """Put nothing aside."""
    return {}


async def _drain(url: str, batch: int) -> Figures:
    """Send everything, in turn with SQLite alone; returns medians over the stretches, in microseconds a message."""
    database = Database(url)
    raw = _raw(database)
    ledger = Ledger(database, "bench")
    await ledger.claim(0, datetime.now(UTC), LEASE, _all)  # opens the connection
    steps: list[tuple[int, Step]] = []

    async def exchange() -> int:
        claimed = (await ledger.claim(batch, datetime.now(UTC), LEASE, _all, steps)).deliveries
        steps[:] = [(d.id, sent(d.id, d.reader.address.chat_id)) for d in claimed]
        return len(claimed)

    async def alone() -> int:
        return 0 if raw is None else raw.exchange(batch)

    gc.collect()
    gc.freeze()  # as `python -m bot run` does
    seen: list[Figures] = []
    while (ours := await _stretch(exchange, batch)) is not None:
        other = await _stretch(alone, batch)
        each = None if other is None else other["cpu"]
        seen.append({**ours, "raw": each, "ratio": None if each is None else (ours["cpu"] or 0.0) / each})
    await database.close()
    if raw is not None:
        raw.close()
    return {name: _median(seen, name) for name in ("cpu", "wall", "raw", "ratio")}


def _raw(database: Database) -> RawLedger | None:
    if database.file is None:
        return None
    copy = database.file.path.with_suffix(".raw")
    shutil.copy(database.file.path, copy)
    return RawLedger(copy)


async def _stretch(exchange: Callable[[], Awaitable[int]], batch: int) -> Figures | None:
    """Exchange for a while; returns what a message cost, None when there are none left."""
    times = max(1, _BLOCK // batch)
    with Meter() as meter:
        number = sum([await exchange() for _ in range(times)])
    if number < times * batch:
        return None
    return {"cpu": meter.cpu / number * 1e6, "wall": meter.wall / number * 1e6}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
