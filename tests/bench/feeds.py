"""Polling feeds: what 500 of them cost one process, and how long people wait meanwhile.

The whole bot polls every feed each ten minutes, against sites in another process. Its clock runs `--speed` times as
fast, for all it does: polls, ticks, pauses. Processor time is counted with that of the process that parses, and divided
by what the clock has shown; a request over loopback takes as long as ever. Waits are measured at the clock's own pace:
of a tap until the request that answers it, and of a feed's answer until the first push of what is new in it, while every
question finds something new. What becomes due between two starts is told apart: much is loaded then. Each source has a
reader of its own: one who got everything would wait for Telegram, which takes a message a second for a chat.

Beside it, in the same run and in the same way, a loop of thirty lines as it is written first: aiohttp, and feedparser in
the event loop; it remembers ids, and sends what is new.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from sqlalchemy import update

from bot.inflow.arrivals import item_key, own, seen
from bot.inflow.parsed import parsed
from bot.inflow.poller import printed
from bot.model.feeds import FeedMode, FeedSettings, FeedState, ItemState
from storage.engine.database import Database
from storage.schema.tables import feed
from storage.store import Store
from tests.bench import databases, processes
from tests.bench.feed_site import address, source_of
from tests.bench.tables import Goal, show, verdict

_MODULE = "tests.bench.feed_pollers"
EVERY = 600.0  # seconds between two questions to a feed


def main(arguments: list[str]) -> int:
    """Print what polling costs, and the waits, of the product and of the plain loop."""
    parser = argparse.ArgumentParser(prog="feeds")
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=20, help="of the clock, for what polling costs")
    parser.add_argument("--seconds", type=float, default=60, help="for the waits")
    parser.add_argument("--speed", type=float, default=20)
    options = parser.parse_args(arguments)
    seen = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("visnyk", "plain loop"):
            with (
                processes.standin(str(options.feeds), module="tests.bench.feed_site") as site,
                processes.standin() as telegram,
            ):
                seen[name] = _measured(name, options, site, telegram, Path(folder))
    return _report(options, seen)


def _measured(
    name: str, options: argparse.Namespace, site: processes.StandIn, telegram: processes.StandIn, folder: Path
) -> dict[str, Any]:
    url = databases.make(folder, name.replace(" ", "-"))
    port = int(site.address.rpartition(":")[2])
    databases.fill(url, 1000, owed=0)
    asyncio.run(_add_feeds(url, port, options.feeds))
    given = {**vars(options), "port": port, "database": url, "address": telegram.address, "name": name}
    return processes.run(_MODULE, [json.dumps(given)], seconds=1800)


async def _add_feeds(url: str, port: int, count: int) -> None:
    """Store the feeds as they are a while after they were added: what they hold is known."""
    database, now = Database(url), datetime.now(UTC)
    store = Store(database, "bench")
    async with aiohttp.ClientSession() as session:
        for number in range(count):
            where = address(port, number)
            added = await store.feeds.add(where, "Стрічка", FeedMode.PUBLISH, FeedState.ACTIVE, None, now)
            await store.feeds.change(added, FeedSettings(source=source_of(number)), 0, now)
            async with session.get(where) as answer:
                body, etag = await answer.read(), answer.headers.get("ETag", "")
            one, found = await store.feeds.get(added), parsed(body, where, ZoneInfo("Europe/Kyiv"), now)
            items = [own(incoming, one) for incoming in found.items]
            rows = [replace(seen(item_key(item), item, now), state=ItemState.DROPPED) for item in items]
            await store.feed_items.put(added, rows)
            known = {"filled": True, "etag": etag, "every": round(EVERY), "print": printed(body)}
            async with database.write() as connection:
                await connection.execute(update(feed).where(feed.c.id == added).values(known))
    await database.close()


def _report(options: argparse.Namespace, seen: dict[str, dict[str, Any]]) -> int:
    rows = []
    for name, one in seen.items():
        share = one["cpu"] / one["shown"]
        rows.append(
            (
                name,
                f"{share * 100:.1f}",
                f"{one['cpu'] / one['polls'] * 1000:.1f}",
                f"{one['memory']:.0f}",
                f"{one['polls']} ({one['unchanged']})",
                f"{_at(one['replies'], 0.5):.1f}",
                f"{_at(one['replies'], 0.99):.1f}",
                f"{max(one['replies']):.0f}",
                f"{_at(one['pushes'], 0.5):.0f}",
                f"{_at(one['pushes'], 0.99):.0f}",
            )
        )
    columns = (
        "polling", "CPU %", "ms a poll", "MB", "polls (304)", "tap p50 ms", "p99 ms", "longest",
        "first push p50 ms", "p99 ms",
    )  # fmt: skip
    for name, one in seen.items():
        if one["first"]:
            print(
                f"{name}, within ten seconds of a start: {len(one['first'])} pushes, p50 {statistics.median(one['first']):.0f} ms"
            )
    show(f"{options.feeds} feeds, each asked every ten minutes; clock at {options.speed:g} times", columns, rows)
    ours = seen["visnyk"]
    return verdict(
        [
            Goal("processor time of the whole bot, % of a core", ours["cpu"] / ours["shown"] * 100, 5, form=".1f"),
            Goal("first push after a feed's answer, p99, s", _at(ours["pushes"], 0.99) / 1000, 1.0),
        ]
    )


def _at(waits: list[float], share: float) -> float:
    return statistics.quantiles(waits, n=100, method="inclusive")[round(share * 100) - 1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
