"""Who polls in the benchmark of feeds, in a process of its own: the whole bot, or a loop as it is written first."""

import asyncio
import gc
import json
import os
import random
import sys
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import feedparser
import uvloop
from sqlalchemy import func, select, text

from bot.app import App
from bot.config import Settings
from bot.inflow.parser import FeedParser
from bot.model.matching import source_key
from storage.schema.tables import feed
from tests.bench import databases
from tests.bench.feed_site import SOURCES, STAMP, address, source_of
from tests.bench.processes import TOKEN, peak_megabytes
from tests.bench.replies import a_tap
from tests.support.clock import TestClock
from tests.support.rows import a_publication

_WARM_UP = 10  # taps before the first that counts
_EVERY = 600.0
_CATCH_UP = 10.0  # seconds in which what has become due between two starts is asked
_TICK = os.sysconf("SC_CLK_TCK")

Options = dict[str, Any]
Reach = Callable[[str], None]


def _asked(options: Options, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{options['port']}/{path}", timeout=60) as answer:
        return dict(json.loads(answer.read()))


def _spent(pids: Iterable[int]) -> float:
    """Return the processor time of this process, and of those that parse for it."""
    spent = time.process_time()
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        spent += (int(stat[11]) + int(stat[12])) / _TICK
    return spent


def _memory(pids: Iterable[int]) -> float:
    """Return the largest memory of all of them, in megabytes."""
    most = peak_megabytes()
    for pid in pids:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
        most += next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return most


def _freeze() -> None:
    """Leave what is loaded out of collections, as `python -m bot run` does."""
    gc.collect()
    gc.freeze()


class Waits:
    """What is waited for: taps by their chats, and pushes by the stamps in their titles; in milliseconds.

    `first` are the pushes of a start, before all that is loaded on the way is there.
    """

    def __init__(self) -> None:
        self.taps: dict[int, float] = {}
        self.replies: list[float] = []
        self.first: list[float] = []
        self.pushes: list[float] = []

    def begin(self) -> None:
        """Begin what counts as the usual."""
        self.first, self.pushes = self.pushes, []

    def answered(self, chat: int) -> None:
        """Note that a tap is answered."""
        if chat in self.taps:
            self.replies.append((time.perf_counter() - self.taps.pop(chat)) * 1000)

    def pushed(self, words: str) -> None:
        """Note that a push goes out; its title says when its feed answered."""
        found = STAMP.search(words)
        if found is not None:
            self.pushes.append((time.monotonic_ns() // 1000 - int(found[1])) / 1000)

    def figures(self) -> dict[str, Any]:
        """Return the waits that count."""
        return {"replies": self.replies[_WARM_UP:], "pushes": self.pushes, "first": self.first}


# The bot


async def _bot(options: Options) -> dict[str, Any]:
    clock = TestClock(datetime.now(UTC), options["speed"], hurries=False)
    async with _running(options, clock) as (app, waits):
        await _spread(app)
        parser = await _begun(app)
        _asked(options, "reset")
        begun, spent = clock.monotonic(), _spent(parser.pids)
        await asyncio.sleep(options["minutes"] * 60 / options["speed"])
        shown, cpu = clock.monotonic() - begun, _spent(parser.pids) - spent
        stats, memory = _asked(options, "stats"), _memory(parser.pids)
    at = TestClock(clock.now(), 1.0, hurries=False)
    async with _running(options, at) as (app, waits):
        await _begun(app)
        await asyncio.sleep(_CATCH_UP)
        waits.begin()
        _asked(options, "busy")
        await _spread(app)
        await _tap_for(options["seconds"], waits, _into_inbox(app, await _told(app)))
        figures = waits.figures()
    polls = stats.get("200", 0) + stats.get("304", 0)
    return {
        **figures,
        "cpu": cpu,
        "shown": shown,
        "polls": polls,
        "unchanged": stats.get("304", 0),
        "memory": memory,
    }


@asynccontextmanager
async def _running(options: Options, clock: TestClock) -> "AsyncIterator[tuple[App, Waits]]":
    """Run the whole bot, and note what it sends."""
    from bot.telegram.calls import Call

    values: Options = {
        "bot_token": TOKEN,
        "telegram_api_url": options["address"],
        "database_url": options["database"],
        "send_rate": 1000,
        "semantic": "off",
        "fetch_allow": "127.0.0.0/8",
    }
    app, waits, stop = App(Settings(_env_file=None, **values), clock), Waits(), asyncio.Event()  # type: ignore[call-arg]
    await app.prepare()
    _freeze()
    real = app.parts.ground.bot.session.make_request

    async def noting(bot: Any, method: Any, timeout: int | None = None) -> Any:  # noqa: ASYNC109  aiogram's interface
        if isinstance(method, Call):
            if method.__api_method__ == "editMessageText":
                waits.answered(json.loads(method.body)["chat_id"])
            elif method.__api_method__ == "sendMessage":
                waits.pushed(json.loads(method.body)["text"])
        return await real(bot, method, timeout)

    app.parts.ground.bot.session.make_request = noting  # type: ignore[method-assign]
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(app.run(stop))
        try:
            yield app, waits
        finally:
            stop.set()
    await app.close()


async def _begun(app: App) -> FeedParser:
    """Have the process that parses begun, as it is after the first feed."""
    parser = app.parts.feeds.parser
    await parser.parse(b"<rss/>", "", "Europe/Kyiv", app.parts.ground.clock.now())
    return parser


async def _spread(app: App) -> None:
    database, now = app.parts.ground.database, app.parts.ground.clock.now()
    async with database.write() as connection:
        count = await connection.scalar(select(func.count()).select_from(feed))
        every = text(f"UPDATE feed SET next_at = :now + id * {round(_EVERY * 1000)} / {count}, polled_at = NULL")
        await connection.execute(every, {"now": round(now.timestamp() * 1000)})
        for number in range(1, SOURCES + 1):
            named = {"id": number, "name": source_of(number - 1), "key": source_key(number).encode()}
            await connection.execute(text("INSERT OR IGNORE INTO source (id, name) VALUES (:id, :name)"), named)
            wish = text("INSERT OR IGNORE INTO subscription (key, reader_id) VALUES (:key, :id)")
            await connection.execute(wish, named)


async def _told(app: App) -> int:
    return (await a_publication(app.parts.ground.database, "Що змінилося в правилах", identity="bench:opened"))[0]


def _into_inbox(app: App, article_id: int) -> "Callable[[int, int], Any]":
    from bot.screens.callbacks import Open
    from bot.screens.screen_refs import HeadlineScreen

    data = Open(article_id, HeadlineScreen(article_id)).encode()

    async def tap(number: int, chat: int) -> None:
        ground = app.parts.ground
        await ground.store.inbox.store([(number, chat, json.dumps(a_tap(number, chat, data)))], ground.clock.now())
        app._arrived.set()

    return tap


async def _tap_for(seconds: float, waits: Waits, tap: "Callable[[int, int], Any]") -> None:
    """Tap about ten times a second, each time somebody else."""
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        number += 1
        chat = databases.FIRST_CHAT + 1 + number % 900
        waits.taps[chat] = time.perf_counter()
        await tap(number, chat)
        await asyncio.sleep(random.uniform(0.05, 0.15))


# The plain loop


@dataclass(slots=True)
class Plain:
    """A loop as it is written first: it remembers ids and tags, parses where it stands, and sends what is new."""

    options: Options
    session: aiohttp.ClientSession
    waits: Waits = field(default_factory=Waits)
    _known: dict[str, set[str]] = field(default_factory=dict)
    _tags: dict[str, str] = field(default_factory=dict)
    _handling: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def poll(self, where: str) -> None:
        """Ask a feed, and send what it did not hold before."""
        async with self.session.get(where, headers={"If-None-Match": self._tags.get(where, "")}) as answer:
            if answer.status == 304:
                return
            self._tags[where], body = answer.headers.get("ETag", ""), await answer.read()
        first, known = where not in self._known, self._known.setdefault(where, set())
        for entry in feedparser.parse(body).entries:
            if entry.id not in known:
                known.add(entry.id)
                if not first:
                    self.waits.pushed(entry.title)
                    await self._say("sendMessage", databases.FIRST_CHAT, entry.title)

    async def _say(self, method: str, chat: int, words: str) -> None:
        said = {"chat_id": chat, "text": words}
        async with self.session.post(f"{self.options['address']}/bot{TOKEN}/{method}", json=said) as answer:
            await answer.read()

    async def again(self, where: str, offset: float, every: float) -> None:
        """Ask a feed again and again."""
        await asyncio.sleep(offset)
        while True:
            await self.poll(where)
            await asyncio.sleep(every * random.uniform(1, 1.1))

    async def tap(self, _: int, chat: int) -> None:
        """Let somebody tap."""
        task = asyncio.create_task(self._handle(chat))
        self._handling.add(task)
        task.add_done_callback(self._handling.discard)

    async def _handle(self, chat: int) -> None:
        self.waits.answered(chat)
        await self._say("editMessageText", chat, "Що змінилося в правилах")

    @asynccontextmanager
    async def polling(self, every: float) -> AsyncIterator[None]:
        """Poll all feeds, evenly."""
        where = [address(self.options["port"], number) for number in range(self.options["feeds"])]
        tasks = [asyncio.create_task(self.again(one, every * n / len(where), every)) for n, one in enumerate(where)]
        yield
        for task in tasks:
            task.cancel()


async def _plain(options: Options) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session:
        plain = Plain(options, session)
        for number in range(options["feeds"]):
            await plain.poll(address(options["port"], number))
        _freeze()
        _asked(options, "reset")
        spent = _spent([])
        async with plain.polling(_EVERY / options["speed"]):
            await asyncio.sleep(options["minutes"] * 60 / options["speed"])
        cpu, stats = _spent([]) - spent, _asked(options, "stats")
        plain.waits.begin()
        _asked(options, "busy")
        async with plain.polling(_EVERY):
            await _tap_for(options["seconds"], plain.waits, plain.tap)
    polls = stats.get("200", 0) + stats.get("304", 0)
    figures = {"cpu": cpu, "shown": options["minutes"] * 60, "polls": polls, "unchanged": stats.get("304", 0)}
    return {**plain.waits.figures(), **figures, "memory": _memory([])}


def main(options: Options) -> None:
    """Poll, and print the figures."""
    print(json.dumps(uvloop.run(_bot(options) if options["name"] == "visnyk" else _plain(options))))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
