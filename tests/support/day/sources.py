"""The sources of a day: four feeds whose items appear by the clock, and a CMS that posts over HTTP."""

import hashlib
import html
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from tests.support.day.plan import Day, News, Way
from tests.support.newsroom import Newsroom

_SHOWN = 30  # items of a feed, the newest
NAMES = {Way.WIRE: "Дріт", Way.PAPER: "Газета", Way.CHANNEL: "Канал", Way.BLOG: "Блог", Way.CMS: "Агенція"}


@dataclass(slots=True)
class Feeds:
    """Serves the four feeds, each in another form. `down` cannot be had; `answers` counts what was answered."""

    day: Day
    room: Newsroom
    down: set[Way] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer who asks for a feed, with what has appeared by now."""
        answer = self._answer(Way(request.path.strip("/")), request)
        self.answers[answer.status] += 1
        return answer

    def _answer(self, way: Way, request: web.Request) -> web.Response:
        if way in self.down:
            return web.Response(status=503, headers={"Retry-After": "600"})
        now = self.room.clock.now()
        shown = [one for one in self.day.of(way) if one.at <= now][-_SHOWN:][::-1]
        body = _FORMS[way](shown, now).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if way is not Way.PAPER and request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        kind = "application/feed+json" if way is Way.BLOG else "application/xml"
        return web.Response(body=body, content_type=kind, headers={"ETag": etag} if way is not Way.PAPER else {})


def _rss(shown: list[News], now: datetime, *, dated: bool = True) -> str:
    items = []
    for one in shown:
        title, text = map(html.escape, one.told(now))
        date = f"<pubDate>{format_datetime(one.at)}</pubDate>" if dated else ""
        items.append(
            f"<item><guid isPermaLink='false'>{one.key}</guid><link>https://{one.way.value}.example/{one.key}</link>"
            f"<title>{title}</title><description>{text}</description>{date}</item>"
        )
    head = "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>Стрічка</title>"
    return f"{head}{''.join(items)}</channel></rss>"


def _atom(shown: list[News], now: datetime) -> str:
    entries = []
    for one in shown:
        title, text = map(html.escape, one.told(now))
        entries.append(
            f"<entry><id>tag:paper.example,2026:{one.key}</id><link href='https://paper.example/{one.key}'/>"
            f"<title>{title}</title><summary>{text}</summary><published>{one.at.isoformat()}</published></entry>"
        )
    head = "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Газета</title>"
    return f"{head}{''.join(entries)}</feed>"


def _json(shown: list[News], now: datetime) -> str:
    items = [
        {
            "id": one.key,
            "url": f"https://blog.example/{one.key}",
            "title": one.told(now)[0],
            "content_html": f"<p>{html.escape(one.told(now)[1])}</p>",
            "date_published": one.at.isoformat(),
        }
        for one in shown
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Блог", "items": items}
    return orjson.dumps(feed).decode()


_FORMS = {
    Way.WIRE: _rss,
    Way.PAPER: _atom,
    Way.CHANNEL: lambda shown, now: _rss(shown, now, dated=False),
    Way.BLOG: _json,
}


@dataclass(slots=True)
class Cms:
    """The agency's own system: brings, corrects and retracts by the clock, and asks twice where it got no answer."""

    room: Newsroom
    secret: str
    numbers: dict[str, int] = field(default_factory=dict)
    _done: set[tuple[str, str]] = field(default_factory=set)

    async def work(self, day: Day) -> None:
        """Do everything that is due and not done."""
        now = self.room.clock.now()
        for one in [one for one in day.of(Way.CMS) if one.at <= now]:
            if self._due(one, "brought", one.at):
                await self._bring(one)
            if one.change is not None and self._due(one, "changed", one.change.at):
                said = {"title": one.change.title, "html": one.change.text, "note": "Уточнено заголовок."}
                await self._ask("PUT", f"/{self.numbers[one.key]}", json=said)
            if one.retracted_at is not None and self._due(one, "retracted", one.retracted_at):
                await self._ask("DELETE", f"/{self.numbers[one.key]}", params={"note": "Не підтвердилося."})

    def _due(self, one: News, what: str, at: datetime) -> bool:
        due = at <= self.room.clock.now() and (one.key, what) not in self._done
        self._done |= {(one.key, what)} if due else set()
        return due

    async def _bring(self, one: News) -> None:
        said: dict[str, Any] = {"id": one.key, "title": one.title, "html": one.text, "urgent": one.urgent}
        said["state"] = "draft" if one.verdict is not None else "publish"
        if one.embargo is not None:
            said["publish_at"] = one.embargo.isoformat()
        answers = [await self._ask("POST", "", json=said, headers={"Idempotency-Key": one.key}) for _ in range(2)]
        assert answers[0] == answers[1], answers
        self.numbers[one.key] = answers[0]["number"]

    async def _ask(self, method: str, path: str, **how: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.secret}", **how.pop("headers", {})}
        address = f"{self.room.web_address}/api/articles{path}"
        async with aiohttp.ClientSession() as session, session.request(method, address, headers=headers, **how) as got:
            assert got.status < 300, (got.status, await got.text(), method, path)
            return await got.json()
