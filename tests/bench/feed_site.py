"""Sites with feeds for a benchmark: `python -m tests.bench.feed_site COUNT` serves so many until its input ends.

Five feeds to a host, each host an address of loopback. Of a hundred feeds ninety have 30 items, nine have 100, one
has 300. Each sixth question finds one item more, whose title says when it was answered; six feeds of ten say 304 when
nothing has changed, the others send everything again. `GET /stats` tells what was asked since `GET /reset`;
after `GET /busy` every question finds something new.
"""

import asyncio
import json
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from email.utils import formatdate

from aiohttp import web

from bot.sandbox.newsroom import read_articles

HOST_FEEDS = 5
EACH = 6  # questions to one new item
SOURCES = 50
STAMP = re.compile(r"⏲(\d+)")


def _words() -> list[str]:
    text = " ".join(body for fields, body in read_articles() if fields["language"] == "uk")
    return sorted(set(re.findall(r"[а-яіїєґ’]{4,}", re.sub(r"<[^>]+>", " ", text))))


@dataclass(slots=True)
class Feed:
    """One feed: its items as they are sent, the newest first."""

    number: int
    words: list[str]
    items: list[str] = field(default_factory=list)
    asked: int = 0
    version: int = 0
    body: bytes = b""

    def __post_init__(self) -> None:
        size = 300 if self.number % 100 == 50 else 100 if self.number % 11 == 5 else 30
        now = time.time()
        self.items = [self._item(f"old-{n}", now - 7200 - 600 * n, "") for n in range(size)]
        self._write()

    def question(self, each: int) -> None:
        """Be asked; there is something new each so many times."""
        self.asked += 1
        if self.asked % each == self.number % each:
            self.version += 1
            stamp = f" ⏲{time.monotonic_ns() // 1000}"
            self.items = [self._item(f"new-{self.version}", time.time(), stamp), *self.items[:-1]]
            self._write()

    def _item(self, name: str, at: float, stamp: str) -> str:
        chance = random.Random(f"{self.number} {name}")
        title = " ".join(chance.choices(self.words, k=8)).capitalize() + stamp
        text = " ".join(chance.choices(self.words, k=60)).capitalize()
        return (
            f"<item><guid isPermaLink='false'>{self.number}-{name}</guid><title>{title}</title>"
            f"<link>https://{self.number}.example/{name}</link><description>{text}.</description>"
            f"<pubDate>{formatdate(at)}</pubDate></item>"
        )

    def _write(self) -> None:
        head = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>"
        self.body = f"{head}<title>Стрічка {self.number}</title>{''.join(self.items)}</channel></rss>".encode()


@dataclass(slots=True)
class Sites:
    """All feeds, and what was asked."""

    feeds: list[Feed]
    answers: Counter[str] = field(default_factory=Counter)
    each: int = 0

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one question, or tell or forget what was asked."""
        name = request.path.strip("/")
        if name == "stats":
            return web.json_response(self.answers)
        if name == "reset":
            self.answers.clear()
            self.each = EACH
            return web.json_response({})
        if name == "busy":
            self.each = 1
            return web.json_response({})
        feed = self.feeds[int(name)]
        if self.each:
            feed.question(self.each)
        etag = f'"{feed.version}"'
        tags = {"ETag": etag} if feed.number % 10 < 6 else {}
        if tags and request.headers.get("If-None-Match") == etag:
            self.answers["304"] += 1
            return web.Response(status=304, headers=tags)
        self.answers["200"] += 1
        self.answers["bytes"] += len(feed.body)
        return web.Response(body=feed.body, content_type="application/rss+xml", headers=tags)


def source_of(number: int) -> str:
    """Return the name of a feed's source."""
    return f"Видання {number % SOURCES + 1}"


def address(port: int, number: int) -> str:
    """Return the address of a feed."""
    return f"http://127.0.{number // HOST_FEEDS // 250}.{number // HOST_FEEDS % 250 + 2}:{port}/{number}"


async def _serve(count: int) -> None:
    words = _words()
    sites = Sites([Feed(number, words) for number in range(count)])
    app = web.Application()
    app.router.add_get("/{path:.*}", sites.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    for host in sorted({address(port, number).split("/")[2].split(":")[0] for number in range(count)}):
        await web.TCPSite(runner, host, port).start()
    print(json.dumps({"port": port, "authority": ""}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
