"""Fan-out of one article to many readers with topics, keywords, exclusions and schedules.

Three ways over the same readers: one bare INSERT … SELECT of the same rows through the driver; the product's fan-out,
in ranges, each with its transaction; and the product's fan-out while the sender sends and somebody writes to the
database every few milliseconds, as replies do.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import text

from bot.delivery.batch_size import BatchSizer
from bot.delivery.fan_out import SHELF_LIFE
from bot.delivery.shared_pacing import SharedPacer
from bot.model.matching import MatchKey, Targeting
from bot.timing.clock import SystemClock
from storage.delivery.publications import Publications
from storage.engine.database import Database
from tests.bench import databases, processes
from tests.bench.processes import Meter, peak_megabytes
from tests.bench.tables import Goal, show, verdict
from tests.support.rows import a_publication

_MODULE = "tests.bench.fanout"
_TOPICS = ("t2", "t4", "t25", "t90")
_KEYWORDS = tuple(f"k{number}" for number in range(1, 20_001, 500))
KEYS = frozenset({"*", *_TOPICS, *_KEYWORDS})
# Four topics of two hundred, the popular ones more often; five keywords of twenty thousand; every fiftieth reader
# never wants one of the article's topics; one in fourteen is not active.
_SUBSCRIBE = (
    "INSERT INTO subscription (key, reader_id, exclude) "
    "SELECT 't' || (m * m / 5000 + 1), id, {no} FROM (SELECT r.id, (r.id * 7919 + j.j * 31337) % 1000 AS m "
    "FROM reader r CROSS JOIN (SELECT 0 AS j UNION SELECT 1 UNION SELECT 2 UNION SELECT 3) j) x WHERE true "
    "ON CONFLICT DO NOTHING",
    "INSERT INTO subscription (key, reader_id, exclude) "
    "SELECT 'k' || ((r.id * 104729 + j.j * 15485863) % 20000 + 1), r.id, {no} FROM reader r "
    "CROSS JOIN (SELECT 0 AS j UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) j WHERE true "
    "ON CONFLICT DO NOTHING",
    "INSERT INTO subscription (key, reader_id, exclude) SELECT 't4', id, {yes} FROM reader WHERE id % 50 = 7 "
    "ON CONFLICT (key, reader_id) DO UPDATE SET exclude = {yes}",
    "UPDATE reader SET state = 3 WHERE id % 14 = 5",
)
_BARE = (
    "INSERT INTO delivery (reader_id, article_id, publication_id, kind, lane, state, revision, not_before, expires_at, "
    "created_at) SELECT r.id, {article}, {publication}, CASE r.schedule WHEN 'now' THEN 1 ELSE 2 END, 2, "
    "CASE r.schedule WHEN 'now' THEN 0 ELSE 7 END, 1, {now}, {later}, {now} "
    "FROM (SELECT reader_id FROM subscription WHERE key IN ({keys}) AND NOT exclude EXCEPT "
    "SELECT reader_id FROM subscription WHERE key IN ({keys}) AND exclude AND (until IS NULL OR until > {now})) w "
    "JOIN reader r ON r.id = w.reader_id WHERE r.state = 0 AND (r.news_language = '' OR r.news_language = 'uk') "
    "ON CONFLICT DO NOTHING"
)


def main(arguments: list[str]) -> int:
    """Print how long a fan-out takes at each size on each engine, beside the bare statement."""
    parser = argparse.ArgumentParser(prog="fanout")
    parser.add_argument("--readers", type=int, nargs="+", default=[10_000, 100_000], help="for the record: and 1000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", nargs="+", default=list(databases.ENGINES))
    parser.add_argument("--child", choices=("plain", "busy"), default=None)
    parser.add_argument("--database", default="")
    parser.add_argument("--address", default="")
    options = parser.parse_args(arguments)
    if options.child:
        print(json.dumps(uvloop.run(_busy(options) if options.child == "busy" else _plain(options))))
        return 0
    with tempfile.TemporaryDirectory() as folder, databases.servers(Path(folder), tuple(options.engines)) as places:
        figures = {
            (engine, readers): measure(place, readers, options.rounds)
            for readers in options.readers
            for engine, place in places.items()
        }
    return _report(figures)


def _report(figures: dict[tuple[str, int], dict[str, Any]]) -> int:
    rows, goals = [], []
    for (engine, readers), seen in figures.items():
        ours, bare = (min(seen[way], key=lambda one: float(one["seconds"])) for way in ("ours", "bare"))
        ratio = ours["seconds"] / bare["seconds"]
        first, wait, longest = seen["busy"]["first"], seen["busy"]["wait"], seen["longest"]
        rows.append(
            (
                f"{engine}, {readers:,} readers",
                f"{ours['rows']:,}",
                f"{bare['seconds']:.3f}",
                f"{ours['seconds']:.3f}",
                f"{ratio:.2f}",
                f"{ours['rows'] / ours['seconds']:,.0f}",
                f"{longest * 1000:.0f}",
                f"{wait * 1000:.0f}",
                f"{first * 1000:.0f}",
                f"{seen['memory']:.0f}",
            )
        )
        assert ours["rows"] == bare["rows"] == seen["busy"]["rows"], "the two ways do not agree on who gets it"
        goals += [
            Goal(f"{engine}, {readers:,}: times the bare statement", ratio, 1.3),
            Goal(f"{engine}, {readers:,}: longest transaction, ms", longest * 1000, 50, form=".0f"),
            Goal(f"{engine}, {readers:,}: first message, s", first, 0.2),
        ]
    columns = (
        "fan-out", "rows", "bare s", "ours s", "ratio", "rows/s", "longest tx ms", "other writes ms", "first msg ms",
        "added MB",
    )  # fmt: skip
    show("Fan-out of one article", columns, rows)
    return verdict(goals)


def measure(place: "databases.Server | Path", readers: int, rounds: int) -> dict[str, Any]:
    """Return what a fan-out took by itself, as one statement, and beside a send that runs."""
    url = databases.make(place, f"fanout_{readers}")
    asyncio.run(_fill(url, readers))
    rounds = rounds if readers <= 100_000 else 1
    with processes.standin() as standin:
        arguments = ["--database", url, "--address", standin.address, "--rounds", str(rounds)]
        seen = processes.run(_MODULE, [*arguments, "--child", "plain"])
        busy = processes.run(_MODULE, [*arguments, "--child", "busy"])
        return {**seen, "busy": {**busy, "first": standin.stats()["first"] - busy["begun"]}}


async def _fill(url: str, readers: int) -> None:
    database = Database(url)
    await databases.add_readers(database, readers, mixed=True)
    await subscribe(database)
    async with database.write() as connection:
        await connection.execute(text("ANALYZE"))
    await database.checkpoint()
    await database.close()


async def subscribe(database: Database) -> None:
    """Let all readers choose topics and keywords, and some exclude one."""
    yes, no = ("1", "0") if database.is_sqlite else ("true", "false")
    for statement in _SUBSCRIBE:
        async with database.write() as connection:
            await connection.execute(text(statement.format(yes=yes, no=no).replace(":", r"\:")))


async def _plain(options: argparse.Namespace) -> dict[str, Any]:
    """Fan out both ways in turn, a new article each time."""
    database = Database(options.database)
    seen: dict[str, Any] = {"ours": [], "bare": [], "longest": 0.0}
    before = peak_megabytes()
    for number in range(options.rounds + 1):
        if number == 1:  # the first round has made the statements' texts; it is not measured
            seen.update(ours=[], bare=[], longest=0.0)
        seen["ours"].append(await _once(database, seen, bare=False))
        if number == 0:
            seen["memory"] = peak_megabytes() - before
        seen["bare"].append(await _once(database, seen, bare=True))
    await database.close()
    return seen


async def _once(database: Database, seen: dict[str, Any], *, bare: bool) -> dict[str, float]:
    article_id, number = await a_publication(database, databases.TITLE, identity=f"bench:{time.time_ns()}")
    await database.checkpoint()
    durations: list[float] = []
    with Meter() as meter:
        if bare:
            await _bare(database, article_id, number)
        else:
            await _fan_out(Publications(database), number, durations)
    rows = await _rows(database, number) if bare else await _figure(database, "total", number)
    seen["longest"] = max(seen["longest"], *durations, 0.0)
    return {"seconds": meter.wall, "cpu": meter.cpu, "rows": rows}


async def _fan_out(
    publications: Publications, number: int, durations: list[float], wake: Callable[[], None] = lambda: None
) -> None:
    """Do what `Publishing` does for an article of these keys."""
    matter = Targeting(frozenset(map(MatchKey.parse, KEYS)), "uk")
    more, spans = True, BatchSizer(SystemClock())
    while more:
        begun = time.perf_counter()
        with spans.next() as span:
            more = await publications.fan_out(number, matter, span, datetime.now(UTC), SHELF_LIFE)
        durations.append(time.perf_counter() - begun)
        wake()


async def _bare(database: Database, article_id: int, number: int) -> None:
    now = datetime.now(UTC)
    values = {
        "article": article_id,
        "publication": number,
        "keys": ", ".join(f"'{key}'" for key in sorted(KEYS)),
        "now": databases.instant(database, now),
        "later": databases.instant(database, now + timedelta(hours=6)),
    }
    statement = _BARE.format(**values).replace(":", r"\:")
    async with database.write() as connection:
        await connection.execute(text(statement))


async def _rows(database: Database, number: int) -> int:
    counted = text("SELECT count(*) FROM delivery WHERE publication_id = :number")
    async with database.read() as connection:
        return int(await connection.scalar(counted, {"number": number}) or 0)


async def _figure(database: Database, column: str, number: int) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(text(f"SELECT {column} FROM publication WHERE id = {number}")) or 0)


async def _busy(options: argparse.Namespace) -> dict[str, float]:
    """Fan out while the sender sends and somebody writes a row every five milliseconds."""
    from tests.bench.pipeline import the_app  # the plain way needs no aiogram, which takes seconds to load

    options.rate = 1000
    app = the_app(options)
    database, sender = app.parts.ground.database, app.parts.delivery.sender
    _, number = await a_publication(database, databases.TITLE, identity=f"bench:{time.time_ns()}")
    async with database.write() as connection:  # nothing of earlier rounds is sent now
        await connection.execute(text("DELETE FROM delivery WHERE state <= 2"))
    await database.checkpoint()
    waits: list[float] = []
    async with asyncio.TaskGroup() as tasks:
        pacing = (
            tasks.create_task(sender.attempts.pacer.run()) if isinstance(sender.attempts.pacer, SharedPacer) else None
        )
        sending = [tasks.create_task(sender.feed())]
        sending += [tasks.create_task(sender.work()) for _ in range(250)]
        probe = tasks.create_task(_probe(database, waits))
        await asyncio.sleep(0.5)
        waits.clear()
        begun = time.monotonic()
        await _fan_out(app.parts.ground.store.publications, number, [], sender.wake)
        seconds = time.monotonic() - begun
        while not await _figure(database, "sent", number):
            await asyncio.sleep(0.01)
        probe.cancel()
        async with database.write() as connection:
            await connection.execute(text("DELETE FROM delivery WHERE state = 0"))
        await sender.stop(250)
        await asyncio.gather(*sending)
        if pacing is not None:
            pacing.cancel()
    rows = await _figure(database, "total", number)
    await app.close()
    return {"seconds": seconds, "begun": begun, "rows": rows, "wait": max(waits)}


async def _probe(database: Database, waits: list[float]) -> None:
    change = text("UPDATE note SET updated_at = updated_at WHERE name = 'nobody'")
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            begun = time.perf_counter()
            async with database.write() as connection:
                await connection.execute(change)
            waits.append(time.perf_counter() - begun)
            await asyncio.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
