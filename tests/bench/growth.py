"""How what a send costs grows with the number of readers, as a picture: `make bench ARGS=growth` makes docs/growth.svg.

At each size, on each engine: the fan-out of one article, the digests that are due in one minute, a batch of the ledger
while all others wait behind it. Processor time of the process, PostgreSQL's own not included; and wall time where
somebody waits.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import text

from bot.delivery.sender import LEASE
from bot.model.ledger import Step, sent
from storage.delivery.digests import Digests
from storage.delivery.ledger import Ledger
from storage.engine.database import Database
from tests.bench import databases, fanout, processes
from tests.bench.picture import Chart, picture
from tests.bench.processes import Meter
from tests.bench.tables import Goal, show, verdict
from tests.support.rows import a_publication

_MODULE = "tests.bench.growth"
_PICTURE = Path(__file__).parents[2] / "docs" / "growth.svg"
_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_BATCH, _BATCHES = 333, 15
_DIGESTS_SECONDS, _DIGESTS_READERS = 60, 100_000
# Each has three lines waiting, of articles that were held for the hour.
_HOLD = (
    "INSERT INTO delivery (reader_id, article_id, publication_id, kind, lane, state, revision, not_before, expires_at, "
    "created_at) SELECT id, {article}, {publication}, 2, 2, 7, 1, {now}, NULL, {now} FROM reader WHERE id <= {count}"
)


@dataclass(frozen=True, slots=True)
class Growth:
    """What was measured with so many readers."""

    engine: str
    size: int
    fan_out: float
    bare: float
    first: float
    longest: float
    digests: float
    ledger: float


CHARTS = (
    Chart(
        "Fan-out of one article, seconds", 0.01, 100,
        (("the product", lambda one: one.fan_out), ("bare statement", lambda one: one.bare)), (),
    ),
    Chart(
        "While it runs, milliseconds", 1, 1000,
        (("first message", lambda one: one.first), ("longest transaction", lambda one: one.longest)),
        ((1e4, 1e6, 50),),
    ),
    Chart(
        "Digests of all readers at 08:00, planned, seconds", 0.1, 1000,
        (("three lines each", lambda one: one.digests),), ((1e4, 1e5, _DIGESTS_SECONDS),),
    ),
    Chart(
        "Ledger, CPU µs a message, all others waiting", 1, 1000,
        ((f"batches of {_BATCH}", lambda one: one.ledger),), (),
    ),
)  # fmt: skip


def main(arguments: list[str]) -> int:
    """Print the figures, and make the picture of them."""
    parser = argparse.ArgumentParser(prog="growth")
    parser.add_argument("--readers", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--engines", nargs="+", default=list(databases.ENGINES))
    parser.add_argument("--picture", type=Path, default=_PICTURE)
    parser.add_argument("--child", choices=("digests", "ledger"), default=None)
    parser.add_argument("--database", default="")
    options = parser.parse_args(arguments)
    if options.child:
        measure = _digests if options.child == "digests" else _ledger
        print(json.dumps(uvloop.run(measure(options.database))))
        return 0
    figures = []
    for readers in options.readers:
        # A server of its own for each size: a million rows of the one before would be cleaned up beside it.
        with tempfile.TemporaryDirectory() as folder, databases.servers(Path(folder), tuple(options.engines)) as places:
            figures += [_measure(engine, place, readers) for engine, place in places.items()]
    options.picture.write_text(picture(CHARTS, figures, "readers"), encoding="utf-8")
    return _report(figures)


def _measure(engine: str, place: "databases.Server | Path", readers: int) -> Growth:
    seen = fanout.measure(place, readers, 1)
    ours, bare = (min(one["seconds"] for one in seen[way]) for way in ("ours", "bare"))
    url = databases.make(place, f"digests_{readers}")
    asyncio.run(_hold(url, readers))
    digests = processes.run(_MODULE, ["--child", "digests", "--database", url], seconds=3600)
    url = databases.make(place, f"waiting_{readers}")
    databases.fill(url, readers)
    ledger = processes.run(_MODULE, ["--child", "ledger", "--database", url])
    assert digests["readers"] == readers
    return Growth(
        engine=_NAMES[engine],
        size=readers,
        fan_out=ours,
        bare=bare,
        first=seen["busy"]["first"] * 1000,
        longest=seen["longest"] * 1000,
        digests=digests["seconds"],
        ledger=ledger["cpu"],
    )


async def _hold(url: str, readers: int) -> None:
    database = Database(url)
    await databases.add_readers(database, readers)
    now = databases.instant(database, datetime.now(UTC))
    for line in range(3):
        article_id, number = await a_publication(database, f"{databases.TITLE} {line}", identity=f"held:{line}")
        values = {"article": article_id, "publication": number, "count": readers, "now": now}
        async with database.write() as connection:
            await connection.execute(text(_HOLD.format(**values).replace(":", r"\:")))
    async with database.write() as connection:
        due = f"UPDATE reader SET schedule = '480', next_digest_at = {now}".replace(":", r"\:")
        await connection.execute(text(due))
        await connection.execute(text("ANALYZE"))
    await database.checkpoint()
    await database.close()


async def _digests(url: str) -> dict[str, Any]:
    """Make all digests that are due, as the ticker does."""
    database = Database(url)
    digests, readers, now = Digests(database), 0, datetime.now(UTC)
    with Meter() as meter:
        while number := await digests.build(now):
            readers += number
    await database.close()
    return {"seconds": meter.wall, "cpu": meter.cpu, "readers": readers}


async def _ledger(url: str) -> dict[str, float]:
    """Exchange some batches; returns the median processor time of a message."""
    database, costs = Database(url), []
    ledger = Ledger(database, "bench")
    steps: list[tuple[int, Step]] = []
    for _ in range(_BATCHES):
        begun = time.process_time()
        found = (await ledger.claim(_BATCH, datetime.now(UTC), LEASE, lambda _: {}, steps)).deliveries
        costs.append((time.process_time() - begun) / len(found) * 1e6)
        steps = [(d.id, sent(d.id, d.reader.address.chat_id)) for d in found]
    await database.close()
    return {"cpu": statistics.median(costs)}


def _report(figures: list[Growth]) -> int:
    rows = [
        (
            f"{one.engine}, {one.size:,} readers",
            f"{one.fan_out:.2f}",
            f"{one.fan_out / one.bare:.2f}",
            f"{one.first:.0f}",
            f"{one.longest:.0f}",
            f"{one.digests:.1f}",
            f"{one.ledger:.1f}",
        )
        for one in figures
    ]
    columns = ("growth", "fan-out s", "× bare", "first msg ms", "longest tx ms", "digests s", "ledger CPU µs")
    show("Growth with the number of readers", columns, rows)
    most = [one for one in figures if one.size == _DIGESTS_READERS]
    return verdict([Goal(f"{o.engine}: {o.size:,} digests planned, s", o.digests, _DIGESTS_SECONDS) for o in most])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
